import type { OwnRefusal } from '../../identity/own-acts.ts'
import type { ProviderRefusal } from '../../identity/provider-sign-in.ts'

/** What was just done, told on the page after it. */
export type Done = 'password' | 'first' | 'ended' | 'codes' | 'left'

export interface SignInTexts {
  readonly title: string
  readonly login: string
  readonly loginHint: string
  readonly name: string
  readonly password: string
  readonly submit: string
  readonly or: string
  readonly byProvider: (label: string) => string
  readonly error: (sentence: string) => string
  readonly refused: string
  readonly wait: (minutes: number) => string
  readonly provider: Readonly<Record<ProviderRefusal | 'unavailable' | 'not_proved', string>>
  readonly code: {
    readonly title: string
    readonly label: string
    readonly hint: string
    readonly submit: string
    readonly refused: string
    readonly back: string
  }
  readonly enrol: {
    readonly title: string
    readonly due: string
    readonly scan: string
    readonly picture: string
    readonly byHand: string
    readonly label: string
    readonly submit: string
    readonly recoveryTitle: string
    readonly recovery: string
    readonly goOn: string
  }
  readonly first: { readonly title: string; readonly rest: string; readonly submit: string }
  readonly invited: { readonly title: string; readonly rest: (login: string) => string; readonly submit: string }
  readonly gone: { readonly title: string; readonly rest: string }
  readonly newPassword: string
  readonly newPasswordHint: string
  readonly again: string
  readonly notTheSame: string
  readonly own: Readonly<Record<OwnRefusal, string>>
  readonly signedOut: {
    readonly title: string
    readonly rest: string
    readonly again: string
    readonly provider: (label: string) => string
  }
  readonly done: Readonly<Record<Done, string>>
  readonly me: {
    readonly title: string
    readonly signOut: string
    readonly account: string
    readonly role: string
    readonly passwordTitle: string
    readonly current: string
    readonly change: string
    readonly byProvider: (label: string) => string
    readonly codesTitle: string
    readonly codesOn: (left: number) => string
    readonly codesOff: string
    readonly codesBegin: string
    readonly sessionsTitle: string
    readonly device: string
    readonly since: string
    readonly seen: string
    readonly thisOne: string
    readonly end: string
    readonly endLabel: (device: string) => string
  }
}
