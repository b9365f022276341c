import { z } from 'zod'
import { longestQuestionnaire, readQuestionnaire } from '../questionnaire/read-questionnaire.ts'
import type { Fault } from './faults.ts'
import type { SecretSource } from './values.ts'

/** As in an address: it is one. */
export const questionnaireId = /^[A-Za-z0-9.-]{1,64}$/

/** What a motif may name: an address elsewhere, or one of the clinic's own. */
export const questionnaireReference = z.string().regex(/^(https:\/\/[^\s"'<>\\]{1,2000}|Questionnaire\/[A-Za-z0-9.-]{1,64})$/i, {
  error: 'an address that begins with https://, or Questionnaire/ and an id below questionnaires',
})

/** A clinic's own questionnaires (O16), by their id; kept as the JSON they are. */
export const questionnairesSchema = z
  .record(
    z.string().regex(questionnaireId, { error: 'letters, digits, points and hyphens, 64 at most' }),
    z.strictObject({
      fhir: z.record(z.string(), z.unknown(), { error: 'a FHIR Questionnaire, or in the configuration a file that holds one' }),
    }),
  )
  .superRefine((rows, context) => {
    if (Object.keys(rows).length > mostQuestionnaires) context.addIssue({ code: 'custom', message: `more than ${mostQuestionnaires}` })
    for (const [id, { fhir }] of Object.entries(rows)) {
      const read = readQuestionnaire(id, JSON.stringify(fhir))
      for (const { linkId, message } of read.ok ? [] : read.faults)
        context.addIssue({ code: 'custom', path: [id], message: linkId === undefined ? message : `${linkId}: ${message}` })
    }
  })
  .transform((rows) => Object.fromEntries(Object.entries(rows).map(([id, { fhir }]) => [id, JSON.stringify(fhir)])))

const mostQuestionnaires = 50

/** In the raw configuration, `{ file }` becomes what the file holds; faults where it cannot. */
export function inlineQuestionnaires(raw: unknown, { readFile }: SecretSource): readonly Fault[] {
  const faults: Fault[] = []
  const clinics = isObject(raw) && Array.isArray(raw.clinics) ? raw.clinics : []
  for (const [index, clinic] of clinics.entries()) {
    const rows = isObject(clinic) && isObject(clinic.questionnaires) ? clinic.questionnaires : {}
    for (const [id, row] of Object.entries(rows)) {
      if (!isObject(row) || typeof row.file !== 'string') continue
      const path = ['clinics', index, 'questionnaires', id, 'file']
      const fhir = jsonIn(row.file, readFile)
      if (fhir === undefined) faults.push({ path, message: 'no such file, or not JSON: it holds one FHIR Questionnaire' })
      rows[id] = { fhir: fhir ?? {} }
    }
  }
  return faults
}

function jsonIn(file: string, readFile: SecretSource['readFile']): unknown {
  try {
    const text = readFile(file)
    return text.length > longestQuestionnaire ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
