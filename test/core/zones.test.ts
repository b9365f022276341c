import { pathToFileURL } from 'node:url'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { parseTimestamp, placeTimestamp } from '../../src/connectors/hl7v2/timestamp.ts'
import { quietAt, stepDueAt } from '../../src/core/timing.ts'
import type { ZoneCase } from '../support/zone-cases.ts'
import { comparable, readZoneCases } from '../support/zone-cases.ts'

const version = process.versions.tz

const read = (file: URL) => readZoneCases(file).map((zone) => ({ ...zone, same: comparable(zone) }))
const fixture = (name: string) => read(new URL(`../fixtures/time/${name}.txt.gz`, import.meta.url))

const everywhere = fixture('zones-2025c')
/** More, from a file of one's own making: test/fixtures/time/README.md. */
const more = process.env.RAPPEL_ZONE_CASES
const zones = [...everywhere, ...fixture('casablanca-2026c'), ...(more ? read(pathToFileURL(more)) : [])]
const count = (key: 'cases' | 'same') => everywhere.reduce((sum, zone) => sum + zone[key].length, 0)
const differing = everywhere.filter(({ same, cases }) => same.length < cases.length).map(({ zone }) => zone)

/** Where a country changed its rules between Python's zone data and ours, neither is wrong: such cases are counted and left out. */
describe('R13: what Python’s zoneinfo works out', () => {
  it(`${count('same')} of ${count('cases')} cases can be compared with zone data ${version}; other rules in ${differing.join(', ') || 'no zone'}`, () => {
    expect(count('cases')).toBe(100_000)
    expect(count('same')).toBeGreaterThanOrEqual(90_000)
  })

  it('differs in no zone whose data are of the same version', () => {
    for (const { tz, same, cases } of zones) if (tz === version) expect(same.length).toBe(cases.length)
  })

  it('covers hours that do not exist and hours that come twice, at the start and at the due time', () => {
    for (const oddity of ['gap', 'overlap']) {
      for (const key of ['startWall', 'dueWall'] as const) {
        const covered = everywhere.filter(({ same }) => same.some((each) => each[key] === oddity)).map(({ zone }) => zone)
        expect(covered).toEqual(expect.arrayContaining(['America/St_Johns', 'America/Toronto', 'Australia/Lord_Howe', 'Europe/Paris']))
      }
    }
  })

  it.each(zones)(
    '$zone, zone data $tz',
    ({ zone, same }) => {
      const wrong = same.map((each) => ({ expected: each, got: workOut(each, zone) })).filter(({ expected, got }) => !isSame(expected, got))
      expect(wrong.slice(0, 10)).toEqual([])
    },
    60_000,
  )
})

const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }

type WorkedOut = Pick<ZoneCase, 'startMs' | 'startWall' | 'dueMs' | 'quiet'>

/** The same by our own code: the start as the HL7 connector reads it, the step's due time, and the quiet hours it falls into. */
function workOut({ start, startMs, rule, dueMs }: ZoneCase, zone: string): WorkedOut {
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

function isSame(expected: WorkedOut, got: WorkedOut): boolean {
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
