import { Temporal } from 'temporal-polyfill'
import type { AppointmentStatus, Coded } from '../../core/appointment.ts'
import type { AppointmentChange, PatientChange } from '../../core/change.ts'
import type { Fault } from '../../core/envelope.ts'
import { asReference, type Found, type Graph, patientEhrId, survivorOf } from './graph.ts'
import { type JsonObject, objectsOf } from './json.ts'
import { modalityOf } from './modality.ts'
import { firstMatch, type Path, valuesAt } from './path.ts'
import { patientChange, type ReadingOf } from './patient.ts'
import { locationOf, placeOf, practitionerOf } from './people.ts'
import type { Profile } from './profile.ts'
import { relativesOf } from './relatives.ts'
import { type AppointmentResource, appointmentSchema, check, type Participant, patientSchema } from './resources.ts'
import { stampOf } from './stamp.ts'
import { parseInstant } from './time.ts'

export type ReadChange =
  | { readonly kind: 'change'; readonly change: AppointmentChange }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly fault: Fault }

type Read<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'faulty'; readonly fault: Fault }

/** FHIR R4 Appointment.status. */
const statuses: ReadonlySet<string> = new Set<AppointmentStatus>([
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
])

/** A resource and what it refers to, as the whole truth about one appointment: what it does not hold is deleted, not kept. */
export function readChange(resource: JsonObject, graph: Graph, receivedAt: Temporal.Instant, profile: Profile): ReadChange {
  const checked = check(appointmentSchema, resource, 'Appointment')
  if (checked.kind === 'faulty') return { kind: 'unreadable', fault: checked.fault }
  const appointment = checked.value
  const warnings = new Set<string>()
  const time = timeOf(appointment, profile.zone, warnings)
  if (time.kind === 'faulty') return { kind: 'unreadable', fault: time.fault }
  const status = statusOf(appointment, resource, graph, profile)
  const actors = actorsOf(appointment, resource, graph)
  const patient = patientOf(actors, graph, { zone: profile.zone, region: profile.region, at: receivedAt }, warnings)
  if (patient.kind === 'faulty') return { kind: 'unreadable', fault: patient.fault }
  const off = status.value === 'cancelled' || status.value === 'entered-in-error'
  if (!patient.value && !off) return { kind: 'ignored', reason: 'no patient takes part' }
  const people = peopleOf(actors, appointment, resource, graph, receivedAt, profile, warnings)
  const confirmation = confirmationOf(actors, status.value, firstMatch(profile.confirmed, resource, graph) ?? false, profile)
  const version = appointment.meta?.versionId
  const replaced = replacedBy(appointment, resource, graph)
  const change: AppointmentChange = {
    ehrId: appointment.id,
    stamp: { at: stampOf(appointment.meta, receivedAt, profile.zone, warnings) },
    status,
    time: time.value,
    timeReading: time.reading,
    ...agendasOf(profile.agenda, resource, graph),
    motif: firstAt(profile.motif, resource, graph),
    ...people,
    origin: firstMatch(profile.origin, resource, graph) ?? 'unknown',
    ...(confirmation && { confirmation }),
    ...(patient.value && { patient: patient.value }),
    ...(version && { etag: `W/"${version}"` }),
    ...(replaced && { replaces: replaced }),
    warnings: [...warnings],
  }
  return { kind: 'change', change }
}

/** Gone from the server. It left no word of when: the arrival counts. */
export function deletedChange(ehrId: string, receivedAt: Temporal.Instant): AppointmentChange {
  return { ehrId, stamp: { at: receivedAt }, status: { value: 'entered-in-error', cancelKind: 'deleted' }, warnings: [] }
}

interface Actor extends Found {
  readonly participation: Participant
}

const maxParticipants = 50

function actorsOf(appointment: AppointmentResource, resource: JsonObject, graph: Graph): readonly Actor[] {
  const participants = (appointment.participant ?? []).slice(0, maxParticipants)
  const actors = participants.flatMap((participation) =>
    participation.actor ? [{ ...graph.find(participation.actor, resource), participation }] : [],
  )
  const { subject } = appointment
  if (!subject || actors.some(({ type }) => type === 'Patient')) return actors
  return [{ ...graph.find(subject, resource), participation: { actor: subject, status: undefined } }, ...actors]
}

function statusOf(
  { status }: AppointmentResource,
  resource: JsonObject,
  graph: Graph,
  profile: Profile,
): NonNullable<AppointmentChange['status']> {
  const excused = (status === 'cancelled' || status === 'noshow') && firstMatch(profile.excused, resource, graph)
  if (excused) return { value: 'cancelled', cancelKind: 'excused' }
  if (!isStatus(status)) return { value: 'unknown', raw: status.slice(0, 64) }
  if (status === 'cancelled') return { value: status, cancelKind: 'cancelled' }
  return status === 'entered-in-error' ? { value: status, cancelKind: 'deleted' } : { value: status }
}

function isStatus(text: string): text is AppointmentStatus {
  return statuses.has(text)
}

interface Timed {
  readonly kind: 'ok'
  readonly value: NonNullable<AppointmentChange['time']> | null
  /** `AppointmentChange.timeReading` */
  readonly reading: string
}

/** No start: `null` (app-3). The end is the one given, else start and `minutesDuration`; one that is not after the start is none. */
function timeOf(
  appointment: AppointmentResource,
  zone: string,
  warnings: Set<string>,
): Timed | { readonly kind: 'faulty'; readonly fault: Fault } {
  if (appointment.start === undefined) return { kind: 'ok', value: null, reading: 'no Appointment.start' }
  const start = parseInstant(appointment.start, zone)
  if (!start) return { kind: 'faulty', fault: notAnInstant('Appointment.start') }
  const stated = appointment.end === undefined ? undefined : parseInstant(appointment.end, zone)
  if (appointment.end !== undefined && !stated) return { kind: 'faulty', fault: notAnInstant('Appointment.end') }
  if (start.zoneless || stated?.zoneless) warnings.add('W-INSTANT-NO-ZONE')
  const { minutesDuration } = appointment
  const computed = minutesDuration && minutesDuration <= 1440 ? start.at.add({ seconds: Math.round(minutesDuration * 60) }) : undefined
  const end = stated?.at ?? computed
  const usable = end && Temporal.Instant.compare(end, start.at) > 0
  const reading = start.zoneless ? `Appointment.start as ${zone}` : 'Appointment.start with its own offset'
  return { kind: 'ok', value: { start: start.at, ...(usable && { end }) }, reading }
}

function notAnInstant(at: string): Fault {
  return { kind: 'content', code: 'value', at, text: `${at} is not an instant.` }
}

/** The first patient who takes part; several are a group, of whom the first is told (`W-GROUP`). */
function patientOf(actors: readonly Actor[], graph: Graph, reading: ReadingOf, warnings: Set<string>): Read<PatientChange | undefined> {
  const patients = actors.filter(({ type }) => type === 'Patient')
  const [first] = patients
  if (!first) return { kind: 'ok', value: undefined }
  if (new Set(patients.map(({ key }) => key)).size > 1) warnings.add('W-GROUP')
  const survivor = survivorOf(first, graph)
  const ehrId = patientEhrId(survivor)
  if (!ehrId) return { kind: 'ok', value: undefined }
  if (!survivor.resource) {
    warnings.add('W-REFERENCE')
    return { kind: 'ok', value: { ehrId } }
  }
  const checked = check(patientSchema, survivor.resource, 'Patient')
  if (checked.kind === 'faulty') return checked
  // a patient is read anew each time, and may be newer than the appointment that names them
  const at = stampOf(checked.value.meta, reading.at, reading.zone, new Set())
  const relatives = relativesOf(survivor, checked.value, graph, reading)
  return { kind: 'ok', value: { ...patientChange(ehrId, checked.value, reading), relatives, stamp: { at } } }
}

function peopleOf(
  actors: readonly Actor[],
  appointment: AppointmentResource,
  resource: JsonObject,
  graph: Graph,
  receivedAt: Temporal.Instant,
  profile: Profile,
  warnings: Set<string>,
): Pick<AppointmentChange, 'practitioner' | 'location' | 'modality'> {
  const [attending] = actors.filter(({ type }) => type === 'Practitioner' || type === 'PractitionerRole')
  const practitioner = attending && practitionerOf(attending, graph, receivedAt, profile.zone)
  const location = locationOf(actors, appointment.slot ?? [], graph, resource)
  if ((attending && !practitioner) || (location && !location.resource && !location.display)) warnings.add('W-REFERENCE')
  return {
    practitioner: practitioner ?? null,
    location: (location && placeOf(location, profile.region)) ?? null,
    modality: modalityOf(resource, graph, location, profile.modality),
  }
}

/** Of the patient's own participation, while the appointment still stands: `accepted` proves nothing unless the site says so (WB-7). */
function confirmationOf(
  actors: readonly Actor[],
  status: AppointmentStatus,
  hasWord: boolean,
  profile: Profile,
): 'confirmed' | 'declined' | undefined {
  if (status !== 'booked' && status !== 'pending' && status !== 'proposed') return undefined
  const word = actors.find(({ type }) => type === 'Patient')?.participation.status
  if (word === 'declined') return 'declined'
  return hasWord || (word === 'accepted' && profile.acceptedMeansConfirmed) ? 'confirmed' : undefined
}

const maxAgendas = 20

/** The first that a path finds is its agenda; every one that any of them finds may be the one the settings know (FHIR-PAR-3). */
function agendasOf(paths: readonly Path[], resource: JsonObject, graph: Graph): Pick<AppointmentChange, 'agenda' | 'agendas'> {
  const found = new Map<string, Coded>()
  for (const coded of paths.flatMap((path) => valuesAt(path, resource, graph))) if (!found.has(coded.key)) found.set(coded.key, coded)
  const agendas = [...found.values()].slice(0, maxAgendas)
  return { agenda: agendas[0] ?? null, agendas }
}

const previousAppointment = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.previousAppointment'

/** R5 `previousAppointment`, as such or as its extension in R4: the one it was moved from, at this same server. */
function replacedBy(appointment: AppointmentResource, resource: JsonObject, graph: Graph): string | undefined {
  const extended = objectsOf(resource.extension).find(({ url }) => url === previousAppointment)?.valueReference
  const reference = appointment.previousAppointment ?? asReference(extended)
  const key = reference && graph.find(reference, resource).key
  const id = key?.startsWith('Appointment/') ? key.slice('Appointment/'.length) : undefined
  return id === appointment.id ? undefined : id
}

function firstAt(paths: readonly Path[], resource: JsonObject, graph: Graph): Coded | null {
  for (const path of paths) {
    const [found] = valuesAt(path, resource, graph)
    if (found) return found
  }
  return null
}
