import type { Temporal } from 'temporal-polyfill'
import type { Appointment, Modality } from './appointment.ts'
import { isSameDay } from './local-time.ts'
import type { Patient } from './patient.ts'
import { addressOf, namesClock } from './place.ts'
import type { OwnSentence, Settings } from './settings.ts'
import { motifOf, siteOf, zoneOf } from './settings.ts'
import type { Language } from './words/language.ts'
import { languageFor } from './words/language.ts'
import { oneLine } from './words/typography.ts'

export interface ClinicShown {
  readonly name: string
  /** As the clinic writes it. */
  readonly phone?: string
  /** Of the texts the clinic wrote itself. */
  readonly language: Language
  /** Who answers for what is kept of patients. */
  readonly privacyContact?: string
}

/** What of an appointment its patient may read: no motif, no file number, and every text from outside bounded. */
export interface AppointmentShown {
  readonly start: Temporal.Instant
  readonly zone: string
  /** Say whose clock it is. */
  readonly namesClock: boolean
  readonly isToday: boolean
  readonly modality: Modality
  readonly practitioner?: string
  /** Of an appointment on site. */
  readonly place?: { readonly name: string; readonly address: readonly string[] }
  /** `https` only: it comes from outside. */
  readonly joinUrl?: string
  /** Last two digits of the number the clinic calls, when only one is known. */
  readonly callEnding?: string
  /** What to bring: of the site where one comes to it, and of the motif; each in the languages the clinic wrote. */
  readonly bring?: readonly OwnSentence[]
}

interface ToShow {
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly start: Temporal.Instant
  readonly modality: Modality
  readonly now: Temporal.Instant
}

export function showClinic(settings: Settings): ClinicShown {
  const { clinic } = settings
  return {
    name: oneLine(clinic.name),
    language: languageFor(settings),
    ...(clinic.phone && { phone: oneLine(clinic.phone, 40) }),
    ...(clinic.privacyContact && { privacyContact: oneLine(clinic.privacyContact, 200) }),
  }
}

export function showAppointment({ appointment, patient, settings, start, modality, now }: ToShow): AppointmentShown {
  const zone = zoneOf(settings, appointment)
  const practitioner = oneLine(appointment.practitioner?.name ?? '')
  const joinUrl = modality === 'video' ? safeUrl(appointment.joinUrl) : undefined
  const bring = bringOf(settings, appointment, modality)
  const callEnding = modality === 'phone' ? callEndingOf(patient) : undefined
  return {
    start,
    zone,
    namesClock: namesClock(settings, appointment, modality),
    isToday: isSameDay(now, start, zone),
    modality,
    ...(practitioner && { practitioner }),
    ...(modality === 'onsite' && { place: placeShown(settings, appointment) }),
    ...(joinUrl && { joinUrl }),
    ...(callEnding && { callEnding }),
    ...(bring.length > 0 && { bring }),
  }
}

function bringOf(settings: Settings, appointment: Appointment, modality: Modality): readonly OwnSentence[] {
  const ofSite = modality === 'onsite' ? siteOf(settings, appointment)?.bring : undefined
  return [ofSite, motifOf(settings, appointment).bring].flatMap((said) => {
    const lines = Object.entries(said ?? {}).map(([language, text]) => [language, oneLine(text, 300)] as const)
    return lines.length > 0 ? [Object.fromEntries(lines)] : []
  })
}

function placeShown(settings: Settings, appointment: Appointment): { name: string; address: readonly string[] } {
  const name = appointment.location?.name ?? siteOf(settings, appointment)?.name ?? settings.clinic.name
  return { name: oneLine(name), address: addressOf(settings, appointment) }
}

function callEndingOf({ contacts }: Patient): string | undefined {
  const numbers = new Set(contacts.flatMap(({ kind, use, value }) => (kind === 'phone' && use !== 'old' && value ? [value] : [])))
  return numbers.size === 1 ? [...numbers][0]?.slice(-2) : undefined
}

function safeUrl(url: string | undefined): string | undefined {
  return url !== undefined && url.length <= 2048 && /^https:\/\/[^\s"'<>\\]+$/i.test(url) ? url : undefined
}
