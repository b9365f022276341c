import { Temporal } from 'temporal-polyfill'
import type { Appointment, Aspect } from './appointment.ts'
import { isCancelled, isUpcoming } from './appointment.ts'
import { decide } from './decide.ts'
import type { NotificationKind } from './kind.ts'
import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf, notificationId } from './notification.ts'
import type { ChannelKind, Patient } from './patient.ts'
import type { Settings } from './settings.ts'
import { motifOf, zoneOf } from './settings.ts'
import { outsideQuiet, stepDueAt } from './timing.ts'
import type { Facts, Told } from './told.ts'
import { factsOf, sameFacts } from './told.ts'

export interface PlanInput {
  readonly appointment: Appointment
  readonly patient?: Patient
  readonly settings: Settings
  readonly told?: Told
  /** Planned before, in any state. */
  readonly existing: readonly Notification[]
  /** What the EHR just changed. */
  readonly changed: readonly Aspect[]
  /** The patient cancelled and the EHR has not been told yet: for the patient it is off. */
  readonly cancelling: boolean
  /** `ehr`: the appointment changed. `settings`, `import`: the present state counts as told, only reminders ahead are planned (Told). */
  readonly cause: 'ehr' | 'settings' | 'import'
  /** Channels whose contact said STOP or opted out. */
  readonly optedOut: ReadonlySet<ChannelKind>
  /** O8: how long this EHR's cancellations wait for a rebooking. */
  readonly cancelDebounce: Temporal.Duration
  readonly now: Temporal.Instant
}

export interface Plan {
  /** New, revived, moved or withdrawn notifications; what did not change is not among them. */
  readonly save: readonly Notification[]
  /** Present when the belief changes without a send. */
  readonly told?: Told
}

interface Wanted {
  readonly kind: NotificationKind
  readonly step: string
  readonly basis: string
  readonly channel: ChannelKind
  readonly dueAt: Temporal.Instant
  readonly notAfter: Temporal.Instant
}

const noticeChannels: readonly ChannelKind[] = ['email', 'sms']

/** What is to be told of one appointment from now on, reconciled with what was planned before. Pure: the same truth plans the same. */
export function plan(input: PlanInput): Plan {
  const told = input.told ?? countAsTold(input)
  const facts = truthFor(input.appointment, input.cancelling)
  const wanted = input.appointment.patientId === undefined ? [] : [...wantedNotices(input, facts, told), ...wantedReminders(input, facts)]
  const save = [...fulfil(input, wanted, told), ...withdrawUnwanted(input, wanted, facts, told)]
  return { save, ...(told && told !== input.told && { told }) }
}

/** What is true for the patient: the EHR's word, less what the patient called off and we have still to bring. */
function truthFor(appointment: Appointment, cancelling: boolean): Facts {
  const facts = factsOf(appointment)
  return cancelling ? { ...facts, stands: false } : facts
}

/** Settings, imports and go-lives never cause a notice: the chart's present state counts as told (rules.md, Told). */
function countAsTold({ appointment, cause, now }: PlanInput): Told | undefined {
  return cause === 'ehr' ? undefined : { facts: factsOf(appointment), version: 1, by: cause, at: now, assumed: cause }
}

function wantedNotices(input: PlanInput, facts: Facts, told: Told | undefined): Wanted[] {
  const { appointment, settings, now } = input
  const kind = noticeKind(input, facts, told)
  const start = appointment.start ?? told?.facts.start
  if (!kind || (start && Temporal.Instant.compare(start, now) <= 0)) return []
  const notAfter = start ?? now.add({ hours: 72 })
  const dueAt = now.add(kind === 'cancellation' ? cancellationWait(input, start) : settings.grace)
  return noticeChannels.map((channel) => ({ kind, step: 'notice', basis: String(told?.version ?? 0), channel, dueAt, notAfter }))
}

/** O8: a cancellation waits for the EHR's rebooking, but never when the start is within 24 h. */
function cancellationWait({ settings, cancelDebounce, now }: PlanInput, start: Temporal.Instant | undefined): Temporal.Duration {
  if (start && Temporal.Instant.compare(start, now.add({ hours: 24 })) <= 0) return Temporal.Duration.from({ seconds: 0 })
  return Temporal.Duration.compare(settings.grace, cancelDebounce) >= 0 ? settings.grace : cancelDebounce
}

/** O8, O13 and the belief model: what differs from what the patient was last told, and how it is called. */
function noticeKind(
  { appointment, settings, changed, cause }: PlanInput,
  facts: Facts,
  told: Told | undefined,
): NotificationKind | undefined {
  if (cause !== 'ehr') return undefined
  if (!told) return facts.stands && isUpcoming(appointment) ? 'confirmation' : undefined
  if (sameFacts(told.facts, facts)) {
    const becameNotifiable = told.assumed !== undefined && changed.includes('motif') && motifOf(settings, appointment).notify
    return becameNotifiable && facts.stands && isUpcoming(appointment) ? 'confirmation' : undefined
  }
  if (!facts.stands) return 'cancellation'
  return told.facts.stands ? 'change' : 'correction'
}

/** The cadence's steps still ahead. One whose time had passed at the booking or the move is folded into that notice (O15). */
function wantedReminders({ appointment, settings, existing, now }: PlanInput, facts: Facts): Wanted[] {
  const { start } = appointment
  if (!start || !facts.stands || isCancelled(appointment) || Temporal.Instant.compare(start, now) <= 0) return []
  const zone = zoneOf(settings, appointment)
  const basis = start.toString()
  return settings.cadence.flatMap((step) =>
    step.channels.flatMap((channel): Wanted[] => {
      const planned = stepDueAt(step.when, start, zone)
      const dueAt = channel === 'email' ? planned : outsideQuiet(planned, now, zone, settings.quietHours)
      const notAfter = start.subtract(step.notAfter)
      const wanted = { kind: step.kind, step: step.name, basis, channel, dueAt, notAfter }
      const waiting = existing.some((notification) => isPending(notification) && notification.id === idOf(appointment, wanted))
      return waiting || Temporal.Instant.compare(planned, now) > 0 ? [wanted] : []
    }),
  )
}

function idOf(appointment: Appointment, wanted: Wanted): string {
  return notificationId({ ...wanted, appointmentId: appointment.id, patientId: appointment.patientId ?? '' })
}

/** Creates what is missing, revives what was withdrawn, moves what is due at another time; what has been said stays said. */
function fulfil(input: PlanInput, wanted: readonly Wanted[], told: Told | undefined): Notification[] {
  const { appointment, existing, now } = input
  const byId = new Map(existing.map((notification) => [notification.id, notification]))
  return wanted.flatMap((want): Notification[] => {
    const id = idOf(appointment, want)
    const before = byId.get(id)
    if (before && !isPending(before) && before.state !== 'withdrawn') return []
    const keepsTime = before !== undefined && isPending(before) && (isNotice(want.kind) || before.attempts > 0) && before.state !== 'held'
    const notification: Notification = {
      id,
      clinicId: appointment.clinicId,
      appointmentId: appointment.id,
      patientId: appointment.patientId ?? '',
      kind: want.kind,
      step: want.step,
      basis: want.basis,
      channel: want.channel,
      state: 'planned',
      dueAt: keepsTime ? before.dueAt : want.dueAt,
      notAfter: want.notAfter,
      attempts: before?.attempts ?? 0,
      plannedAt: before?.plannedAt ?? now,
      changedAt: now,
    }
    const foreseen = foresee(notification, input, told)
    return before && unchanged(before, foreseen) ? [] : [foreseen]
  })
}

function unchanged(before: Notification, after: Notification): boolean {
  return (
    before.state === after.state &&
    before.reason === after.reason &&
    before.dueAt.equals(after.dueAt) &&
    before.notAfter.equals(after.notAfter) &&
    before.decision?.settingsVersion === after.decision?.settingsVersion
  )
}

/** The decision as it would be taken now: shown to staff, and asked again at the send. */
function foresee(notification: Notification, input: PlanInput, told: Told | undefined): Notification {
  const { appointment, patient, settings, optedOut, now } = input
  const decision = decide('plan', {
    kind: notification.kind,
    channel: notification.channel,
    notAfter: notification.notAfter,
    appointment,
    ...(patient && { patient }),
    settings,
    ...(told && { told }),
    optedOut: optedOut.has(notification.channel),
    twinOfTold: told?.by === newsOf(notification),
    now,
  })
  const { outcome } = decision
  const state = outcome.kind === 'parked' || outcome.kind === 'held' ? outcome.kind : 'planned'
  return { ...notification, state, ...(outcome.kind !== 'send' && { reason: outcome.reason }), decision }
}

/** Withdraws what the truth no longer asks for; the same news still to leave by another channel is kept (`twinOfTold`). */
function withdrawUnwanted(
  { appointment, existing, now }: PlanInput,
  wanted: readonly Wanted[],
  facts: Facts,
  told: Told | undefined,
): Notification[] {
  const wantedIds = new Set(wanted.map((want) => idOf(appointment, want)))
  const reason = facts.stands ? 'superseded' : 'appointment_off'
  return existing
    .filter((notification) => isPending(notification) && notification.kind !== 'manual' && !wantedIds.has(notification.id))
    .filter((notification) => !(told && told.by === newsOf(notification) && sameFacts(told.facts, facts)))
    .map((notification) => ({ ...notification, state: 'withdrawn' as const, reason, changedAt: now }))
}
