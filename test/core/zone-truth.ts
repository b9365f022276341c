import { Temporal } from 'temporal-polyfill'
import { parseTimestamp, placeTimestamp } from '../../src/connectors/hl7v2/timestamp.ts'
import { quietAt, stepDueAt } from '../../src/core/timing.ts'
import { comparable, readZoneCases, type ZoneCase, type ZoneCases } from '../support/zone-cases.ts'

/** A zone's cases, and those of them whose rules are the same in this Node's zone data. */
export interface ZoneRead extends ZoneCases {
  readonly same: readonly ZoneCase[]
}

export const readZones = (file: URL): readonly ZoneRead[] => readZoneCases(file).map((zone) => ({ ...zone, same: comparable(zone) }))

/** Of test/fixtures/time: `zones-2025c`, a hundred thousand. */
export const zonesOf = (name: string): readonly ZoneRead[] => readZones(new URL(`../fixtures/time/${name}.txt.gz`, import.meta.url))

const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }

export type WorkedOut = Pick<ZoneCase, 'startMs' | 'startWall' | 'dueMs' | 'quiet'>

/** The same by our own code: the start as the HL7 connector reads it, the step's due time, and the quiet hours it falls into. */
export function workOut({ start, startMs, rule, dueMs }: ZoneCase, zone: string): WorkedOut {
  const timestamp = parseTimestamp(start.replaceAll(/[-:T]/g, ''))
  const step = steps.get(rule)
  if (!timestamp || !step) throw new Error(`not read: ${start} ${rule}`)
  const placed = placeTimestamp(timestamp, zone)
  const due = stepDueAt(step, Temporal.Instant.fromEpochMilliseconds(startMs), zone)
  const quiet = quietAt(Temporal.Instant.fromEpochMilliseconds(dueMs), zone, night)
  return {
    startMs: placed.at.epochMilliseconds,
    startWall: placed.warnings.includes('W-DST-GAP') ? 'gap' : placed.warnings.includes('W-DST-OVERLAP') ? 'overlap' : undefined,
    dueMs: due.epochMilliseconds,
    ...(quiet && { quiet }),
  }
}

export function isSame(expected: WorkedOut, got: WorkedOut): boolean {
  return (
    expected.startMs === got.startMs &&
    expected.startWall === got.startWall &&
    expected.dueMs === got.dueMs &&
    expected.quiet?.from === got.quiet?.from &&
    expected.quiet?.until === got.quiet?.until
  )
}

type When = Parameters<typeof stepDueAt>[0]

const elapsed = (before: string): When => ({ before: Temporal.Duration.from(before) })
const wall = (daysBefore: number, at: string): When => ({ daysBefore, at: Temporal.PlainTime.from(at) })

const steps = new Map<string, When>([
  ['PT36H', elapsed('PT36H')],
  ['PT48H', elapsed('PT48H')],
  ['PT24H', elapsed('PT24H')],
  ['PT30M', elapsed('PT30M')],
  ['D-1T13:00', wall(1, '13:00')],
  ['D-2T13:00', wall(2, '13:00')],
  ['D-7T14:00', wall(7, '14:00')],
  ['D-1T01:45', wall(1, '01:45')],
  ['D-1T02:15', wall(1, '02:15')],
  ['D-1T02:30', wall(1, '02:30')],
])
