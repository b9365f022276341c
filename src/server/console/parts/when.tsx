import type { Temporal } from 'temporal-polyfill'
import type { Clockface } from '../../../core/local-time.ts'
import { sayDay, sayDayAndHour, sayHour, toLocalText } from '../../../core/local-time.ts'

interface WhenProps {
  readonly at: Temporal.Instant
  readonly face: Clockface
  /** Day and hour unless told. */
  readonly as?: 'day' | 'hour'
}

const say = { day: sayDay, hour: sayHour, both: sayDayAndHour }

/** An instant by the clinic's clock. */
export function When({ at, face, as }: WhenProps) {
  return <time datetime={toLocalText(at, face.zone)}>{say[as ?? 'both'](at, face)}</time>
}
