import type { Temporal } from 'temporal-polyfill'
import { toGsm7 } from '../gsm7.ts'
import type { Clockface } from '../local-time.ts'
import { saySmsDay, saySmsHour } from '../local-time.ts'
import type { Settings } from '../settings.ts'
import { phrasesIn } from './catalogue.ts'
import { languageFor } from './language.ts'
import { oneLine } from './typography.ts'

/** One line of a text that several share: whose, and when. Never what for (R28). */
export interface Member {
  /** First name; absent: not known. */
  readonly givenName?: string
  readonly start: Temporal.Instant
  readonly practitioner?: string
}

export interface HouseholdInput {
  /** By their hours, the leader among them. */
  readonly members: readonly Member[]
  readonly settings: Settings
  readonly zone: string
  readonly language?: string
  /** Asks each for an answer: numbered, and each with an address of their own, `{link}` then `{link2}` … */
  readonly asks: boolean
  readonly now: Temporal.Instant
}

/** One text for a household's day (D29): `Clinique: RDV jeu. 26/11: Anne 9h40, Paul 10h. Détails: {link} Fin SMS: STOP`. */
export function householdSms({ members, settings, zone, language, asks, now }: HouseholdInput): string {
  const spoken = languageFor(settings, language)
  const face: Clockface = { zone, language: spoken, now }
  const { sms } = phrasesIn(spoken)
  const [first] = members
  const head = [sms.head('reminder', 'unknown', undefined), first && saySmsDay(first.start, face)].filter(Boolean).join(' ')
  const people = members.map((member) => sayMember(member, face))
  const clinic = oneLine(settings.clinic.name, 60)
  const body = asks ? people.map((person, index) => `${index + 1}) ${person} ${placeholder(index)}`).join(' ') : people.join(', ')
  const tail = asks ? '' : `. ${sms.link('reminder', false)} ${placeholder(0)}`
  const intro = asks ? sms.link('reminder', true) : ''
  return [toGsm7(`${clinic}: ${head}${asks ? `. ${intro}` : ':'} ${body}${tail}`), sms.stop].join(' ')
}

/** `{link}` of the first, `{link2}` of the second: replaced when the message leaves. */
export function placeholder(index: number): string {
  return index === 0 ? '{link}' : `{link${index + 1}}`
}

function sayMember({ givenName, start, practitioner }: Member, face: Clockface): string {
  const who = givenName === undefined ? '' : oneLine(givenName, 30).replaceAll(/[{}]/g, '')
  const hour = saySmsHour(start, face)
  return who || practitioner === undefined
    ? [who, hour].filter(Boolean).join(' ')
    : `${hour} ${oneLine(practitioner, 40).replaceAll(/[{}]/g, '')}`
}
