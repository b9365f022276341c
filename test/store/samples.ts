import { createHash } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../src/core/appointment.ts'
import { ofys } from '../../src/core/cadences.ts'
import type { DeliveryAttempt } from '../../src/core/delivery.ts'
import { type Notification, notificationId } from '../../src/core/notification.ts'
import type { Patient } from '../../src/core/patient.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { ToDo } from '../../src/core/to-do.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import type { MassHold } from '../../src/store/port/holds.ts'
import type { InboxRow } from '../../src/store/port/inbox.ts'
import type { ToCall } from '../../src/store/port/staff-lists.ts'
import type { UsageRow } from '../../src/store/port/usage.ts'

export const at = (text: string) => Temporal.Instant.from(text)
export const nine = at('2026-04-10T09:00:00Z')
export const minutes = (count: number) => nine.add({ minutes: count })

export function anInboxRow(id: string, change: Partial<InboxRow> = {}): InboxRow {
  const body = new TextEncoder().encode(`MSH|^~\\&|TILLEULS|${id}\r`)
  return {
    id,
    envelope: { connectorId: 'tilleuls', receivedAt: nine, mediaType: 'application/hl7-v2', body },
    archived: false,
    identity: id,
    hash: createHash('sha256').update(body).digest('hex'),
    state: 'received',
    tries: 0,
    nextTryAt: nine,
    ...change,
  }
}

export function anAppointment(ehrId: string, change: Partial<Appointment> = {}): Appointment {
  const said = { at: nine, sequence: 7 }
  return {
    id: `tilleuls:${ehrId}`,
    clinicId: 'tilleuls',
    connectorId: 'tilleuls',
    ehrId,
    status: 'booked',
    start: at('2026-04-20T09:00:00Z'),
    end: at('2026-04-20T09:20:00Z'),
    zone: 'Europe/Paris',
    agenda: { key: 'MOREAU', text: 'Dre Claire Moreau' },
    motif: { key: 'CS', text: 'Consultation' },
    modality: 'onsite',
    practitioner: { key: 'P7', name: 'Dre Claire Moreau' },
    location: { key: 'A', name: 'Site A', address: ['12 rue des Tilleuls', '75011 Paris'] },
    origin: 'staff',
    patientId: 'tilleuls:p1',
    holds: [],
    warnings: [],
    said: { status: said, time: said, agenda: said, motif: said, modality: said, practitioner: said, location: said, patient: said },
    revision: 1,
    firstSeenAt: nine,
    changedAt: nine,
    ...change,
  }
}

export function aPatient(ehrId: string, change: Partial<Patient> = {}): Patient {
  const said = { at: nine, sequence: 7 }
  return {
    id: `tilleuls:${ehrId}`,
    clinicId: 'tilleuls',
    connectorId: 'tilleuls',
    ehrId,
    givenName: 'Jeanne',
    familyName: 'Fictive',
    birthDate: '1961-05-04',
    language: 'fr',
    contacts: [
      { kind: 'phone', value: '+33612345678', mobile: 'yes', use: 'mobile', rank: 1 },
      { kind: 'email', value: 'jeanne@example.org' },
    ],
    deceased: false,
    said: { name: said, birthDate: said, contacts: said },
    ...change,
  }
}

const gates = ['live', 'communications', 'upcoming', 'told', 'agenda', 'motif', 'patient', 'contact', 'opt-out', 'quiet', 'fuse', 'expired']

export function aNotification(appointmentId: string, change: Partial<Notification> = {}): Notification {
  const own = {
    appointmentId,
    patientId: 'tilleuls:p1',
    kind: 'reminder',
    step: 'PT36H',
    basis: '2026-04-20T09:00:00Z',
    channel: 'sms',
    ...change,
  } as const
  return {
    id: notificationId(own),
    clinicId: 'tilleuls',
    state: 'planned',
    dueAt: nine,
    notAfter: minutes(60),
    attempts: 0,
    decision: {
      kind: own.kind,
      channel: own.channel,
      at: nine,
      settingsVersion: 3,
      gates: gates.map((name, gate) => ({ gate, name, verdict: 'yes', saw: 'on' })),
      outcome: { kind: 'send' },
    },
    plannedAt: nine,
    changedAt: nine,
    ...own,
  }
}

export function anAttempt(notificationId: string, number: number, change: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    id: `${notificationId}#${number}`,
    notificationId,
    number,
    channel: 'sms',
    startedAt: nine,
    says: { stands: true, start: at('2026-04-20T09:00:00Z'), zone: 'Europe/Paris', modality: 'onsite' },
    text: 'Rendez-vous le lundi 20 avril à 11:00. {link}',
    ...change,
  }
}

export function aWriteBack(appointmentId: string, name: string, change: Partial<WriteBack> = {}): WriteBack {
  return {
    id: `${appointmentId}:confirm:${name}`,
    appointmentId,
    connectorId: 'tilleuls',
    ehrId: '12',
    patientEhrId: 'p1',
    kind: 'confirm',
    start: at('2026-04-20T09:00:00Z'),
    answeredAt: nine,
    dueAt: nine,
    state: 'queued',
    attempts: 0,
    nextTryAt: nine,
    ...change,
  }
}

export function aToCall(news: string, change: Partial<ToCall> = {}): ToCall {
  return {
    id: `tilleuls:1:${news}`,
    clinicId: 'tilleuls',
    appointmentId: 'tilleuls:1',
    patientId: 'tilleuls:p1',
    kind: 'cancellation',
    reason: 'no_mobile',
    start: at('2026-04-20T09:00:00Z'),
    createdAt: nine,
    ...change,
  }
}

export function aToDo(id: string, change: Partial<ToDo> = {}): ToDo {
  return { id, clinicId: 'tilleuls', kind: 'reply', createdAt: nine, forgetAt: nine.add({ hours: 24 }), ...change }
}

/** A reminder by text, one segment at ten cents, that counts towards the daily cap. */
export function aUsageRow(attemptId: string, change: Partial<UsageRow> = {}): UsageRow {
  return {
    attemptId,
    clinicId: 'tilleuls',
    channel: 'sms',
    kind: 'reminder',
    automatic: true,
    capped: true,
    contactHash: 'ab12',
    sentAt: nine,
    segments: 1,
    price: 1_000,
    currency: 'EUR',
    refused: false,
    ...change,
  }
}

export function aMassHold(since: Temporal.Instant, change: Partial<MassHold> = {}): MassHold {
  return { clinicId: 'tilleuls', since, seen: 120, usual: 4, agendas: 7, state: 'held', ...change }
}

const on = { confirmation: true, reminder: true, change: true }

export function someSettings(version: number, change: Partial<Settings> = {}): Settings {
  return {
    version,
    clinic: { id: 'tilleuls', name: 'Clinique des Tilleuls', zone: 'Europe/Paris', language: 'fr' },
    communications: true,
    smsActivated: true,
    channelPolicy: 'email_and_sms',
    smsToUnknown: false,
    cadence: { ...ofys, steps: [] },
    grace: Temporal.Duration.from({ minutes: 10 }),
    cancelUndo: Temporal.Duration.from({ minutes: 5 }),
    settingsEnabled: true,
    dailyCap: 6,
    fuse: { least: 50, factor: 5, agendas: 3 },
    absence: { least: 5, within: Temporal.Duration.from({ minutes: 10 }) },
    smsPrices: [],
    senders: [],
    consent: 'implied',
    sites: {},
    agendas: { MOREAU: { live: true, switches: { email: on, sms: on, push: on } } },
    motifs: {},
    patients: {},
    ...change,
  }
}
