import { timingSafeEqual } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { ApiKey } from '../../core/user.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'

/** The keys that staff made. */
export interface ApiKeys {
  /** Whose it is; undefined for one that is unknown, revoked or expired. */
  callerOf(token: string): Promise<Caller | undefined>
}

const usedEvery = Temporal.Duration.from({ hours: 1 })

export function storedKeys(store: Store, clock: Clock): ApiKeys {
  /** What may be lost is not waited for long, nor often. */
  async function noteUse(key: ApiKey, now: Temporal.Instant): Promise<void> {
    if (key.usedAt && Temporal.Duration.compare(now.since(key.usedAt), usedEvery) < 0) return
    await store.transact(async (tx) => {
      const still = await tx.apiKeys.find(key.id)
      if (still) await tx.apiKeys.save({ ...still, usedAt: now })
    })
  }

  return {
    async callerOf(token) {
      const [, id, secret] = /^rpl_([0-9a-f]{32})_([\w-]{43})$/.exec(token) ?? []
      if (id === undefined || secret === undefined) return undefined
      const key = await store.read((tx) => tx.apiKeys.find(id))
      const now = clock.now()
      if (!key || !opens(key, sha256(secret), now)) return undefined
      await noteUse(key, now)
      const { name, role, clinics, scopes } = key
      return { name, role, ...(clinics && { clinics }), ...(scopes && { scopes }), actor: `key:${id}` }
    },
  }
}

function opens({ hash, before, expiresAt, revokedAt }: ApiKey, given: string, now: Temporal.Instant): boolean {
  const isOver = (at: Temporal.Instant | undefined) => at !== undefined && Temporal.Instant.compare(at, now) <= 0
  if (revokedAt || isOver(expiresAt)) return false
  return isSame(hash, given) || (before !== undefined && !isOver(before.until) && isSame(before.hash, given))
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
}
