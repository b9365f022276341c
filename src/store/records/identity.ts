import type { Grant, Role } from '../../core/access.ts'
import type { ApiKey, Invitation, OneTimeCodes, SessionStage, StoredSession, User } from '../../core/user.ts'
import type { Language } from '../../core/words/language.ts'
import { instant, list, number, oneOf, optional, record, text } from '../codec.ts'

const role = oneOf<Role>({ operator: true, admin: true, appointments: true, reader: true, integrator: true })
const language = oneOf<Language>({ fr: true, en: true })
const rights = { role, clinics: optional(list(text)) } satisfies Partial<Record<keyof Grant, unknown>>

export const userRecord = record<User>({
  id: text,
  login: text,
  name: text,
  ...rights,
  language,
  password: optional(text),
  codes: optional(record<OneTimeCodes>({ secret: text, verifiedAt: optional(instant), lastStep: number, recovery: list(text) })),
  provider: optional(record<NonNullable<User['provider']>>({ issuer: text, subject: text })),
  createdAt: instant,
  signedInAt: optional(instant),
  disabledAt: optional(instant),
})

export const invitationRecord = record<Invitation>({ tokenHash: text, userId: optional(text), expiresAt: instant })

export const sessionRecord = record<StoredSession>({
  id: text,
  userId: text,
  stage: oneOf<SessionStage>({ signed_in: true, code_due: true, enrolment_due: true }),
  language,
  device: text,
  startedAt: instant,
  seenAt: instant,
  endsAt: instant,
  lastsUntil: instant,
})

export const apiKeyRecord = record<ApiKey>({
  id: text,
  name: text,
  hash: text,
  before: optional(record<NonNullable<ApiKey['before']>>({ hash: text, until: instant })),
  ...rights,
  scopes: optional(list(text)),
  createdAt: instant,
  createdBy: text,
  expiresAt: optional(instant),
  usedAt: optional(instant),
  revokedAt: optional(instant),
})
