import type { Temporal } from 'temporal-polyfill'
import type { Settings } from '../../core/settings.ts'
import { type Lead, leads } from '../../core/statistics.ts'
import { wallClockAt } from '../../core/wall-clock.ts'
import type { CountedAs, FiguresOf } from '../../store/port/statistics.ts'
import type { Transaction } from '../../store/store.ts'
import { usageOf } from '../staff-acts.ts'

/** What the figures of some days come to. */
export interface Totals {
  readonly sent: number
  readonly delivered: number
  readonly failed: number
  readonly inDoubt: number
  /** Appointments that start on these days, cancelled ones too. */
  readonly appointments: number
  readonly confirmed: number
  readonly cancelled: number
  readonly missed: number
}

export const nothing: Totals = { sent: 0, delivered: 0, failed: 0, inDoubt: 0, appointments: 0, confirmed: 0, cancelled: 0, missed: 0 }

/** One bar or point of a plot: so many days from this one on. */
export interface Bucket extends Totals {
  readonly from: number
  readonly days: number
}

export interface MonthCost {
  /** `2026-11`. */
  readonly month: string
  /** In ten-thousandths of the currency. */
  readonly automatic: number
  readonly manual: number
}

export interface Overview {
  /** Days since 1970, in the clinic's zone; today is the last. */
  readonly from: number
  readonly until: number
  readonly buckets: readonly Bucket[]
  readonly totals: Totals
  /** The same number of days before these. */
  readonly before: Totals
  /** How long before the start patients confirmed. */
  readonly leads: readonly { readonly lead: Lead; readonly number: number }[]
  readonly costs: readonly MonthCost[]
  readonly currency: string
}

export type Period = '14' | '30' | '365'

/** How many days one bar or point is of. */
const bucketOf: Readonly<Record<Period, number>> = { '14': 1, '30': 1, '365': 7 }

/** The clinic's figures of a period that ends today, from what is counted as it happens: rows of days, never of messages. */
export async function overviewOf(tx: Transaction, settings: Settings, period: Period, now: Temporal.Instant): Promise<Overview> {
  const { id, zone } = settings.clinic
  const until = wallClockAt(now, zone).dayNumber + 1
  const days = Number(period)
  const from = until - days
  const rows = await tx.statistics.days(id, { scope: 'all' }, from - days, until)
  const size = bucketOf[period]
  const buckets = Array.from({ length: Math.ceil(days / size) }, (_, index): Bucket => {
    const begin = from + index * size
    return { ...total(rows.filter(({ day }) => day >= begin && day < begin + size)), from: begin, days: Math.min(size, until - begin) }
  })
  return {
    from,
    until,
    buckets,
    totals: total(rows.filter(({ day }) => day >= from)),
    before: total(rows.filter(({ day }) => day < from)),
    leads: await leadsOf(tx, id, from, until),
    ...(await costsOf(tx, settings, now)),
  }
}

interface Counted {
  readonly as: CountedAs
  readonly number: number
}

export function total(rows: readonly Counted[]): Totals {
  const sums = { ...nothing } as { -readonly [K in keyof Totals]: Totals[K] }
  for (const { as, number } of rows) {
    if (as === 'open' || as === 'confirmed' || as === 'cancelled' || as === 'missed') {
      sums.appointments += number
      if (as !== 'open') sums[as] += number
    } else {
      sums.sent += number
      if (as.endsWith('.delivered')) sums.delivered += number
      else if (as.endsWith('.failed')) sums.failed += number
      else if (as.endsWith('.in_doubt')) sums.inDoubt += number
    }
  }
  return sums
}

async function leadsOf(tx: Transaction, clinicId: string, from: number, until: number): Promise<Overview['leads']> {
  const found = []
  for (const lead of leads) {
    const sums = await tx.statistics.sums(clinicId, { scope: 'lead', lead }, from, until)
    found.push({ lead, number: sums.reduce((sum, { number }) => sum + number, 0) })
  }
  return found
}

const months = 7

/** O21, by the clinic's months. */
async function costsOf(
  tx: Transaction,
  { clinic, smsPrices }: Settings,
  now: Temporal.Instant,
): Promise<Pick<Overview, 'costs' | 'currency'>> {
  const current = now.toZonedDateTimeISO(clinic.zone).toPlainDate().toPlainYearMonth()
  const costs: MonthCost[] = []
  for (let back = months - 1; back >= 0; back -= 1) {
    const month = current.subtract({ months: back }).toString()
    const items = (await usageOf(tx, clinic.id, month, now))?.items ?? []
    const sum = (automatic: boolean) =>
      items.filter((item) => item.channel === 'sms' && item.automatic === automatic).reduce((all, { price }) => all + price, 0)
    costs.push({ month, automatic: sum(true), manual: sum(false) })
  }
  return { costs, currency: smsPrices.at(-1)?.currency ?? 'XXX' }
}

export interface Part extends Totals {
  readonly key: string
  readonly name: string
  /** Of appointments, week by week, the last is this one: how many were confirmed; undefined where there was none. */
  readonly weeks: readonly (number | undefined)[]
}

const weeks = 7

/** The same by agenda or motif: so many as a page holds, by name. */
export async function partsOf(
  tx: Transaction,
  settings: Settings,
  scope: 'agenda' | 'motif',
  keys: readonly { readonly key: string; readonly name: string }[],
  { from, until }: Pick<Overview, 'from' | 'until'>,
): Promise<readonly Part[]> {
  const parts = []
  for (const { key, name } of keys) {
    const of: FiguresOf = { scope, key }
    const sums = await tx.statistics.sums(settings.clinic.id, of, from, until)
    const recent = await tx.statistics.days(settings.clinic.id, of, until - weeks * 7, until)
    const shares = Array.from({ length: weeks }, (_, week) => {
      const begin = until - (weeks - week) * 7
      const { appointments, confirmed } = total(recent.filter(({ day }) => day >= begin && day < begin + 7))
      return appointments > 0 ? confirmed / appointments : undefined
    })
    parts.push({ ...total(sums), key, name, weeks: shares })
  }
  return parts
}
