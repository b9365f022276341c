import { Temporal } from 'temporal-polyfill'
import type { Connector, ReadBack, Receive } from '../../connectors/connector.ts'
import type { Appointment, AppointmentId } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { NotificationKind } from '../../core/kind.ts'
import type { Notification } from '../../core/notification.ts'
import type { Standing, TruthOutcome, TruthPolicy } from '../../core/truth.ts'
import { truthOutcome, truthPolicies } from '../../core/truth.ts'
import type { Store } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { eachAtOnce } from '../intake/at-once.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'

/** Of one connector; what is not said is as in `truthPolicies`. */
export interface TruthSettings {
  /** How old what we know may be when something is said of it. */
  readonly freshness: Temporal.Duration
  readonly policies: Readonly<Partial<Record<NotificationKind, TruthPolicy>>>
  /** A poll tells whatever changed, deletions too (`_history`): a fresh one is as good as asking. */
  readonly byPoll?: boolean
}

type Spoken = { readonly notification: Notification; readonly appointment: Appointment }

export interface TruthCheckDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  /** Connectors that are not named are believed as they are. */
  readonly truths: ReadonlyMap<ConnectorId, TruthSettings>
  readonly clock: Clock
  readonly log: Log
  readonly receive: Receive
  /** When the last poll that was read to its end began. */
  readonly polledAt?: (connector: ConnectorId) => Temporal.Instant | undefined
  /** Something waits to be asked about, or may be sent now. */
  readonly wanted: () => void
  readonly checked: () => void
}

export interface TruthCheck {
  /** The loop that asks the EHRs about whatever is due soon. */
  readonly work: Work
  /** May this be said of the appointment now? Asks nobody: called in a transaction. */
  outcome(notification: Notification, appointment: Appointment, now: Temporal.Instant): TruthOutcome
  /** Those of whom a household's text may speak now; the others get their own. Undefined: some are being asked about, and the text waits for it. */
  together<T extends Spoken>(companions: readonly T[], now: Temporal.Instant): readonly T[] | undefined
}

/** What is due within this time is asked about. */
const ahead = { minutes: 15 }
/** One tick looks at so many; the next minute's tick at the rest. */
const most = 2_000
const batch = 50
const atOnce = 4
const longestAnswerMs = 60_000
/** An EHR that is asked in vain is asked again after these seconds, the last for ever. */
const patience = [15, 30, 60, 120, 300] as const
/** A question that nobody came to in that time is as one in vain. */
const longestWait = { minutes: 5 }
const forgetAfter = { hours: 1 }

interface Ehr {
  failures: number
  nextTryAt: Temporal.Instant
}

/**
 * Reads appointments again, in batches, in the quarter of an hour before something is said of them, and has what changed applied and decided like
 * any other word of the EHR. What it knows is in memory: after a restart it asks again.
 */
export function createTruthCheck(deps: TruthCheckDeps): TruthCheck {
  const { store, connectors, truths, clock } = deps
  const checkedAt = new Map<AppointmentId, Temporal.Instant>()
  /** By notification: since when it waits to be asked about. */
  const waiting = new Map<string, Temporal.Instant>()
  /** Of texts not due themselves that another one would say too. */
  const wanting = new Map<AppointmentId, Appointment>()
  const ehrs = new Map<ConnectorId, Ehr>()

  function isFresh(appointment: Appointment, at: Temporal.Instant, { freshness, byPoll }: TruthSettings): boolean {
    const since = at.subtract(freshness)
    const polledAt = byPoll ? deps.polledAt?.(appointment.connectorId) : undefined
    const known = [appointment.changedAt, checkedAt.get(appointment.id), polledAt]
    return known.some((each) => each !== undefined && Temporal.Instant.compare(each, since) >= 0)
  }

  /** What would be stale when it is due, by EHR; an EHR that is being left alone is not among them. */
  async function questions(now: Temporal.Instant): Promise<ReadonlyMap<ConnectorId, ReadonlySet<string>>> {
    const found = new Map<ConnectorId, Set<string>>()
    const add = ({ connectorId, ehrId }: Pick<Appointment, 'connectorId' | 'ehrId'>) =>
      found.set(connectorId, (found.get(connectorId) ?? new Set()).add(ehrId))
    for (const each of wanting.values()) add(each)
    wanting.clear()
    await store.read(async (tx) => {
      for (const { appointmentId, dueAt, kind } of await tx.notifications.due(now.add(ahead), most)) {
        const [connectorId = ''] = appointmentId.split(':')
        const settings = truths.get(connectorId)
        const ehr = ehrs.get(connectorId)
        if (!settings || kind === 'manual' || !connectors.get(connectorId)?.reread) continue
        if (ehr && Temporal.Instant.compare(ehr.nextTryAt, now) > 0) continue
        const appointment = await tx.appointments.find(appointmentId)
        const at = Temporal.Instant.compare(dueAt, now) > 0 ? dueAt : now
        if (!appointment || isFresh(appointment, at, settings)) continue
        add(appointment)
      }
    })
    return found
  }

  async function ask(connectorId: ConnectorId, ehrIds: readonly string[], signal: AbortSignal): Promise<void> {
    const connector = connectors.get(connectorId)
    for (let from = 0; connector && from < ehrIds.length && !signal.aborted; from += batch) {
      const asked = ehrIds.slice(from, from + batch)
      const begunAt = clock.now()
      const answer = await rereadSafely(deps, connector, asked, signal)
      if (answer.kind !== 'read') return failed(connectorId, answer)
      for (const envelope of answer.envelopes) await deps.receive(envelope)
      for (const ehrId of asked) checkedAt.set(`${connectorId}:${ehrId}`, begunAt)
      ehrs.delete(connectorId)
    }
    deps.checked()
  }

  function failed(connectorId: ConnectorId, answer: Exclude<ReadBack, { kind: 'read' }>): void {
    const failures = (ehrs.get(connectorId)?.failures ?? 0) + 1
    const seconds = patience[Math.min(failures, patience.length) - 1] ?? 300
    const theirs = answer.kind === 'deferred' ? (answer.retryAfter?.total('seconds') ?? 0) : 0
    ehrs.set(connectorId, { failures, nextTryAt: clock.now().add({ seconds: Math.min(Math.max(seconds, theirs), 3_600) }) })
    const reason = answer.kind === 'deferred' ? answer.reason : answer.fault.code
    deps.log.warn('truth_check_failed', { connector: connectorId, reason, count: failures })
  }

  function forget(now: Temporal.Instant): void {
    const before = now.subtract(forgetAfter)
    for (const known of [checkedAt, waiting]) for (const [key, at] of known) if (Temporal.Instant.compare(at, before) < 0) known.delete(key)
  }

  function standingOf(notification: Notification, appointment: Appointment, now: Temporal.Instant, settings: TruthSettings): Standing {
    if (isFresh(appointment, now, settings)) return 'fresh'
    if (ehrs.has(appointment.connectorId)) return 'unreachable'
    const since = waiting.get(notification.id) ?? now
    waiting.set(notification.id, since)
    return Temporal.Instant.compare(since.add(longestWait), now) > 0 ? 'unasked' : 'unreachable'
  }

  /** Undefined: it is believed as it is. */
  function settingsFor({ notification: { kind }, appointment: { connectorId } }: Spoken): TruthSettings | undefined {
    return kind === 'manual' || !connectors.get(connectorId)?.reread ? undefined : truths.get(connectorId)
  }

  return {
    work: {
      name: 'truth-check',
      async step(signal) {
        const now = clock.now()
        forget(now)
        if (truths.size === 0) return false
        const asked = await questions(now)
        await eachAtOnce([...asked], atOnce, signal, ([connectorId, ehrIds]) => ask(connectorId, [...ehrIds], signal))
        return false
      },
      async nextDueAt() {
        const now = clock.now()
        // of one that is past its time nothing is wanted
        const tries = [...ehrs.values()].map(({ nextTryAt }) => nextTryAt).filter((at) => Temporal.Instant.compare(at, now) > 0)
        return [now.add({ seconds: 60 }), ...tries].sort(Temporal.Instant.compare)[0]
      },
    },
    outcome(notification, appointment, now) {
      const settings = settingsFor({ notification, appointment })
      if (!settings) return { kind: 'send' }
      const { kind, notAfter } = notification
      const standing = standingOf(notification, appointment, now, settings)
      const outcome = truthOutcome(settings.policies[kind] ?? truthPolicies[kind], standing, notAfter, now)
      if (outcome.kind === 'send') waiting.delete(notification.id)
      else if (standing === 'unasked') deps.wanted()
      return outcome
    },
    together(companions, now) {
      const unasked: Appointment[] = []
      const known = companions.filter((each) => {
        const settings = settingsFor(each)
        if (!settings) return true
        const { kind } = each.notification
        const standing = standingOf(each.notification, each.appointment, now, settings)
        if (standing === 'unasked') unasked.push(each.appointment)
        return standing === 'fresh' || (standing === 'unreachable' && (settings.policies[kind] ?? truthPolicies[kind]) === 'send')
      })
      if (unasked.length === 0) return known
      for (const each of unasked) wanting.set(each.id, each)
      deps.wanted()
      return undefined
    },
  }
}

/** A connector that throws is a bug; the appointments are as unknown as if it had not answered. */
async function rereadSafely(
  { log }: TruthCheckDeps,
  connector: Connector,
  ehrIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadBack> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestAnswerMs)])
    return (await connector.reread?.(ehrIds, bounded)) ?? { kind: 'deferred', reason: 'not asked' }
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error('reread_failed', { connector: connector.id, error })
    return { kind: 'deferred', reason: 'internal_error' }
  }
}
