import type { AppointmentStatus, CancelKind } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { Path } from './path.ts'
import type { Message } from './reader.ts'
import { findSegment, nth, repetitions, stringAt } from './reader.ts'

/** What a site's status word means. */
export interface StatusMeaning {
  readonly status?: AppointmentStatus
  readonly confirmation?: 'confirmed' | 'declined'
  /** Of a `cancelled`: `excused` is Absent excusé, silent (D27). */
  readonly cancelKind?: CancelKind
  /** No appointment of a patient: a blocked slot. */
  readonly ignore?: boolean
}

export interface StatusOptions {
  readonly statusFields: readonly Path[]
  /** By the site's own word, lower case and trimmed; looked at before the built-in words. */
  readonly statusMap: ReadonlyMap<string, StatusMeaning>
  /** False: the word of an S15, S16, S17 or S26 beats its trigger. */
  readonly triggerWins: boolean
}

export interface StatusReading {
  readonly status?: NonNullable<AppointmentChange['status']>
  readonly confirmation?: 'confirmed' | 'declined'
  readonly ignore?: boolean
  readonly warnings: readonly string[]
}

/** HL7 table 0278 and the words real systems use for it (V2-STA-1), letters only. */
const builtIn = new Map<string, StatusMeaning>()
for (const [words, meaning] of [
  ['booked scheduled sch sched active new overbook rescheduled modified', { status: 'booked' }],
  ['pending requested tentative provisional', { status: 'pending' }],
  ['waitlist waitlisted waitinglist', { status: 'waitlist' }],
  ['proposed', { status: 'proposed' }],
  ['confirmed conf reconfirmed', { status: 'booked', confirmation: 'confirmed' }],
  ['arrived arr present here', { status: 'arrived' }],
  ['checkedin checkin chk ci started inprogress roomed', { status: 'checked-in' }],
  ['complete completed fulfilled kept seen checkedout checkout comp', { status: 'fulfilled' }],
  ['cancelled canceled can cancel', { status: 'cancelled', cancelKind: 'cancelled' }],
  ['dc discontinued', { status: 'cancelled', cancelKind: 'discontinued' }],
  ['noshow ns dna missed leftwithoutbeingseen lwbs', { status: 'noshow' }],
  ['deleted enteredinerror error', { status: 'entered-in-error', cancelKind: 'deleted' }],
  ['blocked', { ignore: true }],
] as const) {
  for (const word of words.split(' ')) builtIn.set(word, meaning)
}

/** Decision 3: senders leave `Booked` in the SCH-25 of a cancellation. */
const triggers: Readonly<Record<string, NonNullable<AppointmentChange['status']>>> = {
  S15: { value: 'cancelled', cancelKind: 'cancelled' },
  S16: { value: 'cancelled', cancelKind: 'discontinued' },
  S17: { value: 'entered-in-error', cancelKind: 'deleted' },
  S26: { value: 'noshow' },
}

const LONGEST_WORD = 64

function meaningOf(word: string, options: StatusOptions): StatusMeaning | undefined {
  const plain = word.trim().toLowerCase().slice(0, LONGEST_WORD)
  return options.statusMap.get(plain) ?? builtIn.get(plain.replace(/[^a-z]/g, ''))
}

interface Word {
  readonly raw: string
  readonly meaning?: StatusMeaning
  readonly warnings: readonly string[]
}

/** The first status field that holds anything: its code, else its text, else its other code (CWE.1, .2, .4). */
function readWord(message: Message, options: StatusOptions): Word | undefined {
  for (const path of options.statusFields) {
    for (const segment of message.segments) {
      if (segment.name !== path.segment) continue
      const places = path.component === 1 ? [1, 2, 4] : [path.component]
      const words = places.flatMap((component) => stringAt(message, segment, path.field, component) ?? [])
      if (words[0] === undefined) continue
      const meaning = words.map((word) => meaningOf(word, options)).find((found) => found !== undefined)
      return { raw: words[0].slice(0, LONGEST_WORD), ...(meaning && { meaning }), warnings: [] }
    }
  }
  return readShiftedWord(message, options)
}

/** V2-STA-2: two known senders write the status one field early, in SCH-24. */
function readShiftedWord(message: Message, options: StatusOptions): Word | undefined {
  const sch = findSegment(message, 'SCH')
  const asked = options.statusFields.some((path) => path.segment === 'SCH' && path.field === 25)
  if (!asked || stringAt(message, sch, 25) !== undefined) return undefined
  const [only, ...others] = repetitions(message, sch, 24)
  if (only === undefined || others.length > 0 || nth(only, message.delimiters.component, 2) !== '') return undefined
  const raw = stringAt(message, sch, 24)
  const meaning = raw === undefined ? undefined : meaningOf(raw, options)
  return raw !== undefined && meaning ? { raw, meaning, warnings: ['W-SCH-SHIFT'] } : undefined
}

/** V2-STA-1: the trigger, else the site's word, else what the event stands for. */
export function readStatus(message: Message, event: string, options: StatusOptions): StatusReading {
  // Of one service or resource, not of the appointment: its status stays as it is.
  if (['S18', 'S19', 'S20', 'S21', 'S22'].includes(event)) return { warnings: [] }
  const word = readWord(message, options)
  const meaning = word?.meaning
  const trigger = triggers[event]
  if (trigger && (options.triggerWins || !meaning?.status)) {
    const excused = trigger.value === 'cancelled' && meaning?.cancelKind === 'excused'
    return { status: excused ? { ...trigger, cancelKind: 'excused' } : trigger, warnings: word?.warnings ?? [] }
  }
  if (!word) return event === 'S12' || event === 'S13' ? { status: { value: 'booked' }, warnings: [] } : { warnings: [] }
  if (!meaning) return { status: { value: 'unknown', raw: word.raw }, warnings: ['W-STATUS-UNKNOWN'] }
  if (meaning.ignore) return { ignore: true, warnings: word.warnings }
  const { status, confirmation, cancelKind } = meaning
  return {
    ...(status && { status: { value: status, ...(cancelKind && { cancelKind }) } }),
    ...(confirmation && { confirmation }),
    warnings: word.warnings,
  }
}
