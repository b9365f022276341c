import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf } from './notification.ts'

/** The clinic chose that nobody is told, or there is nothing left to tell. */
const byRule: ReadonlySet<string> = new Set([
  'communications_off',
  'agenda_not_live',
  'other_sender',
  'motif_off',
  'motif_silent',
  'motif_kind_off',
  'agenda_off',
  'agenda_sms_reminder_off',
  'patient_off',
  'patient_inactive',
  'appointment_past',
  'status_at_send_time',
  'nothing_new',
])

/**
 * Why a person must telephone (D12, section 4): a change, cancellation or correction that no channel will bring, though at least one of
 * them was meant to. Undefined while one may still do, once one did, or where the clinic's own rules keep it silent on every channel.
 */
export function toCallReason(notification: Notification, siblings: readonly Notification[]): string | undefined {
  if (!isNotice(notification.kind) || notification.kind === 'confirmation') return undefined
  const news = newsOf(notification)
  const all = [notification, ...siblings.filter((each) => each.id !== notification.id && newsOf(each) === news)]
  if (!all.every(isLost)) return undefined
  return all.map(({ reason, state }) => reason ?? state).find((reason) => !byRule.has(reason))
}

/** It will not reach anybody. In doubt is not lost: it may have. */
function isLost(notification: Notification): boolean {
  return (
    !isPending(notification) && (notification.state === 'suppressed' || notification.state === 'failed' || notification.state === 'expired')
  )
}
