import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentStatus } from './appointment.ts'
import { isHeldByTraffic } from './circumstances.ts'
import { decide } from './decide.ts'
import type { GateInput } from './gates.ts'
import { isNotice } from './kind.ts'
import { isDropped } from './mass-hold.ts'
import type { Notification } from './notification.ts'
import { isPending, newsOf } from './notification.ts'
import type { Owing, Wanted } from './owed.ts'
import { earlier, idOf, owedTo } from './owed.ts'
import type { ChannelKind, Patient, PatientId } from './patient.ts'
import { HEARD_BEFORE, wasHeardBefore } from './rollout.ts'
import { agendaKeyOf, isSilent, motifOf } from './settings.ts'
import type { Facts, Told } from './told.ts'
import { factsOf, sameFacts } from './told.ts'

export interface PlanInput extends Owing {
  readonly patient?: Patient
  readonly told?: Told
  /** Who stands for the patient's household in the clinic's share; absent: the patient alone. */
  readonly household?: PatientId
  /** The patient cancelled and the EHR has not been told yet: for the patient it is off. */
  readonly cancelling: boolean
  /** Channels whose contact said STOP or opted out. */
  readonly optedOut: ReadonlySet<ChannelKind>
}

export interface Plan {
  /** New, revived, moved, withdrawn or expired notifications; what did not change is not among them. */
  readonly save: readonly Notification[]
  /** Present when the belief changes without a send. */
  readonly told?: Told
}

/** What is to be told of one appointment from now on, reconciled with what was planned before. Pure: the same truth plans the same. */
export function plan(asked: PlanInput): Plan {
  const facts = truthFor(asked.appointment, asked.cancelling)
  const left = leftInShadow(asked)
  const input = left.length > 0 ? withoutThem(asked, left, facts) : asked
  const told = believed(input, facts)
  const wanted = owedTo(input, facts, told).map((want) => ({ ...want, id: idOf(input.appointment, want) }))
  const save = [...left, ...fulfil(input, wanted, told), ...withdrawUnwanted(input, wanted, facts)]
  return { save, ...(told && told !== asked.told && { told }) }
}

type Named = Wanted & Pick<Notification, 'id'>

/** Notices that were still waiting when their patient came over to us: whoever told of visits until then has told it. A new word of the EHR is ours. */
function leftInShadow(input: PlanInput): Notification[] {
  const { settings, existing, changed, now } = input
  if (changed.length > 0) return []
  return existing.flatMap((each): Notification[] => {
    if (!isPending(each) || !wasHeardBefore(each, settings)) return []
    const decision = decide('plan', { ...decided(each, input, input.told), heardBefore: true })
    const isLive = decision.gates.some(({ name, reason }) => name === 'live' && reason === HEARD_BEFORE)
    return isLive ? [{ ...each, state: 'shadow', reason: HEARD_BEFORE, decision, changedAt: now }] : []
  })
}

/** The chart as it stands counts as told; what only somebody's absence had to be said of changes no belief. */
function withoutThem(input: PlanInput, left: readonly Notification[], facts: Facts): PlanInput {
  const settled = new Map(left.map((each) => [each.id, each]))
  const existing = input.existing.map((each) => settled.get(each.id) ?? each)
  const notice = left.find(({ kind }) => isNotice(kind))
  const { told, now } = input
  if (!notice || (told && sameFacts(told.facts, facts))) return { ...input, existing }
  return { ...input, existing, told: { facts, version: (told?.version ?? 0) + 1, by: newsOf(notice), at: now, assumed: HEARD_BEFORE } }
}

/** What is true for the patient: the EHR's word, less what the patient called off and we have still to bring. */
function truthFor(appointment: Appointment, cancelling: boolean): Facts {
  const facts = factsOf(appointment)
  return cancelling ? { ...facts, stands: false } : facts
}

/** Not yet an appointment that anybody could know of: the confirmation is still to come. */
const tentative: ReadonlySet<AppointmentStatus> = new Set(['proposed', 'pending', 'waitlist'])

/** Settings, imports and go-lives never cause a notice: the chart's present state counts as told (rules.md, Told; V2-ORD-6). */
function believed(input: PlanInput, facts: Facts): Told | undefined {
  const { appointment, settings, existing, told, cause, now } = input
  const isOnItsWay = existing.some((each) => isNotice(each.kind) && (isPending(each) || each.state === 'sending'))
  if (cause === 'ehr' || (cause === 'settings' && (told || isOnItsWay))) return told
  if (told ? sameFacts(told.facts, facts) : tentative.has(appointment.status)) return told
  const assumed = isSilent(motifOf(settings, appointment)) ? 'motif_silent' : cause
  return { facts, version: (told?.version ?? 0) + 1, by: cause, at: now, assumed }
}

/** Creates what is missing, revives what was withdrawn, moves what is due at another time; what has been said stays said. */
function fulfil(input: PlanInput, wanted: readonly Named[], told: Told | undefined): Notification[] {
  const { appointment, settings, existing, changed, now } = input
  const agendaKey = agendaKeyOf(settings, appointment)
  const byId = new Map(existing.map((notification) => [notification.id, notification]))
  return wanted.flatMap((want): Notification[] => {
    const { id } = want
    const before = byId.get(id)
    if (before && !isPending(before) && before.state !== 'withdrawn' && !isExpiredAhead(before, now)) return []
    if (before && isDropped(before) && changed.length === 0) return []
    const foreseen = foresee(
      {
        id,
        clinicId: appointment.clinicId,
        appointmentId: appointment.id,
        patientId: appointment.patientId ?? '',
        kind: want.kind,
        step: want.step,
        basis: want.basis,
        channel: want.channel,
        ...(agendaKey !== undefined && { agendaKey }),
        state: 'planned',
        dueAt: nextLookAt(before, want, input),
        notAfter: want.notAfter,
        attempts: before?.attempts ?? 0,
        plannedAt: before?.plannedAt ?? now,
        changedAt: now,
      },
      input,
      told,
    )
    const next = before && isHeldByTraffic(before) && foreseen.state === 'planned' ? { ...before, notAfter: want.notAfter } : foreseen
    return before && isUnchanged(before, next) ? [] : [next]
  })
}

/** It expired by a clock that was ahead, and in truth is still worth sending. */
function isExpiredAhead({ state, changedAt, notAfter }: Notification, now: Temporal.Instant): boolean {
  return state === 'expired' && Temporal.Instant.compare(changedAt, now) > 0 && Temporal.Instant.compare(now, notAfter) < 0
}

/**
 * When a notification is looked at next. A notice keeps its hour, or takes a sooner one when there is more to tell
 * (it may have become urgent); a reminder follows its step, and once that has passed, keeps the hour it was put off to.
 */
function nextLookAt(before: Notification | undefined, want: Wanted, { appointment, changed, now }: PlanInput): Temporal.Instant {
  if (!before || !isPending(before)) return want.dueAt
  if (before.state === 'held') return appointment.holds.length > 0 ? before.dueAt : want.dueAt
  if (isNotice(want.kind)) return changed.length > 0 ? earlier(before.dueAt, want.dueAt) : before.dueAt
  // due already, and merely not looked at yet: the hour that quiet hours had moved it to is not lost to the next morning
  const isDue = Temporal.Instant.compare(before.dueAt, now) <= 0
  const isPutOff = before.attempts > 0 || isDue || Temporal.Instant.compare(want.dueAt, now) <= 0
  return isPutOff ? before.dueAt : want.dueAt
}

function isUnchanged(before: Notification, after: Notification): boolean {
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
  const decision = decide('plan', decided(notification, input, told))
  const { outcome } = decision
  const state = outcome.kind === 'parked' || outcome.kind === 'held' ? outcome.kind : 'planned'
  return { ...notification, state, ...(outcome.kind !== 'send' && { reason: outcome.reason }), decision }
}

function decided(notification: Notification, input: PlanInput, told: Told | undefined): GateInput {
  const { appointment, patient, household, settings, optedOut, now } = input
  return {
    kind: notification.kind,
    channel: notification.channel,
    notAfter: notification.notAfter,
    appointment,
    ...(patient && { patient }),
    ...(household !== undefined && { household }),
    settings,
    ...(told && { told }),
    optedOut: optedOut.has(notification.channel),
    twinOfTold: told?.by === newsOf(notification),
    now,
  }
}

/** Withdraws what the truth no longer asks for; what nobody sent in time has expired (R10). */
function withdrawUnwanted({ existing, now }: PlanInput, wanted: readonly Named[], facts: Facts): Notification[] {
  const wantedIds = new Set(wanted.map(({ id }) => id))
  return existing
    .filter((notification) => isPending(notification) && notification.kind !== 'manual' && !wantedIds.has(notification.id))
    .map((notification): Notification => {
      if (Temporal.Instant.compare(now, notification.notAfter) > 0)
        return { ...notification, state: 'expired', reason: 'not_after', changedAt: now }
      return { ...notification, state: 'withdrawn', reason: facts.stands ? 'superseded' : 'appointment_off', changedAt: now }
    })
}
