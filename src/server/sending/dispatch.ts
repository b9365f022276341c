import { Temporal } from 'temporal-polyfill'
import type { Channel } from '../../channels/channel.ts'
import type { Connector } from '../../connectors/connector.ts'
import { decide } from '../../core/decide.ts'
import type { SendOutcome } from '../../core/delivery.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Message } from '../../core/message.ts'
import { isPending, newsOf } from '../../core/notification.ts'
import type { ChannelKind } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import { withhold } from '../../core/progress.ts'
import { redirectOf, wasHeardBefore } from '../../core/rollout.ts'
import type { Presence, Store, Transaction } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { optedOut, settingsOf } from '../intake/apply.ts'
import { eachAtOnce } from '../intake/at-once.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'
import type { Metrics } from '../metrics.ts'
import { presenceOf } from '../nodes.ts'
import { watchSend } from '../shadow/watch.ts'
import { noTracing, type Tracing } from '../tracing.ts'
import { circumstancesOf } from './circumstances.ts'
import { gatherCompanions, mergeCompanions, withRelativesPhone } from './household.ts'
import type { Job } from './intent.ts'
import { writeIntent } from './intent.ts'
import { recordOutcome, saveOutcome } from './outcome.ts'
import { householdInShare } from './rollout-share.ts'
import type { Stoppages } from './stoppages.ts'
import type { TruthCheck } from './truth-check.ts'

export interface DispatchDeps {
  readonly store: Store
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Waits between the tries of a deferred send. */
  readonly retries: readonly Temporal.Duration[]
  readonly sendTimeout: Temporal.Duration
  /** Absent: what a provider refuses of our account is no reason to spare the others. */
  readonly stoppages?: Pick<Stoppages, 'outcome' | 'heard'>
  readonly tracing?: Tracing
  /** Absent: nobody is asked whether an appointment still is as we know it. */
  readonly truth?: Pick<TruthCheck, 'outcome' | 'together'>
}

const batch = 50
const atOnce = 8

/**
 * Takes what is due one by one: decides again, writes the attempt down, makes it, and writes down what came of it (law 3).
 * Nothing is claimed before somebody is free to send it, so that a stop or a crash leaves in doubt only what was under way.
 */
export function createDispatch(deps: DispatchDeps): Work {
  const { store, clock } = deps
  return {
    name: 'dispatch',
    async step(signal) {
      const due = await store.transact((tx) => tx.notifications.take(clock.now(), batch))
      await eachAtOnce(due, atOnce, signal, async ({ id }) => {
        const presence = presenceOf(store)
        const job = await (deps.tracing ?? noTracing).span('decision', {}, async (span) => {
          const claimed = await claim(deps, id)
          span.set({ 'rappel.sends': claimed !== undefined })
          return claimed
        })
        if (job) await perform(deps, job, presence, signal)
      })
      return due.length === batch
    },
    nextDueAt: () => store.read((tx) => tx.notifications.nextDueAt()),
  }
}

/** One that cannot be decided is a bug; it is put off, and keeps nobody else waiting (R19). */
async function claim(deps: DispatchDeps, id: string): Promise<Job | undefined> {
  try {
    return await deps.store.transact((tx) => consider(tx, deps, id))
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    deps.log.error('decision_failed', { ref: id, error })
    await deps.store.transact(async (tx) => {
      const notification = await tx.notifications.find(id)
      if (notification) await tx.notifications.save(withhold(notification, { kind: 'held', reason: 'internal_error' }, deps.clock.now()))
    })
    return undefined
  }
}

/** The decision at the send (D9). Undefined: it is not sent now, and why is written down. */
async function consider(tx: Transaction, deps: DispatchDeps, id: string): Promise<Job | undefined> {
  const now = deps.clock.now()
  const notification = await tx.notifications.find(id)
  // seen as due a moment ago; an answer or the EHR may have come in between
  if (!notification || !isPending(notification) || Temporal.Instant.compare(notification.dueAt, now) > 0) return undefined
  const appointment = await tx.appointments.find(notification.appointmentId)
  if (!appointment) throw new Error(`notification without appointment ${sha256(id)}`)
  const known = await tx.patients.find(notification.patientId)
  const [told, settings] = await Promise.all([tx.told.find(appointment.id), settingsOf(tx, notification.clinicId)])
  const patient = known && (await withRelativesPhone(tx, { appointment, patient: known, notification }, settings, now))
  const { kind, channel, notAfter } = notification
  const contact = patient && contactFor(patient, channel, settings, appointment)
  const address = contact?.kind === 'found' ? contact.value : undefined
  const household = await householdInShare(tx, known, settings)
  const decision = decide('send', {
    kind,
    channel,
    notAfter,
    appointment,
    ...(patient && { patient }),
    ...(household !== undefined && { household }),
    heardBefore: wasHeardBefore(notification, settings),
    settings,
    ...(told && { told }),
    optedOut: (await optedOut(tx, patient, settings, appointment)).has(channel),
    twinOfTold: told?.by === newsOf(notification),
    around: await circumstancesOf(tx, { notification, appointment, settings, contact: address, now }),
    now,
  })
  const provider = deps.channels.get(channel)
  const canSend = provider !== undefined && address !== undefined
  const sending = canSend ? (deps.truth?.outcome(notification, appointment, now) ?? decision.outcome) : noChannel
  const wanted = decision.outcome.kind === 'send' ? sending : decision.outcome
  const outcome = (wanted.kind === 'send' && deps.stoppages?.outcome(channel, now)) || wanted
  deps.metrics.decided.inc({ kind, channel, outcome: outcome.kind, reason: outcome.kind === 'send' ? '' : outcome.reason })
  if (outcome.kind !== 'send') {
    if (outcome.kind === 'shadow') await watchSend(tx, notification, outcome, address, now)
    if (outcome.kind === 'shadow' && outcome.would === 'send' && patient && address !== undefined) {
      const leader = { appointment, patient, notification }
      const companions = await gatherCompanions(tx, leader, address, settings, now, 'shadow')
      await mergeCompanions(tx, leader, companions, address, settings, now)
      for (const each of companions) await watchSend(tx, each.notification, { would: 'merged', because: 'merged' }, address, now)
    }
    await saveOutcome(tx, { ...withhold(notification, outcome, now), decision }, appointment, told, now, notification)
    return undefined
  }
  if (!patient || !canSend) return undefined
  deps.metrics.lateness.observe(Math.max(0, now.epochMilliseconds - notification.dueAt.epochMilliseconds) / 1000)
  const leader = { appointment, patient, notification }
  const gathered = await gatherCompanions(tx, leader, address, settings, now)
  const companions = deps.truth ? deps.truth.together(gathered, now) : gathered
  if (!companions) {
    await tx.notifications.save(withhold(notification, { kind: 'delayed', until: now.add(whileAsked), reason: 'truth_unchecked' }, now))
    return undefined
  }
  await mergeCompanions(tx, leader, companions, address, settings, now)
  const redirect = redirectOf(settings, channel)
  return writeIntent(tx, deps, {
    notification,
    decision,
    appointment,
    patient,
    settings,
    told,
    companions,
    channel: provider,
    to: address,
    ...(typeof redirect === 'object' && { redirectTo: redirect.to }),
    now,
  })
}

/** For the appointments of a household that its text would say too. */
const whileAsked = { seconds: 20 }

/** No provider is configured for it. */
const noChannel = { kind: 'suppressed', reason: 'no_channel' } as const

/** `presence`: of before the attempt was written down. Whoever was taken for dead since leaves the attempt to those who clear up behind it (R15). */
async function perform(
  deps: DispatchDeps,
  { notification, attempt, message, channel }: Job,
  presence: Presence,
  signal: AbortSignal,
): Promise<void> {
  const { log, metrics, sendTimeout } = deps
  // a send that has begun is finished, whatever is stopping: cut off it would be in doubt
  const outcome = presence.lasts()
    ? await sendSafely(deps, channel, message, AbortSignal.timeout(sendTimeout.total('milliseconds')))
    : ({ kind: 'deferred', reason: 'node_silent' } as const)
  metrics.sent.inc({ channel: channel.kind, outcome: outcome.kind })
  deps.stoppages?.heard(channel.kind, outcome, deps.clock.now())
  if (outcome.kind !== 'accepted')
    log.warn('send_not_accepted', { channel: channel.kind, kind: outcome.kind, reason: outcome.reason, ref: notification.id })
  const stopped = outcome.kind === 'rejected' && outcome.optedOut ? { clinicId: notification.clinicId, contact: message.to } : undefined
  await untilKept(deps, signal, () => recordOutcome(deps, attempt, outcome, stopped))
}

/** A channel that throws is a bug; what it was sending may have left. */
async function sendSafely({ log }: DispatchDeps, channel: Channel, message: Message, signal: AbortSignal): Promise<SendOutcome> {
  try {
    return await channel.send(message, signal)
  } catch (error) {
    log.error('send_failed', { channel: channel.kind, ref: message.notificationId, error })
    return { kind: 'unknown', reason: 'channel_failed' }
  }
}

/** What the provider said is known here alone until it is kept: a full disk is waited for. Once we stop, the attempt is left in doubt. */
async function untilKept({ clock }: DispatchDeps, signal: AbortSignal, keep: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await keep()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || signal.aborted) throw error
      await clock.sleepUntil(clock.now().add({ seconds: 1 }), signal)
    }
  }
}
