import type { NotificationKind } from '../../../core/kind.ts'
import type { ChannelKind } from '../../../core/patient.ts'

export type HoldsFlash = 'retried' | 'released' | 'dropped' | 'appointment' | 'nothing' | 'unsure'

export interface HoldsTexts {
  readonly title: string
  readonly hint: string
  readonly empty: string
  readonly held: string
  readonly mass: {
    readonly title: (count: number) => string
    readonly fact: (seen: number, agendas: number, since: string) => string
    readonly rest: string
    readonly examples: string
    readonly dropHint: string
  }
  readonly shift: {
    readonly title: (connector: string) => string
    readonly fact: (moved: number, minutes: number, since: string) => string
    readonly rest: string
  }
  readonly restored: {
    readonly title: string
    readonly fact: (backupAt: string, since: string) => string
    readonly rest: string
    readonly dropHint: string
  }
  readonly stopped: {
    readonly channels: Readonly<Record<ChannelKind, string>>
    readonly title: (channel: string, count: number) => string
    readonly fact: (since: string) => string
    /** Another node found out. */
    readonly elsewhere: string
    readonly rest: string
    readonly well: string
    readonly wellRest: string
    readonly reason: string
    readonly nextTry: (when: string) => string
    readonly expires: (when: string) => string
    readonly examples: string
    readonly until: string
    readonly release: string
    readonly sure: string
    readonly dropHint: string
  }
  readonly appointments: { readonly title: string; readonly hint: string }
  readonly others: { readonly title: string; readonly hint: string }
  readonly columns: readonly [when: string, patient: string, what: string]
  readonly reason: string
  readonly count: string
  readonly act: string
  readonly kinds: Readonly<Record<NotificationKind, string>>
  readonly release: string
  readonly releaseOf: (when: string) => string
  readonly drop: string
  readonly sure: string
  readonly mayNot: string
  readonly onlyEhr: string
  readonly noStart: string
  readonly noName: string
  readonly flash: Readonly<Record<HoldsFlash, string>>
}
