import type { Modality } from '../../core/appointment.ts'
import type { ChannelChoice } from '../../core/preferences.ts'
import type { Moved } from '../../core/words/phrases.ts'

/** A fact, shown bold, and what follows from it (design.md, Callout). */
interface Notice {
  readonly fact: string
  readonly rest: string
}

/** What came of an answer, said once on the page that follows it. */
export type Flash = 'confirmed' | 'cancelled' | 'restored' | 'arrived' | 'closed' | 'stale' | 'test'

/** First person: what the patient says by touching it. */
interface ButtonTexts {
  readonly confirm: string
  /** Where nobody comes anywhere. */
  readonly confirmRemote: string
  readonly confirmNewTime: string
  readonly cancel: string
  readonly cancelRemote: string
  readonly cancelForSure: string
  readonly keep: string
  readonly restore: string
  readonly arrive: string
  readonly join: string
  readonly callForAnother: string
  readonly callToCancel: string
  readonly fillIn: string
  readonly addToCalendar: string
  readonly showMap: string
}

/** The second factor, where more than the one appointment is asked for. */
interface BirthDateTexts {
  readonly title: string
  readonly legend: string
  readonly example: string
  readonly day: string
  readonly month: string
  readonly year: string
  readonly go: string
  /** Before the title of a page with a fault. */
  readonly fault: string
  readonly unreadable: string
  /** A wrong date and one too many: the same words (R26). */
  readonly refused: string
}

/** Of the page that a code at the desk opens. */
interface ArriveTexts {
  readonly title: string
  readonly hour: string
  readonly when: string
  readonly unreadable: string
  readonly refused: string
}

interface OtherAppointmentsTexts {
  readonly link: string
  readonly title: string
  readonly why: string
  readonly none: string
  readonly back: string
}

interface ChoicesTexts {
  readonly link: string
  readonly title: string
  readonly language: string
  readonly channels: string
  readonly channel: Readonly<Record<ChannelChoice, string>>
  readonly reminders: string
  readonly remindersOn: string
  readonly remindersOff: string
  readonly stopTexts: string
  readonly save: string
  readonly saved: Notice
  readonly device: DeviceTexts
}

interface DeviceTexts {
  readonly title: string
  /** On an iPhone, which tells pages of the home screen alone. */
  readonly home: string
  readonly says: string
  readonly register: string
  readonly refused: string
  forget(count: number): string
}

interface DataTexts {
  readonly link: string
  readonly title: string
  readonly kept: string
  readonly lines: readonly string[]
  readonly who: string
  /** `clinic` is its name; `contact`: who answers for it, where the clinic names somebody. */
  ask(clinic: string, contact: string | undefined): string
}

/** What the patient page says beside the phrases it shares with the messages. Days and hours come said already. */
export interface PageTexts {
  readonly buttons: ButtonTexts
  readonly flash: Readonly<Record<Flash, Notice>>
  readonly brokenLink: { readonly title: string; readonly lines: readonly string[] }

  readonly birthDate: BirthDateTexts
  readonly arrive: ArriveTexts
  readonly others: OtherAppointmentsTexts
  readonly choices: ChoicesTexts
  readonly data: DataTexts

  documentTitle(when: string): string
  readonly untold: string
  today(modality: Modality): string
  readonly past: string
  readonly cancelQuestion: string
  readonly with: string
  readonly before: string
  readonly toConfirm: string
  readonly isConfirmed: string

  readonly held: Notice
  readonly offByClinic: string
  readonly offByPatient: string
  telling(at: string | undefined): string
  readonly clinicKnows: string
  readonly noMoreReminders: string
  undoUntil(hour: string): string
  readonly confirmed: string
  readonly nothingYet: string
  confirmFrom(when: string): string
  /** `when`: the hour alone where the day is the same. */
  saidBefore(when: string, moved: Moved): string
  isNow(when: string, moved: Moved): string
  readonly saidOther: string
  readonly saidOff: Notice
  readonly answerVoid: string
  readonly answerFailed: Notice
  readonly arrived: string
  /** Said until the EHR has it. */
  readonly arrivalNoted: string
  readonly takeSeat: string
  readonly willBeCalled: string
  weCall(hour: string, ending: string | undefined): Notice
  weCome(hour: string): Notice
  readonly begun: string

  readonly cancelMeans: string
  readonly pastHint: string
  arriveBetween(from: string, until: string): string
  cancelUntil(when: string): string
  cancelClosed(when: string): string
  readonly someoneElse: string
  readonly videoHint: string
  readonly videoLater: string

  readonly coming: string
  /** Where nobody travels. */
  readonly ready: string
  readonly address: string
  readonly bring: string
  readonly onArrival: string
  arriveFrom(hour: string): string
  readonly question: string
  /** Before the phone number. */
  readonly call: string
  /** Where there is none. */
  readonly callClinic: string
}
