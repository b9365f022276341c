import type { Temporal } from 'temporal-polyfill'
import { toGsm7 } from '../gsm7.ts'
import { sayDay, sayDayAndHour, sayHour, sayPlace, saySmsDay, saySmsHour } from '../local-time.ts'
import { siteOf } from '../settings.ts'
import { confirmWindow, windowState } from '../window.ts'
import type { Story, WordsInput } from '../words/story.ts'
import { oneLine } from '../words/typography.ts'
import type { Spot } from './variables.ts'
import { variablesIn } from './variables.ts'

/** What each word of a template stands for in one message. `null`: not known, or not so; it is written as nothing, and `{% if %}` takes it for a no. */
export type TemplateValues = Readonly<Record<string, string | boolean | null>>

/** Replaced when the message leaves: the address itself is kept nowhere (R26). */
export const LINK = '{link}'

/** By name, dots included; only what that spot may hold. In an SMS all of it is inside GSM-7, whatever a name is written in. */
export function valuesOf(input: WordsInput, story: Story, spot: Spot): TemplateValues {
  const all = spot === 'sms' ? shortValues(input, story) : longValues(input, story)
  return Object.fromEntries(variablesIn(spot).map(({ name }) => [name, all[name] || all[name] === false ? all[name] : null]))
}

type Known = Readonly<Record<string, string | boolean | undefined>>

function longValues(input: WordsInput, story: Story): Known {
  const { face, start, clinicAddress, clock } = story
  const when = (at: Temporal.Instant | undefined) => at && sayDayAndHour(at, face)
  return {
    ...alike(input, story),
    ...times(story, when),
    'clinic.address': clinicAddress,
    when: when(start),
    date: start && sayDay(start, face),
    day: start && firstWord(sayDay(start, face)),
    time: start && sayHour(start, face),
    clock,
    // an address is clicked on: one that would need cleaning is none
    joinLink: story.modality === 'video' && /^https:\/\/[!-z|~]+$/.test(input.facts.joinUrl ?? '') ? input.facts.joinUrl : undefined,
  }
}

function shortValues(input: WordsInput, story: Story): Known {
  const { face, start, phrases, clock } = story
  const when = (at: Temporal.Instant | undefined) => at && `${saySmsDay(at, face)} ${saySmsHour(at, face)}`
  const short: Known = {
    ...alike(input, story),
    ...times(story, when),
    when: when(start),
    date: start && saySmsDay(start, face),
    day: start && firstWord(saySmsDay(start, face)),
    time: start && saySmsHour(start, face),
    clock: clock && sayPlace(face.zone, face.language),
    optOut: phrases.sms.stop,
  }
  return { ...Object.fromEntries(Object.entries(short).map(([name, value]) => [name, inGsm7(value)])), link: LINK }
}

/** What is said the same way wherever it is read. */
function alike({ appointment, settings }: WordsInput, story: Story): Known {
  const { phrases, modality, address, asks, asksToFillIn, confirmed } = story
  return {
    'clinic.name': story.clinic,
    'clinic.phone': story.phone,
    practitioner: story.practitioner,
    manner: phrases.manner(modality).replace(/^, /, ''),
    place: modality === 'onsite' ? oneLine(appointment.location?.name ?? siteOf(settings, appointment)?.name ?? '', 60) : undefined,
    address: modality === 'onsite' ? address : undefined,
    asks,
    confirmed,
    fillIn: asksToFillIn,
  }
}

function times(
  { start, before, changed, asks, confirmed, off, mayCancelUntil, face }: Story,
  when: (at: Temporal.Instant | undefined) => string | undefined,
): Known {
  const window = start && !off ? confirmWindow(start) : undefined
  return {
    before: changed.includes('start') ? when(before?.start) : undefined,
    confirmFrom: window && !confirmed && windowState(window, face.now) === 'before' ? when(window.opensAt) : undefined,
    confirmUntil: asks ? when(start) : undefined,
    cancelUntil: off ? undefined : when(mayCancelUntil),
  }
}

function inGsm7(value: string | boolean | undefined): string | boolean | undefined {
  return typeof value === 'string' ? toGsm7(value) : value
}

function firstWord(text: string): string {
  return text.split(' ')[0] ?? ''
}
