import { Temporal } from 'temporal-polyfill'
import type { Meta } from './resources.ts'
import { parseInstant } from './time.ts'

const clockToleranceMinutes = 10

/** `meta.lastUpdated`; the arrival where that is missing, unreadable or still to come (`W-CLOCK`). */
export function stampOf(meta: Meta, receivedAt: Temporal.Instant, zone: string, warnings: Set<string>): Temporal.Instant {
  const said = meta?.lastUpdated === undefined ? undefined : parseInstant(meta.lastUpdated, zone)
  const latest = receivedAt.add({ minutes: clockToleranceMinutes })
  if (said && !said.zoneless && Temporal.Instant.compare(said.at, latest) <= 0) return said.at
  warnings.add('W-CLOCK')
  return receivedAt
}
