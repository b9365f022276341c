import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../src/core/appointment.ts'
import { confirmationBasis } from '../../src/core/appointment.ts'
import type { Patient } from '../../src/core/patient.ts'
import type { PatientPage, PatientPageInput } from '../../src/core/patient-page.ts'
import { factsOf } from '../../src/core/told.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import { clinicSettings, mobile, start } from './clinic.ts'

/** An invented appointment on Thursday 26 November 2026 at 9:40 in Québec. */
export function anAppointment(overrides: Partial<Appointment> = {}): Appointment {
  return {
    id: 'tilleuls:A1',
    clinicId: 'tilleuls',
    connectorId: 'tilleuls',
    ehrId: 'A1',
    status: 'booked',
    start,
    end: start.add({ minutes: 30 }),
    zone: 'America/Toronto',
    agenda: { key: 'moreau', text: 'Oncologie, Dre Moreau' },
    motif: { key: 'CONSULT', text: 'Suivi de chimiothérapie' },
    modality: 'onsite',
    practitioner: { key: 'moreau', name: 'Dre Claire Moreau' },
    location: {
      key: 'main',
      name: 'Clinique des Tilleuls',
      address: ['1240, avenue des Tilleuls, bureau 210', 'Québec (Québec)'],
    },
    origin: 'staff',
    patientId: 'tilleuls:P1',
    holds: [],
    warnings: [],
    said: {},
    revision: 3,
    firstSeenAt: at('2026-11-01T15:00:00Z'),
    changedAt: at('2026-11-20T15:00:00Z'),
    ...overrides,
  }
}

/** Of a motif that nobody has set, so that the EHR's word stands alone. */
export function comingBy(modality: Appointment['modality'], overrides: Partial<Appointment> = {}): Appointment {
  return anAppointment({ modality, motif: { key: 'nobody-set-it', text: 'Suivi de chimiothérapie' }, ...overrides })
}

export const aPatient: Patient = {
  id: 'tilleuls:P1',
  clinicId: 'tilleuls',
  connectorId: 'tilleuls',
  ehrId: 'P1',
  givenName: 'Anne-Sophie',
  familyName: 'Roy',
  birthDate: '1979-04-12',
  language: 'fr',
  contacts: [mobile],
  deceased: false,
  said: {},
}

export const allowed = clinicSettings({
  sites: {
    main: { name: 'Site principal', patientMayCancel: true, patientMayArrive: true, waitingRoom: 'dans la salle d’attente B' },
  },
})

export function anAnswer(kind: WriteBack['kind'], state: WriteBack['state'], overrides: Partial<WriteBack> = {}): WriteBack {
  const answeredAt = at('2026-11-24T13:22:00Z')
  const dueAt = kind === 'cancel' ? answeredAt.add({ minutes: 5 }) : answeredAt
  return {
    id: `tilleuls:A1:${kind}`,
    appointmentId: 'tilleuls:A1',
    connectorId: 'tilleuls',
    ehrId: 'A1',
    patientEhrId: 'P1',
    kind,
    start,
    answeredAt,
    dueAt,
    state,
    attempts: 0,
    nextTryAt: dueAt,
    ...overrides,
  }
}

export function confirmedFor(appointment: Appointment): Appointment {
  const basis = confirmationBasis(appointment)
  return { ...appointment, confirmation: { state: 'confirmed', by: 'ehr', at: at('2026-11-24T15:00:00Z'), basis } }
}

export function earlier(elapsed: string): Temporal.Instant {
  return start.subtract(Temporal.Duration.from(elapsed))
}

export function at(instant: string): Temporal.Instant {
  return Temporal.Instant.from(instant)
}

export function pageInput(overrides: Partial<PatientPageInput> = {}): PatientPageInput {
  const appointment = overrides.appointment ?? anAppointment()
  return {
    appointment,
    patient: aPatient,
    settings: allowed,
    shown: factsOf(appointment),
    writeBacks: [],
    writes: new Set(['confirm', 'cancel', 'arrive']),
    now: earlier('PT36H'),
    ...overrides,
  }
}

export interface Screen {
  readonly name: string
  readonly state: PatientPage['state']
  readonly input: PatientPageInput
}

const video = comingBy('video', { joinUrl: 'https://video.example/r/7' })
const phone = comingBy('phone')
const home = comingBy('home')
const usual = anAppointment()
const moved = anAppointment({ start: at('2026-11-26T15:00:00Z') })

/** One of each page a patient can meet, in the order of design.md. */
export const screens: readonly Screen[] = [
  { name: 'three days before', state: 'before-window', input: pageInput({ now: earlier('PT72H') }) },
  { name: 'to confirm', state: 'confirmable', input: pageInput() },
  { name: 'confirmed', state: 'confirmed', input: pageInput({ appointment: confirmedFor(usual) }) },
  {
    name: 'confirmed, the clinic does not know yet',
    state: 'confirmed',
    input: pageInput({ writeBacks: [anAnswer('confirm', 'queued')] }),
  },
  {
    name: 'confirmed, the EHR is asked again later',
    state: 'confirmed',
    input: pageInput({ writeBacks: [anAnswer('confirm', 'queued', { attempts: 3, nextTryAt: earlier('PT35H30M') })] }),
  },
  { name: 'to confirm, too late to cancel', state: 'confirmable', input: pageInput({ now: earlier('PT23H') }) },
  { name: 'cancelling, second step', state: 'cancel-step-two', input: pageInput({ step: 'cancel' }) },
  {
    name: 'cancelled, can be undone',
    state: 'cancelled-by-patient',
    input: pageInput({ writeBacks: [anAnswer('cancel', 'queued')], now: at('2026-11-24T13:23:00Z') }),
  },
  {
    name: 'cancelled, the clinic knows',
    state: 'cancelled-by-patient',
    input: pageInput({ appointment: anAppointment({ status: 'cancelled' }), writeBacks: [anAnswer('cancel', 'verified')] }),
  },
  { name: 'twenty minutes before', state: 'arrival-open', input: pageInput({ appointment: confirmedFor(usual), now: earlier('PT20M') }) },
  { name: 'arrived', state: 'arrived', input: pageInput({ appointment: anAppointment({ status: 'arrived' }), now: earlier('PT10M') }) },
  {
    name: 'arrived, the clinic does not know yet',
    state: 'arrived',
    input: pageInput({ writeBacks: [anAnswer('arrive', 'queued')], now: earlier('PT10M') }),
  },
  {
    name: 'the arrival did not reach the clinic',
    state: 'arrival-open',
    input: pageInput({ writeBacks: [anAnswer('arrive', 'failed')], now: earlier('PT10M') }),
  },
  {
    name: 'moved since the message',
    state: 'moved',
    input: pageInput({ shown: factsOf(moved), writeBacks: [anAnswer('confirm', 'stale', { start: at('2026-11-26T15:00:00Z') })] }),
  },
  { name: 'moved, too early to confirm', state: 'moved', input: pageInput({ shown: factsOf(moved), now: earlier('PT96H') }) },
  {
    name: 'told that it was off, and it stands',
    state: 'moved',
    input: pageInput({ shown: { ...factsOf(usual), stands: false } }),
  },
  { name: 'by video, to confirm', state: 'confirmable', input: pageInput({ appointment: video }) },
  { name: 'by video, confirmed', state: 'confirmed', input: pageInput({ appointment: confirmedFor(video) }) },
  {
    name: 'by video, no address yet',
    state: 'before-window',
    input: pageInput({ appointment: comingBy('video'), now: earlier('PT72H') }),
  },
  { name: 'by video, five minutes late', state: 'under-way', input: pageInput({ appointment: video, now: start.add({ minutes: 5 }) }) },
  { name: 'by phone', state: 'confirmable', input: pageInput({ appointment: phone }) },
  { name: 'by phone, confirmed', state: 'confirmed', input: pageInput({ appointment: confirmedFor(phone) }) },
  { name: 'by phone, the call is late', state: 'under-way', input: pageInput({ appointment: phone, now: start.add({ minutes: 5 }) }) },
  { name: 'at home', state: 'confirmable', input: pageInput({ appointment: home }) },
  {
    name: 'nobody said how',
    state: 'confirmable',
    input: pageInput({ appointment: comingBy('unknown') }),
  },
  {
    name: 'two sources disagree on how',
    state: 'confirmable',
    input: pageInput({ appointment: anAppointment({ modality: 'video', joinUrl: 'https://video.example/r/7' }) }),
  },
  {
    name: 'the answer did not reach the clinic',
    state: 'confirmable',
    input: pageInput({ writeBacks: [anAnswer('cancel', 'failed')] }),
  },
  {
    name: 'cancelled by the clinic',
    state: 'cancelled-by-clinic',
    input: pageInput({ appointment: anAppointment({ status: 'cancelled' }) }),
  },
  { name: 'past', state: 'past', input: pageInput({ now: start.add({ hours: 1 }) }) },
  { name: 'no answer is taken online', state: 'upcoming', input: pageInput({ writes: new Set() }) },
  { name: 'held for a person', state: 'held', input: pageInput({ appointment: anAppointment({ holds: ['H-TIME-CONFLICT'] }) }) },
]
