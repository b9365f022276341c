import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A wall time that does not exist, or one that comes twice. */
export type Oddity = 'gap' | 'overlap' | undefined

/** One case of test/tools/zone_oracle.py, as Python's zoneinfo works it out; instants in milliseconds since 1970. */
export interface ZoneCase {
  /** Wall clock of the appointment: `2026-03-29T02:15`. */
  readonly start: string
  readonly startMs: number
  readonly startWall: Oddity
  /** `PT36H`: elapsed before the start; `D-1T13:00`: the day before at this hour. */
  readonly rule: string
  readonly dueMs: number
  readonly dueWall: Oddity
  /** The quiet hours, 21:00 to 08:00, that hold when it is due. */
  readonly quiet?: Span
}

export interface ZoneCases {
  /** Version of the IANA zone data that Python read. */
  readonly tz: string
  readonly zone: string
  readonly offsets: Timeline
  readonly cases: readonly ZoneCase[]
}

/** From the first included to the last excluded. */
interface Span {
  readonly from: number
  readonly until: number
}

/** How many minutes a zone is ahead of UTC from each instant on, soonest first. */
type Timeline = readonly { readonly from: number; readonly minutes: number }[]

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const oddities: Readonly<Record<string, Oddity>> = { G: 'gap', O: 'overlap' }

/** Reads what `zone_oracle.py --packed` wrote, one list a zone. */
export function readZoneCases(file: URL): readonly ZoneCases[] {
  let tz = 'unknown'
  const zones: { zone: string; offsets: { from: number; minutes: number }[]; cases: ZoneCase[] }[] = []
  for (const line of gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')) {
    const [word = '', ...rest] = line.split(' ')
    if (word === 'tz') tz = rest[0] ?? tz
    else if (word === 'zone') zones.push({ zone: rest[0] ?? '', offsets: [], cases: [] })
    else if (word === 'offset') zones.at(-1)?.offsets.push({ from: utc(rest[0] ?? ''), minutes: Number(rest[1]) })
    else zones.at(-1)?.cases.push(readCase(word, rest))
  }
  return zones.map((each) => ({ tz, ...each }))
}

function readCase(start: string, [startWall = '', rule = '', dueWall = '', ahead, lead, quiet = '-']: readonly string[]): ZoneCase {
  const startMs = utc(start) - Number(ahead) * MINUTE
  const dueMs = startMs - Number(lead) * MINUTE
  const [since, still] = quiet.split(':')
  return {
    start,
    startMs,
    startWall: oddities[startWall],
    rule,
    dueMs,
    dueWall: oddities[dueWall],
    ...(still !== undefined && { quiet: { from: dueMs - Number(since) * MINUTE, until: dueMs + Number(still) * MINUTE } }),
  }
}

/** The cases whose every clock, from a day before they are due to a day after their start, reads the same in this Node's zone data. */
export function comparable({ zone, offsets, cases }: ZoneCases): readonly ZoneCase[] {
  const spans = disagreements(offsets, nodeTimeline(zone, offsets))
  if (spans.length === 0) return cases
  return cases.filter(({ startMs, dueMs }) => !spans.some(({ from, until }) => dueMs - DAY < until && startMs + DAY >= from))
}

/** Where two readings of one zone's rules differ. */
function disagreements(one: Timeline, other: Timeline): readonly Span[] {
  const instants = [...new Set([...one, ...other].map(({ from }) => from))].sort((a, b) => a - b)
  return instants.flatMap((from, index) =>
    offsetAt(one, from) === offsetAt(other, from) ? [] : [{ from, until: instants[index + 1] ?? Number.POSITIVE_INFINITY }],
  )
}

function offsetAt(timeline: Timeline, ms: number): number | undefined {
  return timeline.findLast(({ from }) => from <= ms)?.minutes
}

/** What Intl, without Temporal, says of a zone over the time of the oracle, to the quarter of an hour. */
function nodeTimeline(zone: string, offsets: Timeline): Timeline {
  const read = offsetReader(zone)
  const first = offsets[0]?.from ?? 0
  const timeline = [{ from: first, minutes: read(first) }]
  for (let day = first; day < first + (31 + 3 * 365 + 31) * DAY; day += DAY) {
    if (read(day) === read(day + DAY)) continue
    for (let ms = day; ms < day + DAY; ms += 15 * MINUTE) {
      if (read(ms) !== timeline.at(-1)?.minutes) timeline.push({ from: ms, minutes: read(ms) })
    }
  }
  return timeline
}

function offsetReader(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (ms) => {
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)$/.exec(format.format(ms)) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
  }
}

function utc(wall: string): number {
  return Date.parse(`${wall}Z`)
}
