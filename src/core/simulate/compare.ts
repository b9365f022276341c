import type { SimulationResult } from '../simulate.ts'
import type { GroupSummary, OutcomeCount, Summary } from './tally.ts'

/** The same traffic through two settings. */
export interface Comparison {
  readonly before: SimulationResult
  readonly after: SimulationResult
  /** After less before. */
  readonly change: Change
  /** Patients to whom something left before, and nothing leaves any more. */
  readonly losing: number
  /** Patients to whom nothing left before, and something does now. */
  readonly gaining: number
  /** Only what differs, the greatest difference first. */
  readonly outcomes: readonly OutcomeChange[]
  /** Only those that differ. */
  readonly agendas: readonly GroupChange[]
  readonly motifs: readonly GroupChange[]
}

/** Without `appointments`: the traffic is the same. */
export type Change = Omit<Summary, 'appointments'>

export interface OutcomeChange extends Omit<OutcomeCount, 'messages' | 'segments' | 'price'> {
  readonly before: number
  readonly after: number
}

export interface GroupChange extends Change {
  readonly key: string
}

/** What would be other than it is (the impact preview). */
export function compare(before: SimulationResult, after: SimulationResult): Comparison {
  return {
    before,
    after,
    change: difference(before.total, after.total),
    losing: missingFrom(before.reached, after.reached),
    gaining: missingFrom(after.reached, before.reached),
    outcomes: outcomeChanges(before.outcomes, after.outcomes),
    agendas: groupChanges(before.agendas, after.agendas),
    motifs: groupChanges(before.motifs, after.motifs),
  }
}

function difference(before: Change, after: Change): Change {
  return {
    sent: {
      email: after.sent.email - before.sent.email,
      sms: after.sent.sms - before.sent.sms,
      push: after.sent.push - before.sent.push,
    },
    segments: after.segments - before.segments,
    price: after.price - before.price,
    patients: after.patients - before.patients,
    withoutChannel: after.withoutChannel - before.withoutChannel,
    toCall: after.toCall - before.toCall,
  }
}

function missingFrom(these: ReadonlySet<string>, those: ReadonlySet<string>): number {
  let missing = 0
  for (const each of these) if (!those.has(each)) missing += 1
  return missing
}

function outcomeChanges(before: readonly OutcomeCount[], after: readonly OutcomeCount[]): readonly OutcomeChange[] {
  const rows = new Map<string, OutcomeChange>()
  for (const [side, counts] of [['before', before] as const, ['after', after] as const])
    for (const { messages, segments: _, price: __, ...outcome } of counts) {
      const key = JSON.stringify(outcome)
      rows.set(key, { ...outcome, before: 0, after: 0, ...rows.get(key), [side]: messages })
    }
  const weight = (row: OutcomeChange) => Math.abs(row.after - row.before)
  return [...rows.values()].filter((row) => weight(row) > 0).sort((a, b) => weight(b) - weight(a))
}

const none: Change = {
  sent: { email: 0, sms: 0, push: 0 },
  segments: 0,
  price: 0,
  patients: 0,
  withoutChannel: 0,
  toCall: 0,
}

function groupChanges(before: readonly GroupSummary[], after: readonly GroupSummary[]): readonly GroupChange[] {
  const [earlier, later] = [before, after].map((groups) => new Map(groups.map((group) => [group.key, group])))
  const keys = new Set([...before, ...after].map(({ key }) => key))
  return [...keys].sort().flatMap((key) => {
    const change = difference(earlier?.get(key) ?? none, later?.get(key) ?? none)
    return isNone(change) ? [] : [{ key, ...change }]
  })
}

function isNone({ sent, ...counts }: Change): boolean {
  return [...Object.values(sent), ...Object.values(counts)].every((count) => count === 0)
}
