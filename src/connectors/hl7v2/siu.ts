import type { Temporal } from 'temporal-polyfill'
import type { Modality, Origin } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { Fault } from '../../core/envelope.ts'
import type { Rule } from './mapping.ts'
import { applyRules, readCoded } from './mapping.ts'
import type { Path } from './path.ts'
import { valueAtPath } from './path.ts'
import type { PatientOptions } from './patient.ts'
import { readPatient } from './patient.ts'
import type { Message } from './reader.ts'
import { findSegment, stringAt, valueAt } from './reader.ts'
import type { Resource } from './resources.ts'
import { isSnapshot, readLocation, readPerson, readPractitioner, readResources } from './resources.ts'
import { readStamp } from './stamp.ts'
import type { StatusOptions } from './status.ts'
import { readStatus } from './status.ts'
import type { TimingOptions } from './timing.ts'
import { readTiming } from './timing.ts'

/** One connection's reading, ready for use (§4.6). */
export interface SiuProfile extends StatusOptions, TimingOptions, PatientOptions {
  readonly agenda: readonly Path[]
  readonly motif: readonly Path[]
  /** Absent: V2-RES-4. */
  readonly practitioner?: readonly Path[]
  /** Absent: SCH-2 with SCH-3, else SCH-1 (V2-ID-1). */
  readonly idFields?: readonly Path[]
  readonly originRules: readonly Rule<Origin>[]
  readonly modalityRules: readonly Rule<Modality>[]
}

export type SiuReading =
  | { readonly kind: 'change'; readonly change: AppointmentChange }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly fault: Fault }

/** An SIU message as one change of one appointment. `headerWarnings` were found before its event was known. */
export function readSiu(
  message: Message,
  event: string,
  receivedAt: Temporal.Instant,
  profile: SiuProfile,
  headerWarnings: readonly string[] = [],
): SiuReading {
  if (event === 'S23' || event === 'S24') return { kind: 'ignored', reason: 'slot-block' }
  const sch = findSegment(message, 'SCH')
  if (!sch) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'SCH', text: 'no SCH segment' } }
  const ehrId = readAppointmentId(message, profile)
  if (ehrId === undefined) {
    return { kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'no appointment id in SCH-1 or SCH-2' } }
  }
  const status = readStatus(message, event, profile)
  if (status.ignore) return { kind: 'ignored', reason: 'slot-block' }
  const resources = readResources(message)
  const stamp = readStamp(message, receivedAt, profile.zone)
  const timing = readTiming(message, resources, profile)
  const patient = readPatient(message, receivedAt, profile)
  const warnings = [headerWarnings, message.warnings, stamp.warnings, status.warnings, timing.warnings, patient.warnings].flat()
  return {
    kind: 'change',
    change: {
      ehrId,
      stamp: stamp.stamp,
      ...(status.status && { status: status.status }),
      ...(status.confirmation && { confirmation: status.confirmation }),
      ...(timing.time !== undefined && { time: timing.time }),
      ...readWhat(message, profile),
      ...readWhoAndWhere(message, resources, event, profile),
      ...(patient.patient && { patient: patient.patient }),
      warnings: [...new Set(warnings)],
    },
  }
}

/** V2-ID-1, V2-ID-3: EI.1 alone, with the occurrence of a series. */
function readAppointmentId(message: Message, profile: SiuProfile): string | undefined {
  if (profile.idFields) {
    for (const path of profile.idFields) {
      const id = valueAtPath(message, path)
      if (typeof id === 'string') return id
    }
    return undefined
  }
  const sch = findSegment(message, 'SCH')
  const id = stringAt(message, sch, 2) ?? stringAt(message, sch, 1)
  const occurrence = stringAt(message, sch, 3)
  return id !== undefined && occurrence !== undefined ? `${id}#${occurrence}` : id
}

function readWhat(message: Message, profile: SiuProfile): Pick<AppointmentChange, 'agenda' | 'motif' | 'modality' | 'origin'> {
  const agenda = readCoded(message, profile.agenda)
  const motif = readCoded(message, profile.motif)
  const modality = applyRules(message, profile.modalityRules)
  const origin = applyRules(message, profile.originRules)
  return {
    ...(agenda !== undefined && { agenda }),
    ...(motif !== undefined && { motif }),
    ...(modality && { modality: { value: modality } }),
    ...(origin && { origin }),
  }
}

/** A snapshot that names nobody takes the practitioner away; a message that lists changes, or no resource at all, does not (V2-RES-1, V2-RES-2). */
function readWhoAndWhere(
  message: Message,
  resources: readonly Resource[],
  event: string,
  profile: SiuProfile,
): Pick<AppointmentChange, 'practitioner' | 'location'> {
  const otherwise = isSnapshot(message, resources, event) ? null : undefined
  const practitioner =
    (profile.practitioner ? practitionerAt(message, profile.practitioner) : readPractitioner(message, resources)) ?? otherwise
  const location = readLocation(message, resources) ?? otherwise
  return { ...(practitioner !== undefined && { practitioner }), ...(location !== undefined && { location }) }
}

function practitionerAt(message: Message, paths: readonly Path[]): AppointmentChange['practitioner'] {
  for (const path of paths) {
    for (const segment of message.segments) {
      if (segment.name !== path.segment || valueAt(message, segment, 2) === 'D') continue
      const person = readPerson(message, segment.fields[path.field] ?? '')
      if (person) return person
    }
  }
  return undefined
}
