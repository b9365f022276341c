import type { Temporal } from 'temporal-polyfill'
import type { Role } from '../../core/access.ts'
import { loginOf, type SessionStage, type User } from '../../core/user.ts'
import type { Language } from '../../core/words/language.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { takeCode, takeRecoveryCode } from './one-time-codes.ts'
import type { Passwords } from './passwords.ts'
import type { Presence, SessionKeeper } from './sessions.ts'
import { beginTry, endTry, type Tried } from './tries.ts'

export interface SignInDeps {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
  readonly sessions: SessionKeeper
  /** Who cannot do without a second factor. */
  readonly secondFactorFor: readonly Role[]
}

/** Where somebody signs in from. */
export interface Place {
  readonly address?: string
  readonly device: string
  readonly language: Language
}

export type SignInResult =
  | { readonly kind: SessionStage; readonly cookie: string }
  /** Wrong name, wrong password, no such account, disabled: all alike. */
  | { readonly kind: 'refused' }
  /** Too many tries, for an account that exists or not. */
  | { readonly kind: 'wait'; readonly until: Temporal.Instant }

/** By name and password. A second factor may be due after it. */
export async function signInWithPassword(
  deps: SignInDeps,
  { login: typed, password }: { readonly login: string; readonly password: string },
  place: Place,
): Promise<SignInResult> {
  const { store, clock, passwords } = deps
  const login = loginOf(typed) ?? typed
  const tried = triedBy(`password:${login}`, place)
  const begun = await store.transact(async (tx) => {
    const until = await beginTry(tx, tried, clock.now())
    return until ? { until } : { user: await tx.users.byLogin(login) }
  })
  if (begun.until) return { kind: 'wait', until: begun.until }
  const found = begun.user?.disabledAt ? undefined : begun.user
  const verdict = await passwords.check(password, found?.password)
  const better = verdict === 'outdated' ? await passwords.hash(password) : undefined
  return store.transact(async (tx) => {
    // what was read before the hash took its time may be over
    const user = found && (await tx.users.find(found.id))
    if (verdict === 'wrong' || !user || user.disabledAt || user.password !== found?.password)
      return refuse(tx, clock.now(), begun.user?.id ?? `login:${sha256(login).slice(0, 16)}`, 'password', place)
    await endTry(tx, tried)
    return admit(deps, tx, better ? { ...user, password: better } : user, place)
  })
}

/** Somebody whose password, or provider, is right: the next stage is what their account asks for. */
export async function admit(deps: SignInDeps, tx: Transaction, user: User, place: Place): Promise<SignInResult> {
  const needsCodes = !user.provider && deps.secondFactorFor.includes(user.role)
  if (user.codes?.verifiedAt && !user.provider) return halfway(deps, tx, user, 'code_due', place)
  return needsCodes ? halfway(deps, tx, user, 'enrolment_due', place) : enter(deps, tx, user, place)
}

async function halfway({ sessions }: SignInDeps, tx: Transaction, user: User, stage: SessionStage, place: Place): Promise<SignInResult> {
  await tx.users.save(user)
  return { kind: stage, cookie: await sessions.open(tx, user, stage, { device: place.device, language: place.language }) }
}

/** The whole way in: a new cookie, and a row in the audit. */
export async function enter({ sessions, clock }: SignInDeps, tx: Transaction, user: User, place: Place): Promise<SignInResult> {
  const now = clock.now()
  await tx.users.save({ ...user, language: place.language, signedInAt: now })
  await tx.audit.append({
    at: now,
    actor: `user:${user.id}`,
    action: 'sign-in.accepted',
    subject: user.id,
    detail: { device: place.device, ...(place.address !== undefined && { from: place.address }) },
  })
  return { kind: 'signed_in', cookie: await sessions.open(tx, user, 'signed_in', { device: place.device, language: place.language }) }
}

/** With the code of a telephone, or a recovery code, after the password. */
export async function signInWithCode(
  deps: SignInDeps,
  { session, user: { id } }: Presence,
  code: string,
  place: Place,
): Promise<SignInResult> {
  const { store, clock } = deps
  const tried = triedBy(`code:${id}`, place)
  return store.transact(async (tx): Promise<SignInResult> => {
    const now = clock.now()
    const user = await tx.users.find(id)
    // a code is taken within the half-open session it belongs to, which another request may have used up
    if (!user?.codes?.verifiedAt || user.disabledAt || !(await tx.sessions.find(session.id))) return { kind: 'refused' }
    const until = await beginTry(tx, tried, now)
    if (until) return { kind: 'wait', until }
    const codes = takeCode(user.codes, code, now) ?? takeRecoveryCode(user.codes, code)
    if (!codes) return refuse(tx, now, id, 'code', place)
    await endTry(tx, tried)
    await tx.sessions.remove(session.id)
    return enter(deps, tx, { ...user, codes }, place)
  })
}

async function refuse(tx: Transaction, now: Temporal.Instant, subject: string, factor: string, place: Place): Promise<SignInResult> {
  await tx.audit.append({
    at: now,
    actor: 'visitor',
    action: 'sign-in.refused',
    subject,
    detail: { factor, ...(place.address !== undefined && { from: place.address }) },
  })
  return { kind: 'refused' }
}

function triedBy(account: string, { address }: Place): Tried {
  return { account, ...(address !== undefined && { address }) }
}
