import type { Temporal } from 'temporal-polyfill'
import type { Guesses } from '../../core/guesses.ts'
import type { ApiKey, Invitation, StoredSession, User } from '../../core/user.ts'

/** Wrong answers to a second factor, by what it protects. */
export interface GuessesTable {
  find(subject: string): Promise<Guesses | undefined>
  save(subject: string, guesses: Guesses): Promise<void>
}

/** Who may sign in to the console. */
export interface UsersTable {
  find(id: string): Promise<User | undefined>
  byLogin(login: string): Promise<User | undefined>
  bySubject(issuer: string, subject: string): Promise<User | undefined>
  /** Rejects where the login, or the provider's subject, is another's. */
  save(user: User): Promise<void>
  /** In the order they were made; `after` is the last id of the page before. */
  list(limit: number, after?: string): Promise<readonly User[]>
  /** Operators of all clinics who can sign in, in the order they were made. */
  whoSeeAll(limit: number): Promise<readonly User[]>
}

export interface InvitationsTable {
  find(tokenHash: string): Promise<Invitation | undefined>
  save(invitation: Invitation): Promise<void>
  remove(tokenHash: string): Promise<void>
  removeOfUser(userId: string): Promise<void>
  /** Deletes those whose time is over, so many at most; how many. */
  forget(now: Temporal.Instant, limit: number): Promise<number>
}

export interface SessionsTable {
  find(id: string): Promise<StoredSession | undefined>
  insert(session: StoredSession): Promise<void>
  /** Nothing where it was ended meanwhile: an end is not taken back. */
  update(session: StoredSession): Promise<void>
  remove(id: string): Promise<void>
  /** Whose end is last, first; some may be over. */
  ofUser(userId: string, limit: number): Promise<readonly StoredSession[]>
  /** All but that one; how many. */
  removeOfUser(userId: string, except?: string): Promise<number>
  /** Deletes those that are over, so many at most; how many. */
  forget(now: Temporal.Instant, limit: number): Promise<number>
}

export interface ApiKeysTable {
  find(id: string): Promise<ApiKey | undefined>
  save(key: ApiKey): Promise<void>
  /** In the order they were made, revoked ones too; `after` is the last id of the page before. */
  list(limit: number, after?: string): Promise<readonly ApiKey[]>
}
