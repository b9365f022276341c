import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentStatus, Aspect, HoldCode } from './appointment.ts'
import { appointmentId, confirmationBasis } from './appointment.ts'
import type { AppointmentChange } from './change.ts'
import type { ConnectorId } from './envelope.ts'
import type { PatientId } from './patient.ts'
import { patientId } from './patient.ts'
import type { Stamp } from './stamp.ts'
import { compareStamps, supersedes } from './stamp.ts'

/** Where a change came from and when it arrived. */
export interface Arrival {
  readonly connectorId: ConnectorId
  readonly clinicId: string
  /** The connector's IANA zone, for an appointment whose own is not known. */
  readonly zone: string
  readonly now: Temporal.Instant
  readonly envelopeId?: string
  /** The patient it names and the one we knew of the appointment share an id (V2-ID-4). */
  readonly onePerson?: boolean
}

export interface Evolution {
  readonly appointment: Appointment
  /** What is different now. Empty: an echo, a replay, or a message older than all we know. */
  readonly changed: readonly Aspect[]
  /** Every word of the change was older than what we knew (V2-ORD-1). */
  readonly stale: boolean
}

type Words = { -readonly [K in keyof Appointment]: Appointment[K] }

const terminal: ReadonlySet<AppointmentStatus> = new Set(['cancelled', 'noshow', 'fulfilled', 'entered-in-error'])
/** From these a patient may arrive. */
const canArrive: ReadonlySet<AppointmentStatus> = new Set(['booked', 'pending'])
const needsStart: ReadonlySet<AppointmentStatus> = new Set(['booked', 'pending', 'arrived', 'checked-in'])

/**
 * The appointment after one more word of the EHR (R3): each aspect keeps its newest word by the source's clock,
 * so that whatever the order of arrival the same words leave the same appointment.
 */
export function evolve(before: Appointment | undefined, change: AppointmentChange, arrival: Arrival): Evolution {
  const next: Words = { ...(before ?? newAppointment(change, arrival)) }
  const said = { ...next.said }
  const heard = heardAspects(before, change)
  const newest = Object.values(said).every((stamp) => compareStamps(change.stamp, stamp) >= 0)
  for (const aspect of heard) {
    speak[aspect](next, change, arrival)
    said[aspect] = change.stamp
  }
  next.said = said
  if (change.replaces !== undefined) next.replaces ??= change.replaces
  // whichever came first: a booking is known of once anything but an end of it was sent
  if (!change.tombstone) put(next, 'tombstone', undefined)
  settlePresence(next)
  put(next, 'rivals', rivalsOf(before, next, change, arrival))
  next.holds = holdsOf(before, next, change, heard)
  if (newest) {
    next.warnings = change.warnings
    if (change.etag !== undefined) next.etag = change.etag
    if (arrival.envelopeId !== undefined) next.envelopeId = arrival.envelopeId
  }
  const changed = before ? heard.filter((aspect) => !sameAspect(aspect, before, next)) : heard
  if (changed.length > 0 && before) {
    next.revision = before.revision + 1
    next.changedAt = arrival.now
  }
  return { appointment: next, changed, stale: before !== undefined && heard.length === 0 && !newest }
}

/** The appointment after word of its patient's presence, by what else than the schedule it came (ADT A10, A11); the same one: nothing new. */
export function evolvePresence(before: Appointment, here: boolean, stamp: Stamp, now: Temporal.Instant): Appointment {
  if (before.arrival && !supersedes(stamp, before.arrival.stamp)) return before
  const next: Words = { ...before, arrival: { here, stamp } }
  settlePresence(next)
  if (next.status !== before.status) {
    next.revision = before.revision + 1
    next.changedAt = now
  }
  return next
}

function newAppointment(change: AppointmentChange, arrival: Arrival): Appointment {
  const { connectorId, clinicId, zone, now } = arrival
  return {
    id: appointmentId(connectorId, change.ehrId),
    clinicId,
    connectorId,
    ehrId: change.ehrId,
    status: 'booked',
    zone,
    modality: 'unknown',
    origin: 'unknown',
    ...(change.tombstone && { tombstone: true }),
    holds: [],
    warnings: [],
    said: {},
    revision: 1,
    firstSeenAt: now,
    changedAt: now,
  }
}

/** The aspects of which this change has the newest word. The confirmation comes last: its basis reads the others. */
function heardAspects(before: Appointment | undefined, change: AppointmentChange): readonly Aspect[] {
  return aspects.filter((aspect) => {
    if (change[aspect] === undefined) return false
    const previous = before?.said[aspect]
    if (aspect === 'status' && before && previous && change.status && compareStamps(change.stamp, previous) === 0) {
      // W-TIE: at the same instant a terminal state is not undone, whichever came first
      return !terminal.has(before.status) || terminal.has(change.status.value)
    }
    // fixed when first seen, by the source's clock; `unknown` may become known (rules.md, Words)
    if (aspect === 'origin') return change.origin !== 'unknown' && (previous === undefined || compareStamps(change.stamp, previous) < 0)
    return supersedes(change.stamp, previous)
  })
}

const aspects: readonly Aspect[] = [
  'status',
  'patient',
  'time',
  'agenda',
  'motif',
  'modality',
  'practitioner',
  'location',
  'origin',
  'visit',
  'confirmation',
]

/** Writes one aspect of the change into the appointment. */
const speak: Record<Aspect, (next: Words, change: AppointmentChange, arrival: Arrival) => void> = {
  status(next, change) {
    if (!change.status) return
    next.status = change.status.value
    put(next, 'scheduled', undefined)
    put(next, 'statusRaw', change.status.raw)
    put(next, 'cancelKind', change.status.cancelKind)
  },
  patient(next, change, arrival) {
    if (change.patient) next.patientId = patientId(arrival.connectorId, change.patient.ehrId)
  },
  time(next, change, arrival) {
    put(next, 'start', change.time?.start)
    put(next, 'end', change.time?.end)
    // the zone is of the word that says the time: kept from an older word, it would depend on the order of arrival (R3)
    next.zone = change.zone ?? arrival.zone
    put(next, 'timeReading', change.timeReading)
  },
  agenda(next, change) {
    put(next, 'agenda', change.agenda ?? undefined)
    put(next, 'agendas', change.agendas && change.agendas.length > 1 ? change.agendas : undefined)
  },
  motif: (next, change) => put(next, 'motif', change.motif ?? undefined),
  modality(next, change) {
    if (!change.modality) return
    next.modality = change.modality.value
    put(next, 'joinUrl', change.modality.joinUrl)
  },
  practitioner: (next, change) => put(next, 'practitioner', change.practitioner ?? undefined),
  location: (next, change) => put(next, 'location', change.location ?? undefined),
  origin(next, change) {
    if (change.origin) next.origin = change.origin
  },
  visit: (next, change) => put(next, 'visit', change.visit),
  confirmation(next, change, arrival) {
    if (!change.confirmation) return
    // bound to what this very message says, not to what a later one has already changed (MOD-5)
    const answered: Words = { ...next }
    for (const aspect of ['patient', 'time', 'modality', 'location'] as const)
      if (change[aspect] !== undefined) speak[aspect](answered, change, arrival)
    next.confirmation = { state: change.confirmation, by: 'ehr', at: change.stamp.at, basis: confirmationBasis(answered) }
  },
}

function put<K extends keyof Words>(next: Words, key: K, value: Words[K] | undefined): void {
  if (value !== undefined) next[key] = value
  // a needless delete makes every later read of the object slow
  else if (key in next) delete next[key]
}

/** Says where the patient is: in the waiting room while their arrival is the later word, and else as the schedule has it. */
function settlePresence(next: Words): void {
  const { arrival, said } = next
  const scheduled = next.scheduled ?? next.status
  const isHere = arrival?.here === true && canArrive.has(scheduled) && supersedes(arrival.stamp, said.status)
  put(next, 'scheduled', isHere ? scheduled : undefined)
  next.status = isHere ? 'arrived' : scheduled
}

/** V2-ID-4: whoever else it was said to be of; undefined: nobody. */
function rivalsOf(
  before: Appointment | undefined,
  next: Appointment,
  { patient, stamp }: AppointmentChange,
  { connectorId, onePerson = false }: Arrival,
): readonly PatientId[] | undefined {
  const rivals = new Set(before?.rivals)
  const known = before?.patientId
  if (patient && known !== undefined && !onePerson && !(before?.patientSettled && compareStamps(stamp, before.patientSettled) <= 0))
    for (const id of [known, patientId(connectorId, patient.ehrId)]) rivals.add(id)
  if (next.patientId !== undefined) rivals.delete(next.patientId)
  return rivals.size > 0 ? [...rivals].sort() : undefined
}

/** What keeps everybody from being told until a person looked (section 4.1, HoldCode). */
function holdsOf(before: Appointment | undefined, next: Appointment, change: AppointmentChange, heard: readonly Aspect[]): HoldCode[] {
  const held = (code: HoldCode) => before?.holds.includes(code) ?? false
  const conflict = heard.includes('time') ? (change.time?.conflict ?? false) : held('H-TIME-CONFLICT')
  const holds: HoldCode[] = []
  if (conflict) holds.push('H-TIME-CONFLICT')
  if (needsStart.has(next.status) && !next.start) holds.push('H-NO-TIME')
  if (next.rivals) holds.push('H-PATIENT-CHANGED')
  if (!next.patientId) holds.push('H-NO-PATIENT')
  if (held('H-MERGE-AMBIGUOUS')) holds.push('H-MERGE-AMBIGUOUS')
  return holds
}

function sameAspect(aspect: Aspect, a: Appointment, b: Appointment): boolean {
  return JSON.stringify(aspectOf(aspect, a)) === JSON.stringify(aspectOf(aspect, b))
}

function aspectOf(aspect: Aspect, appointment: Appointment): unknown {
  const { status, statusRaw, cancelKind, start, end, zone, modality, joinUrl, confirmation } = appointment
  switch (aspect) {
    case 'status':
      return [status, statusRaw, cancelKind]
    case 'time':
      // an instant as text takes ten times as long
      return [String(start?.epochNanoseconds), String(end?.epochNanoseconds), zone]
    case 'modality':
      return [modality, joinUrl]
    case 'patient':
      return appointment.patientId
    case 'confirmation':
      return [confirmation?.state, confirmation?.basis]
    case 'agenda':
    case 'motif':
    case 'practitioner':
    case 'location':
    case 'origin':
    case 'visit':
      return appointment[aspect]
    default:
      return aspect satisfies never
  }
}
