import { Temporal } from 'temporal-polyfill'
import type { Role } from '../../core/access.ts'
import type { Store } from '../../store/store.ts'
import { type ClientAddress, clientAddress } from '../client-address.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { type ApiKeys, storedKeys } from './api-keys.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import { oidcProvider, type Provider, type ProviderOptions } from './provider.ts'
import { type SessionKeeper, type SessionLimits, storedSessions } from './sessions.ts'
import { newSecret } from './tokens.ts'

export interface IdentityOptions extends SessionLimits {
  readonly secondFactorFor: readonly Role[]
  readonly localAccounts: boolean
  readonly oidc?: Omit<ProviderOptions, 'returnTo'>
}

export interface IdentityDeps {
  readonly store: Store
  readonly clock: Clock
  readonly publicUrl: string
  /** Who tries to sign in; absent: the peer, whatever it says. */
  readonly clientAddress?: ClientAddress
  /** Cheaper in tests. */
  readonly passwords?: Passwords
}

/** Who may come in, and all that is needed to find out. */
export interface Identity {
  readonly store: Store
  readonly clock: Clock
  readonly publicUrl: string
  readonly passwords: Passwords
  readonly sessions: SessionKeeper
  readonly keys: ApiKeys
  readonly secondFactorFor: readonly Role[]
  readonly localAccounts: boolean
  readonly clientAddress: ClientAddress
  readonly provider?: Provider
}

export const returnPath = '/console/sign-in/return'

export function createIdentity(
  { store, clock, publicUrl, clientAddress: addressOf = clientAddress([]), passwords = createPasswords() }: IdentityDeps,
  options: IdentityOptions,
): Identity {
  const { secondFactorFor, localAccounts, oidc } = options
  return {
    store,
    clock,
    publicUrl,
    passwords,
    sessions: storedSessions(store, clock, options),
    keys: storedKeys(store, clock),
    secondFactorFor,
    localAccounts,
    clientAddress: addressOf,
    ...(oidc && { provider: oidcProvider({ ...oidc, returnTo: `${publicUrl}${returnPath}` }) }),
  }
}

const firstLinkLasts = Temporal.Duration.from({ hours: 1 })

/** Where there is nobody yet and nobody can come by a provider: the one-time address that makes the first operator, anew at each start. */
export async function firstOperatorAddress({ store, clock, publicUrl, provider, localAccounts }: Identity): Promise<string | undefined> {
  if (provider || !localAccounts) return undefined
  const token = newSecret()
  const now = clock.now()
  return store.transact(async (tx) => {
    if ((await tx.users.list(1)).length > 0) return undefined
    await tx.invitations.forget(now, 100)
    await tx.invitations.save({ tokenHash: sha256(token), expiresAt: now.add(firstLinkLasts) })
    return `${publicUrl}/console/first/${token}`
  })
}
