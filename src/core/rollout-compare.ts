import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from './appointment.ts'
import type { ChannelKind, PatientId } from './patient.ts'
import type { ComparedKind, SaidElsewhere, Watched } from './rollout-log.ts'

/** `other_time`: more than the tolerance apart. What both say, both say whatever became of it. */
export type Verdict = 'both' | 'other_time' | 'other_channel' | 'only_we' | 'only_they'

export const verdicts: readonly Verdict[] = ['both', 'other_time', 'other_channel', 'only_they', 'only_we']

/** One message of either system, beside the other's of the same appointment and kind. */
export interface Compared {
  readonly verdict: Verdict
  readonly kind: ComparedKind
  readonly appointmentId?: AppointmentId
  readonly patientId?: PatientId
  readonly we?: Side & { readonly notificationId: string }
  readonly they?: Side
  /** Of what only one says: why the other does not, by its code. */
  readonly reason?: string
}

export interface Side {
  readonly at: Temporal.Instant
  readonly channel: ChannelKind
}

export interface CompareOptions {
  /** Of both sides alike: no further apart is the same time. */
  readonly within: Temporal.Duration
}

/** Two messages of one appointment may be days apart and be the same in another cadence; of one contact alone, they are of two visits. */
const farthestMs = 8 * 24 * 3_600_000
const nearMs = 24 * 3_600_000

/** Reasons of the comparison's own; the others are those of decisions. */
export type ComparisonReason =
  | 'they_silent'
  | 'they_failed'
  | 'merged'
  | 'not_planned'
  | 'unknown_appointment'
  | 'unknown_person'
  | 'told_by_us'

/**
 * Our decisions beside the other system's log, by appointment and kind; a row without an appointment by its patient, then by its contact. Of those that
 * could be one, the nearest in time by the same channel are.
 */
export function compareLogs(ours: readonly Watched[], theirs: readonly SaidElsewhere[], { within }: CompareOptions): readonly Compared[] {
  const index = indexOf(ours)
  const open = new Set(ours.filter(wouldLeave))
  const said = theirs.filter(({ outcome }) => outcome === 'sent')
  const found = new Map<SaidElsewhere, Watched>()
  const tolerance = within.total('milliseconds')
  const passes: readonly Pass[] = [
    { sameChannel: true, most: () => tolerance },
    { sameChannel: true, most: farthestFor },
    { sameChannel: false, most: farthestFor },
  ]
  for (const { sameChannel, most } of passes)
    for (const they of said) {
      if (found.has(they)) continue
      const we = nearest(
        they,
        candidates(index, they).filter((each) => open.has(each) && (each.channel === they.channel) === sameChannel),
      )
      if (!we || apart(we, they) > most(they)) continue
      found.set(they, we)
      open.delete(we)
    }
  const failed = new Map(theirs.filter(({ outcome }) => outcome === 'failed').map((each) => [keysOf(each)[0] ?? '', each]))
  return [
    ...said.map((they) => {
      const we = found.get(they)
      return we ? pair(we, they, tolerance) : alone(they, candidates(index, they))
    }),
    ...[...open].map((we) =>
      onlyWe(
        we,
        keysOf(we).some((key) => failed.has(key)),
      ),
    ),
  ].sort((a, b) => timeOf(a) - timeOf(b))
}

interface Pass {
  readonly sameChannel: boolean
  readonly most: (they: SaidElsewhere) => number
}

function wouldLeave({ would }: Watched): boolean {
  return would === 'send' || would === 'delayed'
}

function farthestFor({ appointmentId }: SaidElsewhere): number {
  return appointmentId === undefined ? nearMs : farthestMs
}

function pair(we: Watched, they: SaidElsewhere, tolerance: number): Compared {
  const verdict = we.channel !== they.channel ? 'other_channel' : apart(we, they) > tolerance ? 'other_time' : 'both'
  return { verdict, ...about(we), we: ourSide(we), they: { at: they.at, channel: they.channel } }
}

/** What our own record of the same says: a rule that kept it back, or a text it was merged into. */
function alone(they: SaidElsewhere, near: readonly Watched[]): Compared {
  const kept = near.filter((each) => !wouldLeave(each))
  const we =
    nearest(
      they,
      kept.filter(({ channel }) => channel === they.channel),
    ) ?? nearest(they, kept)
  const known = we && apart(we, they) <= farthestFor(they) ? we : undefined
  const { appointmentId = known?.appointmentId, patientId = known?.patientId } = they
  return {
    verdict: 'only_they',
    kind: they.kind,
    ...(appointmentId !== undefined && { appointmentId }),
    ...(patientId !== undefined && { patientId }),
    they: { at: they.at, channel: they.channel },
    reason: known ? (known.would === 'merged' ? 'merged' : (known.because ?? 'not_planned')) : reasonFor(appointmentId, patientId),
  }
}

function reasonFor(appointmentId: string | undefined, patientId: string | undefined): ComparisonReason {
  return appointmentId === undefined && patientId === undefined ? 'unknown_person' : 'not_planned'
}

function onlyWe(we: Watched, theyFailed: boolean): Compared {
  return { verdict: 'only_we', ...about(we), we: ourSide(we), reason: theyFailed ? 'they_failed' : 'they_silent' }
}

function about({ kind, appointmentId, patientId }: Watched) {
  return { kind, appointmentId, patientId }
}

function ourSide({ at, channel, notificationId }: Watched): NonNullable<Compared['we']> {
  return { at, channel, notificationId }
}

function apart(we: Watched, they: SaidElsewhere): number {
  return Math.abs(we.at.epochMilliseconds - they.at.epochMilliseconds)
}

function nearest(they: SaidElsewhere, all: readonly Watched[]): Watched | undefined {
  let best: Watched | undefined
  for (const each of all) if (!best || apart(each, they) < apart(best, they)) best = each
  return best
}

export function timeOf({ they, we }: Compared): number {
  return (they ?? we)?.at.epochMilliseconds ?? 0
}

function indexOf(ours: readonly Watched[]): ReadonlyMap<string, readonly Watched[]> {
  const index = new Map<string, Watched[]>()
  for (const each of ours)
    for (const key of keysOf(each)) {
      const known = index.get(key)
      if (known) known.push(each)
      else index.set(key, [each])
    }
  return index
}

/** The surest first. */
function keysOf({
  kind,
  appointmentId,
  patientId,
  contactHash,
}: Pick<SaidElsewhere, 'kind' | 'appointmentId' | 'patientId' | 'contactHash'>): readonly string[] {
  return [
    ...(appointmentId === undefined ? [] : [`a ${kind} ${appointmentId}`]),
    ...(patientId === undefined ? [] : [`p ${kind} ${patientId}`]),
    ...(contactHash === undefined ? [] : [`c ${kind} ${contactHash}`]),
  ]
}

/** By the surest of what their row says alone: another appointment of the same patient is another. */
function candidates(index: ReadonlyMap<string, readonly Watched[]>, they: SaidElsewhere): readonly Watched[] {
  const [key] = keysOf(they)
  return key === undefined ? [] : (index.get(key) ?? [])
}

export interface ReasonCount {
  readonly verdict: Verdict
  readonly kind: ComparedKind
  readonly reason?: string
  readonly count: number
}

export interface ComparisonSummary {
  readonly verdicts: Readonly<Record<Verdict, number>>
  /** What is not the same, the most frequent first. */
  readonly reasons: readonly ReasonCount[]
}

export function summarise(lines: readonly Compared[]): ComparisonSummary {
  const count: Record<Verdict, number> = { both: 0, other_time: 0, other_channel: 0, only_we: 0, only_they: 0 }
  const reasons = new Map<string, ReasonCount>()
  for (const { verdict, kind, reason } of lines) {
    count[verdict] += 1
    if (verdict === 'both') continue
    const key = `${verdict} ${kind} ${reason ?? ''}`
    const known = reasons.get(key)?.count ?? 0
    reasons.set(key, { verdict, kind, ...(reason !== undefined && { reason }), count: known + 1 })
  }
  return { verdicts: count, reasons: [...reasons.values()].sort((a, b) => b.count - a.count) }
}
