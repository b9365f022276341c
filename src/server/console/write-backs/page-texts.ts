import type { WriteBackKind, WriteBackState } from '../../../core/write-back.ts'

export const shownAs = ['failed', 'diverged', 'waiting', 'accepted', 'stale', 'verified', 'withdrawn'] as const
/** What a person asks for; several states of the ledger are one of these. */
export type ShownAs = (typeof shownAs)[number]

export interface WriteBacksTexts {
  readonly title: string
  readonly hint: string
  readonly filter: string
  readonly table: string
  readonly shownAs: Readonly<Record<ShownAs, string>>
  readonly empty: Readonly<Record<ShownAs, string>>
  readonly columns: readonly [answered: string, appointment: string, answer: string, steps: string, state: string, act: string]
  readonly kinds: Readonly<Record<WriteBackKind, string>>
  readonly steps: Readonly<Record<'asked' | 'accepted' | 'read', string>>
  readonly notYet: string
  readonly nextTry: (when: string) => string
  readonly tries: (count: number) => string
  readonly why: string
  readonly retry: string
  readonly tryNow: string
  readonly giveUp: string
  readonly of: string
  readonly reserved: string
  readonly replies: string
  readonly done: Readonly<Record<'retried' | 'given_up' | 'not_so' | 'gone', string>>
  readonly states: Readonly<Record<WriteBackState, string>>
}
