import type { LoopStep } from '../../loop-book.ts'
import type { DeadLetters } from '../../operations/dead-letters.ts'

export interface HealthTexts {
  readonly title: string
  readonly hint: string
  readonly well: { readonly fact: string; readonly rest: string }
  readonly alarms: (count: number) => string
  readonly since: string
  readonly fix: string
  readonly go: string
  readonly levels: Readonly<Record<'bad' | 'warn', string>>
  readonly figures: Readonly<Record<'oldest' | 'waiting' | 'doubt' | 'quarantine' | 'envelopes', string>>
  readonly none: string
  readonly nothingDue: string
  readonly dueSince: (ago: string) => string
  readonly context: Readonly<Record<'waiting' | 'doubt' | 'quarantine' | 'envelopes', string>>
  readonly letters: {
    readonly title: string
    readonly none: string
    readonly columns: readonly [what: string, count: string, oldest: string, fix: string, link: string]
    readonly kinds: Readonly<Record<DeadLetters['kind'], string>>
  }
  readonly loops: {
    readonly title: string
    readonly columns: readonly [loop: string, at: string, took: string, state: string, next: string]
    /** By the first word of its name. */
    readonly names: Readonly<Record<string, string>>
    readonly states: Readonly<Record<LoopStep['state'], string>>
    readonly took: (ms: string) => string
  }
  readonly inbox: string
  readonly states: Readonly<Record<'received' | 'applied' | 'ignored' | 'quarantined' | 'retried', string>>
  readonly program: string
  readonly facts: Readonly<Record<'version' | 'node' | 'zones' | 'settings' | 'channels' | 'clock', string>>
  readonly settings: (clinic: string, version: string) => string
  readonly noChannel: string
  readonly elsewhere: string
}
