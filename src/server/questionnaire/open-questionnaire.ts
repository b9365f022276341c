import { mayFillIn, questionnaireOf } from '../../core/questionnaire/asked.ts'
import type { QuestionnaireDraft } from '../../core/questionnaire/draft.ts'
import { keptAfterVisit } from '../../core/questionnaire/draft.ts'
import type { Questionnaire } from '../../core/questionnaire/questionnaire.ts'
import { isDate } from '../../core/questionnaire/typed.ts'
import type { Settings } from '../../core/settings.ts'
import type { Transaction } from '../../store/store.ts'
import type { Opened } from '../patient-link.ts'
import { readQuestionnaire } from './read-questionnaire.ts'

/** What is asked of whoever holds a link, as things stand now; undefined: nothing is to be filled in here, or no longer. */
export function questionnaireAsked({ appointment, patient, settings, input }: Opened): Questionnaire | undefined {
  const asked = questionnaireOf(settings, appointment)
  if (asked?.kind !== 'here' || !mayFillIn(input) || !isDate(patient.birthDate ?? '')) return undefined
  return readStored(settings, asked.id)
}

/** One clinic's settings are asked again and again: a large questionnaire takes a millisecond to read. */
const lastRead = new WeakMap<Settings, Map<string, Questionnaire | undefined>>()

function readStored(settings: Settings, id: string): Questionnaire | undefined {
  const known = lastRead.get(settings) ?? new Map<string, Questionnaire | undefined>()
  lastRead.set(settings, known)
  if (!known.has(id)) {
    const read = readQuestionnaire(id, settings.questionnaires?.[id] ?? '')
    known.set(id, read.ok ? read.questionnaire : undefined)
  }
  return known.get(id)
}

/** What this patient has typed into this questionnaire before; another's, and another one's, is not shown. */
export async function draftOf(tx: Transaction, opened: Opened, { reference }: Questionnaire): Promise<QuestionnaireDraft> {
  const { appointment, patient, input } = opened
  const kept = await tx.questionnaireDrafts.find(appointment.id)
  const owner = kept && (await tx.patients.survivorOf(kept.patientId))
  if (kept && owner === patient.id && kept.reference === reference) return kept
  const forgetAt = (appointment.start ?? input.now).add(keptAfterVisit)
  return { appointmentId: appointment.id, patientId: patient.id, reference, typed: {}, savedAt: input.now, forgetAt }
}
