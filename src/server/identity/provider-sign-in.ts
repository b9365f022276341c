import type { User } from '../../core/user.ts'
import type { Transaction } from '../../store/store.ts'
import { timeOrderedId } from '../ids.ts'
import { readClaims } from './claims.ts'
import type { ProvedIdentity, Provider } from './provider.ts'
import { enter, type Place, type SignInDeps, type SignInResult } from './sign-in.ts'

export type ProviderRefusal = 'required_claim' | 'no_login' | 'no_role' | 'no_account' | 'login_taken' | 'disabled'
export type ProviderSignIn = Exclude<SignInResult, { kind: 'refused' }> | { readonly kind: 'refused'; readonly reason: ProviderRefusal }

/** Whoever the provider vouches for: an account of theirs, one that was made for them, or a new one; with the rights the provider says, each time. */
export async function signInWithProvider(
  deps: SignInDeps,
  { options }: Pick<Provider, 'options'>,
  proved: ProvedIdentity,
  place: Place,
): Promise<ProviderSignIn> {
  const read = readClaims(proved.claims, options)
  return deps.store.transact(async (tx): Promise<ProviderSignIn> => {
    const now = deps.clock.now()
    const refuse = async (reason: ProviderRefusal, subject: string) => {
      await tx.audit.append({ at: now, actor: 'visitor', action: 'sign-in.refused', subject, detail: { factor: 'provider', reason } })
      return { kind: 'refused', reason } as const
    }
    const { issuer, subject } = proved
    const own = await tx.users.bySubject(issuer, subject)
    if (read.kind === 'refused') return refuse(read.reason, own?.id ?? 'provider')
    const waiting = own ? undefined : await tx.users.byLogin(read.login)
    // one with a password is somebody's already: a name is no proof of who they are
    if (waiting && (waiting.password !== undefined || waiting.provider)) return refuse('login_taken', waiting.id)
    const known = own ?? waiting
    if (known?.disabledAt) return refuse('disabled', known.id)
    if (!known && (options.newAccounts === 'refuse' || !read.grant)) return refuse('no_account', 'provider')
    const { role, clinics } = read.grant ?? known ?? { role: 'reader' as const }
    const user: User = {
      ...(known ?? { id: timeOrderedId(now), login: read.login, language: place.language, createdAt: now }),
      name: read.name,
      role,
      ...(clinics ? { clinics } : {}),
      provider: { issuer, subject },
    }
    const settled = clinics ? user : withoutClinics(user)
    await noteRights(tx, known, settled, now)
    const entered = await enter(deps, tx, settled, place)
    return entered.kind === 'refused' ? refuse('disabled', settled.id) : entered
  })
}

function withoutClinics({ clinics: _, ...user }: User): User {
  return user
}

/** Another role than the last time ends what was open with it. */
async function noteRights(tx: Transaction, before: User | undefined, after: User, now: User['createdAt']): Promise<void> {
  const reach = (user: User | undefined) => user && `${user.role} ${user.clinics?.join(' ') ?? '*'}`
  if (reach(before) === reach(after)) return
  await tx.sessions.removeOfUser(after.id)
  await tx.audit.append({
    at: now,
    actor: 'provider',
    action: before ? 'user.changed' : 'user.added',
    subject: after.id,
    detail: { role: after.role, clinics: after.clinics?.join(' ') ?? '*' },
  })
}

/** The provider says that somebody has gone: their sessions end. */
export async function endByProvider(
  tx: Transaction,
  { issuer, subject }: Pick<ProvedIdentity, 'issuer' | 'subject'>,
  now: User['createdAt'],
): Promise<void> {
  const user = await tx.users.bySubject(issuer, subject)
  if (!user) return
  const sessions = await tx.sessions.removeOfUser(user.id)
  await tx.audit.append({ at: now, actor: 'provider', action: 'user.sessions-ended', subject: user.id, detail: { sessions } })
}
