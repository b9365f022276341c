import type { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId, HoldCode } from '../../core/appointment.ts'
import type { Circumstances } from '../../core/circumstances.ts'
import { askedAt } from '../../core/explain/account.ts'
import { MODALITY_CONFLICT, sayTold } from '../../core/explain/story-words.ts'
import { unplannedOf } from '../../core/explain/unplanned.ts'
import type { Bilingual } from '../../core/explain/words.ts'
import type { Explanation } from '../../core/explain.ts'
import { explain } from '../../core/explain.ts'
import type { Notification } from '../../core/notification.ts'
import { isPending } from '../../core/notification.ts'
import type { ChannelKind, Patient } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import { NO_MOTIF, zoneOf } from '../../core/settings.ts'
import type { Happened } from '../../core/timeline.ts'
import type { Told } from '../../core/told.ts'
import type { Language } from '../../core/words/language.ts'
import { languageFor } from '../../core/words/language.ts'
import type { WriteBack } from '../../core/write-back.ts'
import type { AuditEntry } from '../../store/port/audit.ts'
import { overlaid } from '../../store/port/lazily.ts'
import type { Transaction } from '../../store/store.ts'
import { optedOut, settingsOf } from '../intake/apply.ts'
import { type Opening, openingsIn } from '../page-opening.ts'
import { circumstancesOf } from '../sending/circumstances.ts'
import { householdInShare } from '../sending/rollout-share.ts'

/** What of an appointment its explanation names: no patient, and no text of the EHR's. */
export interface AppointmentNamed {
  readonly id: AppointmentId
  readonly status: Appointment['status']
  readonly start?: Temporal.Instant
  readonly zone: string
  readonly agenda?: string
  readonly motif: string
  readonly holds: readonly HoldCode[]
}

/** Why each message of one appointment was sent, waits, or was not sent (D30). */
export interface AppointmentExplained {
  readonly appointment: AppointmentNamed
  /** The clinic's. */
  readonly language: Language
  readonly told?: Told
  /** What that is, in a sentence. */
  readonly knows: Bilingual
  /** When the EHR spoke of it, and of which aspects; oldest first. */
  readonly heard: Happened['heard']
  /** When the page of a message was first opened, by somebody or by a program that tries links. */
  readonly opened: readonly Opening[]
  /** Past and future, in the order of their hours. */
  readonly lines: readonly Explanation[]
  readonly writeBacks: readonly WriteBack[]
  /** Steps of the cadence without a message, and why not. */
  readonly unplanned: Happened['unplanned']
}

/** Undefined: no such appointment. Writes nothing. */
export async function explainAppointment(
  tx: Transaction,
  id: AppointmentId,
  channels: ReadonlySet<ChannelKind>,
  now: Temporal.Instant,
): Promise<AppointmentExplained | undefined> {
  const appointment = await tx.appointments.find(id)
  if (!appointment) return undefined
  const settings = await settingsOf(tx, appointment.clinicId)
  const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
  const told = await tx.told.find(id)
  const notifications = await tx.notifications.ofAppointment(id)
  const household = await householdInShare(tx, patient, settings)
  const context = {
    appointment,
    ...(patient && { patient }),
    ...(household !== undefined && { household }),
    settings,
    ...(told && { told }),
    optedOut: await optedOut(tx, patient, settings, appointment),
    channels,
    around: await aroundOf(tx, notifications.filter(isPending), { appointment, patient, settings, now }),
    now,
  }
  const entries = (await tx.audit.of(id, mostHeard)).toReversed()
  return {
    appointment: named(appointment, settings),
    language: languageFor(settings),
    ...(told && { told }),
    knows: sayTold(told, context, { zone: zoneOf(settings, appointment), now }),
    heard: heardIn(entries),
    opened: openingsIn(entries),
    lines: notifications.map((notification) => explain(notification, context)).sort(byHour),
    writeBacks: await tx.writeBacks.ofAppointment(id),
    unplanned: unplannedOf({ appointment, settings, existing: notifications, now }),
  }
}

interface Surroundings {
  readonly appointment: Appointment
  readonly patient: Patient | undefined
  readonly settings: Settings
  readonly now: Temporal.Instant
}

/** What the dispatch would see around each at its hour. */
async function aroundOf(tx: Transaction, pending: readonly Notification[], { appointment, patient, settings, now }: Surroundings) {
  const around = new Map<string, Circumstances>()
  for (const notification of pending) {
    const contact = patient && contactFor(patient, notification.channel, settings, appointment)
    const value = contact?.kind === 'found' ? contact.value : undefined
    const at = askedAt(notification, now)
    around.set(notification.id, await circumstancesOf(looking(tx), { notification, appointment, settings, contact: value, now: at }))
  }
  return around
}

/** A transaction in which the fuse is seen to trip, and is not written down. */
function looking(tx: Transaction): Transaction {
  const nothing = () => Promise.resolve()
  return overlaid(tx, {
    massHolds: () => ({ ...tx.massHolds, save: nothing }),
    audit: () => ({ ...tx.audit, append: nothing }),
  })
}

/** More changes of one appointment than anybody reads. */
const mostHeard = 200

function heardIn(entries: readonly AuditEntry[]): Happened['heard'] {
  return entries
    .filter(({ action }) => action === 'appointment.changed' || action === 'appointment.modality-conflict')
    .map(({ at, action, detail }) => ({
      at,
      aspects: action === 'appointment.changed' ? String(detail?.aspects ?? '') : MODALITY_CONFLICT,
    }))
}

function named(appointment: Appointment, settings: Settings): AppointmentNamed {
  const { id, status, start, agenda, motif, holds } = appointment
  return {
    id,
    status,
    ...(start && { start }),
    zone: zoneOf(settings, appointment),
    ...(agenda && { agenda: agenda.key }),
    motif: motif?.key ?? NO_MOTIF,
    holds,
  }
}

function byHour(a: Explanation, b: Explanation): number {
  return a.dueAt.epochMilliseconds - b.dueAt.epochMilliseconds || (a.notificationId < b.notificationId ? -1 : 1)
}
