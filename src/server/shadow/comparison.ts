import { Temporal } from 'temporal-polyfill'
import type { Notification } from '../../core/notification.ts'
import type { Compared, ComparisonSummary, Verdict } from '../../core/rollout-compare.ts'
import { compareLogs, summarise, timeOf } from '../../core/rollout-compare.ts'
import { comparedAs } from '../../core/rollout-log.ts'
import type { TimeSpan } from '../../store/port/appointments.ts'
import type { Store, Transaction } from '../../store/store.ts'

export interface ComparisonAsked {
  readonly clinicId: string
  readonly span: TimeSpan
  /** Messages no further apart are of the same time. */
  readonly within: Temporal.Duration
}

export interface Comparison extends ComparisonSummary {
  readonly span: TimeSpan
  readonly lines: readonly Compared[]
  /** There was more on one of the sides than is compared at once: a shorter time shows it. */
  readonly cut: boolean
}

/** Longer than any file of a log; what is compared is held in memory. */
export const longestSpan = Temporal.Duration.from({ hours: 24 * 31 })
/** Of each side. */
const most = 50_000
/** What lies beyond the edges may be the other half of what lies within. */
const margin = { hours: 24 * 8 }

/** Both systems beside each other over a time: what of theirs or of ours lies in it, with its other half wherever that is. */
export async function compareWithLog(store: Store, { clinicId, span, within }: ComparisonAsked): Promise<Comparison> {
  const wide = { from: span.from.subtract(margin), until: span.until.add(margin), limit: most }
  return store.read(async (tx) => {
    const [ours, theirs] = [await tx.shadow.watched(clinicId, wide), await tx.shadow.heard(clinicId, wide)]
    const isIn = (line: Compared) => timeOf(line) >= span.from.epochMilliseconds && timeOf(line) < span.until.epochMilliseconds
    const lines: Compared[] = []
    for (const line of compareLogs(ours, theirs, { within }).filter(isIn)) lines.push(await withOurReason(tx, line))
    return { span, ...summarise(lines), lines, cut: ours.length === most || theirs.length === most }
  })
}

/** What only they said and we did not even watch: what became of ours, by its own record. */
async function withOurReason(tx: Transaction, line: Compared): Promise<Compared> {
  if (line.reason !== 'not_planned' || line.appointmentId === undefined) return line
  const appointment = await tx.appointments.find(line.appointmentId)
  if (!appointment) return { ...line, reason: 'unknown_appointment' }
  const ours = (await tx.notifications.ofAppointment(appointment.id)).filter((each) => comparedAs(each.kind) === line.kind)
  const sameChannel = ours.filter(({ channel }) => channel === line.they?.channel)
  const known = latest(sameChannel) ?? latest(ours)
  const more = appointment.patientId === undefined ? {} : { patientId: appointment.patientId }
  return { ...line, ...more, reason: known ? reasonOf(known) : 'not_planned' }
}

const leaving: ReadonlySet<Notification['state']> = new Set(['sent', 'delivered', 'sending', 'in_doubt'])

/** Told by both: somebody heard it twice. */
function reasonOf({ state, reason }: Notification): string {
  return leaving.has(state) ? 'told_by_us' : state === 'merged_into' ? 'merged' : (reason ?? state)
}

function latest(all: readonly Notification[]): Notification | undefined {
  return all.reduce<Notification | undefined>(
    (best, each) => (!best || each.changedAt.epochMilliseconds > best.changedAt.epochMilliseconds ? each : best),
    undefined,
  )
}

export interface LineFilter {
  readonly verdict?: Verdict | undefined
  readonly kind?: Compared['kind'] | undefined
  readonly reason?: string | undefined
}

/** Those that fit; `both` only where it is asked for. */
export function linesOf({ lines }: Pick<Comparison, 'lines'>, { verdict, kind, reason }: LineFilter): readonly Compared[] {
  return lines.filter(
    (line) =>
      (verdict === undefined ? line.verdict !== 'both' : line.verdict === verdict) &&
      (kind === undefined || line.kind === kind) &&
      (reason === undefined || line.reason === reason),
  )
}
