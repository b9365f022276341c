import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../appointment.ts'
import type { Circumstances } from '../circumstances.ts'
import type { GateInput } from '../gates.ts'
import type { ContactPoint, Patient } from '../patient.ts'
import { withDevice } from '../preferences.ts'
import type { AgendaSettings, MotifSettings, Settings, SiteSettings } from '../settings.ts'
import { agendaKeyOf, agendaOf, motifOf, NO_MOTIF, siteOf } from '../settings.ts'

/** The inputs of a decision as they would be, had somebody done something: nothing of it is ever kept or sent. */
export function supposeSettings(input: GateInput, settings: Partial<Settings>): GateInput {
  return { ...input, settings: { ...input.settings, ...settings } }
}

export function supposeAppointment(input: GateInput, appointment: Partial<Appointment>): GateInput {
  return { ...input, appointment: { ...input.appointment, ...appointment } }
}

export function supposeAround(input: GateInput, around: Circumstances): GateInput {
  return { ...input, around: { ...input.around, ...around } }
}

/** An appointment without an agenda is given one first. */
export function supposeAgenda(input: GateInput, change: (agenda: AgendaSettings) => AgendaSettings): GateInput {
  const { appointment, settings } = input
  const key = agendaKeyOf(settings, appointment)
  if (key === undefined) return supposeAppointment(input, { agenda: { key: '(agenda)' } })
  const agenda = change(agendaOf(settings, appointment))
  return supposeSettings(input, { agendas: { ...settings.agendas, [key]: agenda } })
}

/** The site of the appointment's agenda; nothing where it has none. */
export function supposeSite(input: GateInput, change: (site: SiteSettings) => SiteSettings): GateInput {
  const { appointment, settings } = input
  const { siteId } = agendaOf(settings, appointment)
  const site = siteOf(settings, appointment)
  return site && siteId !== undefined ? supposeSettings(input, { sites: { ...settings.sites, [siteId]: change(site) } }) : input
}

export function supposeMotif(input: GateInput, change: (motif: MotifSettings) => MotifSettings): GateInput {
  const { appointment, settings } = input
  const key = appointment.motif?.key ?? NO_MOTIF
  return supposeSettings(input, { motifs: { ...settings.motifs, [key]: change(motifOf(settings, appointment)) } })
}

export function supposePatient(input: GateInput): GateInput {
  const { clinicId, connectorId } = input.appointment
  const patient: Patient = { id: '(patient)', clinicId, connectorId, ehrId: '(patient)', contacts: [], deceased: false, said: {} }
  return { ...supposeAppointment(input, { patientId: patient.id }), patient }
}

/** They leave it to the clinic. */
export function supposeNoPreference(input: GateInput): GateInput {
  if (!input.patient?.preferences) return input
  return { ...input, patient: { ...input.patient, preferences: { ...input.patient.preferences, channels: 'both' } } }
}

const samples = {
  phone: { kind: 'phone', value: '+15555550100', mobile: 'yes' },
  email: { kind: 'email', value: 'somebody@example.org' },
} as const satisfies Record<string, ContactPoint>

/** A usable contact in the place of what there is of its kind, and one that nobody stopped. */
export function supposeContact(input: GateInput): GateInput {
  if (!input.patient) return { ...input, optedOut: false }
  if (input.channel === 'push') return { ...input, optedOut: false, patient: registered(input.patient, input.now) }
  const sample = samples[input.channel === 'sms' ? 'phone' : 'email']
  const others = input.patient.contacts.filter(({ kind }) => kind !== sample.kind)
  return { ...input, optedOut: false, patient: { ...input.patient, contacts: [sample, ...others] } }
}

function registered(patient: Patient, now: Temporal.Instant): Patient {
  const device = { endpoint: 'https://push.example/', p256dh: '', auth: '', registeredAt: now }
  return { ...patient, preferences: withDevice(patient.preferences, device) }
}

/** A guardian who can be reached by the channel. */
export function supposeGuardian(input: GateInput): GateInput {
  if (!input.patient) return input
  const sample = samples[input.channel === 'sms' ? 'phone' : 'email']
  return { ...input, optedOut: false, patient: { ...input.patient, relatives: [{ guardian: true, contacts: [sample] }] } }
}
