import type { CountryCode } from 'libphonenumber-js/max'
import type { Temporal } from 'temporal-polyfill'
import type { PatientChange } from '../../core/change.ts'
import type { ContactPoint } from '../../core/patient.ts'
import { readLanguage } from './language.ts'
import type { Message, Segment } from './reader.ts'
import { componentOf, findSegment, isDeleted, repetitions, stringAt, valueAt } from './reader.ts'
import { readRegion } from './region.ts'
import { readTelecom } from './telecom.ts'
import { parseTimestamp } from './timestamp.ts'

export interface PatientOptions {
  /** Where the message does not say (MSH-17). */
  readonly region: CountryCode
  /** CX.5 of the identifier that names a patient, best first (V2-PID-1). */
  readonly idTypes: readonly string[]
}

export interface PatientReading {
  /** Absent: no PID, or no identifier in it. */
  readonly patient?: PatientChange
  readonly warnings: readonly string[]
}

/** Identifiers that are never kept: social security and national numbers (HL7 table 0203). */
const privateTypes = ['SS', 'NI', 'NNESP', 'NNFRA']
const MOST_CONTACTS = 20

/** Reads the first PID. PID-19, the social security number, is never looked at. Numbers that had expired when it was received are `old`. */
export function readPatient(message: Message, receivedAt: Temporal.Instant, options: PatientOptions): PatientReading {
  const pids = message.segments.filter((segment) => segment.name === 'PID')
  const pid = pids[0]
  const ehrId = pid && readPatientId(message, pid, options.idTypes)
  if (!pid || ehrId === undefined) return { warnings: pid ? ['W-PATIENT-NO-ID'] : [] }
  const name = readName(message, pid)
  const birthDate = readBirthDate(message, pid)
  const language = readPatientLanguage(message, pid)
  const { contacts, warnings } = readContacts(message, pid, receivedAt, options)
  const deceased = readDeceased(message, pid)
  return {
    patient: {
      ehrId,
      ...(name !== undefined && { name }),
      ...(birthDate !== undefined && { birthDate }),
      ...(language !== undefined && { language }),
      ...(contacts && { contacts }),
      ...(deceased !== undefined && { deceased }),
    },
    warnings: pids.length > 1 ? [...warnings, 'W-SEVERAL-PATIENTS'] : warnings,
  }
}

/** V2-PID-1: the repetition of the best type, else the first that is not a national number, else PID-2. */
function readPatientId(message: Message, pid: Segment, idTypes: readonly string[]): string | undefined {
  const ids = repetitions(message, pid, 3)
    .map((raw) => ({ id: componentOf(message, raw, 1) ?? undefined, type: componentOf(message, raw, 5) ?? '' }))
    .filter(({ id, type }) => id !== undefined && !privateTypes.includes(type.toUpperCase()))
  const best = idTypes.map((wanted) => ids.find(({ type }) => type === wanted)).find((found) => found !== undefined)
  return best?.id ?? ids[0]?.id ?? stringAt(message, pid, 2)
}

/** Names that registration desks type when they have none: nobody is greeted by them. */
const placeholders = ['unknown', 'inconnu', 'inconnue', 'newborn', 'nouveau-ne', 'nouveau-né', 'baby', 'bebe', 'bébé', 'test']

/** V2-PID-2: the legal name if it is whole, else the displayed one, else the first. */
function readName(message: Message, pid: Segment): PatientChange['name'] {
  if (isDeleted(pid, 5)) return null
  const names = repetitions(message, pid, 5).map((raw) => ({
    type: componentOf(message, raw, 7) ?? '',
    family: componentOf(message, raw, 1) ?? undefined,
    given: componentOf(message, raw, 2) ?? undefined,
  }))
  const whole = names.filter(({ family, given }) => family !== undefined && given !== undefined)
  const ofType = (type: string) => whole.find((name) => name.type === type)
  const { family, given } = ofType('L') ?? ofType('D') ?? whole[0] ?? names[0] ?? {}
  if (family === undefined && given === undefined) return undefined
  const greeting = given !== undefined && !placeholders.includes(given.toLowerCase()) ? { given } : {}
  return { ...greeting, ...(family !== undefined && { family }) }
}

/** V2-PID-3: the date as written, whatever hour or offset follows it. */
function readBirthDate(message: Message, pid: Segment): string | null | undefined {
  const text = valueAt(message, pid, 7)
  if (text === null || text === undefined) return text
  const timestamp = parseTimestamp(text)
  if (!timestamp || timestamp.precision === 'year' || timestamp.precision === 'month') return undefined
  // Hour 24 would have moved it to the next day.
  return text.includes('-') && text.length >= 10 && text[4] === '-'
    ? text.slice(0, 10)
    : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
}

function readPatientLanguage(message: Message, pid: Segment): string | null | undefined {
  if (isDeleted(pid, 15)) return null
  return (
    readLanguage(stringAt(message, pid, 15)) ??
    readLanguage(stringAt(message, pid, 15, 2)) ??
    readLanguage(stringAt(message, findSegment(message, 'MSH'), 19))
  )
}

/** V2-PID-5, and an animal (PID-35). Undefined where the message says nothing. */
function readDeceased(message: Message, pid: Segment): boolean | undefined {
  const indicator = valueAt(message, pid, 30)
  const diedAt = valueAt(message, pid, 29)
  if (indicator === 'Y' || typeof diedAt === 'string' || typeof valueAt(message, pid, 35) === 'string') return true
  return indicator !== undefined || diedAt !== undefined ? false : undefined
}

/** PID-13, PID-14 and PID-40 together are the whole list; undefined where all three are empty (V2-ENC-4). */
function readContacts(
  message: Message,
  pid: Segment,
  receivedAt: Temporal.Instant,
  options: PatientOptions,
): { readonly contacts?: readonly ContactPoint[]; readonly warnings: readonly string[] } {
  const region = readRegion(stringAt(message, findSegment(message, 'MSH'), 17)) ?? options.region
  const contacts: ContactPoint[] = []
  const warnings: string[] = []
  let said = false
  for (const [field, use] of [
    [13, 'home'],
    [14, 'work'],
    [40, undefined],
  ] as const) {
    if (isDeleted(pid, field)) {
      said = true
      continue
    }
    for (const raw of repetitions(message, pid, field).slice(0, MOST_CONTACTS)) {
      said = true
      const telecom = readTelecom(message, raw, { region, receivedAt, ...(use && { use }) })
      if (telecom.kind === 'contact') contacts.push(telecom.contact)
      else if (telecom.warning) warnings.push(telecom.warning)
    }
  }
  return { ...(said && { contacts }), warnings }
}
