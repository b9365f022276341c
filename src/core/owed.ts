import { Temporal } from 'temporal-polyfill'
import type { Appointment, Aspect } from './appointment.ts'
import { isExcused, isUpcoming } from './appointment.ts'
import type { CadenceStep } from './cadence.ts'
import { isFallback } from './fallback.ts'
import type { NotificationKind } from './kind.ts'
import { isNotice } from './kind.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf, notificationId } from './notification.ts'
import type { ChannelKind } from './patient.ts'
import type { Settings } from './settings.ts'
import { isSilent, motifOf, zoneOf } from './settings.ts'
import { nextWorkingMorning, outsideQuiet, stepDueAt } from './timing.ts'
import type { Facts, Told } from './told.ts'
import { basisOf, sameFacts } from './told.ts'
import { toIsoText } from './wall-clock.ts'

export interface Owing {
  readonly appointment: Appointment
  readonly settings: Settings
  /** Planned before, in any state. */
  readonly existing: readonly Notification[]
  /** What the EHR just changed. */
  readonly changed: readonly Aspect[]
  /**
   * `ehr`: the appointment changed, or something of ours did. `settings`, `import`, `late` (V2-ORD-6): no notice comes of it (rules.md, Told);
   * what is already on its way when the settings change is decided at its send (D9).
   */
  readonly cause: 'ehr' | 'settings' | 'import' | 'late'
  /** O8: how long this EHR's cancellations wait for a rebooking. */
  readonly cancelDebounce: Temporal.Duration
  /** V2-ORD-4: it may be about to take the place of another one: its confirmation waits as that one's cancellation would. */
  readonly mayBeMove?: boolean
  readonly now: Temporal.Instant
}

/** One thing to tell by one channel, before it is a notification. */
export interface Wanted {
  readonly kind: NotificationKind
  readonly step: string
  readonly basis: string
  readonly channel: ChannelKind
  readonly dueAt: Temporal.Instant
  readonly notAfter: Temporal.Instant
}

export function idOf(appointment: Appointment, wanted: Wanted): string {
  const { kind, step, basis, channel } = wanted
  return notificationId({ appointmentId: appointment.id, kind, step, basis, channel, patientId: appointment.patientId ?? '' })
}

/** What the patient must be told, given what is true (`facts`) and what they were told; nothing for an appointment without a patient, or whose booking nobody sent (V2-ID-5). */
export function owedTo(input: Owing, facts: Facts, told: Told | undefined): Wanted[] {
  if (input.appointment.patientId === undefined || input.appointment.tombstone) return []
  const owed = [...notices(input, facts, told), ...twins(input, facts, told), ...reminders(input, facts), ...missed(input)]
  return [...owed, ...fallbacks(input, facts, owed)]
}

function noticeChannels(kind: NotificationKind, { cadence }: Settings): readonly ChannelKind[] {
  if (kind === 'confirmation') return cadence.confirmation
  return kind === 'cancellation' ? cadence.cancellation : cadence.change
}

const noTime = Temporal.Duration.from({ seconds: 0 })
const day = Temporal.Duration.from({ hours: 24 })

/** Where the EHR gives no start, a notice is worth sending this long. */
const withoutStart = Temporal.Duration.from({ hours: 72 })

function notices(input: Owing, facts: Facts, told: Told | undefined): Wanted[] {
  const { appointment, settings, cause, mayBeMove, now } = input
  const kind = noticeKind(input, facts, told)
  const start = (kind === 'cancellation' ? comingAt(told) : undefined) ?? appointment.start ?? told?.facts.start
  if (!kind || (start && Temporal.Instant.compare(start, now) <= 0)) return []
  const notAfter = start ?? now.add(withoutStart)
  const waits = kind === 'cancellation' || (kind === 'confirmation' && mayBeMove)
  const dueAt = waits ? now.add(cancellationWait(input, start)) : afterGrace(start, settings, now)
  const wanted = noticeChannels(kind, settings).map((channel) => ({ kind, step: 'notice', basis: basisOf(told), channel, dueAt, notAfter }))
  return cause === 'ehr' ? wanted : wanted.filter((want) => isWaiting(input, want))
}

/** When somebody who was told nothing else would come: an EHR may cancel and change the hour in one breath. */
function comingAt(told: Told | undefined): Temporal.Instant | undefined {
  return told?.facts.stands ? told.facts.start : undefined
}

/** O8: no change waits for its contrary until the visit has begun. */
function afterGrace(start: Temporal.Instant | undefined, { grace }: Settings, now: Temporal.Instant): Temporal.Instant {
  const at = now.add(grace)
  return start && Temporal.Instant.compare(at, start) >= 0 ? now : at
}

/** O8: a cancellation waits for the EHR's rebooking, but never when the start is within 24 h. */
function cancellationWait({ settings, cancelDebounce, now }: Owing, start: Temporal.Instant | undefined): Temporal.Duration {
  if (start && Temporal.Instant.compare(start, now.add(day)) <= 0) return noTime
  return Temporal.Duration.compare(settings.grace, cancelDebounce) >= 0 ? settings.grace : cancelDebounce
}

/** O8, O13 and the belief model: what differs from what the patient was last told, and how it is called. */
function noticeKind(input: Owing, facts: Facts, told: Told | undefined): NotificationKind | undefined {
  const { appointment, existing } = input
  if (isExcused(appointment)) return undefined
  const isConfirming = existing.some((each) => each.kind === 'confirmation' && each.basis === basisOf(told) && isPending(each))
  // a status set before the send parks the confirmation, which then shares its fate with the reminders (D28)
  const canConfirm = facts.stands && (isUpcoming(appointment) || isConfirming)
  if (!told) return canConfirm ? 'confirmation' : undefined
  if (canConfirm && (isConfirming || hasBecomeNotifiable(input, told))) return 'confirmation'
  if (sameFacts(told.facts, facts)) return undefined
  if (!facts.stands) return 'cancellation'
  return told.facts.stands ? 'change' : 'correction'
}

/** O8: the type was changed in the EHR from one that says nothing, which is why nothing was said. */
function hasBecomeNotifiable({ appointment, settings, changed }: Owing, told: Told): boolean {
  const wasSilent = told.assumed === 'motif_silent' || told.assumed === 'motif_off'
  return wasSilent && changed.includes('motif') && !isSilent(motifOf(settings, appointment))
}

/** The news that one channel has told and that another has still to tell, as long as it is true. */
function twins({ existing }: Owing, facts: Facts, told: Told | undefined): Wanted[] {
  if (!told || !sameFacts(told.facts, facts)) return []
  return existing.filter((each) => isNotice(each.kind) && newsOf(each) === told.by && (isPending(each) || each.state === 'withdrawn'))
}

/** The cadence's steps still ahead. One whose time had passed at the booking or the move is folded into that notice (O15). */
function reminders(input: Owing, facts: Facts): Wanted[] {
  const { appointment, settings, now } = input
  const { start } = appointment
  const stands = facts.stands || isExcused(appointment)
  if (!start || !stands || Temporal.Instant.compare(start, now) <= 0) return []
  const zone = zoneOf(settings, appointment)
  const basis = toIsoText(start)
  return settings.cadence.steps.flatMap((step) => {
    if (!isFor(step, appointment, start, zone)) return []
    const planned = plannedAt(step, appointment, start, zone)
    const notAfter = start.subtract(step.notAfter)
    if (Temporal.Instant.compare(planned, notAfter) > 0) return []
    return step.channels.flatMap((channel): Wanted[] => {
      const awake = channel === 'email' || step.quietHours === 'ignore' ? planned : outsideQuiet(planned, now, zone, settings.quietHours)
      const want = { kind: step.kind, step: step.name, basis, channel, dueAt: earlier(awake, notAfter), notAfter }
      return Temporal.Instant.compare(planned, now) > 0 || isWaiting(input, want) ? [want] : []
    })
  })
}

/** What went by another channel after the first had failed, while it is still true: of a reminder the start, of a notice that it is still owed. */
function fallbacks({ appointment, settings, existing, now }: Owing, facts: Facts, owed: readonly Wanted[]): Wanted[] {
  const { start } = appointment
  const isAhead = facts.stands && start !== undefined && Temporal.Instant.compare(start, now) > 0
  const isTrue = (each: Notification) =>
    isNotice(each.kind) ? owed.some((want) => newsOf(want) === newsOf(each)) : isAhead && each.basis === toIsoText(start)
  const isOwed = (each: Notification) => owed.some((want) => want.channel === each.channel && newsOf(want) === newsOf(each))
  return existing.filter((each) => isFallback(each, existing, settings) && isTrue(each) && !isOwed(each))
}

/** When a step would leave, quiet hours left aside. */
export function plannedAt({ when }: CadenceStep, { firstSeenAt }: Appointment, start: Temporal.Instant, zone: string): Temporal.Instant {
  return 'afterBooking' in when ? firstSeenAt.add(when.afterBooking) : stepDueAt(when, start, zone)
}

/** Whether the step is of an appointment booked then. */
export function isFor({ booked }: CadenceStep, { firstSeenAt }: Appointment, start: Temporal.Instant, zone: string): boolean {
  if (!booked) return true
  const { atLeast, lessThan, after } = booked
  const isSooner = (limit: Temporal.Duration) => Temporal.Instant.compare(firstSeenAt.add(limit), start) > 0
  if (atLeast && isSooner(atLeast)) return false
  if (lessThan && !isSooner(lessThan)) return false
  return !after || Temporal.Instant.compare(firstSeenAt, stepDueAt(after, start, zone)) >= 0
}

/** Whoever is marked as missing later than this after the visit is not written to: somebody tidies up the chart. */
const longestAfter = Temporal.Duration.from({ hours: 7 * 24 })

/** Section 4: once for each start, at the first word that the patient did not come; unsaid before it leaves, it is withdrawn (D28). */
function missed(input: Owing): Wanted[] {
  const { appointment, settings, existing, changed, cause, now } = input
  const { start, status } = appointment
  if (!settings.noShow || status !== 'noshow' || !start || Temporal.Instant.compare(start.add(longestAfter), now) < 0) return []
  const dueAt = nextWorkingMorning(start, now, settings.noShow.at, zoneOf(settings, appointment))
  return settings.cadence.change.flatMap((channel): Wanted[] => {
    const want = { kind: 'no_show', step: 'notice', basis: toIsoText(start), channel, dueAt, notAfter: dueAt.add(day) } as const
    const id = idOf(appointment, want)
    const before = existing.find((each) => each.id === id)
    if (before && isPending(before)) return [{ ...want, dueAt: before.dueAt, notAfter: before.notAfter }]
    return cause === 'ehr' && changed.includes('status') ? [want] : []
  })
}

function isWaiting({ appointment, existing }: Owing, wanted: Wanted): boolean {
  const id = idOf(appointment, wanted)
  return existing.some((notification) => notification.id === id && isPending(notification))
}

export function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b
}
