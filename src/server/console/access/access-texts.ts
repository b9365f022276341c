import type { KeyRefusal } from '../../identity/key-acts.ts'
import type { UserRefusal } from '../../identity/user-acts.ts'

/** What was just done, told on the page after it. */
export type AccessDone = 'changed' | 'disabled' | 'enabled' | 'ended' | 'revoked'

export interface AccessTexts {
  readonly title: string
  readonly hint: string
  readonly users: string
  readonly noUsers: string
  readonly name: string
  readonly login: string
  readonly role: string
  readonly clinics: string
  readonly allClinics: string
  readonly state: string
  readonly states: Readonly<Record<'invited' | 'active' | 'disabled', string>>
  readonly secondFactor: string
  readonly yes: string
  readonly no: string
  readonly signedIn: string
  readonly never: string
  readonly next: string
  readonly addUser: string
  readonly addUserHint: string
  readonly add: string
  readonly save: string
  readonly disable: string
  readonly enable: string
  readonly endSessions: string
  readonly reset: string
  readonly resetHint: string
  readonly linkTitle: string
  readonly linkFact: string
  readonly linkRest: (name: string) => string
  readonly link: string
  readonly keys: string
  readonly keysHint: string
  readonly noKeys: string
  readonly keyStates: Readonly<Record<'active' | 'expired' | 'revoked', string>>
  readonly scopes: string
  readonly scopesHint: string
  readonly allScopes: string
  readonly expires: string
  readonly notAtAll: string
  readonly days: (count: number) => string
  readonly used: string
  readonly addKey: string
  readonly program: string
  readonly rotate: string
  readonly revoke: string
  readonly actions: string
  readonly keyTitle: string
  readonly keyFact: string
  readonly keyRest: string
  readonly key: string
  readonly back: string
  readonly nothingHere: string
  readonly refused: Readonly<Record<UserRefusal | KeyRefusal | 'no_clinic' | 'malformed', string>>
  readonly done: Readonly<Record<AccessDone, string>>
}
