import type { ChannelKind } from '../../../core/patient.ts'
import type { Verdict } from '../../../core/rollout-compare.ts'
import type { ComparedKind, LogFaultReason } from '../../../core/rollout-log.ts'

/** A step of going live, in the order in which they are taken. */
export type Step = 'off' | 'shadow' | 'agendas' | 'percent' | 'all'

export const steps: readonly Step[] = ['off', 'shadow', 'agendas', 'percent', 'all']

export interface ShadowTexts {
  readonly colon: string
  readonly title: string
  readonly hint: string
  readonly state: string
  readonly standing: Readonly<Record<Step, (what: { readonly agendas: number; readonly percent: string }) => string>>
  /** What that means. */
  readonly means: Readonly<Record<Step, string>>
  readonly redirected: (to: string) => string
  readonly redirectedMeans: string
  readonly step: string
  readonly stepHint: string
  readonly names: Readonly<Record<Step, string>>
  readonly agendas: string
  readonly agendasHint: string
  readonly percent: string
  readonly percentHint: string
  readonly testTitle: string
  readonly testHint: string
  readonly testEmail: string
  readonly testSms: string
  readonly answers: string
  readonly preview: string
  readonly previewTitle: (step: string) => string
  readonly previewHint: string
  readonly noBurst: string
  readonly confirm: string
  readonly back: string
  readonly saved: (version: number) => string
  readonly undo: string
  readonly undoHint: (version: number) => string
  readonly readOnly: string
  readonly comparison: string
  readonly comparisonHint: string
  readonly from: string
  readonly until: string
  readonly within: string
  readonly verdicts: Readonly<Record<Verdict, string>>
  readonly verdictMeans: Readonly<Record<Verdict, string>>
  readonly kinds: Readonly<Record<ComparedKind, string>>
  readonly channels: Readonly<Record<ChannelKind, string>>
  readonly reasons: string
  readonly noDifference: string
  readonly nothingYet: string
  readonly difference: string
  readonly kind: string
  readonly reason: string
  readonly count: string
  readonly lines: string
  readonly appointment: string
  readonly ours: string
  readonly theirs: string
  readonly none: string
  readonly everything: string
  readonly cut: string
  readonly export: string
  readonly badSpan: string
  readonly log: string
  readonly logHint: string
  readonly file: string
  readonly fileHint: string
  readonly take: string
  readonly taken: (counts: { readonly taken: string; readonly known: string; readonly refused: string }) => string
  readonly noLog: string
  readonly imports: string
  readonly when: string
  readonly takenColumn: string
  readonly knownColumn: string
  readonly refusedColumn: string
  readonly quarantine: (count: string) => string
  readonly line: string
  readonly faults: Readonly<Record<LogFaultReason, string>>
  readonly refusals: {
    readonly empty: string
    readonly too_many_rows: string
    readonly column_missing: (column: string) => string
    readonly no_file: string
    readonly invalid: string
  }
}
