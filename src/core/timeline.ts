import type { Temporal } from 'temporal-polyfill'
import { nameNotification } from './explain/names.ts'
import type { Face } from './explain/story-words.ts'
import { nameAnswer, nameHeard, sayAnswer, sayHeard } from './explain/story-words.ts'
import type { Unplanned } from './explain/unplanned.ts'
import type { Bilingual } from './explain/words.ts'
import type { Explanation } from './explain.ts'
import type { WriteBack } from './write-back.ts'

/** One line of an appointment's story. */
export interface TimelineLine {
  /** Of a message, the hour it was, or is, to go at. */
  readonly at: Temporal.Instant
  readonly what: 'ehr' | 'message' | 'answer'
  /** Still to come. */
  readonly ahead: boolean
  readonly sentence: Bilingual
  /** The same without its hour, or the message's name alone: for whoever shows the hour beside it. */
  readonly title: Bilingual
  /** Of a message. */
  readonly explanation?: Explanation
  /** Of an answer. */
  readonly writeBack?: WriteBack
}

/** What happened around one appointment, from wherever it is written down. */
export interface Happened {
  /** When the EHR spoke of it, and of which aspects (with spaces between). */
  readonly heard: readonly { readonly at: Temporal.Instant; readonly aspects: string }[]
  readonly lines: readonly Explanation[]
  readonly writeBacks: readonly WriteBack[]
  /** Steps of the cadence without a message. */
  readonly unplanned: readonly Unplanned[]
}

/** What the EHR said, what was decided and sent, what the patient answered, and what is still to come: oldest first, the future last. */
export function timelineOf({ heard, lines, writeBacks, unplanned }: Happened, face: Face): readonly TimelineLine[] {
  return [
    ...heard.map(
      ({ at, aspects }): TimelineLine => ({
        at,
        what: 'ehr',
        ahead: false,
        sentence: sayHeard(at, aspects, face),
        title: nameHeard(aspects),
      }),
    ),
    ...writeBacks.map(
      (each): TimelineLine => ({
        at: each.answeredAt,
        what: 'answer',
        ahead: false,
        sentence: sayAnswer(each, face),
        title: nameAnswer(each.kind),
        writeBack: each,
      }),
    ),
    ...lines.map(
      (each): TimelineLine => ({
        at: each.dueAt,
        what: 'message',
        ahead: each.forecast,
        sentence: each.sentence,
        title: nameNotification(each.kind, each.channel),
        explanation: each,
      }),
    ),
    ...unplanned.map(
      ({ at, sentence, kind, channel }): TimelineLine => ({
        at,
        what: 'message',
        ahead: at.epochMilliseconds > face.now.epochMilliseconds,
        sentence,
        title: nameNotification(kind, channel),
      }),
    ),
  ].sort((a, b) => Number(a.ahead) - Number(b.ahead) || a.at.epochMilliseconds - b.at.epochMilliseconds)
}
