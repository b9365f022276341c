import type { Temporal } from 'temporal-polyfill'
import type { Modality } from '../appointment.ts'
import { toGsm7 } from '../gsm7.ts'
import type { Clockface } from '../local-time.ts'
import { sayPlace, saySmsDay, saySmsHour } from '../local-time.ts'
import type { Settings } from '../settings.ts'
import { messageLanguageFor, phrasesIn } from './catalogue.ts'
import type { SmsPhrases } from './phrases.ts'
import { oneLine } from './typography.ts'

/** One line of a text that several share: whose, when, and how. Never what for (R28). */
export interface Member {
  /** First name; absent: not known, or all is one patient's. */
  readonly givenName?: string
  readonly start: Temporal.Instant
  readonly modality: Modality
  readonly practitioner?: string
  /** Is still to confirm, and may. */
  readonly asks: boolean
}

export interface HouseholdInput {
  /** By their hours; all of one local day. */
  readonly members: readonly Member[]
  readonly settings: Settings
  readonly zone: string
  /** Whose clock it is could be another's than the reader's. */
  readonly namesClock: boolean
  readonly language?: string
  readonly now: Temporal.Instant
}

/**
 * One text for a household's day (D29): `Clinique: RDV jeu. 26/11: Anne 9h40, Paul 10h. Détails: {link} Fin SMS: STOP`. Who is to confirm is
 * named after the rest, with an address of their own; several are numbered (O14, O15): `… Confirmer: 1) Anne 9h40 {link} 2) Paul 10h {link2}`.
 */
export function householdSms({ members, settings, zone, namesClock, language, now }: HouseholdInput): string {
  const face: Clockface = { zone, language: messageLanguageFor(settings, language), now }
  const { sms } = phrasesIn(face.language)
  const manner = commonManner(members)
  const say = (member: Member) => sayMember(member, face, manner === undefined ? sms.manner(member.modality) : '')
  const [first] = members
  const clinic = toGsm7(oneLine(settings.clinic.name, 60))
  const head = [
    sms.head('reminder', manner ?? 'unknown', undefined),
    first && saySmsDay(first.start, face),
    namesClock && `(${sayPlace(zone, face.language)})`,
  ]
  const informed = members.filter(({ asks }) => !asks).map(say)
  const opening = [`${clinic && `${clinic}: `}${head.filter(Boolean).join(' ')}`, informed.join(', ')].filter(Boolean).join(': ')
  return [`${toGsm7(opening).replace(/\.$/, '')}.`, ...linksOf(members.filter(({ asks }) => asks).map(say), sms), sms.stop].join(' ')
}

/** Whose page each address of the text opens, in the order of `{link}`, `{link2}`: whoever is to confirm, else the first alone. */
export function readersOf<Each extends Pick<Member, 'asks'>>(members: readonly Each[]): readonly Each[] {
  const asked = members.filter(({ asks }) => asks)
  return asked.length > 0 ? asked : members.slice(0, 1)
}

/** `{link}` of the first, `{link2}` of the second: replaced when the message leaves. */
export function placeholder(index: number): string {
  return index === 0 ? '{link}' : `{link${index + 1}}`
}

function linksOf(asked: readonly string[], sms: SmsPhrases): readonly string[] {
  if (asked.length === 0) return [sms.link('reminder', false), placeholder(0)]
  const lines = asked.map((said, index) => [asked.length > 1 ? `${index + 1})` : '', toGsm7(said), placeholder(index)])
  return [sms.link('reminder', true), ...lines.flat().filter(Boolean)]
}

/** How all of them come; undefined: each in their own way. */
function commonManner(members: readonly Member[]): Modality | undefined {
  const manners = new Set(members.map(({ modality }) => modality))
  return manners.size === 1 ? members[0]?.modality : undefined
}

function sayMember({ givenName, start, practitioner }: Member, face: Clockface, manner: string): string {
  const who = sayName(givenName, 30)
  const hour = saySmsHour(start, face)
  const words = who ? [who, hour, manner] : [hour, manner, sayName(practitioner, 40)]
  return words.filter(Boolean).join(' ')
}

/** Letters, and what joins them: a name can be taken neither for a number of the list, nor for an hour, nor for an address. */
function sayName(name: string | undefined, limit: number): string {
  const letters = toGsm7(oneLine(name ?? '', limit)).replace(/[^\p{L}\p{M}' .-]|\.(?=\p{L})/gu, ' ')
  return letters.replace(/ +/g, ' ').trim()
}
