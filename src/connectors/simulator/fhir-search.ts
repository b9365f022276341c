import type { Bundle } from 'fhir/r4.js'
import { Temporal } from 'temporal-polyfill'
import type { ChartAppointment } from './chart.ts'
import { appointmentResource } from './fhir-resources.ts'

/** A parameter this server knows has a value it cannot read. */
export class SearchRefused extends Error {
  override readonly name = 'SearchRefused'
}

type Test = (appointment: ChartAppointment) => boolean

function lastUpdatedTest(text: string): Test {
  const [, prefix = 'eq', value = ''] = /^(eq|ne|gt|ge|lt|le)?(.+)$/.exec(text) ?? []
  let than: Temporal.Instant
  try {
    than = Temporal.Instant.from(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00Z` : value)
  } catch {
    throw new SearchRefused('_lastUpdated')
  }
  const passes = (order: number): boolean =>
    ({ eq: order === 0, ne: order !== 0, gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 })[prefix] ?? false
  return (appointment) => passes(Temporal.Instant.compare(appointment.lastUpdated, than))
}

function countOf(text: string | null): number {
  if (text === null) return 20
  if (!/^\d{1,4}$/.test(text)) throw new SearchRefused('_count')
  return Math.min(100, Math.max(1, Number(text)))
}

/** Later than this one, in the order asked for; ids break ties. */
function compare(a: ChartAppointment, b: ChartAppointment): number {
  return Temporal.Instant.compare(a.lastUpdated, b.lastUpdated) || (a.id < b.id ? -1 : 1)
}

/**
 * `_id`, `_lastUpdated` (repeatable), `_sort=[-]_lastUpdated`, `_count`; other parameters are ignored, as FHIR allows.
 * The next link carries where the page ended, not how many were seen: what changes meanwhile moves to the end and is not missed.
 */
export function searchAppointments(all: readonly ChartAppointment[], url: URL): Bundle {
  const query = url.searchParams
  const ids = query.get('_id')?.split(',')
  const tests = query.getAll('_lastUpdated').map(lastUpdatedTest)
  const count = countOf(query.get('_count'))
  const down = query.get('_sort') === '-_lastUpdated'
  const after = query.get('_after')?.split(' ')
  const matches = all
    .filter((appointment) => (ids?.includes(appointment.id) ?? true) && tests.every((test) => test(appointment)))
    .sort((a, b) => (down ? compare(b, a) : compare(a, b)))
  const rest = after ? matches.filter((appointment) => isBeyond(appointment, after, down)) : matches
  const page = rest.slice(0, count)
  const end = page.at(-1)
  const link: { relation: string; url: string }[] = [{ relation: 'self', url: url.href }]
  if (end && rest.length > page.length) {
    const next = new URL(url)
    next.searchParams.set('_after', `${end.lastUpdated.epochMilliseconds} ${end.id}`)
    link.push({ relation: 'next', url: next.href })
  }
  const base = `${url.origin}${url.pathname}`
  const entry = page.map((appointment) => ({
    fullUrl: `${base}/${appointment.id}`,
    resource: appointmentResource(appointment),
    search: { mode: 'match' as const },
  }))
  return { resourceType: 'Bundle', type: 'searchset', total: matches.length, link, entry }
}

function isBeyond(appointment: ChartAppointment, [at = '', id = '']: readonly string[], down: boolean): boolean {
  const order = appointment.lastUpdated.epochMilliseconds - Number(at) || (appointment.id > id ? 1 : appointment.id < id ? -1 : 0)
  return down ? order < 0 : order > 0
}
