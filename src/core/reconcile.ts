import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentStatus, Aspect } from './appointment.ts'
import { isCancelled } from './appointment.ts'
import type { AppointmentChange } from './change.ts'
import type { Arrival } from './evolve.ts'
import { evolve } from './evolve.ts'

/** Of one appointment, as far as two lists may differ in what a patient is told. */
export interface Standing {
  readonly status: AppointmentStatus
  readonly start?: Temporal.Instant
}

/** What an EHR's own list of the days ahead and what its feed told us do not agree in. */
export type Difference =
  /** The feed never spoke of it: a message was lost. */
  | { readonly kind: 'missing_here'; readonly ehrId: string; readonly there: Standing }
  /** The list knows better, and is newer than the feed's last word of it. */
  | {
      readonly kind: 'differs'
      readonly ehrId: string
      readonly aspects: readonly Aspect[]
      readonly here: Standing
      readonly there: Standing
    }
  /** We hold it, the list does not: cancelled without a word, or the list is not whole. A person looks; nothing is made of it. */
  | { readonly kind: 'missing_there'; readonly ehrId: string; readonly here: Standing }

export interface Reconciliation {
  /** The soonest first. */
  readonly differences: readonly Difference[]
  /** Appointments both know, alike or newer here. */
  readonly agreeing: number
}

/** What is worth a word to the patient; who the patient is and what they answered is not the list's to say. */
const compared: ReadonlySet<Aspect> = new Set(['status', 'time', 'agenda', 'motif', 'modality', 'practitioner', 'location'])

/**
 * Compares an EHR's list with what we hold of the same days, by the rule that takes in any other word: what is older than the feed's is no
 * difference. `held` are our appointments from `from` until `until`; those first heard of after the list was true are not missing from it.
 */
export function reconcile(
  held: readonly Appointment[],
  said: readonly AppointmentChange[],
  arrival: Arrival,
  { from, until }: { readonly from: Temporal.Instant; readonly until: Temporal.Instant },
): Reconciliation {
  const known = new Map(held.map((appointment) => [appointment.ehrId, appointment]))
  const listed = byAppointment(said)
  const differences: Difference[] = []
  let agreeing = 0
  for (const [ehrId, changes] of listed) {
    const before = known.get(ehrId)
    const { after, aspects } = hear(before, changes, arrival)
    if (before && aspects.length > 0) {
      differences.push({ kind: 'differs', ehrId, aspects, here: standingOf(before), there: standingOf(after) })
    } else if (!before && isTold(after) && isWithin(after, from, until)) {
      differences.push({ kind: 'missing_here', ehrId, there: standingOf(after) })
    } else if (before) agreeing += 1
  }
  const writtenAt = latest(said)
  for (const appointment of held) {
    const isOlder = writtenAt !== undefined && Temporal.Instant.compare(appointment.firstSeenAt, writtenAt) <= 0
    if (!isOlder || listed.has(appointment.ehrId) || !isTold(appointment) || !isWithin(appointment, from, until)) continue
    differences.push({ kind: 'missing_there', ehrId: appointment.ehrId, here: standingOf(appointment) })
  }
  return { differences: differences.sort(bySoonest), agreeing }
}

function byAppointment(said: readonly AppointmentChange[]): ReadonlyMap<string, readonly [AppointmentChange, ...AppointmentChange[]]> {
  const listed = new Map<string, [AppointmentChange, ...AppointmentChange[]]>()
  for (const change of said) {
    const changes = listed.get(change.ehrId)
    if (changes) changes.push(change)
    else listed.set(change.ehrId, [change])
  }
  return listed
}

/** What its words, in their order, make of what we know, and what of that is news. */
function hear(known: Appointment | undefined, [first, ...rest]: readonly [AppointmentChange, ...AppointmentChange[]], arrival: Arrival) {
  let { appointment: after, changed } = evolve(known, first, arrival)
  const aspects = new Set(changed)
  for (const change of rest) {
    ;({ appointment: after, changed } = evolve(after, change, arrival))
    for (const aspect of changed) aspects.add(aspect)
  }
  return { after, aspects: [...aspects].filter((aspect) => compared.has(aspect)) }
}

function latest(said: readonly AppointmentChange[]): Temporal.Instant | undefined {
  return said.reduce<Temporal.Instant | undefined>(
    (last, { stamp }) => (last && Temporal.Instant.compare(last, stamp.at) >= 0 ? last : stamp.at),
    undefined,
  )
}

/** A patient would count on it. */
function isTold(appointment: Appointment): boolean {
  return !isCancelled(appointment) && appointment.status !== 'proposed' && appointment.status !== 'waitlist'
}

function isWithin({ start }: Appointment, from: Temporal.Instant, until: Temporal.Instant): boolean {
  return start !== undefined && Temporal.Instant.compare(start, from) >= 0 && Temporal.Instant.compare(start, until) < 0
}

function standingOf({ status, start }: Appointment): Standing {
  return { status, ...(start && { start }) }
}

function bySoonest(a: Difference, b: Difference): number {
  return soonestOf(a) - soonestOf(b) || (a.ehrId < b.ehrId ? -1 : 1)
}

function soonestOf(difference: Difference): number {
  const starts = [
    ...('here' in difference ? [difference.here.start] : []),
    ...('there' in difference ? [difference.there.start] : []),
  ].flatMap((start) => (start ? start.epochMilliseconds : []))
  return Math.min(...starts, Number.MAX_SAFE_INTEGER)
}
