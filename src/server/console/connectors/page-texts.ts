import type { WriteBackKind } from '../../../core/write-back.ts'
import type { ConnectorPlace } from '../../mapping/workbench.ts'

export interface ConnectorsTexts {
  readonly title: string
  readonly hint: string
  readonly empty: string
  readonly table: string
  readonly columns: Readonly<Record<'connector' | 'state' | 'last' | 'gaps' | 'subscription' | 'poll' | 'queue' | 'certificate', string>>
  readonly protocols: Readonly<Record<'hl7v2' | 'fhir', string>>
  readonly states: Readonly<Record<'well' | 'silent' | 'never' | 'shifted' | 'trouble' | 'failed', string>>
  readonly never: string
  readonly missed: (count: string) => string
  readonly usual: string
  readonly gaps: (count: string) => string
  readonly noGaps: string
  readonly noNumbers: string
  readonly subscription: Readonly<Record<'well' | 'trouble' | 'none', string>>
  readonly polled: (ago: string) => string
  readonly noPoll: string
  readonly waiting: (count: string) => string
  readonly waitingSince: (ago: string) => string
  readonly failed: (count: string) => string
  readonly nothingWaits: string
  readonly quarantined: (count: string) => string
  readonly nothingQuarantined: string
  readonly ends: (day: string) => string
  readonly ended: (day: string) => string
  readonly noCertificate: string
  readonly figures: Readonly<Record<'last' | 'waiting' | 'failed' | 'quarantine' | 'certificate', string>>
  readonly places: Readonly<Record<ConnectorPlace['does'], string>>
  readonly protection: Readonly<Record<ConnectorPlace['protection'], string>>
  readonly shifted: { readonly fact: (minutes: string, moved: string) => string; readonly rest: string }
  readonly silent: { readonly fact: string; readonly rest: string }
  readonly trial: {
    readonly title: string
    readonly label: Readonly<Record<'hl7v2' | 'fhir', string>>
    readonly hint: string
    readonly preset: string
    readonly noPreset: string
    readonly mapping: string
    readonly mappingHint: string
    readonly edit: string
    readonly read: string
    readonly latest: string
    readonly noLatest: string
    readonly nothingPasted: string
    readonly faults: string
    readonly reserved: string
    readonly becomes: string
    readonly ignored: string
    readonly unreadable: { readonly fact: string; readonly rest: string }
    readonly hintOnly: string
    readonly noMessage: string
    readonly warnings: (count: number) => string
    readonly fields: string
    readonly fieldCount: (count: string) => string
    readonly fieldColumns: readonly [field: string, name: string, value: string]
    readonly resourceColumns: readonly [path: string, value: string]
    readonly decisions: string
    readonly noDecisions: string
    readonly left: (count: number) => string
    readonly message: (index: number) => string
    readonly other: string
    readonly copy: { readonly title: string; readonly hint: string; readonly unchanged: string }
  }
  readonly back: {
    readonly title: string
    readonly hint: string
    readonly columns: readonly [answer: string, by: string, otherwise: string, state: string]
    readonly answers: Readonly<Record<WriteBackKind, string>>
    readonly byHand: string
    readonly none: string
    readonly on: string
    readonly off: string
  }
  readonly examine: { readonly title: string; readonly hint: string; readonly act: string; readonly nothing: string; readonly fix: string }
  readonly presets: {
    readonly title: string
    readonly hint: string
    readonly columns: readonly [name: string, example: string]
    readonly read: string
    readonly readOf: (preset: string) => string
    readonly none: string
    readonly own: string
  }
  readonly numbers: { readonly title: string; readonly none: string; readonly line: (source: string, from: string, to: string) => string }
  readonly habit: {
    readonly title: string
    readonly finding: (hour: string, count: string) => string
    readonly desc: string
    readonly working: string
    readonly weekend: string
    readonly figures: string
    readonly hour: string
    readonly none: string
  }
  readonly replay: {
    readonly title: string
    readonly link: string
    readonly hint: string
    readonly from: string
    readonly until: string
    readonly dry: string
    readonly go: string
    readonly goHint: string
    readonly faulty: string
    readonly tooLong: string
    readonly runs: string
    readonly progress: (percent: string) => string
    readonly reload: string
    readonly dryResult: string
    readonly result: string
    readonly stopped: string
    readonly failed: string
    readonly counts: Readonly<
      Record<'looked' | 'read' | 'unreadable' | 'without' | 'gone' | 'fresh' | 'changed' | 'merged' | 'aspects', string>
    >
    readonly cut: string
    readonly none: string
  }
  readonly api: string
}
