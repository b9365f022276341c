import type { StaffAnswer, ToDoKind } from '../../../core/to-do.ts'
import type { Tint } from '../parts/tag.tsx'

export interface InboxTexts {
  readonly title: string
  readonly hint: string
  readonly one: string
  readonly list: string
  readonly columns: readonly [when: string, who: string, what: string, said: string]
  readonly kinds: Readonly<Record<ToDoKind, string>>
  /** What a person is to do about it. */
  readonly todo: Readonly<Record<ToDoKind, string>>
  readonly empty: string
  readonly unknown: string
  readonly nothingSaid: string
  readonly picture: string
  readonly appointment: string
  readonly noAppointment: string
  readonly from: string
  readonly received: string
  readonly noted: string
  readonly wrote: string
  readonly thread: string
  readonly weAnswered: (when: string) => string
  readonly outcomes: Readonly<Record<NonNullable<StaffAnswer['outcome']> | 'begun', readonly [says: string, tint?: Tint]>>
  readonly answer: string
  readonly answerHint: string
  readonly label: string
  readonly preview: string
  readonly send: string
  readonly previewTitle: string
  readonly cost: (segments: number, price: string | undefined) => string
  readonly done: string
  readonly doneHint: string
  readonly lift: string
  readonly undo: string
  readonly isDone: string
  readonly flash: Readonly<Record<'sent' | 'repeated' | 'done' | 'reopened', string>>
  readonly refused: (because: string) => string
  readonly refusals: Readonly<Record<'wording' | 'wrong_number' | 'restored' | 'too_many', string>>
}
