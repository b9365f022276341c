import type { Temporal } from 'temporal-polyfill'
import type { Appointment, Modality, Origin } from './appointment.ts'
import type { Cadence, QuietHours } from './cadence.ts'
import type { NotificationKind } from './kind.ts'
import type { ChannelKind, PatientId } from './patient.ts'
import type { LogMapping } from './rollout-mapping.ts'
import type { Rollout } from './rollout-terms.ts'
import type { Templates } from './template/template.ts'

/** By which channel goes what another one is known to have failed. */
export type Fallback = Readonly<Partial<Record<ChannelKind, ChannelKind>>>

/** O20. `patient_preference` is read as `email_and_sms` until a patient has chosen. */
export type ChannelPolicy = 'email_only' | 'email_and_sms' | 'sms_if_no_email' | 'patient_preference'

/** A column of the agenda table (D6). `reminder` holds `reminder` and `previsit`: on SMS it is *SMS de rappel*. */
export type SwitchColumn = 'confirmation' | 'reminder' | 'change'

/** A sentence of the clinic's own, by language (`fr`, `en`). */
export type OwnSentence = Readonly<Record<string, string>>

export type AgendaSwitches = Readonly<Record<'email' | 'sms' | 'push', Readonly<Record<SwitchColumn, boolean>>>>

export interface AgendaSettings {
  readonly label?: string
  readonly siteId?: string
  readonly zone?: string
  /** Whose professional type it is, for the sender-of-record map. */
  readonly professionalType?: string
  /** False: in shadow, decided and recorded, nothing sent (gate 0). */
  readonly live: boolean
  readonly switches: AgendaSwitches
}

/** O2: *Aucune communication automatisée* is `none`; else how one comes. */
export interface MotifSettings {
  readonly type: 'none' | 'onsite' | 'video' | 'phone' | 'home'
  /** Off: nobody is told (D20); `type: none` reads as off too. */
  readonly notify: boolean
  /** In the patient's list of upcoming appointments (D21). */
  readonly listed: boolean
  readonly confirmation: boolean
  readonly changes: boolean
  readonly reminder: boolean
  /** O16: an https address, or `Questionnaire/` and an id of `questionnaires`; asked for by the pre-visit reminder. */
  readonly questionnaire?: string
  /** As staff read it. */
  readonly label?: string
  /** D15: what the list filters by. */
  readonly specialty?: string
  readonly category?: string
  /** What to bring, on the patient's page alone: never in a message, and no word of health. */
  readonly bring?: OwnSentence
}

/** What one text costs from a day on (O21): a segment's price in ten-thousandths of the currency, so that sums are exact. */
export interface SmsPrice {
  /** `YYYY-MM-DD`, the clinic's day. */
  readonly from: string
  readonly perSegment: number
  readonly currency: string
}

/** Who notifies, when it is not us (gate 0): the first rule that fits every key it gives. */
export interface SenderRule {
  readonly motif?: string
  readonly professionalType?: string
  readonly origin?: Origin
  /** Names the other sender: `doctolib`, `portail`. */
  readonly sender: string
}

export interface SiteSettings {
  readonly name: string
  readonly address?: readonly string[]
  readonly zone?: string
  /** O7: false silences the site alone; else it is as the clinic is. */
  readonly communications?: boolean
  /** O5: both off by default. */
  readonly patientMayCancel: boolean
  readonly patientMayArrive: boolean
  /** Told to whoever has arrived: `dans la salle d’attente B`. */
  readonly waitingRoom?: string
  /** What to bring there. */
  readonly bring?: OwnSentence
}

/** Everything the rules read of one clinic. A version is written once and never changed. */
export interface Settings {
  readonly version: number
  readonly clinic: {
    readonly id: string
    readonly name: string
    /** As shown: `418 555-0140`. */
    readonly phone?: string
    readonly address?: readonly string[]
    readonly zone: string
    /** BCP-47: used where the patient's language is not known. */
    readonly language: string
    /** Who answers for what is kept of patients, as it is shown to them: `Mme Anne Caron, 418 555-0142`. */
    readonly privacyContact?: string
  }
  /** O7: off until set; off, everything is decided and recorded, and nothing automatic leaves. */
  readonly communications: boolean
  /** How far the clinic has gone over to us; absent: all the way. */
  readonly rollout?: Rollout
  /** How the former system's log is read; absent: with our own names. */
  readonly incumbentLog?: LogMapping
  /** O22: an operator's act. */
  readonly smsActivated: boolean
  readonly channelPolicy: ChannelPolicy
  /** North American numbers do not tell mobiles from landlines: text them all the same. */
  readonly smsToUnknown: boolean
  readonly cadence: Cadence
  /** Binds SMS and push; absent: none (rules.md section 7). */
  readonly quietHours?: QuietHours
  /** O8: how long a change waits for its contrary. */
  readonly grace: Temporal.Duration
  /** Who missed an appointment is written to, the next working morning at that hour of the agenda; absent: nobody is (section 4). */
  readonly noShow?: { readonly at: Temporal.PlainTime }
  /** Before an online cancellation goes to the EHR. */
  readonly cancelUndo: Temporal.Duration
  /** D1: off, the switches are read-only. */
  readonly settingsEnabled: boolean
  /** Automatic messages to one contact point in one local day; change, cancellation and correction do not count. */
  readonly dailyCap: number
  /** R8: more notices than `least` in an hour, than `factor` times the usual, and from more than `agendas`: held for a person. */
  readonly fuse: { readonly least: number; readonly factor: number; readonly agendas: number }
  /** D12: that many cancellations or moves of one agenda within that time are one absence. */
  readonly absence: { readonly least: number; readonly within: Temporal.Duration }
  readonly smsPrices: readonly SmsPrice[]
  /** O21: of one calendar month, in ten-thousandths; used up, automatic texts stop and e-mail goes on. */
  readonly smsBudget?: number
  readonly senders: readonly SenderRule[]
  /** Absent: what one channel fails to bring is not tried by another. */
  readonly fallback?: Fallback
  /** Consent: `implied` by the contact, or `explicit`: none recorded, nothing sent. */
  readonly consent: 'implied' | 'explicit'
  /** MOD-12, as `contactFor` reads them; ages in years. */
  readonly minors?: 'record' | 'guardian'
  readonly majority?: number
  readonly privacyAge?: number
  readonly sites: Readonly<Record<string, SiteSettings>>
  readonly agendas: Readonly<Record<string, AgendaSettings>>
  readonly motifs: Readonly<Record<string, MotifSettings>>
  /** D22: who is told nothing of what staff book. */
  readonly patients: Readonly<Record<PatientId, { readonly notify: boolean }>>
  /** The clinic's own words, where it has any: the rest are built in. */
  readonly templates?: Templates
  /** O16: FHIR R4 Questionnaires as JSON, by id; they were read before they were saved. */
  readonly questionnaires?: Readonly<Record<string, string>>
}

/** O4: the built-in motif of an appointment that has none. */
export const NO_MOTIF = '(sans motif)'

const allOff = { confirmation: false, reminder: false, change: false }

/** An agenda nobody has set: silent, like a new type (O4). */
export const UNSET_AGENDA: AgendaSettings = { live: false, switches: { email: allOff, sms: allOff, push: allOff } }

/** O4: a new or unmapped type is *Aucune communication automatisée*, and listed. */
export const UNSET_MOTIF: MotifSettings = {
  type: 'none',
  notify: false,
  listed: true,
  confirmation: false,
  changes: false,
  reminder: false,
}

/** Of the diaries it sits in, the first that somebody has set; none: the EHR's first (V2-RES-6, FHIR-PAR-3). */
export function agendaKeyOf(settings: Settings, { agenda, agendas = [] }: Appointment): string | undefined {
  return agendas.find(({ key }) => Object.hasOwn(settings.agendas, key))?.key ?? agenda?.key
}

export function agendaOf(settings: Settings, appointment: Appointment): AgendaSettings {
  return rowOf(settings.agendas, agendaKeyOf(settings, appointment)) ?? UNSET_AGENDA
}

export function motifOf(settings: Settings, appointment: Appointment): MotifSettings {
  return rowOf(settings.motifs, appointment.motif?.key ?? NO_MOTIF) ?? UNSET_MOTIF
}

export function siteOf(settings: Settings, appointment: Appointment): SiteSettings | undefined {
  return rowOf(settings.sites, agendaOf(settings, appointment).siteId)
}

/** The EHR names agendas and motifs: `constructor` is a name like any other. */
function rowOf<Row>(rows: Readonly<Record<string, Row>>, key: string | undefined): Row | undefined {
  return key !== undefined && Object.hasOwn(rows, key) ? rows[key] : undefined
}

/** *Aucune communication automatisée*, or off: nothing automatic is told, by whomever it was booked (O4, D20). */
export function isSilent(motif: MotifSettings): boolean {
  return !motif.notify || motif.type === 'none'
}

/** Everything is shown and computed in this zone: agenda, then site, then what the connector said. */
export function zoneOf(settings: Settings, appointment: Appointment): string {
  return agendaOf(settings, appointment).zone ?? siteOf(settings, appointment)?.zone ?? appointment.zone
}

/**
 * How the patient comes: the EHR's word for this appointment, or the type's where it has none. Where both speak and disagree, `unknown`:
 * words, link and address then assert nothing (section 4, modality guard).
 */
export function modalityOf(settings: Settings, appointment: Appointment): Modality {
  if (modalityConflict(settings, appointment)) return 'unknown'
  if (appointment.modality !== 'unknown') return appointment.modality
  const { type } = motifOf(settings, appointment)
  return type === 'none' ? 'unknown' : type
}

/** The EHR says another way to come of this appointment than the type of its motif does: a person is to look. */
export function modalityConflict(settings: Settings, appointment: Appointment): boolean {
  const { type } = motifOf(settings, appointment)
  return appointment.modality !== 'unknown' && type !== 'none' && appointment.modality !== type
}

export function columnOf(kind: NotificationKind): SwitchColumn {
  switch (kind) {
    case 'confirmation':
    case 'manual':
      return 'confirmation'
    case 'reminder':
    case 'previsit':
      return 'reminder'
    case 'change':
    case 'cancellation':
    case 'correction':
    case 'no_show':
      return 'change'
    default:
      return kind satisfies never
  }
}

/** D7a: push is off where e-mail and SMS are both off. */
export function isSwitchedOn(switches: AgendaSwitches, channel: ChannelKind, column: SwitchColumn): boolean {
  if (channel === 'push') return switches.push[column] && (switches.email[column] || switches.sms[column])
  return switches[channel][column]
}
