import type { SwitchColumn } from '../../../core/settings.ts'
import type { Cell } from './cells.ts'

export interface AgendasTexts {
  readonly title: string
  readonly hint: string
  readonly readMessages: string
  readonly search: string
  readonly site: string
  readonly everySite: string
  readonly table: string
  readonly agenda: string
  readonly channels: Readonly<Record<Cell['channel'], string>>
  readonly columns: (cell: Cell) => string
  /** Under the column *SMS de rappel*: what else it governs (D12). */
  readonly andChanges: string
  readonly all: (count: number) => string
  readonly turnAll: string
  readonly turnNone: string
  readonly bulk: (cell: string, on: boolean, count: number) => string
  readonly edited: string
  readonly unsaved: string
  readonly fresh: string
  readonly shadow: string
  readonly on: string
  readonly off: string
  readonly rules: string
  readonly unsavedEdits: (count: number) => string
  readonly undo: string
  readonly see: string
  readonly save: string
  readonly nothing: string
  readonly none: string
  readonly saved: (version: number) => string
  readonly nowTrue: (column: string, on: boolean, agendas: string) => string
  readonly andOthers: (first: string, more: number) => string
  readonly moreChanges: (count: number) => string
  readonly losing: { readonly fact: (count: number) => string; readonly rest: string }
  readonly conflict: {
    readonly title: string
    readonly fact: (version: number) => string
    readonly rest: string
    readonly theirs: string
    readonly cell: string
    readonly base: (version: number) => string
    readonly now: (version: number) => string
    readonly yours: string
    readonly take: (version: number) => string
    readonly drop: string
    readonly noTheirs: string
  }
  readonly readOnly: { readonly fact: string; readonly rest: string }
  readonly noRole: string
  readonly versions: string
  readonly view: AgendaViewTexts
}

export interface AgendaViewTexts {
  readonly gear: string
  readonly communication: string
  readonly management: string
  readonly sends: string
  readonly appointments: string
  readonly column: Readonly<Record<SwitchColumn, string>>
  readonly facts: { readonly site: string; readonly state: string; readonly live: string; readonly key: string; readonly none: string }
  readonly links: string
}
