import type { Temporal } from 'temporal-polyfill'
import type { Grant } from './access.ts'
import type { Language } from './words/language.ts'

/** One member of the staff, as they sign in. Their rights are those of `Grant`, without scopes. */
export interface User extends Omit<Grant, 'scopes'> {
  readonly id: string
  /** What is typed to sign in; in lower case, and nobody else's. */
  readonly login: string
  /** As colleagues see it. */
  readonly name: string
  readonly language: Language
  /** A PHC string; absent until they have chosen one, and where a provider knows them. */
  readonly password?: string
  readonly codes?: OneTimeCodes
  /** Who they are at an OpenID provider. */
  readonly provider?: { readonly issuer: string; readonly subject: string }
  readonly createdAt: Temporal.Instant
  readonly signedInAt?: Temporal.Instant
  /** They sign in no more. */
  readonly disabledAt?: Temporal.Instant
}

/** A second factor by RFC 6238. */
export interface OneTimeCodes {
  /** Base32. */
  readonly secret: string
  /** Absent until a first code was right: only then it is asked for. */
  readonly verifiedAt?: Temporal.Instant
  /** Of the last code taken: it and those before are taken no more (RFC 6238 section 5.2). */
  readonly lastStep: number
  /** SHA-256 of the recovery codes that are left, hex. */
  readonly recovery: readonly string[]
}

/** A one-time address: whoever opens it chooses the password of a user, or makes the first operator. */
export interface Invitation {
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string
  /** Absent: it makes the first operator. */
  readonly userId?: string
  readonly expiresAt: Temporal.Instant
}

/** `code_due`: the password was right, the second factor is to come; `enrolment_due`: there must be one and is none. Neither opens anything else. */
export type SessionStage = 'signed_in' | 'code_due' | 'enrolment_due'

/** One browser that signed in. Its cookie is kept nowhere. */
export interface StoredSession {
  /** SHA-256 of the cookie, hex. */
  readonly id: string
  readonly userId: string
  readonly stage: SessionStage
  readonly language: Language
  /** `Firefox, Windows`, so that one's own are told apart. */
  readonly device: string
  readonly startedAt: Temporal.Instant
  /** To the minute or so. */
  readonly seenAt: Temporal.Instant
  /** Whichever of its two ends comes first, the idle or the last one. */
  readonly endsAt: Temporal.Instant
  /** Whatever is done in it. */
  readonly lastsUntil: Temporal.Instant
}

/** A key of the API that staff made. The secret is shown once and kept nowhere. */
export interface ApiKey extends Grant {
  readonly id: string
  readonly name: string
  /** SHA-256 of the secret, hex. */
  readonly hash: string
  /** The secret before, and until when it still opens (R33). */
  readonly before?: { readonly hash: string; readonly until: Temporal.Instant }
  readonly createdAt: Temporal.Instant
  /** As the audit names them. */
  readonly createdBy: string
  readonly expiresAt?: Temporal.Instant
  /** To the hour or so. */
  readonly usedAt?: Temporal.Instant
  readonly revokedAt?: Temporal.Instant
}

/** What is typed to sign in: letters, digits and `.-_@+`, 2 to 80 of them, without difference of case. Undefined: it is none. */
export function loginOf(text: string): string | undefined {
  const login = text.normalize('NFKC').trim().toLowerCase()
  return /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{1,79}$/u.test(login) ? login : undefined
}
