import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { DeliveryAttempt, SendOutcome } from '../../core/delivery.ts'
import { smsSegments } from '../../core/gsm7.ts'
import { isCapped } from '../../core/kind.ts'
import { priceOf } from '../../core/metering.ts'
import type { Notification } from '../../core/notification.ts'
import { contactFor } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import { zoneOf } from '../../core/settings.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256 } from '../ids.ts'
import { settingsOf } from '../intake/apply.ts'

/** Names a contact for counting, without keeping it: of one clinic only. */
export function contactHash(clinicId: string, contact: string): string {
  return sha256(`${clinicId}|${contact}`).slice(0, 32)
}

/** A private address as it stands in a text that left: so long, whatever its token. */
const linkLength = 22

/** O19, O21: what left, or was refused, with its segments and price of the day. What may have left is counted as sent. */
export async function meter(
  tx: Transaction,
  attempt: DeliveryAttempt,
  notification: Notification,
  appointment: Appointment,
  outcome: SendOutcome,
  publicUrl: string,
): Promise<void> {
  if (outcome.kind === 'deferred') return
  const settings = await settingsOf(tx, notification.clinicId)
  const patient = await tx.patients.find(notification.patientId)
  const contact = patient && contactFor(patient, notification.channel, settings, appointment)
  const refused = outcome.kind === 'rejected'
  const { segments, price, currency } = costOf(attempt, appointment, settings, publicUrl)
  await tx.usage.save({
    attemptId: attempt.id,
    clinicId: notification.clinicId,
    channel: notification.channel,
    kind: notification.kind,
    automatic: notification.kind !== 'manual',
    capped: isCapped(notification.kind) && !refused && !attempt.redirected,
    // taken off the file while it was under way: it is billed all the same
    contactHash: contactHash(notification.clinicId, contact?.kind === 'found' ? contact.value : ''),
    sentAt: attempt.startedAt,
    segments,
    price: refused ? 0 : price,
    currency,
    refused,
  })
}

export interface AnsweredText {
  /** The provider's name of the text that is answered. */
  readonly id: string
  readonly contact: string
  readonly text: string
  readonly settings: Settings
  readonly now: Temporal.Instant
}

/** O21: what is texted back costs as much as any text, and counts towards no cap. */
export async function meterAnswer(tx: Transaction, { id, contact, text, settings, now }: AnsweredText): Promise<void> {
  const { clinic, smsPrices } = settings
  const { segments } = smsSegments(text)
  await tx.usage.save({
    attemptId: `answer:${id}`,
    clinicId: clinic.id,
    channel: 'sms',
    kind: 'manual',
    automatic: true,
    capped: false,
    contactHash: contactHash(clinic.id, contact),
    sentAt: now,
    segments,
    ...priceOf(smsPrices, dayIn(now, clinic.zone), segments),
    refused: false,
  })
}

export interface SentByStaff {
  /** Of the attempt. */
  readonly id: string
  readonly contact: string
  readonly segments: number
  readonly price: number
  readonly currency: string
  readonly settings: Settings
  readonly now: Temporal.Instant
}

/** O21: what somebody of the clinic texts by hand, in their own words. */
export async function meterStaffText(
  tx: Transaction,
  { id, contact, segments, price, currency, settings, now }: SentByStaff,
): Promise<void> {
  const { clinic } = settings
  await tx.usage.save({
    attemptId: id,
    clinicId: clinic.id,
    channel: 'sms',
    kind: 'manual',
    automatic: false,
    capped: false,
    contactHash: contactHash(clinic.id, contact),
    sentAt: now,
    segments,
    price,
    currency,
    refused: false,
  })
}

function costOf({ channel, text, startedAt }: DeliveryAttempt, appointment: Appointment, settings: Settings, publicUrl: string) {
  if (channel !== 'sms') return { segments: 1, price: 0, currency: 'XXX' }
  const asSent = text.replaceAll(/\{link\d*\}/g, `${publicUrl}/${'x'.repeat(linkLength)}`)
  const { segments } = smsSegments(asSent)
  return { segments, ...priceOf(settings.smsPrices, dayIn(startedAt, zoneOf(settings, appointment)), segments) }
}

function dayIn(at: Temporal.Instant, zone: string): string {
  return at.toZonedDateTimeISO(zone).toPlainDate().toString()
}
