import type { Temporal } from 'temporal-polyfill'
import type { FhirPoll } from './watch-options.ts'

/** Everything that changed since (FHIR-POLL-1). */
export function changesSince(since: Temporal.Instant, count: number): string {
  return `Appointment?${new URLSearchParams({ _lastUpdated: `ge${text(since)}`, _sort: '_lastUpdated', _count: String(count) })}`
}

/** The same, deletions among it (FHIR-POLL-2). */
export function historySince(since: Temporal.Instant, count: number): string {
  return `Appointment/_history?${new URLSearchParams({ _since: text(since), _count: String(count) })}`
}

/** All that starts in that time; one search for each actor, where some are given (FHIR-POLL-3). `bare`: ids and versions will do. */
export function startingIn(
  from: Temporal.Instant,
  until: Temporal.Instant,
  { by = 'actor', actors }: Pick<FhirPoll, 'by' | 'actors'>,
  count: number,
  bare: boolean,
): readonly string[] {
  const searchOf = (actor?: string) => {
    const query = new URLSearchParams(actor === undefined ? {} : { [by]: by === 'actor' ? actor : actor.replace(/^[A-Za-z]+\//, '') })
    query.append('date', `ge${text(from)}`)
    query.append('date', `lt${text(until)}`)
    if (bare) query.append('_elements', 'id,meta')
    query.append('_count', String(count))
    return `Appointment?${query}`
  }
  return actors ? actors.map(searchOf) : [searchOf()]
}

function text(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'millisecond' })
}
