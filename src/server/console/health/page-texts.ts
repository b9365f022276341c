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
  readonly inbox: string
  readonly states: Readonly<Record<'received' | 'applied' | 'ignored' | 'quarantined' | 'retried', string>>
  readonly program: string
  readonly facts: Readonly<Record<'version' | 'node' | 'zones' | 'settings' | 'channels' | 'clock', string>>
  readonly settings: (clinic: string, version: string) => string
  readonly noChannel: string
  readonly elsewhere: string
}
