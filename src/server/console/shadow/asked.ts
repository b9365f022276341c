import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { verdicts } from '../../../core/rollout-compare.ts'
import type { Settings } from '../../../core/settings.ts'
import type { StaffEnv } from '../../routes/route.ts'
import type { ComparisonAsked, LineFilter } from '../../shadow/comparison.ts'
import { readSpan } from '../../shadow/span.ts'

export type Ask = Context<StaffEnv>

const day = /^\d{4}-\d{2}-\d{2}$/

/** Whole days by the clinic's clock; the last seven unless told. */
export function daysAsked(c: Ask, { clinic: { zone } }: Settings, now: Temporal.Instant) {
  const today = now.toZonedDateTimeISO(zone).toPlainDate()
  const dayIn = (name: string, usual: Temporal.PlainDate) =>
    day.test(c.req.query(name) ?? '') ? (c.req.query(name) ?? '') : usual.toString()
  const days = {
    from: dayIn('from', today.subtract({ days: 7 })),
    until: dayIn('until', today),
    within: minutesIn(c.req.query('within')),
  }
  return { days, asked: spanOf(days, zone, now) }
}

function minutesIn(text = ''): number {
  return /^\d{1,4}$/.test(text) ? Math.min(Number(text), 1_440) : 30
}

function spanOf(
  { from, until, within }: { readonly from: string; readonly until: string; readonly within: number },
  zone: string,
  now: Temporal.Instant,
): Omit<ComparisonAsked, 'clinicId'> | undefined {
  try {
    const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).toInstant().toString()
    const end = startOf(Temporal.PlainDate.from(until).add({ days: 1 }))
    return readSpan({ from: startOf(Temporal.PlainDate.from(from)), until: end, within }, now)
  } catch {
    return undefined
  }
}

export function filterOf(c: Ask): LineFilter {
  const verdict = verdicts.find((each) => each === c.req.query('verdict'))
  const kind = (['confirmation', 'reminder', 'change', 'cancellation', 'no_show'] as const).find((each) => each === c.req.query('kind'))
  const reason = /^[A-Za-z0-9_-]{1,60}$/.exec(c.req.query('reason') ?? '')?.[0]
  return { ...(verdict && { verdict }), ...(kind && { kind }), ...(reason !== undefined && { reason }) }
}
