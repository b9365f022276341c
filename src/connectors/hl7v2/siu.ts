import type { Temporal } from 'temporal-polyfill'
import type { AppointmentStatus, Modality, Origin } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { Fault } from '../../core/envelope.ts'
import type { Rule } from './mapping.ts'
import { applyRules, readCatalogue, readCoded } from './mapping.ts'
import type { Path } from './path.ts'
import { valueAtPath } from './path.ts'
import type { PatientOptions } from './patient.ts'
import { readPatient } from './patient.ts'
import type { PeopleOptions } from './people.ts'
import { readAttending, readPerson, readPractitioner } from './people.ts'
import { readLocation } from './places.ts'
import type { Message } from './reader.ts'
import { findSegment, stringAt } from './reader.ts'
import type { Resources } from './resources.ts'
import { readResources } from './resources.ts'
import { readStamp } from './stamp.ts'
import type { StatusOptions, StatusReading } from './status.ts'
import { readStatus } from './status.ts'
import type { TimingOptions } from './timing.ts'
import { readTiming } from './timing.ts'

/** One connection's reading of appointments, ready for use (§4.6). */
export interface SiuProfile extends StatusOptions, TimingOptions, PatientOptions, PeopleOptions {
  readonly agenda: readonly Path[]
  readonly motif: readonly Path[]
  /** Absent: V2-RES-4. */
  readonly practitioner?: readonly Path[]
  /** Fields with a place in them. */
  readonly location: readonly Path[]
  /** Absent: SCH-2 with SCH-3, else SCH-1 (V2-ID-1). */
  readonly idFields?: readonly Path[]
  readonly visit: readonly Path[]
  /** Absent: SCH-24, SCH-23 (V2-ORD-4). */
  readonly replaces?: readonly Path[]
  readonly originRules: readonly Rule<Origin>[]
  readonly modalityRules: readonly Rule<Modality>[]
  readonly zoneRules: readonly Rule<string>[]
  /** What of an id that is unknown: `tombstone` takes only an S12 or an S27 for a booking (V2-ID-5). */
  readonly unknownId: 'upsert' | 'tombstone'
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
  const sch = findSegment(message, 'SCH')
  if (!sch) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'SCH', text: 'no SCH segment' } }
  const ehrId = readAppointmentId(message, profile)
  if (ehrId === undefined) {
    return { kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'no appointment id in SCH-1 or SCH-2' } }
  }
  const resources = readResources(message, event)
  const { present } = resources
  const status = readStatus(present, event, profile)
  if (status.ignore) return { kind: 'ignored', reason: 'slot-block' }
  const zone = applyRules(present, profile.zoneRules)
  const stamp = readStamp(message, receivedAt, profile.zone)
  const timing = readTiming(present, resources, zone === undefined ? profile : { ...profile, zone })
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
      ...(timing.reading !== undefined && { timeReading: timing.reading }),
      ...(zone !== undefined && { zone }),
      ...readWhat(present, profile),
      ...readWhoAndWhere(resources, event, profile),
      ...(patient.patient && { patient: patient.patient }),
      ...readLinks(message, event, ehrId, status, profile),
      ...(isTombstone(event, status.status?.value, profile) && { tombstone: true }),
      warnings: [...new Set(warnings)],
    },
  }
}

/** V2-ID-1, V2-ID-3: EI.1 alone, with the occurrence of a series. */
function readAppointmentId(message: Message, profile: SiuProfile): string | undefined {
  if (profile.idFields) return firstText(message, profile.idFields)
  const sch = findSegment(message, 'SCH')
  const id = stringAt(message, sch, 2) ?? stringAt(message, sch, 1)
  const occurrence = stringAt(message, sch, 3)
  return id !== undefined && occurrence !== undefined ? `${id}#${occurrence}` : id
}

function firstText(message: Message, paths: readonly Path[]): string | undefined {
  for (const path of paths) {
    const text = valueAtPath(message, path)
    if (typeof text === 'string') return text
  }
  return undefined
}

const over: readonly AppointmentStatus[] = ['cancelled', 'entered-in-error', 'noshow']

/** V2-ID-5: nobody was told of what was never booked here, so nobody is told that it is off. */
function isTombstone(event: string, status: AppointmentStatus | undefined, { unknownId }: SiuProfile): boolean {
  return (status !== undefined && over.includes(status)) || (unknownId === 'tombstone' && event !== 'S12' && event !== 'S27')
}

function readLinks(
  message: Message,
  event: string,
  ehrId: string,
  status: StatusReading,
  profile: SiuProfile,
): Pick<AppointmentChange, 'visit' | 'replaces'> {
  const visit = firstText(message, profile.visit)
  const replaces = readReplaced(message, event, status, profile)
  return { ...(visit !== undefined && { visit }), ...(replaces !== undefined && replaces !== ehrId && { replaces }) }
}

/** V2-ORD-4: the parent is what it was moved from, unless an occurrence (SCH-3) makes it the parent of a series, or a status stands in its place. */
function readReplaced(message: Message, event: string, status: StatusReading, { replaces }: SiuProfile): string | undefined {
  if (!['S12', 'S13', 'S14', 'S27'].includes(event)) return undefined
  if (replaces) return firstText(message, replaces)
  const sch = findSegment(message, 'SCH')
  if (stringAt(message, sch, 3) !== undefined) return undefined
  return (status.warnings.includes('W-SCH-SHIFT') ? undefined : stringAt(message, sch, 24)) ?? stringAt(message, sch, 23)
}

/** V2-RES-6: every diary it sits in, the first of the first field first. */
function readWhat(message: Message, profile: SiuProfile): Pick<AppointmentChange, 'agenda' | 'agendas' | 'motif' | 'modality' | 'origin'> {
  const agendas = readCatalogue(message, profile.agenda)
  const agenda = agendas === null ? null : agendas[0]
  const motif = readCoded(message, profile.motif)
  const modality = applyRules(message, profile.modalityRules)
  const origin = applyRules(message, profile.originRules)
  return {
    ...(agenda !== undefined && { agenda, agendas: agendas ?? [] }),
    ...(motif !== undefined && { motif }),
    ...(modality && { modality: { value: modality } }),
    ...(origin && { origin }),
  }
}

/** Events whose resources are those the appointment now has; a cancellation takes nobody away. */
const standing = ['S12', 'S13', 'S14', 'S18', 'S19', 'S20', 'S21', 'S22', 'S27']

/** Whoever a snapshot does not name is gone, and so is who is taken away without another in the same place (V2-RES-1, V2-RES-2). */
function readWhoAndWhere(resources: Resources, event: string, profile: SiuProfile): Pick<AppointmentChange, 'practitioner' | 'location'> {
  const { present, snapshot, removed } = resources
  const goes = (name: 'AIP' | 'AIL'): boolean => snapshot || (removed.has(name) && standing.includes(event))
  const named = profile.practitioner ? practitionerAt(present, profile.practitioner) : readPractitioner(present, profile)
  const attending = profile.practitioner || removed.has('AIP') ? undefined : readAttending(present)
  const practitioner = named ?? attending ?? (goes('AIP') ? null : undefined)
  const location = readLocation(present, profile.location, profile) ?? (goes('AIL') ? null : undefined)
  return { ...(practitioner !== undefined && { practitioner }), ...(location !== undefined && { location }) }
}

function practitionerAt(message: Message, paths: readonly Path[]): AppointmentChange['practitioner'] {
  for (const path of paths) {
    for (const segment of message.segments) {
      if (segment.name !== path.segment) continue
      const person = readPerson(message, segment.fields[path.field] ?? '')
      if (person) return person
    }
  }
  return undefined
}
