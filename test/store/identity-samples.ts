import fc from 'fast-check'
import { everyRole } from '../../src/core/access.ts'
import type { ApiKey, StoredSession, User } from '../../src/core/user.ts'
import { anyInstant, anyText } from '../support/arbitraries.ts'
import { minutes, nine } from './samples.ts'

export function aUser(id: string, change: Partial<User> = {}): User {
  return { id, login: `user-${id}`, name: 'Nadia Roy', role: 'reader', language: 'fr', createdAt: nine, ...change }
}

export function aSession(id: string, change: Partial<StoredSession> = {}): StoredSession {
  return {
    id,
    userId: 'u',
    stage: 'signed_in',
    language: 'fr',
    device: 'Firefox, Linux',
    startedAt: nine,
    seenAt: nine,
    endsAt: minutes(30),
    lastsUntil: minutes(600),
    ...change,
  }
}

export function anApiKey(id: string, change: Partial<ApiKey> = {}): ApiKey {
  return { id, name: 'laboratory', hash: 'ab'.repeat(32), role: 'reader', createdAt: nine, createdBy: 'user:u', ...change }
}

const anyId = fc.uuid()
const role = fc.constantFrom(...everyRole)
const language = fc.constantFrom('fr' as const, 'en' as const)
const someTexts = fc.array(anyText, { maxLength: 3 })

export const anyUser: fc.Arbitrary<User> = fc.record(
  {
    id: anyId,
    login: anyId,
    name: anyText,
    role,
    clinics: someTexts,
    language,
    password: anyText,
    codes: fc.record(
      { secret: anyText, verifiedAt: anyInstant, lastStep: fc.nat(), recovery: someTexts },
      { requiredKeys: ['secret', 'lastStep', 'recovery'] },
    ),
    provider: fc.record({ issuer: anyText, subject: anyId }),
    createdAt: anyInstant,
    signedInAt: anyInstant,
    disabledAt: anyInstant,
  },
  { requiredKeys: ['id', 'login', 'name', 'role', 'language', 'createdAt'] },
)

export const anySession: fc.Arbitrary<StoredSession> = fc.record({
  id: anyId,
  userId: anyId,
  stage: fc.constantFrom('signed_in' as const, 'code_due' as const, 'enrolment_due' as const),
  language,
  device: anyText,
  startedAt: anyInstant,
  seenAt: anyInstant,
  endsAt: anyInstant,
  lastsUntil: anyInstant,
})

export const anyApiKey: fc.Arbitrary<ApiKey> = fc.record(
  {
    id: anyId,
    name: anyText,
    hash: anyText,
    before: fc.record({ hash: anyText, until: anyInstant }),
    role,
    clinics: someTexts,
    scopes: someTexts,
    createdAt: anyInstant,
    createdBy: anyText,
    expiresAt: anyInstant,
    usedAt: anyInstant,
    revokedAt: anyInstant,
  },
  { requiredKeys: ['id', 'name', 'hash', 'role', 'createdAt', 'createdBy'] },
)
