import type { Temporal } from 'temporal-polyfill'
import type { Connector, WriteRequest } from '../connectors/connector.ts'
import type { Appointment } from '../core/appointment.ts'
import type { ConnectorId } from '../core/envelope.ts'
import type { WriteBack, WriteBackOutcome } from '../core/write-back.ts'
import { isAnswerTo, isTrueOf, settleWriteBack, withAnswer } from '../core/write-back.ts'
import type { Archive } from '../store/port/archive.ts'
import type { Presence, Store, Transaction } from '../store/store.ts'
import { StoreUnavailable } from '../store/store.ts'
import type { Clock } from './clock.ts'
import { replanAppointment } from './intake/apply.ts'
import { eachAtOnce } from './intake/at-once.ts'
import type { Log } from './log.ts'
import type { Work } from './loop.ts'
import type { Metrics } from './metrics.ts'
import { destinationsOf, presenceOf } from './nodes.ts'
import { answersOf, forgetSoon } from './questionnaire/handed-in.ts'
import { openToDo } from './to-do.ts'

export interface WriteBackDeps {
  readonly store: Store
  readonly archive: Archive
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Waits between tries. */
  readonly retries: readonly Temporal.Duration[]
  /** Called after a commit: an EHR's refusal may owe the patient a correction. */
  readonly planned: () => void
}

const batch = 20

/** While one is being brought, nobody else brings it; after a crash it is brought again, with the same id. */
const lease = { minutes: 2 }

/** An EHR that hangs must not keep another one's answers waiting; shorter than the lease. */
const longestWriteMs = 60_000

/** Brings the patients' answers to the EHRs, in the order in which they were given, one at a time for each appointment (WB-2). */
export function createWriteBacks(deps: WriteBackDeps): Work {
  const { store, clock } = deps
  const destinations = destinationsOf(store)
  /** Another node writes there: until then it is believed to. */
  let othersUntil: Temporal.Instant | undefined
  return {
    name: 'write-back',
    async step(signal) {
      const ours = destinations && (await destinations.ours(await destinationsDue(store, clock.now())))
      const presence = presenceOf(store)
      const { claimed, left } = await store.transact((tx) => claim(tx, clock.now(), ours))
      othersUntil = left > 0 ? clock.now().add(lookAgain) : undefined
      await eachAtOnce(claimed, batch, signal, (writeBack) => bring(deps, writeBack, presence, signal))
      return claimed.length === batch
    },
    nextDueAt: async () => othersUntil ?? (await store.read((tx) => tx.writeBacks.nextDueAt())),
  }
}

/** Of what another node was to write: it may have died. */
const lookAgain = { seconds: 5 }

async function destinationsDue(store: Store, now: Temporal.Instant): Promise<readonly ConnectorId[]> {
  return (await store.read((tx) => tx.writeBacks.due(now, batch))).map(({ connectorId }) => connectorId)
}

async function claim(
  tx: Transaction,
  now: Temporal.Instant,
  ours: ReadonlySet<ConnectorId> | undefined,
): Promise<{ readonly claimed: readonly WriteBack[]; readonly left: number }> {
  const all = await tx.writeBacks.due(now, batch)
  const due = ours ? all.filter(({ connectorId }) => ours.has(connectorId)) : all
  const claimed = due.map(
    (writeBack): WriteBack => ({ ...writeBack, state: 'sending', attempts: writeBack.attempts + 1, nextTryAt: now.add(lease) }),
  )
  for (const writeBack of claimed) await tx.writeBacks.save(writeBack)
  return { claimed, left: all.length - due.length }
}

async function bring(deps: WriteBackDeps, writeBack: WriteBack, presence: Presence, signal: AbortSignal): Promise<void> {
  const { store, connectors, clock, log, metrics } = deps
  const connector = connectors.get(writeBack.connectorId)
  const outcome = connector
    ? await writeSafely(deps, connector, writeBack, presence, signal)
    : ({ kind: 'refused', reason: 'no_connector' } as const)
  metrics.written.inc({ connector: writeBack.connectorId, kind: writeBack.kind, outcome: outcome.kind })
  if (outcome.kind !== 'applied')
    log.warn('write_back_not_applied', { connector: writeBack.connectorId, kind: outcome.kind, reason: outcome.reason, ref: writeBack.id })
  try {
    await store.transact((tx) => record(tx, writeBack, outcome, clock.now(), deps.retries))
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error('record_failed', { connector: writeBack.connectorId, ref: writeBack.id, error })
    // a bug in what follows from it: the answer must not be brought again and again for that
    await store.transact(async (tx) => {
      if (!(await isTakenOver(tx, writeBack))) await tx.writeBacks.save(settleWriteBack(writeBack, outcome, clock.now(), deps.retries))
    })
  }
  deps.planned()
}

/** A connector that throws is a bug; what it was writing may have arrived, so only the same message is sent again. */
async function writeSafely(
  deps: WriteBackDeps,
  connector: Connector,
  writeBack: WriteBack,
  presence: Presence,
  signal: AbortSignal,
): Promise<WriteBackOutcome> {
  try {
    const request = await requestOf(deps, writeBack)
    if (!request) return { kind: 'conflict', reason: writeBack.kind === 'answers' ? 'answers_replaced' : 'appointment_changed' }
    if (!presence.lasts()) return { kind: 'deferred', reason: 'node_silent' }
    return await connector.write(request, AbortSignal.any([signal, AbortSignal.timeout(longestWriteMs)]))
  } catch (error) {
    deps.log.error('write_failed', { connector: connector.id, error })
    return { kind: 'unknown', reason: 'connector_failed' }
  }
}

/** Undefined: the appointment is known to be another than the one that was answered (MOD-5), or the answers are no longer what was handed in last; the EHR is not asked. */
async function requestOf({ store, archive }: WriteBackDeps, writeBack: WriteBack): Promise<WriteRequest | undefined> {
  const { appointment, row, answers } = await store.read(async (tx) => {
    const found = await tx.appointments.find(writeBack.appointmentId)
    return {
      appointment: found,
      row: found?.envelopeId === undefined ? undefined : await tx.inbox.find(found.envelopeId),
      answers: writeBack.kind === 'answers' ? await answersOf(tx, writeBack, found) : undefined,
    }
  })
  if (appointment && !isAnswerTo(writeBack, appointment)) return undefined
  if (writeBack.kind === 'answers' && !answers) return undefined
  const request = { writeBack, ...(answers && { answers }) }
  if (!row) return request
  const body = row.archived ? await archive.get(row.id) : row.envelope.body
  return body ? { ...request, lastEnvelope: { ...row.envelope, body } } : request
}

/** Claimed again since, by a node that took this one for dead: what comes of that counts (R15). */
async function isTakenOver(tx: Transaction, { id, attempts }: WriteBack): Promise<boolean> {
  const stored = await tx.writeBacks.find(id)
  return stored !== undefined && stored.attempts !== attempts
}

/** What came of it: the ledger, the appointment as the EHR now has it, and what the patient must be told if it was refused. */
async function record(
  tx: Transaction,
  sending: WriteBack,
  outcome: WriteBackOutcome,
  now: Temporal.Instant,
  retries: readonly Temporal.Duration[],
): Promise<void> {
  if (await isTakenOver(tx, sending)) return
  const before = await tx.appointments.find(sending.appointmentId)
  const settled = settleWriteBack(sending, before ? heardMeanwhile(sending, outcome, before) : outcome, now, retries)
  await tx.writeBacks.save(settled)
  const { state, reason, kind } = settled
  await tx.audit.append({
    at: now,
    actor: `connector:${sending.connectorId}`,
    action: `write-back.${state}`,
    subject: sending.id,
    detail: { kind, ...(reason !== undefined && { reason }) },
  })
  if (kind === 'answers' && state === 'verified') await forgetSoon(tx, settled, now)
  if (!before || state === 'queued') return
  if (state === 'failed') await askByHand(tx, settled, before, now)
  const appointment = outcome.kind === 'applied' ? withAnswer(before, settled, now, outcome.at) : before
  if (appointment !== before)
    await tx.appointments.save(
      outcome.kind === 'applied' && outcome.etag !== undefined ? { ...appointment, etag: outcome.etag } : appointment,
    )
  await replanAppointment(tx, appointment, now)
}

/** What the EHR would not take is written there by a person. */
async function askByHand(tx: Transaction, { id, kind, reason }: WriteBack, appointment: Appointment, now: Temporal.Instant): Promise<void> {
  const { clinicId, patientId } = appointment
  const line = {
    id: `write_back:${id}`,
    clinicId,
    kind: 'write_back' as const,
    appointmentId: appointment.id,
    reason: [kind, reason].join(' '),
  }
  await openToDo(tx, { ...line, ...(patientId !== undefined && { patientId }) }, now)
}

/** The EHR's own word may overtake its acknowledgement: what it already says is in the chart (decision 5 of interop.md). */
function heardMeanwhile(sending: WriteBack, outcome: WriteBackOutcome, byEhr: Appointment): WriteBackOutcome {
  return outcome.kind === 'applied' && isTrueOf(sending, byEhr) ? { ...outcome, verified: true } : outcome
}
