import type { DiscardReason } from '../../quarantine/acts.ts'

export interface QuarantineTexts {
  readonly title: string
  readonly hint: string
  readonly empty: string
  readonly table: string
  readonly columns: readonly [received: string, connector: string, place: string, reason: string]
  readonly oneTitle: string
  readonly reason: string
  readonly place: string
  readonly code: string
  readonly connector: string
  readonly received: string
  readonly format: string
  readonly text: string
  readonly textHint: string
  readonly gone: string
  readonly cut: string
  readonly here: string
  readonly download: string
  readonly retry: string
  readonly retryAll: (count: string) => string
  readonly retryHint: string
  readonly tester: string
  readonly discard: string
  readonly discardWhy: string
  readonly discardHint: string
  readonly reasons: Readonly<Record<DiscardReason, string>>
  readonly takeBack: string
  readonly aside: string
  readonly kinds: Readonly<Record<'content' | 'unsupported', string>>
  readonly done: {
    readonly applied: string
    readonly ignored: string
    readonly quarantined: string
    readonly accepted: string
    readonly gone: string
    readonly discarded: string
    readonly back: string
  }
  readonly all: {
    readonly title: string
    readonly hint: string
    readonly act: (connector: string) => string
    readonly runs: (connector: string, looked: string) => string
    readonly reload: string
    readonly ended: Readonly<Record<'done' | 'failed' | 'stopped', string>>
    readonly came: (connector: string, read: string, left: string) => string
    readonly cut: string
  }
  readonly undo: string
}
