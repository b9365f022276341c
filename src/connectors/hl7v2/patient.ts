import type { CountryCode } from 'libphonenumber-js/max'
import type { Temporal } from 'temporal-polyfill'
import type { PatientChange } from '../../core/change.ts'
import type { ContactFields } from './contacts.ts'
import { readContacts } from './contacts.ts'
import { readLanguage } from './language.ts'
import { readIdentity } from './patient-id.ts'
import { readName } from './patient-name.ts'
import type { Message, Segment } from './reader.ts'
import { findSegment, isDeleted, stringAt, valueAt } from './reader.ts'
import { readRegion } from './region.ts'
import type { RelativeOptions } from './relatives.ts'
import { readRelatives } from './relatives.ts'
import { parseTimestamp } from './timestamp.ts'

export interface PatientOptions extends RelativeOptions {
  /** Where the message does not say (MSH-17). */
  readonly region: CountryCode
  /** CX.5 of the identifier that names a patient, best first (V2-PID-1). */
  readonly idTypes: readonly string[]
  /** PID-15 of this site, lower case, to BCP-47; looked at before the built-in words. */
  readonly languages: ReadonlyMap<string, string>
  /** Numbers that fill a field, digits only. */
  readonly junkNumbers: ReadonlySet<string>
}

export interface PatientReading {
  /** Absent: no PID, or no identifier in it. */
  readonly patient?: PatientChange
  readonly warnings: readonly string[]
}

const phones: ContactFields = [
  [13, 'home'],
  [14, 'work'],
  [40, undefined],
]

/**
 * Reads the first PID and what stands with it. PID-19, the social security number, is never looked at. Numbers that had expired when it was
 * received are `old`.
 */
export function readPatient(message: Message, receivedAt: Temporal.Instant, options: PatientOptions): PatientReading {
  const { group, others } = firstPatient(message)
  const pid = group.find((segment) => segment.name === 'PID')
  const identity = readIdentity(message, pid, options.idTypes)
  if (!pid || !identity) return { warnings: pid ? ['W-PATIENT-NO-ID'] : [] }
  const name = readName(message, pid, 5)
  const birthDate = readBirthDate(message, pid)
  const language = readPatientLanguage(message, pid, options)
  const region = readRegion(stringAt(message, findSegment(message, 'MSH'), 17)) ?? options.region
  const context = { region, receivedAt, junkNumbers: options.junkNumbers }
  const { contacts, warnings } = readContacts(message, pid, phones, context)
  const deceased = readDeceased(message, pid)
  const relatives = readRelatives(message, group, context, options)
  return {
    patient: {
      ehrId: identity.ehrId,
      ...(name !== undefined && { name }),
      ...(birthDate !== undefined && { birthDate }),
      ...(language !== undefined && { language }),
      ...(contacts && { contacts }),
      ...(deceased !== undefined && { deceased }),
      ...(relatives && { relatives }),
      ...(identity.otherIds.length > 0 && { otherIds: identity.otherIds }),
    },
    warnings: others ? [...warnings, 'W-SEVERAL-PATIENTS'] : warnings,
  }
}

/** What stands before the second PID: NK1 and GT1 belong to the PID they follow (V2-STR-1). */
function firstPatient({ segments }: Message): { readonly group: readonly Segment[]; readonly others: boolean } {
  const first = segments.findIndex((segment) => segment.name === 'PID')
  const second = segments.findIndex((segment, at) => at > first && segment.name === 'PID')
  return first === -1 || second === -1 ? { group: segments, others: false } : { group: segments.slice(0, second), others: true }
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

/** V2-PID-4. */
function readPatientLanguage(message: Message, pid: Segment, { languages }: PatientOptions): string | null | undefined {
  if (isDeleted(pid, 15)) return null
  const words = [stringAt(message, pid, 15), stringAt(message, pid, 15, 2)]
  for (const word of words) {
    const language = (word !== undefined && languages.get(word.toLowerCase())) || readLanguage(word)
    if (language) return language
  }
  return readLanguage(stringAt(message, findSegment(message, 'MSH'), 19))
}

/** PID-35 of a person, which some fill for everybody: SNOMED CT, NCBI and words. */
const humans = ['337915000', '278412004', '9606', 'human', 'homo sapiens', 'homo sapiens (organism)', 'humain']

/** V2-PID-5, and an animal (PID-35). Undefined where the message says nothing. */
function readDeceased(message: Message, pid: Segment): boolean | undefined {
  const indicator = valueAt(message, pid, 30)
  const diedAt = valueAt(message, pid, 29)
  const species = stringAt(message, pid, 35) ?? stringAt(message, pid, 35, 2)
  const animal = species !== undefined && !humans.includes(species.toLowerCase())
  if (indicator === 'Y' || typeof diedAt === 'string' || animal) return true
  return indicator !== undefined || diedAt !== undefined ? false : undefined
}
