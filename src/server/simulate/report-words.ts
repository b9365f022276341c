import type { NotificationState } from '../../core/notification.ts'
import type { Language } from '../../core/words/language.ts'
import { NO_BREAK } from '../../core/words/typography.ts'

/** What the table of a simulation is made of, in one language. */
export interface ReportWords {
  readonly colon: string
  readonly period: (from: string, until: string) => string
  readonly heard: (messages: number, appointments: number) => string
  readonly difference: string
  readonly sms: string
  readonly email: string
  readonly segments: string
  readonly cost: string
  readonly patients: string
  readonly withoutChannel: string
  readonly toCall: string
  readonly holds: string
  readonly outcomes: string
  readonly agenda: string
  readonly motif: string
  readonly noAgenda: string
  readonly others: (count: number) => string
  readonly states: Readonly<Record<NotificationState, string>>
  /** Said of many appointments at once, in other words than of one. */
  readonly reasons: Readonly<Record<string, string>>
  readonly texts: (count: number) => string
  readonly emails: (count: number) => string
  readonly lessOrMore: (parts: readonly string[], more: boolean) => string
  readonly same: string
  readonly losing: (count: number) => string
  readonly gaining: (count: number) => string
  readonly and: string
  readonly unread: (count: number) => string
  readonly nothing: string
}

const fr: ReportWords = {
  colon: `${NO_BREAK}:`,
  period: (from, until) => `du ${from} au ${until}`,
  heard: (messages, appointments) => `${number(messages, 'fr')} messages du DSE, ${number(appointments, 'fr')} rendez-vous`,
  difference: 'écart',
  sms: 'SMS envoyés',
  email: 'E-mails envoyés',
  segments: 'Segments de SMS',
  cost: 'Coût des SMS',
  patients: 'Patients prévenus',
  withoutChannel: 'Patients sans canal',
  toCall: 'Appels à faire',
  holds: 'Retenues pour changement massif',
  outcomes: 'Ce qui change',
  agenda: 'Par agenda',
  motif: 'Par motif',
  noAgenda: '(sans agenda)',
  others: (count) => `… et ${count} autres`,
  states: {
    planned: 'encore à venir',
    parked: 'en attente',
    held: 'retenus',
    sending: 'en cours d’envoi',
    sent: 'envoyés',
    delivered: 'reçus',
    failed: 'échoués',
    suppressed: 'non envoyés',
    shadow: 'observés',
    merged_into: 'dits par un autre SMS',
    expired: 'expirés',
    withdrawn: 'retirés',
    in_doubt: 'incertains',
  },
  reasons: { motif_silent: 'le motif ne prévoit aucune communication automatisée' },
  texts: (count) => `${number(count, 'fr')} SMS`,
  emails: (count) => `${number(count, 'fr')} ${count === 1 ? 'e-mail' : 'e-mails'}`,
  lessOrMore: (parts, more) => `${parts.join(' et ')} de ${more ? 'plus' : 'moins'}`,
  same: 'Ni plus ni moins de messages',
  losing: (count) => `${number(count, 'fr')} ${count === 1 ? 'patient' : 'patients'} sans canal`,
  gaining: (count) => (count === 1 ? '1 patient de plus est prévenu' : `${number(count, 'fr')} patients de plus sont prévenus`),
  and: `${NO_BREAK}; `,
  unread: (count) => `${number(count, 'fr')} messages écartés`,
  nothing: 'rien',
}

const en: ReportWords = {
  colon: ':',
  period: (from, until) => `${from} to ${until}`,
  heard: (messages, appointments) => `${number(messages, 'en')} messages of the EHR, ${number(appointments, 'en')} appointments`,
  difference: 'difference',
  sms: 'Texts sent',
  email: 'E-mails sent',
  segments: 'Segments of texts',
  cost: 'Cost of texts',
  patients: 'Patients told',
  withoutChannel: 'Patients without a channel',
  toCall: 'Calls to make',
  holds: 'Held as a mass change',
  outcomes: 'What changes',
  agenda: 'By agenda',
  motif: 'By motif',
  noAgenda: '(no agenda)',
  others: (count) => `… and ${count} more`,
  states: {
    planned: 'still ahead',
    parked: 'waiting',
    held: 'held',
    sending: 'being sent',
    sent: 'sent',
    delivered: 'delivered',
    failed: 'failed',
    suppressed: 'not sent',
    shadow: 'watched only',
    merged_into: 'said by another text',
    expired: 'expired',
    withdrawn: 'withdrawn',
    in_doubt: 'in doubt',
  },
  reasons: { motif_silent: 'the motif has no automatic communication' },
  texts: (count) => `${number(count, 'en')} ${count === 1 ? 'text' : 'texts'}`,
  emails: (count) => `${number(count, 'en')} ${count === 1 ? 'e-mail' : 'e-mails'}`,
  lessOrMore: (parts, more) => `${parts.join(' and ')} ${more ? 'more' : 'less'}`,
  same: 'Neither more nor fewer messages',
  losing: (count) => `${number(count, 'en')} ${count === 1 ? 'patient' : 'patients'} left without a channel`,
  gaining: (count) => `${number(count, 'en')} more ${count === 1 ? 'patient is' : 'patients are'} told`,
  and: '; ',
  unread: (count) => `${number(count, 'en')} messages left out`,
  nothing: 'nothing',
}

export const reportWords: Readonly<Record<Language, ReportWords>> = { fr, en }

/** `1 234`, `1,234`; what Intl writes differs from one Node to the next. */
export function number(count: number, language: Language): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, language === 'fr' ? NO_BREAK : ',')
}

const symbols: Readonly<Record<string, string>> = { CAD: '$', USD: '$', EUR: '€', GBP: '£', CHF: 'CHF' }

/** `20,60 $`, `$20.60`, of ten-thousandths of the currency. */
export function money(tenThousandths: number, currency: string, language: Language): string {
  const cents = Math.round(tenThousandths / 100)
  const [units, rest] = [number(Math.floor(cents / 100), language), String(cents % 100).padStart(2, '0')]
  const symbol = symbols[currency] ?? currency
  return language === 'fr' ? `${units},${rest}${NO_BREAK}${symbol}` : `${symbol}${symbol.length > 1 ? NO_BREAK : ''}${units}.${rest}`
}
