import { Temporal } from 'temporal-polyfill'
import type { QuietHours } from '../../src/core/cadence.ts'
import { ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import type { AgendaSettings, MotifSettings, Settings } from '../../src/core/settings.ts'

/** An invented clinic of Québec, everything on, the `ofys` cadence, no quiet hours unless a test sets them. */
export function clinicSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    version: 1,
    clinic: { id: 'tilleuls', name: 'Clinique des Tilleuls', phone: '418 555-0140', zone: 'America/Toronto', language: 'fr' },
    communications: true,
    smsActivated: true,
    channelPolicy: 'email_and_sms',
    smsToUnknown: true,
    cadence: ofys,
    grace: Temporal.Duration.from('PT0S'),
    cancelUndo: Temporal.Duration.from('PT5M'),
    settingsEnabled: true,
    dailyCap: 6,
    fuse: { least: 50, factor: 5, agendas: 3 },
    absence: { least: 5, within: Temporal.Duration.from('PT10M') },
    smsPrices: [{ from: '2000-01-01', perSegment: 500, currency: 'CAD' }],
    senders: [],
    consent: 'implied',
    sites: { main: { name: 'Site principal', patientMayCancel: true, patientMayArrive: true } },
    agendas: { moreau: agendaSettings() },
    motifs: { CONSULT: motifSettings() },
    patients: {},
    ...overrides,
  }
}

const on = { confirmation: true, reminder: true, change: true }
const off = { confirmation: false, reminder: false, change: false }

export function agendaSettings(
  switches: { readonly sms?: boolean; readonly email?: boolean; readonly push?: boolean } = {},
): AgendaSettings {
  const { sms = true, email = true, push = true } = switches
  return { siteId: 'main', live: true, switches: { email: email ? on : off, sms: sms ? on : off, push: push ? on : off } }
}

export function motifSettings(overrides: Partial<MotifSettings> = {}): MotifSettings {
  return { type: 'onsite', notify: true, listed: true, confirmation: true, changes: true, reminder: true, ...overrides }
}

export const mobile: ContactPoint = { kind: 'phone', value: '+14185550177', mobile: 'yes' }
export const landline: ContactPoint = { kind: 'phone', value: '+14185550100', mobile: 'no' }
export const email: ContactPoint = { kind: 'email', value: 'roy@example.org' }

/** The quiet hours a clinic has unless it sets others. */
export const night: QuietHours = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }

export const start = Temporal.Instant.from('2026-11-26T14:40:00Z')

/** What the EHR says of a booked appointment; the stamp is minutes after noon UTC on 20 November 2026. */
export function bookedChange(overrides: Partial<AppointmentChange> = {}, minute = 0): AppointmentChange {
  return {
    ehrId: 'A1',
    stamp: { at: Temporal.Instant.from('2026-11-20T12:00:00Z').add({ minutes: minute }) },
    status: { value: 'booked' },
    time: { start, end: start.add({ minutes: 30 }) },
    agenda: { key: 'moreau' },
    motif: { key: 'CONSULT' },
    modality: { value: 'onsite' },
    practitioner: { key: 'moreau', name: 'Dre Claire Moreau' },
    location: { key: 'main', name: 'Clinique des Tilleuls' },
    origin: 'staff',
    patient: { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, language: 'fr', contacts: [mobile, email] },
    warnings: [],
    ...overrides,
  }
}
