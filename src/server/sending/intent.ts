import type { Temporal } from 'temporal-polyfill'
import type { Channel } from '../../channels/channel.ts'
import type { Connector } from '../../connectors/connector.ts'
import type { Appointment } from '../../core/appointment.ts'
import type { Decision } from '../../core/decision.ts'
import type { DeliveryAttempt } from '../../core/delivery.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Companion } from '../../core/household.ts'
import type { Message } from '../../core/message.ts'
import type { Notification } from '../../core/notification.ts'
import { mayUnsubscribe } from '../../core/opt-out.ts'
import type { Patient } from '../../core/patient.ts'
import { devicesFor } from '../../core/patient.ts'
import { markForTest } from '../../core/rollout-mark.ts'
import type { Settings } from '../../core/settings.ts'
import type { Told } from '../../core/told.ts'
import { factsOf } from '../../core/told.ts'
import { placeholder } from '../../core/words/household.ts'
import type { Transaction } from '../../store/store.ts'
import { attemptId, newToken, sha256 } from '../ids.ts'
import type { Metrics } from '../metrics.ts'
import { UNSUBSCRIBE, unsubscribeHash } from '../unsubscribe/token.ts'
import type { Joined } from './compose-message.ts'
import { composeMessage, pagesOf } from './compose-message.ts'

/** One message that is about to leave, its attempt already written down. */
export interface Job {
  readonly notification: Notification
  readonly attempt: DeliveryAttempt
  readonly message: Message
  readonly channel: Channel
}

export interface Going {
  readonly notification: Notification
  readonly decision: Decision
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly told: Told | undefined
  /** Whose reminders of the day this text says too. */
  readonly companions: readonly Companion[]
  readonly channel: Channel
  /** E.164 or e-mail address. */
  readonly to: string
  /** Where it goes instead: a test address. */
  readonly redirectTo?: string
  readonly now: Temporal.Instant
}

export interface IntentDeps {
  readonly connectors: ReadonlyMap<ConnectorId, Connector>
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly metrics: Pick<Metrics, 'templateFailed'>
}

/** Renders the words, mints the link, and writes the intent down: from here on a crash leaves the attempt in doubt. */
export async function writeIntent(tx: Transaction, { connectors, publicUrl, metrics }: IntentDeps, going: Going): Promise<Job> {
  const { notification, decision, appointment, patient, settings, told, companions, channel, to: intended, redirectTo, now } = going
  const to = redirectTo ?? intended
  const redirected = redirectTo !== undefined && ({ redirected: true } as const)
  const number = notification.attempts + 1
  const leader = await withAnswers(tx, connectors, { appointment, patient, notification })
  const joined: Joined[] = []
  for (const each of companions) joined.push(await withAnswers(tx, connectors, each))
  const composition = { ...leader, settings, told, companions: joined, now }
  const { words: own, failed, calendar } = composeMessage(composition)
  const words = redirected ? markForTest(own, intended) : own
  if (failed) {
    metrics.templateFailed.inc({ reason: failed.failed })
    const detail = { template: failed.key, reason: failed.failed }
    await tx.audit.append({ at: now, actor: 'dispatch', action: 'template.failed', subject: notification.id, detail })
  }
  const attempt: DeliveryAttempt = {
    id: attemptId(notification.id, number),
    notificationId: notification.id,
    number,
    channel: notification.channel,
    to,
    ...redirected,
    startedAt: now,
    says: factsOf(appointment),
    text: keptText(words, notification),
    ...(companions.length > 0 && {
      also: companions.map((each) => each.notification.id),
      alsoSays: companions.map((each) => factsOf(each.appointment)),
    }),
  }
  const sending: Notification = { ...notification, state: 'sending', attempts: number, decision, changedAt: now }
  await tx.notifications.save(sending)
  await tx.attempts.save(attempt)
  const links: string[] = []
  for (const reader of pagesOf(composition)) links.push(`${publicUrl}/${await mintLink(tx, reader, sha256, now, redirected)}`)
  // whoever reads it at a test address cannot opt out for the patient
  const stop = mayUnsubscribe(notification) && !redirected ? await mintLink(tx, leader, unsubscribeHash, now, false) : undefined
  const { name, phone, address } = settings.clinic
  const message: Message = {
    channel: notification.channel,
    to,
    attemptId: attempt.id,
    notificationId: notification.id,
    clinic: { name, ...(phone !== undefined && { phone }), ...(address && { address }) },
    words: linked(words, links),
    ...(stop !== undefined && { unsubscribeUrl: `${publicUrl}${UNSUBSCRIBE}/${stop}` }),
    ...(calendar && { calendar }),
    ...(notification.channel === 'push' && pushedTo(patient, settings, appointment)),
    sentAt: now,
    notAfter: notification.notAfter,
  }
  return { notification: sending, attempt, message, channel }
}

/** All of one appointment stand in one place on a screen; the tag tells the push service nothing. */
function pushedTo(patient: Patient, settings: Settings, appointment: Appointment): Pick<Message, 'devices' | 'tag'> {
  return { devices: devicesFor(patient, settings, appointment), tag: sha256(appointment.id).slice(0, 32) }
}

/** What a person is shown of what was sent; `{link}` stands where the private address was. */
function keptText(words: Message['words'], { channel }: Notification): string {
  if (channel === 'sms') return words.sms
  if (channel === 'push') return [words.subject, words.preheader, words.action.url].join('\n')
  const { subject, title, day, time, lines, action, asides } = words
  return [subject, title, `${day} ${time}`.trim(), ...lines, `${action.label}: ${action.url}`, ...asides].filter(Boolean).join('\n')
}

/** A private address of one person's appointment: a new one for each message, of which only the hash is kept (R26). */
async function mintLink(
  tx: Transaction,
  { appointment, patient, notification }: Companion,
  hash: (token: string) => string,
  now: Temporal.Instant,
  redirected: false | { readonly redirected: true },
): Promise<string> {
  const token = newToken()
  await tx.links.save({
    tokenHash: hash(token),
    appointmentId: appointment.id,
    patientId: patient.id,
    notificationId: notification.id,
    createdAt: now,
    expiresAt: (appointment.start ?? now).add({ hours: 24 * 30 }),
    ...redirected,
  })
  return token
}

/** With what the patient answered, and what that appointment's own EHR takes: a household may have several. */
async function withAnswers(tx: Transaction, connectors: IntentDeps['connectors'], companion: Companion) {
  const { id, connectorId } = companion.appointment
  const writeBacks = await tx.writeBacks.ofAppointment(id)
  return { ...companion, writeBacks, writes: connectors.get(connectorId)?.writes ?? new Set() }
}

/** The private address exists only in the message that leaves; what is kept holds `{link}` (R26). */
function linked(words: Message['words'], links: readonly string[]): Message['words'] {
  const fill = (text: string) => links.reduce((filled, link, index) => filled.replaceAll(placeholder(index), link), text)
  return { ...words, sms: fill(words.sms), action: { ...words.action, url: fill(words.action.url) } }
}
