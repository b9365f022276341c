import type { Temporal } from 'temporal-polyfill'
import type { Channel } from '../channels/channel.ts'
import type { Connector } from '../connectors/connector.ts'
import type { Appointment } from '../core/appointment.ts'
import { decide } from '../core/decide.ts'
import type { Decision } from '../core/decision.ts'
import type { DeliveryAttempt, SendOutcome } from '../core/delivery.ts'
import type { ConnectorId } from '../core/envelope.ts'
import type { Message } from '../core/message.ts'
import type { Notification } from '../core/notification.ts'
import { newsOf } from '../core/notification.ts'
import type { ChannelKind, Patient } from '../core/patient.ts'
import { contactFor } from '../core/patient.ts'
import { advance, assumedTold, toldBy, withhold } from '../core/progress.ts'
import type { Settings } from '../core/settings.ts'
import type { Told } from '../core/told.ts'
import { factsOf } from '../core/told.ts'
import type { Store, Transaction } from '../store/store.ts'
import { optedOut, replanAppointment, settingsOf } from './apply.ts'
import type { Clock } from './clock.ts'
import { composeMessage } from './compose-message.ts'
import { attemptId, newToken, sha256 } from './ids.ts'
import type { Log } from './log.ts'
import type { Work } from './loop.ts'
import type { Metrics } from './metrics.ts'

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
}

const batch = 50
const atOnce = 8

interface Job {
  readonly notification: Notification
  readonly attempt: DeliveryAttempt
  readonly message: Message
  readonly channel: Channel
}

/** Claims what is due, decides again, writes each attempt down, makes it, and writes down what came of it (law 3). */
export function createDispatch(deps: DispatchDeps): Work {
  const { store } = deps
  return {
    name: 'dispatch',
    async step() {
      const { seen, jobs } = await claim(deps)
      for (let first = 0; first < jobs.length; first += atOnce)
        await Promise.all(jobs.slice(first, first + atOnce).map((job) => perform(deps, job)))
      return seen === batch
    },
    nextDueAt: () => store.read((tx) => tx.notifications.nextDueAt()),
  }
}

/** An attempt that a crash cut off may have reached its patient: it is in doubt, and never tried again blindly (R6). */
export async function recoverAttempts({ store, clock, log }: Pick<DispatchDeps, 'store' | 'clock' | 'log'>): Promise<number> {
  let recovered = 0
  for (;;) {
    const count = await store.transact(async (tx) => {
      const cut = await tx.attempts.unfinished(batch)
      for (const attempt of cut) await record(tx, attempt, { kind: 'unknown', reason: 'crashed' }, clock.now(), [])
      return cut.length
    })
    recovered += count
    if (count < batch) break
  }
  if (recovered > 0) log.warn('attempts_in_doubt', { count: recovered })
  return recovered
}

function claim(deps: DispatchDeps): Promise<{ seen: number; jobs: readonly Job[] }> {
  return deps.store.transact(async (tx) => {
    const due = await tx.notifications.due(deps.clock.now(), batch)
    const jobs: Job[] = []
    for (const notification of due) {
      const job = await consider(tx, deps, notification)
      if (job) jobs.push(job)
    }
    return { seen: due.length, jobs }
  })
}

/** The decision at the send (D9). Undefined: it is not sent now, and why is written down. */
async function consider(tx: Transaction, deps: DispatchDeps, notification: Notification): Promise<Job | undefined> {
  const now = deps.clock.now()
  const appointment = await tx.appointments.find(notification.appointmentId)
  if (!appointment) throw new Error(`notification without appointment ${sha256(notification.id)}`)
  const patient = await tx.patients.find(notification.patientId)
  const [told, settings] = await Promise.all([tx.told.find(appointment.id), settingsOf(tx, notification.clinicId)])
  const { kind, channel, notAfter } = notification
  const decision = decide('send', {
    kind,
    channel,
    notAfter,
    appointment,
    ...(patient && { patient }),
    settings,
    ...(told && { told }),
    optedOut: (await optedOut(tx, patient, settings)).has(channel),
    twinOfTold: told?.by === newsOf(notification),
    now,
  })
  const { outcome } = decision
  deps.metrics.decided.inc({ kind, channel, outcome: outcome.kind, reason: outcome.kind === 'send' ? '' : outcome.reason })
  if (outcome.kind !== 'send') {
    await saveOutcome(tx, { ...withhold(notification, outcome, now), decision }, appointment, told, now)
    return undefined
  }
  return start(tx, deps, { notification, decision, appointment, patient, settings, told, now })
}

async function saveOutcome(
  tx: Transaction,
  notification: Notification,
  appointment: Appointment,
  told: Told | undefined,
  now: Temporal.Instant,
): Promise<void> {
  await tx.notifications.save(notification)
  const siblings = await tx.notifications.ofAppointment(appointment.id)
  const assumed = assumedTold(notification, siblings, factsOf(appointment), told, now)
  if (assumed) await tx.told.save(appointment.id, assumed)
  const { state, reason } = notification
  await tx.audit.append({
    at: now,
    actor: 'dispatch',
    action: `notification.${state}`,
    subject: notification.id,
    ...(reason !== undefined && { detail: { reason } }),
  })
}

interface Going {
  readonly notification: Notification
  readonly decision: Decision
  readonly appointment: Appointment
  readonly patient: Patient | undefined
  readonly settings: Settings
  readonly told: Told | undefined
  readonly now: Temporal.Instant
}

/** Renders the words, mints the link, and writes the intent down: from here on a crash leaves the attempt in doubt. */
async function start(tx: Transaction, deps: DispatchDeps, going: Going): Promise<Job | undefined> {
  const { notification, decision, appointment, patient, settings, told, now } = going
  const channel = deps.channels.get(notification.channel)
  const contact = patient && contactFor(patient, notification.channel, settings)
  if (!channel || !patient || contact?.kind !== 'found') {
    await saveOutcome(
      tx,
      { ...withhold(notification, { kind: 'suppressed', reason: 'no_channel' }, now), decision },
      appointment,
      told,
      now,
    )
    return undefined
  }
  const number = notification.attempts + 1
  const token = newToken()
  const writes = deps.connectors.get(appointment.connectorId)?.writes ?? new Set()
  const words = composeMessage({ notification, appointment, patient, settings, told, writes, now })
  const attempt: DeliveryAttempt = {
    id: attemptId(notification.id, number),
    notificationId: notification.id,
    number,
    channel: notification.channel,
    startedAt: now,
    says: factsOf(appointment),
    text: notification.channel === 'sms' ? words.sms : [words.subject, ...words.lines].join('\n'),
  }
  const sending: Notification = { ...notification, state: 'sending', attempts: number, decision, changedAt: now }
  await tx.notifications.save(sending)
  await tx.attempts.save(attempt)
  await tx.links.save({
    tokenHash: sha256(token),
    appointmentId: appointment.id,
    patientId: patient.id,
    notificationId: notification.id,
    createdAt: now,
    expiresAt: (appointment.start ?? now).add({ hours: 24 * 30 }),
  })
  deps.metrics.lateness.observe(Math.max(0, now.epochMilliseconds - notification.dueAt.epochMilliseconds) / 1000)
  const { name, phone, address } = settings.clinic
  const message: Message = {
    channel: notification.channel,
    to: contact.value,
    attemptId: attempt.id,
    notificationId: notification.id,
    clinic: { name, ...(phone !== undefined && { phone }), ...(address && { address }) },
    words: linked(words, `${deps.publicUrl}/${token}`),
    sentAt: now,
    notAfter: notification.notAfter,
  }
  return { notification: sending, attempt, message, channel }
}

/** The private address exists only in the message that leaves; what is kept holds `{link}` (R26). */
function linked(words: Message['words'], link: string): Message['words'] {
  return {
    ...words,
    sms: words.sms.replaceAll('{link}', link),
    action: { ...words.action, url: words.action.url.replaceAll('{link}', link) },
  }
}

async function perform({ store, clock, log, metrics, retries, sendTimeout }: DispatchDeps, job: Job): Promise<void> {
  const { attempt, message, channel } = job
  // a send that has begun is finished, whatever is stopping: cut off it would be in doubt
  const outcome = await sendSafely(channel, message, AbortSignal.timeout(sendTimeout.total('milliseconds')))
  metrics.sent.inc({ channel: channel.kind, outcome: outcome.kind })
  if (outcome.kind !== 'accepted')
    log.warn('send_not_accepted', { channel: channel.kind, kind: outcome.kind, reason: outcome.reason, ref: job.notification.id })
  await store.transact(async (tx) => {
    await record(tx, attempt, outcome, clock.now(), retries)
    if (outcome.kind === 'rejected' && outcome.optedOut)
      await tx.optOuts.add(job.notification.clinicId, channel.kind, message.to, clock.now())
  })
}

/** A channel that throws is a bug; what it was sending may have left. */
async function sendSafely(channel: Channel, message: Message, signal: AbortSignal): Promise<SendOutcome> {
  try {
    return await channel.send(message, signal)
  } catch {
    return { kind: 'unknown', reason: 'channel_failed' }
  }
}

/** What came of an attempt: the notification, what the patient now knows, and what is owed after that. */
async function record(
  tx: Transaction,
  attempt: DeliveryAttempt,
  outcome: SendOutcome,
  now: Temporal.Instant,
  retries: readonly Temporal.Duration[],
): Promise<void> {
  await tx.attempts.finish(attempt.id, outcome, now)
  const before = await tx.notifications.find(attempt.notificationId)
  if (!before) return
  const appointment = await tx.appointments.find(before.appointmentId)
  if (!appointment) return
  const told = await tx.told.find(appointment.id)
  const after = advance(before, outcome, now, retries)
  await saveOutcome(tx, after, appointment, told, now)
  const reached = outcome.kind === 'accepted' || outcome.kind === 'unknown'
  const next = reached ? toldBy(after, attempt.says, told, now) : undefined
  if (next) await tx.told.save(appointment.id, next)
  await replanAppointment(tx, appointment, now)
}
