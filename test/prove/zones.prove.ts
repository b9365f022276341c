import { Temporal } from 'temporal-polyfill'
import { stepDueAt } from '../../src/core/timing.ts'
import { arriveWindow, cancelWindow, confirmWindow, windowState } from '../../src/core/window.ts'
import { isSame, type WorkedOut, workOut, type ZoneRead, zonesOf } from '../core/zone-truth.ts'
import { prove } from './proof.ts'

const yearIn = [
  'Europe/Paris',
  'America/Toronto',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Phoenix',
  'UTC',
] as const

type Work = typeof workOut

/** What our own code works out otherwise than Python did. */
function mismatches(zones: readonly ZoneRead[], work: Work): readonly string[] {
  return zones.flatMap(({ zone, same }) =>
    same.filter((each) => !isSame(each, work(each, zone))).map(({ start, rule }) => `${zone} ${start} ${rule}`),
  )
}

const hour = 3_600_000

/** Nine o'clock of every day of a year: on the wall by Intl, its reminders and windows by elapsed time. */
function aYear(zone: string): readonly string[] {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const faults: string[] = []
  for (let day = 0; day < 365; day += 1) {
    const start = Temporal.PlainDateTime.from('2026-01-01T09:00').add({ days: day }).toZonedDateTime(zone).toInstant()
    const shown = (at: Temporal.Instant) => wall.format(at.epochMilliseconds)
    const before = (milliseconds: number) => start.subtract({ milliseconds })
    const dayBefore = Temporal.PlainDate.from(shown(start).slice(0, 10)).subtract({ days: 1 })
    const holds = [
      shown(start).endsWith(' 09:00:00'),
      start.epochMilliseconds - stepDueAt({ before: Temporal.Duration.from('PT36H') }, start, zone).epochMilliseconds === 36 * hour,
      shown(stepDueAt({ daysBefore: 1, at: Temporal.PlainTime.from('13:00') }, start, zone)) === `${dayBefore} 13:00:00`,
      windowState(confirmWindow(start), before(48 * hour)) === 'open' &&
        windowState(confirmWindow(start), before(48 * hour + 1_000)) === 'before',
      windowState(cancelWindow(start), before(24 * hour)) === 'open' &&
        windowState(cancelWindow(start), before(24 * hour - 1_000)) === 'after',
      windowState(arriveWindow(start), before(hour / 2)) === 'open' &&
        windowState(arriveWindow(start), before(hour / 2 + 1_000)) === 'before',
    ]
    if (holds.includes(false)) faults.push(`${zone} ${shown(start)}`)
  }
  return faults
}

prove({
  id: 'R13',
  promise: 'zones and daylight saving exact, against Python’s zoneinfo',
  async run() {
    const zones = zonesOf('zones-2025c')
    const count = (key: 'cases' | 'same') => zones.reduce((sum, zone) => sum + zone[key].length, 0)
    const wrong = mismatches(zones, workOut)
    if (wrong.length > 0) throw new Error(`${wrong.length} of ${count('same')}: ${wrong[0]}`)
    if (count('cases') !== 100_000) throw new Error(`${count('cases')} cases`)
    const faults = yearIn.flatMap(aYear)
    if (faults.length > 0) throw new Error(`${faults.length} days: ${faults[0]}`)
    const apart = zones.filter(({ same, cases }) => same.length < cases.length)
    const named = apart.map(({ zone, same, cases }) => `${zone} ${cases.length - same.length}`).join(', ')
    return {
      figure: `${count('same')} of ${count('cases')} cases of Python’s ${zones[0]?.tz} by Node’s ${process.versions.tz}, 0 mismatch; left out for other rules: ${named || 'none'}; 365 days in ${yearIn.length} zones, 0 wrong`,
    }
  },
  async control() {
    // the day before at the same hour is 24 hours before, as many reckon
    const naive: Work = (each, zone) => {
      const right: WorkedOut = workOut(each, zone)
      const [, days, at] = /^D-(\d)T(.*)$/.exec(each.rule) ?? []
      if (!days || !at) return right
      const start = Temporal.Instant.fromEpochMilliseconds(each.startMs).toZonedDateTimeISO(zone)
      const sameDay = start.withPlainTime(Temporal.PlainTime.from(at)).toInstant().epochMilliseconds
      return { ...right, dueMs: sameDay - Number(days) * 24 * hour }
    }
    const wrong = mismatches(zonesOf('zones-2025c'), naive)
    if (wrong.length === 0) throw new Error('days of 24 hours were found well')
    return `days of 24 hours: ${wrong.length} mismatches, the first ${wrong[0]}`
  },
  timeoutMs: { landing: 240_000, long: 240_000 },
})
