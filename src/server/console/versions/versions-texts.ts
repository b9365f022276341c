export interface VersionsTexts {
  readonly title: string
  readonly hint: string
  readonly version: (version: number) => string
  readonly inUse: string
  readonly setting: string
  readonly more: (count: number) => string
  readonly list: string
  readonly when: string
  readonly by: string
  readonly source: (source: string | undefined) => string
  readonly changes: (count: number) => string
  readonly compared: (from: number, to: number) => string
  readonly same: string
  readonly rollBack: (version: number) => string
  readonly rollBackHint: string
  readonly taken: (version: number) => string
  readonly nothing: string
  readonly export: string
  readonly import: {
    readonly title: string
    readonly hint: string
    readonly label: string
    readonly preview: string
    readonly save: string
  }
  readonly faults: string
  readonly refused: string
  readonly unsaved: string
  readonly conflict: {
    readonly title: string
    readonly fact: (version: number) => string
    readonly rest: string
    readonly again: string
    readonly theirs: string
    readonly yours: string
  }
  readonly losing: (count: number) => string
  readonly losingRest: string
}
