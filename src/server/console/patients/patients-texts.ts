import type { ChannelKind, MissingContact } from '../../../core/patient.ts'
import type { ChannelChoice } from '../../../core/preferences.ts'

type Stoppable = Exclude<ChannelKind, 'push'>

export interface PatientsTexts {
  readonly title: string
  readonly one: string
  readonly hint: string
  readonly search: string
  readonly searchHint: string
  readonly find: string
  readonly list: string
  readonly columns: readonly [name: string, birthDate: string, number: string, notifications: string]
  readonly nobody: string
  readonly start: string
  readonly next: string
  readonly noName: string
  readonly born: (date: string) => string
  readonly off: string
  readonly on: string
  readonly deceased: string
  readonly tabs: { readonly label: string; readonly details: string; readonly history: string }
  readonly identity: string
  readonly facts: {
    readonly birthDate: string
    readonly language: string
    readonly number: string
    readonly otherNumbers: string
    readonly merged: string
    readonly relatives: string
    readonly none: string
    readonly unknown: string
  }
  readonly contacts: string
  readonly phone: string
  readonly email: string
  readonly unusable: string
  readonly mobile: Readonly<Record<'yes' | 'no' | 'unknown', string>>
  readonly wrongNumber: string
  readonly noContacts: string
  readonly channels: string
  readonly channelNames: Readonly<Record<Stoppable, string>>
  readonly missing: Readonly<Record<MissingContact, string>>
  readonly consent: string
  readonly consents: { readonly given: string; readonly withdrawn: string; readonly implied: string; readonly none: string }
  readonly give: (channel: string) => string
  readonly withdraw: (channel: string) => string
  readonly stopped: string
  readonly notStopped: string
  readonly stop: (channel: string) => string
  readonly lift: (channel: string) => string
  readonly choices: string
  readonly chosen: Readonly<Record<ChannelChoice, string>>
  readonly devices: (count: number) => string
  readonly notifications: string
  readonly switchLabel: string
  readonly switchHint: string
  readonly save: string
  readonly nowTrue: Readonly<Record<'on' | 'off' | 'same' | 'given' | 'withdrawn' | 'stopped' | 'lifted' | 'erased', string>>
  readonly refused: Readonly<Record<'plan' | 'contact', string>>
  readonly needsRole: string
  readonly ahead: string
  readonly noneAhead: string
  readonly messages: string
  readonly noMessages: string
  readonly messageColumns: readonly [when: string, what: string, outcome: string, appointment: string]
  readonly appointmentColumns: readonly [when: string, agenda: string, state: string]
  readonly open: string
  readonly erase: {
    readonly title: string
    readonly hint: string
    readonly ask: string
    readonly fact: (appointments: number, ahead: number) => string
    readonly rest: string
    readonly confirm: string
    readonly keep: string
    readonly late: string
  }
}
