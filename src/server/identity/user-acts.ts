import { Temporal } from 'temporal-polyfill'
import type { Caller, Role } from '../../core/access.ts'
import { mayGrant, seesAll } from '../../core/access.ts'
import { loginOf, type User } from '../../core/user.ts'
import type { Language } from '../../core/words/language.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { newSecret } from './tokens.ts'

/** Who acts on whom. */
export interface UserAct {
  readonly userId: string
  readonly caller: Caller
  readonly now: Temporal.Instant
}

export interface NewUser {
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly clinics?: readonly string[]
  readonly language?: Language
}

export type UserRefusal =
  /** Nobody by that id, or nobody the caller may see. */
  | 'unknown'
  /** It is more than the caller has. */
  | 'beyond_own'
  | 'last_operator'
  | 'login_taken'
  | 'login_malformed'

export type UserActed = { readonly kind: 'done'; readonly user: User } | { readonly kind: 'refused'; readonly reason: UserRefusal }
/** With the token of the one-time address by which they choose a password; shown once. */
export type UserInvited = { readonly kind: 'done'; readonly user: User; readonly token: string } | Extract<UserActed, { kind: 'refused' }>

/** A weekend and a day. */
export const invitationLasts = Temporal.Duration.from({ hours: 72 })

const refused = (reason: UserRefusal) => ({ kind: 'refused', reason }) as const

/** Whom a caller may see and change: those with no more than they have. */
export function mayManage(caller: Caller, { role, clinics }: Pick<User, 'role' | 'clinics'>): boolean {
  return caller.scopes === undefined && mayGrant(caller, { role, ...(clinics && { clinics }) })
}

export async function addUser(tx: Transaction, { caller, now, ...wanted }: NewUser & Omit<UserAct, 'userId'>): Promise<UserInvited> {
  const login = loginOf(wanted.login)
  if (login === undefined) return refused('login_malformed')
  if (!mayManage(caller, wanted)) return refused('beyond_own')
  if (await tx.users.byLogin(login)) return refused('login_taken')
  const { name, role, clinics, language = 'fr' } = wanted
  const user: User = { id: timeOrderedId(now), login, name, role, ...(clinics && { clinics }), language, createdAt: now }
  await tx.users.save(user)
  await note(tx, 'user.added', user, { caller, now }, { role, clinics: clinics?.join(' ') ?? '*' })
  return { kind: 'done', user, token: await invite(tx, user, now) }
}

/** Another name, role or reach. Their sessions end with another role or reach: what they see next is what they may. */
export async function changeUser(
  tx: Transaction,
  { name, role, clinics, ...act }: UserAct & Partial<Pick<NewUser, 'name' | 'role'>> & { readonly clinics?: readonly string[] | 'all' },
): Promise<UserActed> {
  return change(tx, act, (user) => {
    const { clinics: own, ...rest } = user
    const reach = clinics === undefined ? own : clinics === 'all' ? undefined : clinics
    const wanted: User = { ...rest, ...(name !== undefined && { name }), role: role ?? user.role, ...(reach && { clinics: reach }) }
    if (!mayManage(act.caller, wanted)) return 'beyond_own'
    const detail = { role: wanted.role, clinics: reach?.join(' ') ?? '*' }
    const isSameReach = (reach?.join(' ') ?? '*') === (own?.join(' ') ?? '*')
    return { user: wanted, action: 'user.changed', detail, endsSessions: wanted.role !== user.role || !isSameReach }
  })
}

export async function disableUser(tx: Transaction, act: UserAct): Promise<UserActed> {
  return change(tx, act, (user) => ({
    user: { ...user, disabledAt: user.disabledAt ?? act.now },
    action: 'user.disabled',
    endsSessions: true,
  }))
}

export async function enableUser(tx: Transaction, act: UserAct): Promise<UserActed> {
  return change(tx, act, ({ disabledAt: _, ...user }) => ({ user, action: 'user.enabled', endsSessions: false }))
}

/** Ends every session of theirs; they may sign in again. */
export async function endSessions(tx: Transaction, act: UserAct): Promise<UserActed> {
  return change(tx, act, (user) => ({ user, action: 'user.sessions-ended', endsSessions: true }))
}

/** Their password and second factor are gone, and a one-time address makes new ones: for who forgot the one or lost the other. */
export async function resetUser(tx: Transaction, act: UserAct): Promise<UserInvited> {
  const acted = await change(tx, act, ({ password: _password, codes: _codes, ...user }) => ({
    user,
    action: 'user.reset',
    endsSessions: true,
  }))
  return acted.kind === 'done' ? { ...acted, token: await invite(tx, acted.user, act.now) } : acted
}

interface Changed {
  readonly user: User
  readonly action: string
  readonly detail?: Readonly<Record<string, string>>
  readonly endsSessions: boolean
}

async function change(tx: Transaction, act: UserAct, make: (user: User) => Changed | UserRefusal): Promise<UserActed> {
  const before = await tx.users.find(act.userId)
  if (!before || !mayManage(act.caller, before)) return refused('unknown')
  const made = make(before)
  if (typeof made === 'string') return refused(made)
  const { user } = made
  if (mayDoAll(before) && !mayDoAll(user) && (await isLast(tx, before))) return refused('last_operator')
  await tx.users.save(user)
  if (made.endsSessions) await tx.sessions.removeOfUser(user.id)
  if (user.disabledAt) await tx.invitations.removeOfUser(user.id)
  await note(tx, made.action, user, act, made.detail)
  return { kind: 'done', user }
}

function mayDoAll(user: User): boolean {
  return seesAll(user) && !user.disabledAt
}

async function isLast(tx: Transaction, { id }: User): Promise<boolean> {
  return (await tx.users.whoSeeAll(2)).every((other) => other.id === id)
}

async function invite(tx: Transaction, { id }: User, now: Temporal.Instant): Promise<string> {
  const token = newSecret()
  await tx.invitations.removeOfUser(id)
  await tx.invitations.save({ tokenHash: sha256(token), userId: id, expiresAt: now.add(invitationLasts) })
  return token
}

async function note(
  tx: Transaction,
  action: string,
  { id }: User,
  { caller, now }: Omit<UserAct, 'userId'>,
  detail?: Changed['detail'],
): Promise<void> {
  await tx.audit.append({ at: now, actor: actorOf(caller), action, subject: id, ...(detail && { detail }) })
}
