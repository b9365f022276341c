import type { Appointment } from './appointment.ts'
import { tellsByPush } from './cadences.ts'
import type { ChannelKind, Patient } from './patient.ts'
import { contactFor, languageOfPatient } from './patient.ts'
import type { ChannelChoice, Preferences } from './preferences.ts'
import type { Settings } from './settings.ts'
import type { Language } from './words/language.ts'
import { languageFor, languageOf } from './words/language.ts'

export interface ChoicesInput {
  /** The visit whose page it is: whose contact is used may depend on it (MOD-12). */
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  /** Channels whose contact said STOP, or opted out. */
  readonly optedOut: ReadonlySet<ChannelKind>
}

/** What patients may choose of what they receive. Nothing is offered that would change nothing. */
export interface Choices {
  readonly language: Language
  /** O20: where the clinic leaves it to the patient, and both would arrive. */
  readonly channels?: ChannelChoice
  /** The address of their e-mails, where there is one, and whether confirmations and reminders are sent to it. */
  readonly email?: { readonly address: string; readonly reminders: boolean }
  /** They get texts, which only an answer to one of them stops (R27). */
  readonly texted: boolean
  /** Browsers that are told; absent: this clinic tells none. */
  readonly devices?: number
}

export function choicesFor({ appointment, patient, settings, optedOut }: ChoicesInput): Choices {
  const email = contactFor(patient, 'email', settings, appointment)
  const phone = contactFor(patient, 'sms', settings, appointment)
  const { channelPolicy, smsActivated, cadence } = settings
  const texted = smsActivated && channelPolicy !== 'email_only' && phone.kind === 'found' && !optedOut.has('sms')
  const { preferences } = patient
  const mayChoose = channelPolicy === 'patient_preference' && texted && email.kind === 'found'
  return {
    language: languageFor(settings, languageOfPatient(patient)),
    ...(mayChoose && { channels: preferences?.channels ?? 'both' }),
    ...(email.kind === 'found' && { email: { address: email.value, reminders: !optedOut.has('email') } }),
    texted,
    ...(tellsByPush(cadence) && { devices: preferences?.devices?.length ?? 0 }),
  }
}

/** What was sent back by the form of those choices; anything else in it is as it was. */
export interface Chosen {
  readonly language?: string | null
  readonly channels?: string | null
  readonly reminders?: string | null
}

export interface ChoiceDecision {
  /** Absent: they are as they were. */
  readonly preferences?: Preferences
  /** Of the e-mail opt-out of rules.md section 4; absent: it stays. */
  readonly email?: 'stopped' | 'lifted'
}

const channelChoices: readonly ChannelChoice[] = ['email', 'sms', 'both']

/** Only what was offered may be chosen, and what is left as it was is not written down: the EHR's later word of a language still counts. */
export function decideChoice(offered: Choices, before: Preferences | undefined, chosen: Chosen): ChoiceDecision {
  const language = languageOf(chosen.language ?? undefined)
  const channels = channelChoices.find((each) => each === chosen.channels)
  const changes = {
    ...(language && language !== offered.language && { language }),
    ...(offered.channels && channels && channels !== offered.channels && { channels }),
  }
  const reminders = chosen.reminders === 'on' ? true : chosen.reminders === 'off' ? false : undefined
  const isTurned = offered.email && reminders !== undefined && reminders !== offered.email.reminders
  return {
    ...(Object.keys(changes).length > 0 && { preferences: { ...before, ...changes } }),
    ...(isTurned && { email: reminders ? ('lifted' as const) : ('stopped' as const) }),
  }
}
