import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../core/appointment.ts'
import { isConfirmed } from '../core/appointment.ts'
import type { Companion } from '../core/household.ts'
import type { Words } from '../core/message.ts'
import type { Notification } from '../core/notification.ts'
import type { Patient } from '../core/patient.ts'
import { isOnItsWay } from '../core/reply.ts'
import type { Settings } from '../core/settings.ts'
import { siteOf, zoneOf } from '../core/settings.ts'
import type { Told } from '../core/told.ts'
import { factsOf } from '../core/told.ts'
import { cancelWindow, confirmWindow, windowState } from '../core/window.ts'
import type { Member } from '../core/words/household.ts'
import { householdSms } from '../core/words/household.ts'
import { wordsFor } from '../core/words.ts'
import type { WriteBack, WriteBackKind } from '../core/write-back.ts'

export interface Composition {
  readonly notification: Notification
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly told: Told | undefined
  /** Whoever has just answered is not asked again. */
  readonly writeBacks: readonly WriteBack[]
  /** What this EHR accepts back: nothing else is promised (WB-6). */
  readonly writes: ReadonlySet<WriteBackKind>
  /** Whose reminders of the day one text says together (D29). */
  readonly companions: readonly Companion[]
  readonly now: Temporal.Instant
}

/** The words of a notification as things stand when it leaves. */
export function composeMessage({
  notification,
  appointment,
  patient,
  settings,
  told,
  writeBacks,
  writes,
  companions,
  now,
}: Composition): Words {
  const { start } = appointment
  const confirmed = isConfirmed(appointment) || isOnItsWay(appointment, writeBacks, 'confirm')
  const confirmOpen = start !== undefined && writes.has('confirm') && windowState(confirmWindow(start), now) === 'open'
  const mayCancelUntil =
    start && writes.has('cancel') && siteOf(settings, appointment)?.patientMayCancel ? cancelWindow(start).closesAt : undefined
  const words = wordsFor({
    kind: notification.kind,
    appointment,
    facts: factsOf(appointment),
    ...(told && { before: told.facts }),
    settings,
    ...(patient.language !== undefined && { language: patient.language }),
    confirmed,
    askToConfirm: confirmOpen && !confirmed,
    ...(mayCancelUntil && windowState(cancelWindow(appointment.start ?? now), now) === 'open' && { mayCancelUntil }),
    now,
  })
  return companions.length === 0 ? words : { ...words, sms: togetherSms(appointment, patient, companions, settings, confirmOpen, now) }
}

/** In the order of their hours; the first link is the leader's, so the leader stands first among equals. */
function togetherSms(
  appointment: Appointment,
  patient: Patient,
  companions: readonly Companion[],
  settings: Settings,
  asks: boolean,
  now: Temporal.Instant,
): string {
  const members = [{ appointment, patient }, ...companions].flatMap(
    ({ appointment: { start, practitioner }, patient: { givenName } }): Member[] => {
      const isSomebodyElse = companions.some((each) => each.patient.id !== patient.id)
      const who = isSomebodyElse && givenName !== undefined ? { givenName } : {}
      return start ? [{ ...who, start, ...(practitioner && { practitioner: practitioner.name }) }] : []
    },
  )
  const { language } = patient
  return householdSms({ members, settings, zone: zoneOf(settings, appointment), ...(language !== undefined && { language }), asks, now })
}
