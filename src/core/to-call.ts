import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf } from './notification.ts'
import type { Facts, Told } from './told.ts'
import { basisOf, factsOf, sameFacts } from './told.ts'

/** MOD-12: nobody is there to be told in the place of a minor, of the booking either. */
const NO_GUARDIAN = 'no_guardian_contact'

/** D12: it stops the text, and yet somebody is to be told. */
const SMS_REMINDER_OFF = 'agenda_sms_reminder_off'

/** The clinic chose that nobody is told, or not by this channel, or there is nothing left to tell. */
const byRule: ReadonlySet<string> = new Set([
  'communications_off',
  'site_communications_off',
  'agenda_not_live',
  'rollout_off',
  'redirect_elsewhere',
  'other_sender',
  'motif_off',
  'motif_silent',
  'motif_kind_off',
  'agenda_off',
  SMS_REMINDER_OFF,
  'policy_email_only',
  'policy_email_on_file',
  'patient_preference',
  'absence_email_on_file',
  'patient_off',
  'patient_inactive',
  'appointment_past',
  'status_at_send_time',
  'nothing_new',
])

/**
 * Why a person must telephone (D12, section 4, MOD-12): a change, cancellation or correction that no channel will bring, though at least one of
 * them was meant to. Undefined while one may still do, once one did, or where the clinic's own rules keep it silent on every channel.
 */
export function toCallReason(notification: Notification, siblings: readonly Notification[]): string | undefined {
  if (!isNotice(notification.kind)) return undefined
  const news = newsOf(notification)
  const all = [notification, ...siblings.filter((each) => each.id !== notification.id && newsOf(each) === news)]
  if (!all.every(isLost)) return undefined
  if (notification.kind === 'confirmation') return all.every((each) => each.reason === NO_GUARDIAN) ? NO_GUARDIAN : undefined
  const unwanted = all.map(({ reason, state }) => reason ?? state).find((reason) => !byRule.has(reason))
  return unwanted ?? (all.every(isTextStopped) ? SMS_REMINDER_OFF : undefined)
}

/** D12 alone: a text was the only way of this cadence, and the patient's own switch is not off as well. */
function isTextStopped({ reason, decision }: Notification): boolean {
  return reason === SMS_REMINDER_OFF && !decision?.gates.some(({ name, verdict }) => name === 'patient' && verdict === 'no')
}

/** It will not reach anybody. In doubt is not lost: it may have. */
function isLost(notification: Notification): boolean {
  return (
    !isPending(notification) && (notification.state === 'suppressed' || notification.state === 'failed' || notification.state === 'expired')
  )
}

/** News whose message is known not to have arrived: still true, of a visit ahead, and nothing later has reached the patient. */
export function isStillToBeTold(
  notification: Notification,
  says: Facts,
  appointment: Appointment,
  told: Told | undefined,
  now: Temporal.Instant,
): boolean {
  const isLatest = told?.by === newsOf(notification) || notification.basis === basisOf(told)
  const isPast = appointment.start !== undefined && appointment.start.epochMilliseconds <= now.epochMilliseconds
  return isLatest && !isPast && sameFacts(says, factsOf(appointment))
}
