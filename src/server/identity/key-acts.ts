import { Temporal } from 'temporal-polyfill'
import type { Caller, Grant } from '../../core/access.ts'
import { mayGrant } from '../../core/access.ts'
import type { ApiKey } from '../../core/user.ts'
import type { Transaction } from '../../store/store.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { newSecret } from './tokens.ts'

export interface KeyAct {
  readonly caller: Caller
  readonly now: Temporal.Instant
}

export interface NewKey extends Grant {
  readonly name: string
  readonly expiresAt?: Temporal.Instant
}

export type KeyRefusal = 'unknown' | 'beyond_own' | 'over_already' | 'revoked'
export type KeyActed = { readonly kind: 'done'; readonly key: ApiKey } | { readonly kind: 'refused'; readonly reason: KeyRefusal }
/** With what is sent as `Authorization: Bearer`; shown once. */
export type KeyMade = { readonly kind: 'done'; readonly key: ApiKey; readonly token: string } | Extract<KeyActed, { kind: 'refused' }>

/** How long the secret before still opens, so that whoever uses it can be told the new one (R33). */
export const usualOverlap = Temporal.Duration.from({ hours: 24 })

const refused = (reason: KeyRefusal) => ({ kind: 'refused', reason }) as const

export async function addKey(tx: Transaction, wanted: NewKey, { caller, now }: KeyAct): Promise<KeyMade> {
  if (!mayGrant(caller, wanted)) return refused('beyond_own')
  if (wanted.expiresAt && Temporal.Instant.compare(wanted.expiresAt, now) <= 0) return refused('over_already')
  const secret = newSecret()
  const key: ApiKey = { ...wanted, id: timeOrderedId(now), hash: sha256(secret), createdAt: now, createdBy: actorOf(caller) }
  await tx.apiKeys.save(key)
  await note(tx, 'key.added', key, { caller, now })
  return { kind: 'done', key, token: tokenOf(key, secret) }
}

/** It opens nothing any more. */
export async function revokeKey(tx: Transaction, id: string, act: KeyAct): Promise<KeyActed> {
  const found = await own(tx, id, act)
  if (!found) return refused('unknown')
  const { before: _, ...key } = found
  const revoked = { ...key, revokedAt: found.revokedAt ?? act.now }
  await tx.apiKeys.save(revoked)
  if (!found.revokedAt) await note(tx, 'key.revoked', revoked, act)
  return { kind: 'done', key: revoked }
}

/** Another secret of the same key; the one before opens for `overlap` longer. */
export async function rotateKey(tx: Transaction, id: string, act: KeyAct, overlap = usualOverlap): Promise<KeyMade> {
  const found = await own(tx, id, act)
  if (!found) return refused('unknown')
  if (found.revokedAt) return refused('revoked')
  const secret = newSecret()
  const key = { ...found, hash: sha256(secret), before: { hash: found.hash, until: act.now.add(overlap) } }
  await tx.apiKeys.save(key)
  await note(tx, 'key.rotated', key, act)
  return { kind: 'done', key, token: tokenOf(key, secret) }
}

async function own(tx: Transaction, id: string, { caller }: KeyAct): Promise<ApiKey | undefined> {
  const key = await tx.apiKeys.find(id)
  return key && mayGrant(caller, key) ? key : undefined
}

function tokenOf({ id }: ApiKey, secret: string): string {
  return `rpl_${id}_${secret}`
}

async function note(tx: Transaction, action: string, key: ApiKey, { caller, now }: KeyAct): Promise<void> {
  const { role, clinics, scopes, expiresAt } = key
  const detail = {
    role,
    clinics: clinics?.join(' ') ?? '*',
    scopes: scopes?.join(' ') ?? '*',
    ...(expiresAt && { expires: expiresAt.toString() }),
  }
  await tx.audit.append({ at: now, actor: actorOf(caller), action, subject: key.id, detail })
}
