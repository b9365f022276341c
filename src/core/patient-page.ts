import { Temporal } from 'temporal-polyfill'
import type { Appointment, Modality } from './appointment.ts'
import { confirmationBasis, isCancelled, isConfirmed } from './appointment.ts'
import type { AppointmentShown, ClinicShown } from './appointment-shown.ts'
import { showAppointment, showClinic } from './appointment-shown.ts'
import { isSameDay } from './local-time.ts'
import type { Patient } from './patient.ts'
import type { AskedFor } from './questionnaire/asked.ts'
import { questionnaireLeft } from './questionnaire/asked.ts'
import { liveWriteBack, undoUntil } from './reply.ts'
import type { Settings } from './settings.ts'
import { modalityOf, siteOf, zoneOf } from './settings.ts'
import type { FactName, Facts, Told } from './told.ts'
import { changedFacts, factsOf } from './told.ts'
import { arriveWindow, cancelWindow, confirmState, confirmWindow, windowState } from './window.ts'
import { oneLine } from './words/typography.ts'
import type { WriteBack, WriteBackKind } from './write-back.ts'
import { isAnswerTo } from './write-back.ts'

export interface PatientPageInput {
  readonly appointment: Appointment
  /** Whom the link was made for. */
  readonly patient: Patient
  readonly settings: Settings
  /** What the patient was last told; used where `shown` is not known. */
  readonly told?: Told
  /** What the message that carried the link said. */
  readonly shown?: Facts
  readonly writeBacks: readonly WriteBack[]
  /** What this EHR accepts back: nothing is offered that could not be brought to it (WB-6). */
  readonly writes: ReadonlySet<WriteBackKind>
  readonly now: Temporal.Instant
  /** `cancel`: the first of its two steps was taken. */
  readonly step?: 'cancel'
}

/** What a patient may see at this instant (design.md, state by state). Read anew at each GET; a POST is decided by `decideReply`. */
export type PatientPage = HeldPage | AppointmentPage

/** Nothing of the appointment is shown: its time, or whose it is, awaits a person of the clinic. */
export interface HeldPage {
  readonly state: 'held'
  readonly clinic: ClinicShown
}

export type AppointmentPage = Common & Situation

interface Common {
  readonly clinic: ClinicShown
  readonly now: Temporal.Instant
  readonly appointment: AppointmentShown
  /** Its time, place and modality are confirmed. */
  readonly confirmed: boolean
  readonly mayConfirm: boolean
  readonly mayCancel: boolean
  /** While it may be cancelled: until when. */
  readonly cancelUntil?: Temporal.Instant
  /** Where the clinic allows it, but no longer: since when. */
  readonly cancelClosedAt?: Temporal.Instant
  /** Where the clinic allows it, and not yet: from when the patient may say to be there. */
  readonly arrivalOpensAt?: Temporal.Instant
  /** The last answer could not be brought to the EHR. */
  readonly answerFailed: boolean
  /** What is still to be filled in before the visit (O16). */
  readonly questionnaire?: AskedFor
}

/** Of an answer: `clinicKnows` once the EHR took it, or says so itself; before, `tellAt` is when it is told, where that is not at once. */
export interface Heard {
  readonly clinicKnows: boolean
  readonly tellAt?: Temporal.Instant
}

/** In the order in which they are looked for. */
export type Situation =
  | { readonly state: 'cancelled-by-clinic' }
  /** Until `undoUntil` it can be restored. */
  | ({ readonly state: 'cancelled-by-patient'; readonly undoUntil?: Temporal.Instant } & Heard)
  | ({ readonly state: 'arrived'; readonly waitingRoom?: string } & Heard)
  | { readonly state: 'past' }
  | { readonly state: 'arrival-open'; readonly opensAt: Temporal.Instant; readonly closesAt: Temporal.Instant }
  /** It has begun, and not on site: the call, the visit or the video may still be to come. */
  | { readonly state: 'under-way' }
  | { readonly state: 'cancel-step-two' }
  /** `answered`: the patient had answered what is no longer true. */
  | {
      readonly state: 'moved'
      readonly before: Facts
      readonly changed: readonly FactName[]
      readonly answered: boolean
      readonly confirmFrom?: Temporal.Instant
    }
  | { readonly state: 'confirmable' }
  | ({ readonly state: 'confirmed' } & Heard)
  | { readonly state: 'before-window'; readonly opensAt: Temporal.Instant }
  /** It stands, and this clinic takes no confirmation online. */
  | { readonly state: 'upcoming' }

export function patientPage(input: PatientPageInput): PatientPage {
  const { appointment, patient, settings, now } = input
  const clinic = showClinic(settings)
  const { start } = appointment
  if (!start || appointment.holds.length > 0 || appointment.patientId !== patient.id || isUnclear(appointment))
    return { state: 'held', clinic }
  const known: Known = { ...input, start, modality: modalityOf(settings, appointment) }
  const offered = offeredOf(known)
  const questionnaire = questionnaireLeft(settings, patient, known)
  return {
    clinic,
    now,
    appointment: showAppointment(known),
    answerFailed: hasFailed(known),
    ...(questionnaire && { questionnaire }),
    ...offered,
    ...situationOf(known, offered),
  }
}

interface Known extends PatientPageInput {
  readonly start: Temporal.Instant
  readonly modality: Modality
}

type Offered = Pick<Common, 'confirmed' | 'mayConfirm' | 'mayCancel' | 'cancelUntil' | 'cancelClosedAt' | 'arrivalOpensAt'>

/** Statuses of which nobody knows what the patient should do. */
function isUnclear({ status }: Appointment): boolean {
  return status === 'unknown' || status === 'proposed' || status === 'pending' || status === 'waitlist'
}

function situationOf(known: Known, offered: Offered): Situation {
  const { appointment, settings, now, start } = known
  const off = offOf(known)
  if (off) return off
  const zone = zoneOf(settings, appointment)
  const waitingRoom = oneLine(siteOf(settings, appointment)?.waitingRoom ?? '')
  if (hasArrived(known) && isSameDay(now, start, zone))
    return { state: 'arrived', ...heardOf(known, 'arrive', isHere(appointment)), ...(waitingRoom && { waitingRoom }) }
  if (appointment.status !== 'booked') return { state: 'past' }
  const window = arriveWindow(start)
  if (mayArrive(known) && windowState(window, now) === 'open') return { state: 'arrival-open', ...window }
  if (Temporal.Instant.compare(now, start) >= 0) return { state: isUnderWay(known) ? 'under-way' : 'past' }
  if (known.step === 'cancel' && offered.mayCancel) return { state: 'cancel-step-two' }
  return movedOf(known, offered) ?? answerOf(known, offered)
}

/** Off for the EHR, or by an answer that the EHR has not taken yet. */
function offOf(known: Known): Situation | undefined {
  const { appointment, writeBacks, now } = known
  const cancel = liveWriteBack(writeBacks, 'cancel', appointment)
  if (!isCancelled(appointment)) {
    if (!cancel || !isOnItsWay(cancel)) return undefined
    const until = undoUntil(appointment, known.writeBacks, now)
    return { state: 'cancelled-by-patient', ...heardOf(known, 'cancel', false), ...(until && { undoUntil: until }) }
  }
  return cancel ? { state: 'cancelled-by-patient', clinicKnows: true } : { state: 'cancelled-by-clinic' }
}

/** Told something else than what is true; an answer to the truth settles it. */
function movedOf({ appointment, told, shown, writeBacks, writes, start }: Known, offered: Offered): Situation | undefined {
  const before = shown ?? told?.facts
  if (!before || offered.confirmed) return undefined
  const changed = changedFacts(before, factsOf(appointment)).filter(
    (fact) => fact !== 'modality' || before.modality !== appointment.modality,
  )
  if (before.stands && changed.length === 0) return undefined
  const { confirmation } = appointment
  const answered =
    (confirmation?.by === 'patient' && confirmation.basis !== confirmationBasis(appointment)) ||
    writeBacks.some((each) => each.kind !== 'answers' && !isAnswerTo(each, appointment))
  const tooEarly = writes.has('confirm') && !offered.mayConfirm
  return { state: 'moved', before, changed, answered, ...(tooEarly && { confirmFrom: confirmWindow(start).opensAt }) }
}

function answerOf(known: Known, offered: Offered): Situation {
  const { appointment, writes, start } = known
  if (offered.confirmed) return { state: 'confirmed', ...heardOf(known, 'confirm', isConfirmed(appointment)) }
  if (offered.mayConfirm) return { state: 'confirmable' }
  return writes.has('confirm') ? { state: 'before-window', opensAt: confirmWindow(start).opensAt } : { state: 'upcoming' }
}

function offeredOf(known: Known): Offered {
  const { appointment, settings, writeBacks, writes, start, now } = known
  const booked = appointment.status === 'booked'
  const confirm = liveWriteBack(writeBacks, 'confirm', appointment)
  const confirmed = isConfirmed(appointment) || (confirm !== undefined && isOnItsWay(confirm))
  const mayConfirm = booked && !confirmed && writes.has('confirm') && confirmState(start, now) === 'open'
  const cancelling = booked && writes.has('cancel') && siteOf(settings, appointment)?.patientMayCancel === true
  const { closesAt } = cancelWindow(start)
  const mayCancel = cancelling && windowState(cancelWindow(start), now) === 'open'
  const arrival = arriveWindow(start)
  return {
    confirmed,
    mayConfirm,
    mayCancel,
    ...(mayCancel && { cancelUntil: closesAt }),
    ...(cancelling && !mayCancel && { cancelClosedAt: closesAt }),
    ...(mayArrive(known) && windowState(arrival, now) === 'before' && { arrivalOpensAt: arrival.opensAt }),
  }
}

/** O5, O17. */
function mayArrive({ appointment, settings, modality, writes }: Known): boolean {
  return (
    appointment.status === 'booked' &&
    modality === 'onsite' &&
    writes.has('arrive') &&
    siteOf(settings, appointment)?.patientMayArrive === true
  )
}

function hasArrived({ appointment, writeBacks }: Known): boolean {
  const arrive = liveWriteBack(writeBacks, 'arrive', appointment)
  return isHere(appointment) || (arrive !== undefined && isOnItsWay(arrive))
}

function isHere({ status }: Appointment): boolean {
  return status === 'arrived' || status === 'checked-in'
}

/** Sooner than this is at once: nobody is told a time that has passed while they read it. */
const soon = Temporal.Duration.from({ minutes: 1 })

function heardOf({ appointment, writeBacks, now }: Known, kind: WriteBackKind, clinicKnows: boolean): Heard {
  const waiting = clinicKnows ? undefined : liveWriteBack(writeBacks, kind, appointment)
  const waits = waiting?.state === 'queued' && Temporal.Instant.compare(waiting.nextTryAt, now.add(soon)) >= 0
  return { clinicKnows, ...(waits && { tellAt: waiting.nextTryAt }) }
}

/** A late call or visitor is still awaited, a video still joined: until its end, or for an hour where none is known. */
function isUnderWay({ appointment, modality, start, now }: Known): boolean {
  if (modality !== 'video' && modality !== 'phone' && modality !== 'home') return false
  return Temporal.Instant.compare(now, appointment.end ?? start.add({ hours: 1 })) < 0
}

/** Answered, and the EHR does not know yet; once it does, its own word is in the appointment. */
function isOnItsWay({ state }: WriteBack): boolean {
  return state === 'queued' || state === 'sending'
}

function hasFailed({ writeBacks, start }: Known): boolean {
  return writeBacks.filter((each) => each.kind !== 'answers' && each.start.equals(start)).at(-1)?.state === 'failed'
}
