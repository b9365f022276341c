import type { Temporal } from 'temporal-polyfill'
import type { ChartPatient } from './sample.ts'
import { LOCATIONS, PATIENTS, PRACTITIONERS } from './sample.ts'

/** The feed that speaks of an appointment: each one is told by HL7 v2 or by FHIR, never by both. */
export type Protocol = 'hl7v2' | 'fhir'

export type ChartStatus = 'booked' | 'arrived' | 'cancelled' | 'noshow'

export type ChartModality = 'onsite' | 'video' | 'phone'

export type ChartVerb = 'booked' | 'moved' | 'cancelled' | 'arrived' | 'missed' | 'reinstated' | 'confirmed' | 'declined'

/** Who wrote it: the front desk, or Rappel in a patient's name. */
type ChartActor = 'staff' | 'adapter'

export interface ChartVersion {
  readonly id: string
  readonly protocol: Protocol
  readonly patientId: string
  readonly practitionerId: string
  readonly locationId: string
  /** A code of the motif catalogue. */
  readonly motif: string
  readonly modality: ChartModality
  readonly start: Temporal.Instant
  readonly minutes: number
  readonly status: ChartStatus
  /** The patient said yes (true) or no (false) to this very time. */
  readonly confirmed?: boolean
  /** Code of `appointment-cancellation-reason`, when one was given. */
  readonly cancelReason?: string
  readonly version: number
  /** Later than that of any change before it. */
  readonly lastUpdated: Temporal.Instant
  readonly createdAt: Temporal.Instant
}

export interface ChartAppointment extends ChartVersion {
  /** The versions before this one, oldest first. */
  readonly history: readonly ChartVersion[]
}

interface Booking {
  readonly protocol: Protocol
  readonly patientId: string
  readonly start: Temporal.Instant
  readonly minutes?: number
  readonly motif?: string
  readonly modality?: ChartModality
}

/** A key that is absent changes nothing. */
export interface Amendment {
  readonly status?: ChartStatus
  readonly start?: Temporal.Instant
  readonly minutes?: number
  readonly confirmed?: boolean
  readonly cancelReason?: string
}

export interface ChartChange {
  readonly verb: ChartVerb
  readonly by: ChartActor
  readonly appointment: ChartAppointment
}

/** `unchanged`: the chart said so already, and nobody is told again. `refused`: the appointment is over. */
export type ChartOutcome =
  | { readonly kind: 'changed' | 'unchanged' | 'refused'; readonly appointment: ChartAppointment }
  | { readonly kind: 'unknown' }

export interface Chart {
  patients(): readonly ChartPatient[]
  patient(id: string): ChartPatient | undefined
  /** Opens a file; replaces the one with the same id. */
  register(patient: ChartPatient): void
  /** Newest booking first. */
  appointments(): readonly ChartAppointment[]
  find(id: string): ChartAppointment | undefined
  /** Throws for a patient who has no file: that is a bug of the caller. */
  book(booking: Booking): ChartAppointment
  amend(id: string, amendment: Amendment, by: ChartActor): ChartOutcome
  move(id: string, start: Temporal.Instant): ChartOutcome
  cancel(id: string, by?: ChartActor): ChartOutcome
  arrive(id: string, by?: ChartActor): ChartOutcome
  confirm(id: string, by?: ChartActor): ChartOutcome
  noshow(id: string): ChartOutcome
  /** Called after each change, in order. Returns how to stop. */
  onChange(listener: (change: ChartChange) => void): () => void
}

/** Bounds a demo that is left running. */
const MOST = 2000

/** Which word the feeds use for a change; undefined when nothing changes. */
function verbOf(before: ChartVersion, after: ChartVersion): ChartVerb | undefined {
  if (after.status !== before.status) {
    const verbs = { booked: 'reinstated', arrived: 'arrived', cancelled: 'cancelled', noshow: 'missed' } as const
    return verbs[after.status]
  }
  if (!after.start.equals(before.start) || after.minutes !== before.minutes) return 'moved'
  if (after.confirmed !== before.confirmed) return after.confirmed ? 'confirmed' : 'declined'
  return undefined
}

function isOver(appointment: ChartVersion): boolean {
  return appointment.status === 'cancelled' || appointment.status === 'noshow'
}

function amended(before: ChartVersion, amendment: Amendment): ChartVersion {
  const { confirmed, cancelReason, ...rest } = before
  const start = amendment.start ?? before.start
  // An answer was given for one time: it does not follow the appointment to another.
  const kept = start.equals(before.start) ? confirmed : undefined
  const answer = amendment.confirmed ?? kept
  const status = amendment.status ?? before.status
  const reason = amendment.cancelReason ?? cancelReason
  return {
    ...rest,
    start,
    status,
    minutes: amendment.minutes ?? before.minutes,
    ...(answer !== undefined && { confirmed: answer }),
    ...(reason !== undefined && status === 'cancelled' && { cancelReason: reason }),
  }
}

/** The EHR's truth, in memory. Synchronous: a change is whole before anybody hears of it. */
export function openChart(options: { readonly now: () => Temporal.Instant; readonly firstId: number }): Chart {
  const patients = new Map(PATIENTS.map((patient) => [patient.id, patient]))
  const appointments = new Map<string, ChartAppointment>()
  const listeners = new Set<(change: ChartChange) => void>()
  let nextId = options.firstId
  let last: Temporal.Instant | undefined

  /** Strictly increasing, whatever the clock does: both feeds order changes by it. */
  function tick(): Temporal.Instant {
    const now = options.now().round('millisecond')
    last = last && now.epochMilliseconds <= last.epochMilliseconds ? last.add({ milliseconds: 1 }) : now
    return last
  }

  function save(verb: ChartVerb, by: ChartActor, appointment: ChartAppointment): ChartAppointment {
    appointments.set(appointment.id, appointment)
    for (const listener of listeners) listener({ verb, by, appointment })
    return appointment
  }

  function amend(id: string, amendment: Amendment, by: ChartActor): ChartOutcome {
    const appointment = appointments.get(id)
    if (!appointment) return { kind: 'unknown' }
    const { history, ...before } = appointment
    const after = amended(before, amendment)
    const verb = verbOf(before, after)
    if (!verb) return { kind: 'unchanged', appointment }
    if (isOver(before) && by === 'adapter') return { kind: 'refused', appointment }
    const next = { ...after, version: before.version + 1, lastUpdated: tick(), history: [...history.slice(-99), before] }
    return { kind: 'changed', appointment: save(verb, by, next) }
  }

  return {
    patients: () => [...patients.values()],
    patient: (id) => patients.get(id),
    register: (patient) => {
      if (patients.size >= MOST) throw new RangeError('The simulated chart has no room for another patient')
      patients.set(patient.id, patient)
    },
    appointments: () => [...appointments.values()].sort((a, b) => b.createdAt.epochMilliseconds - a.createdAt.epochMilliseconds),
    find: (id) => appointments.get(id),
    book: ({ protocol, patientId, start, minutes = 20, motif = 'CONSULT', modality = 'onsite' }) => {
      if (!patients.has(patientId)) throw new RangeError('No such patient in the simulated chart')
      if (appointments.size >= MOST) throw new RangeError('The simulated chart has no room for another appointment')
      const at = tick()
      const id = `RV-${nextId++}`
      const practitionerId = PRACTITIONERS[0]?.id ?? ''
      const locationId = LOCATIONS[0]?.id ?? ''
      const stamps = { version: 1, lastUpdated: at, createdAt: at, history: [] }
      const said = { id, protocol, patientId, practitionerId, locationId, motif, modality, start, minutes, status: 'booked' as const }
      return save('booked', 'staff', { ...said, ...stamps })
    },
    amend,
    move: (id, start) => amend(id, { start, status: 'booked' }, 'staff'),
    cancel: (id, by = 'staff') => amend(id, { status: 'cancelled' }, by),
    arrive: (id, by = 'staff') => amend(id, { status: 'arrived' }, by),
    confirm: (id, by = 'staff') => amend(id, { confirmed: true }, by),
    noshow: (id) => amend(id, { status: 'noshow' }, 'staff'),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
