import { Temporal } from 'temporal-polyfill'
import type { Appointment } from './appointment.ts'
import { confirmationBasis, isCancelled, isConfirmed } from './appointment.ts'
import type { Settings } from './settings.ts'
import { modalityOf, siteOf } from './settings.ts'
import type { Told } from './told.ts'
import { factsOf } from './told.ts'
import type { Window } from './window.ts'
import { arriveWindow, cancelWindow, confirmWindow, windowState } from './window.ts'
import type { WriteBack, WriteBackKind } from './write-back.ts'
import { isAnswerTo } from './write-back.ts'

/** What a patient can do from the page. `restore` undoes a cancellation that has not left yet. */
export type ReplyKind = 'confirm' | 'cancel' | 'restore' | 'arrive'

export interface ReplyInput {
  readonly kind: ReplyKind
  readonly appointment: Appointment
  readonly patientEhrId: string
  readonly settings: Settings
  readonly told?: Told
  readonly writeBacks: readonly WriteBack[]
  /** What the page that was answered showed (`confirmationBasis`). */
  readonly basis: string
  /** What this EHR accepts back (WB-6). */
  readonly writes: ReadonlySet<WriteBackKind>
  readonly now: Temporal.Instant
}

export type ReplyDecision =
  | { readonly kind: 'accepted'; readonly save: readonly WriteBack[]; readonly told?: Told }
  /** It had been said before: nothing to do, nothing wrong (O14). */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly reason: ReplyRefusal; readonly window?: Window }

export type ReplyRefusal = 'stale' | 'cancelled' | 'not_offered' | 'too_early' | 'too_late'

/** Decides on the server's clock, whatever the page had shown (rules.md section 3, end). */
export function decideReply(input: ReplyInput): ReplyDecision {
  const { kind, appointment, basis } = input
  if (basis !== confirmationBasis(appointment)) return refuse('stale')
  switch (kind) {
    case 'confirm':
      return confirm(input)
    case 'cancel':
      return cancel(input)
    case 'restore':
      return restore(input)
    case 'arrive':
      return arrive(input)
    default:
      return kind satisfies never
  }
}

/** Not yet final, or final and true: what the patient last answered to the appointment as it is. `writeBacks`: oldest answer first. */
export function liveWriteBack(writeBacks: readonly WriteBack[], kind: WriteBackKind, appointment: Appointment): WriteBack | undefined {
  return writeBacks.findLast(
    (each) =>
      each.kind === kind &&
      each.state !== 'withdrawn' &&
      each.state !== 'stale' &&
      each.state !== 'failed' &&
      isAnswerTo(each, appointment),
  )
}

/** The patient called it off and the EHR does not know yet. */
export function isCancelling(appointment: Appointment, writeBacks: readonly WriteBack[]): boolean {
  return isOnItsWay(appointment, writeBacks, 'cancel')
}

/** Answered, and still to be taken by the EHR. Once it took an answer, only the appointment tells whether it is still true: staff may have undone it since. */
export function isOnItsWay(appointment: Appointment, writeBacks: readonly WriteBack[], kind: WriteBackKind): boolean {
  const state = liveWriteBack(writeBacks, kind, appointment)?.state
  return state === 'queued' || state === 'sending'
}

const refuse = (reason: ReplyRefusal, window?: Window): ReplyDecision => ({ kind: 'refused', reason, ...(window && { window }) })

/** The first fault of an answer inside a window, or undefined. */
function faultOf(
  { appointment, writes, now }: ReplyInput,
  kind: WriteBackKind,
  offered: boolean,
  window: (start: Temporal.Instant) => Window,
): ReplyDecision | undefined {
  if (isCancelled(appointment)) return refuse('cancelled')
  if (!offered || !writes.has(kind) || !appointment.start || appointment.holds.length > 0) return refuse('not_offered')
  const span = window(appointment.start)
  const state = windowState(span, now)
  if (state === 'open') return undefined
  return refuse(state === 'before' ? 'too_early' : 'too_late', span)
}

/** O14. */
function confirm(input: ReplyInput): ReplyDecision {
  const { appointment, writeBacks } = input
  if (isCancelling(appointment, writeBacks)) return refuse('cancelled')
  const fault = faultOf(input, 'confirm', appointment.status === 'booked', confirmWindow)
  if (fault) return fault
  if (isConfirmed(appointment) || isOnItsWay(appointment, writeBacks, 'confirm')) return { kind: 'repeated' }
  return { kind: 'accepted', save: [newWriteBack(input, 'confirm', input.now)] }
}

/** O5, O12: waits for its undo window; an answer that has not left yet is overtaken (WB-2). */
function cancel(input: ReplyInput): ReplyDecision {
  const { appointment, settings, writeBacks, told, now } = input
  const mine = liveWriteBack(writeBacks, 'cancel', appointment)
  if (mine && (isCancelled(appointment) || isCancelling(appointment, writeBacks))) return { kind: 'repeated' }
  const fault = faultOf(
    input,
    'cancel',
    appointment.status === 'booked' && siteOf(settings, appointment)?.patientMayCancel === true,
    cancelWindow,
  )
  if (fault) return fault
  const overtaken = writeBacks
    .filter((each) => each.state === 'queued' && each.kind !== 'answers')
    .map((each) => ({ ...each, state: 'withdrawn' as const, reason: 'overtaken' }))
  const save = [...overtaken, newWriteBack(input, 'cancel', now.add(settings.cancelUndo))]
  return { kind: 'accepted', save, told: knows(input, told, false, 'cancel') }
}

/** Only while nothing has left for the EHR. */
function restore(input: ReplyInput): ReplyDecision {
  const { appointment, writeBacks, told, now } = input
  const cancelled = liveWriteBack(writeBacks, 'cancel', appointment)
  if (isCancelled(appointment)) return refuse(cancelled ? 'too_late' : 'cancelled')
  if (!cancelled || !isCancelling(appointment, writeBacks)) return { kind: 'repeated' }
  if (undoUntil(appointment, writeBacks, now) === undefined) return refuse('too_late')
  const save = openCancels(appointment, writeBacks).map((each) => ({ ...each, state: 'withdrawn' as const, reason: 'restored' }))
  return { kind: 'accepted', save, told: knows(input, told, true, 'restore') }
}

/** Given to the appointment as it is, and not with the EHR yet. */
function openCancels(appointment: Appointment, writeBacks: readonly WriteBack[]): readonly WriteBack[] {
  const isOpen = ({ kind, state }: WriteBack) => kind === 'cancel' && (state === 'queued' || state === 'sending')
  return writeBacks.filter((each) => isOpen(each) && isAnswerTo(each, appointment))
}

/** Until when the patient's cancellation can be taken back: while all of it is still here. Undefined: there is none, or no longer. */
export function undoUntil(appointment: Appointment, writeBacks: readonly WriteBack[], now: Temporal.Instant): Temporal.Instant | undefined {
  const open = openCancels(appointment, writeBacks)
  if (!isCancelling(appointment, writeBacks)) return undefined
  if (open.some(({ state, dueAt }) => state === 'sending' || Temporal.Instant.compare(now, dueAt) >= 0)) return undefined
  return open.map(({ dueAt }) => dueAt).reduce((first, each) => (Temporal.Instant.compare(each, first) < 0 ? each : first))
}

/** O5, O17: on site only. */
function arrive(input: ReplyInput): ReplyDecision {
  const { appointment, settings, writeBacks } = input
  if (appointment.status === 'arrived' || appointment.status === 'checked-in') return { kind: 'repeated' }
  if (isOnItsWay(appointment, writeBacks, 'arrive')) return { kind: 'repeated' }
  if (isCancelling(appointment, writeBacks)) return refuse('cancelled')
  const offered =
    appointment.status === 'booked' &&
    modalityOf(settings, appointment) === 'onsite' &&
    siteOf(settings, appointment)?.patientMayArrive === true
  return faultOf(input, 'arrive', offered, arriveWindow) ?? { kind: 'accepted', save: [newWriteBack(input, 'arrive', input.now)] }
}

/** What they did themselves, they know: no notice of it comes back to them. */
function knows({ appointment, now }: ReplyInput, told: Told | undefined, stands: boolean, by: 'cancel' | 'restore'): Told {
  return { facts: { ...factsOf(appointment), stands }, version: (told?.version ?? 0) + 1, by: `patient:${by}`, at: now }
}

function newWriteBack({ appointment, patientEhrId, now }: ReplyInput, kind: WriteBackKind, dueAt: Temporal.Instant): WriteBack {
  return {
    id: `${appointment.id}:${kind}:${appointment.revision}:${now.epochMilliseconds}`,
    appointmentId: appointment.id,
    connectorId: appointment.connectorId,
    ehrId: appointment.ehrId,
    patientEhrId,
    kind,
    start: appointment.start ?? now,
    basis: confirmationBasis(appointment),
    answeredAt: now,
    dueAt,
    state: 'queued',
    attempts: 0,
    nextTryAt: dueAt,
  }
}
