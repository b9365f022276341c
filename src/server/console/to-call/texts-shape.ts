import type { NotificationKind } from '../../../core/kind.ts'

export interface ToCallTexts {
  readonly title: string
  readonly hint: string
  readonly list: string
  readonly columns: readonly [when: string, patient: string, phone: string, news: string, why: string, done: string]
  /** What is to be told by telephone. */
  readonly news: Readonly<Record<NotificationKind, string>>
  readonly called: string
  /** Read aloud on each button. */
  readonly calledFor: (hour: string) => string
  readonly flash: Readonly<Record<'called' | 'reopened', string>>
  readonly undo: string
  readonly empty: string
  readonly more: (shown: number) => string
  readonly reason: string
  readonly anyReason: string
  readonly noStart: string
  readonly noPhone: string
  readonly noName: string
  readonly ofRelative: string
}
