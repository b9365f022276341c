import type { Temporal } from 'temporal-polyfill'
import { loginOf, type User } from '../../core/user.ts'
import type { Language } from '../../core/words/language.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import { newCodes, newRecoveryCodes, takeCode } from './one-time-codes.ts'
import { type PasswordFault, passwordFault } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import { beginTry, endTry } from './tries.ts'

export interface OwnDeps {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
}

/** What somebody does about their own account. */
export type OwnActed = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: OwnRefusal }
export type OwnRefusal = PasswordFault | 'gone' | 'wrong' | 'wait' | 'login_malformed' | 'login_taken'

const done = { kind: 'done' } as const
const refused = (reason: OwnRefusal) => ({ kind: 'refused', reason }) as const

/** Whom a one-time address is for; undefined: it was used, is over, or never was. */
export async function invited(tx: Transaction, token: string, now: Temporal.Instant): Promise<User | 'first_operator' | undefined> {
  const invitation = await tx.invitations.find(sha256(token))
  if (!invitation || invitation.expiresAt.epochNanoseconds <= now.epochNanoseconds) return undefined
  if (invitation.userId !== undefined) {
    const user = await tx.users.find(invitation.userId)
    return user?.disabledAt ? undefined : user
  }
  return (await tx.users.list(1)).length === 0 ? 'first_operator' : undefined
}

/** The password of whoever was invited. */
export async function acceptInvitation({ store, clock, passwords }: OwnDeps, token: string, password: string): Promise<OwnActed> {
  const user = await store.read((tx) => invited(tx, token, clock.now()))
  if (!user || user === 'first_operator') return refused('gone')
  const fault = passwordFault(password, user)
  if (fault) return refused(fault)
  const hash = await passwords.hash(password)
  return store.transact(async (tx) => {
    const still = await invited(tx, token, clock.now())
    if (!still || still === 'first_operator') return refused('gone')
    await tx.invitations.removeOfUser(still.id)
    await setPassword(tx, still, hash, 'user.password-chosen', clock.now())
    return done
  })
}

export interface FirstOperator {
  readonly login: string
  readonly name: string
  readonly password: string
  readonly language: Language
}

/** Once, where there is nobody yet. */
export async function makeFirstOperator(deps: OwnDeps, token: string, wanted: FirstOperator): Promise<OwnActed> {
  const { store, clock, passwords } = deps
  if ((await store.read((tx) => invited(tx, token, clock.now()))) !== 'first_operator') return refused('gone')
  const login = loginOf(wanted.login)
  if (login === undefined) return refused('login_malformed')
  const fault = passwordFault(wanted.password, { login, name: wanted.name })
  if (fault) return refused(fault)
  const password = await passwords.hash(wanted.password)
  return store.transact(async (tx) => {
    const now = clock.now()
    if ((await invited(tx, token, now)) !== 'first_operator') return refused('gone')
    const { name, language } = wanted
    const user: User = { id: timeOrderedId(now), login, name, role: 'operator', language, password, createdAt: now }
    await tx.users.save(user)
    await tx.invitations.remove(sha256(token))
    await tx.audit.append({
      at: now,
      actor: 'first-operator',
      action: 'user.added',
      subject: user.id,
      detail: { role: user.role, clinics: '*' },
    })
    return done
  })
}

/** One's own, by the one before. Every other session ends. */
export async function changePassword(
  { store, clock, passwords }: OwnDeps,
  act: { readonly userId: string; readonly sessionId: string; readonly current: string; readonly wanted: string },
): Promise<OwnActed> {
  const tried = { account: `change:${act.userId}` }
  const begun = await store.transact(async (tx) => ({
    user: await tx.users.find(act.userId),
    until: await beginTry(tx, tried, clock.now()),
  }))
  const { user, until } = begun
  if (until) return refused('wait')
  if (!user?.password || (await passwords.check(act.current, user.password)) === 'wrong') return refused('wrong')
  const fault = passwordFault(act.wanted, user)
  if (fault) return refused(fault)
  const hash = await passwords.hash(act.wanted)
  return store.transact(async (tx) => {
    const still = await tx.users.find(act.userId)
    if (!still || still.disabledAt || still.password !== user.password) return refused('gone')
    await endTry(tx, tried)
    await setPassword(tx, still, hash, 'user.password-changed', clock.now(), act.sessionId)
    return done
  })
}

async function setPassword(
  tx: Transaction,
  user: User,
  password: string,
  action: string,
  now: Temporal.Instant,
  spared?: string,
): Promise<void> {
  await tx.users.save({ ...user, password })
  await tx.sessions.removeOfUser(user.id, spared)
  await tx.audit.append({ at: now, actor: `user:${user.id}`, action, subject: user.id })
}

/** The secret to put into a telephone: the same until a first code was right, so that a reload asks for no second one. Undefined: there is one that counts. */
export async function beginEnrolment(tx: Transaction, userId: string): Promise<User | undefined> {
  const user = await tx.users.find(userId)
  if (!user || user.codes?.verifiedAt) return undefined
  if (user.codes) return user
  const begun = { ...user, codes: newCodes() }
  await tx.users.save(begun)
  return begun
}

export type Enrolled =
  | { readonly kind: 'done'; readonly user: User; readonly recovery: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: 'wrong' | 'gone' | 'wait' }

/** A first code was right: from now on one is asked for. The recovery codes are shown once. */
export async function finishEnrolment(tx: Transaction, userId: string, code: string, now: Temporal.Instant): Promise<Enrolled> {
  const user = await tx.users.find(userId)
  if (!user?.codes || user.codes.verifiedAt) return { kind: 'refused', reason: 'gone' }
  const tried = { account: `enrol:${userId}` }
  if (await beginTry(tx, tried, now)) return { kind: 'refused', reason: 'wait' }
  const codes = takeCode(user.codes, code, now)
  if (!codes) return { kind: 'refused', reason: 'wrong' }
  await endTry(tx, tried)
  const { shown, hashes } = newRecoveryCodes()
  const enrolled = { ...user, codes: { ...codes, verifiedAt: now, recovery: hashes } }
  await tx.users.save(enrolled)
  await tx.audit.append({ at: now, actor: `user:${userId}`, action: 'user.codes-enrolled', subject: userId })
  return { kind: 'done', user: enrolled, recovery: shown }
}

/** Ends one of one's own sessions, as from a telephone that was lost. */
export async function endOwnSession(tx: Transaction, userId: string, sessionId: string, now: Temporal.Instant): Promise<boolean> {
  const session = await tx.sessions.find(sessionId)
  if (session?.userId !== userId) return false
  await tx.sessions.remove(sessionId)
  await tx.audit.append({ at: now, actor: `user:${userId}`, action: 'user.session-ended', subject: userId })
  return true
}
