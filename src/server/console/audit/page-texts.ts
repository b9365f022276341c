import type { AuditFault } from '../../../store/port/audit.ts'
import type { AuditKind } from '../../audit/search.ts'

export interface AuditTexts {
  readonly title: string
  readonly hint: string
  readonly search: string
  readonly fields: Readonly<Record<'kind' | 'actor' | 'action' | 'subject' | 'clinic' | 'from' | 'until', string>>
  readonly kinds: Readonly<Record<AuditKind | 'both', string>>
  readonly begins: string
  readonly everyClinic: string
  readonly table: string
  readonly columns: readonly [seq: string, at: string, actor: string, action: string, subject: string, detail: string]
  readonly empty: string
  readonly goOn: string
  readonly erased: string
  readonly csv: string
  readonly csvHint: string
  readonly verify: {
    readonly title: string
    readonly hint: string
    readonly act: string
    readonly runs: (looked: string, of: string) => string
    readonly reload: string
    readonly whole: (count: string) => string
    readonly broken: (count: string) => string
    readonly first: string
    readonly faults: Readonly<Record<AuditFault['fault'], string>>
    readonly row: (seq: string) => string
    readonly stopped: string
    readonly failed: string
    readonly at: string
  }
}
