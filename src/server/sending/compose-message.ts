import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { isConfirmed } from '../../core/appointment.ts'
import type { CalendarEntry } from '../../core/calendar.ts'
import { calendarEntry } from '../../core/calendar.ts'
import type { Companion } from '../../core/household.ts'
import { byHour } from '../../core/household.ts'
import type { Words } from '../../core/message.ts'
import type { Notification } from '../../core/notification.ts'
import type { Patient } from '../../core/patient.ts'
import { languageOfPatient } from '../../core/patient.ts'
import { namesClock } from '../../core/place.ts'
import { questionnaireLeft } from '../../core/questionnaire/asked.ts'
import { isOnItsWay } from '../../core/reply.ts'
import type { Settings } from '../../core/settings.ts'
import { modalityOf, siteOf, zoneOf } from '../../core/settings.ts'
import type { OwnWords } from '../../core/template/own-words.ts'
import { ownWords } from '../../core/template/own-words.ts'
import type { Told } from '../../core/told.ts'
import { factsOf } from '../../core/told.ts'
import { cancelWindow, confirmState, windowState } from '../../core/window.ts'
import type { Member } from '../../core/words/household.ts'
import { householdSms, readersOf } from '../../core/words/household.ts'
import type { Story, WordsInput } from '../../core/words/story.ts'
import { storyOf } from '../../core/words/story.ts'
import { oneLine } from '../../core/words/typography.ts'
import { smsOf, wordsBy } from '../../core/words.ts'
import type { WriteBack, WriteBackKind } from '../../core/write-back.ts'
import { calendarUid } from '../pages/calendar.ts'
import { parseTemplate } from '../templates/render.ts'

/** What has been answered of an appointment, and what may be. */
interface Answers {
  /** Whoever has just answered is not asked again. */
  readonly writeBacks: readonly WriteBack[]
  /** What this EHR accepts back: nothing else is promised (WB-6). */
  readonly writes: ReadonlySet<WriteBackKind>
}

/** One whose reminder of the day another text says too (D29). Without answers of their own: the leader's EHR, and none given. */
export interface Joined extends Companion, Partial<Answers> {}

export interface Composition extends Answers {
  readonly notification: Notification
  readonly appointment: Appointment
  readonly patient: Patient
  readonly settings: Settings
  readonly told: Told | undefined
  /** Whose reminders of the day one text says together (D29). */
  readonly companions: readonly Joined[]
  readonly now: Temporal.Instant
}

export interface Composed {
  readonly words: Words
  /** The clinic's own template that could not be used: the built-in words stand in its place. */
  readonly failed?: Extract<OwnWords, { failed: unknown }>
  /** Of an e-mail that says when. */
  readonly calendar?: CalendarEntry
}

/** The words of a notification as things stand when it leaves: the clinic's where it has written some, else ours. */
export function composeMessage(composition: Composition): Composed {
  const mayCancelUntil = cancellableUntil(composition)
  const input = { ...inputOf(composition), ...(mayCancelUntil && { mayCancelUntil }) }
  const story = storyOf(input)
  const { channel } = composition.notification
  const words = wordsBy(channel, story)
  const calendar = calendarOf(composition, story)
  const told = calendar ? { calendar } : {}
  // who shares a text is named in it: no clinic's words could
  if (composition.companions.length > 0) return { words: { ...words, sms: togetherSms(composition) } }
  const own = ownWords(input, story, channel, parseTemplate)
  if (!own) return { ...told, words }
  return 'failed' in own ? { ...told, words, failed: own } : { ...told, words: { ...words, ...own.words } }
}

/** By it a calendar follows the appointment: its uid stays, its sequence rises, and what is off is taken away. */
function calendarOf({ notification, appointment, settings, now }: Composition, story: Story): CalendarEntry | undefined {
  const { start, news, off, modality, practitioner, clock, address, face } = story
  if (notification.channel !== 'email' || !start || news === 'missed') return undefined
  const name = appointment.location?.name ?? siteOf(settings, appointment)?.name ?? story.clinic
  return calendarEntry({
    uid: calendarUid(appointment.id),
    appointment,
    start,
    off,
    modality,
    ...(practitioner !== undefined && { practitioner }),
    ...(modality === 'onsite' && { place: [oneLine(name), ...(address === undefined ? [] : [address])] }),
    ...(clock !== undefined && { clock }),
    clinic: { name: story.clinic, ...(story.phone !== undefined && { phone: story.phone }) },
    language: face.language,
    now,
  })
}

/** The text message of it alone. */
export function composeSms(composition: Composition): string {
  if (composition.companions.length > 0) return togetherSms(composition)
  if (composition.settings.templates) return composeMessage(composition).words.sms
  return smsOf(storyOf(inputOf(composition)))
}

function inputOf({ notification, appointment, patient, settings, told, writeBacks, writes, now }: Composition): WordsInput {
  return {
    kind: notification.kind,
    appointment,
    facts: factsOf(appointment),
    ...(told && { before: told.facts }),
    settings,
    ...languageWished(patient),
    confirmed: hasConfirmed(appointment, writeBacks),
    askToConfirm: isAsked({ appointment, writeBacks, writes }, now),
    questionnaireLeft: questionnaireLeft(settings, patient, { appointment, writeBacks, writes, now }) !== undefined,
    now,
  }
}

/** O5, O12; undefined where it cannot be cancelled online, or no longer. */
function cancellableUntil({ appointment, settings, writes, now }: Composition): Temporal.Instant | undefined {
  const { start } = appointment
  if (!start || !writes.has('cancel') || !siteOf(settings, appointment)?.patientMayCancel) return undefined
  const window = cancelWindow(start)
  return windowState(window, now) === 'open' ? window.closesAt : undefined
}

/** Whose page each address of the words opens, in the order of `{link}`, `{link2}`. */
export function pagesOf(composition: Composition): readonly Companion[] {
  return composition.companions.length === 0 ? [composition] : readersOf(householdOf(composition)).map(({ companion }) => companion)
}

function hasConfirmed(appointment: Appointment, writeBacks: readonly WriteBack[]): boolean {
  return isConfirmed(appointment) || isOnItsWay(appointment, writeBacks, 'confirm')
}

/** O14: inside its window, where the EHR can be told, and not answered yet. */
function isAsked({ appointment, writeBacks, writes }: Pick<Companion, 'appointment'> & Answers, now: Temporal.Instant): boolean {
  const { start } = appointment
  if (start === undefined || !writes.has('confirm') || hasConfirmed(appointment, writeBacks)) return false
  return confirmState(start, now) === 'open'
}

function togetherSms(composition: Composition): string {
  const { appointment, patient, settings, now } = composition
  const members = householdOf(composition)
  return householdSms({
    members,
    settings,
    zone: zoneOf(settings, appointment),
    namesClock: members.some(({ companion, modality }) => namesClock(settings, companion.appointment, modality)),
    ...languageWished(patient),
    now,
  })
}

function languageWished(patient: Patient): { readonly language?: string } {
  const language = languageOfPatient(patient)
  return language === undefined ? {} : { language }
}

/** The leader among them, by their hours; named only where somebody could take another's hour for their own. */
function householdOf(composition: Composition): readonly (Member & { readonly companion: Companion })[] {
  const { companions, patient, settings, writes, now } = composition
  const isSomebodyElse = companions.some((each) => each.patient.id !== patient.id)
  return byHour([composition, ...companions]).flatMap((each) => {
    const { start, practitioner } = each.appointment
    const { givenName } = each.patient
    if (!start) return []
    return {
      companion: each,
      ...(isSomebodyElse && givenName !== undefined && { givenName }),
      start,
      modality: modalityOf(settings, each.appointment),
      ...(practitioner && { practitioner: practitioner.name }),
      asks: isAsked({ appointment: each.appointment, writeBacks: each.writeBacks ?? [], writes: each.writes ?? writes }, now),
    }
  })
}
