import { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { SessionStage, StoredSession, User } from '../../core/user.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Session, Sessions } from '../console/sessions.ts'
import { sha256 } from '../ids.ts'
import { newSecret } from './tokens.ts'

export interface SessionLimits {
  /** Without a request. */
  readonly idle: Temporal.Duration
  /** Whatever is done. */
  readonly longest: Temporal.Duration
}

/** Who is half signed in, or whole. */
export interface Presence {
  readonly session: StoredSession
  readonly user: User
}

export interface SessionKeeper extends Sessions {
  /** Of any stage; undefined once it is over, or its user may sign in no more. */
  presence(cookie: string): Promise<Presence | undefined>
  /** A new session; gives its cookie. */
  open(
    tx: Transaction,
    user: User,
    stage: SessionStage,
    at: { readonly device: string; readonly language: User['language'] },
  ): Promise<string>
}

/** A second factor is typed at once or not at all. */
const half = Temporal.Duration.from({ minutes: 10 })
/** A request writes that it was seen no more often than this. */
const seenEvery = Temporal.Duration.from({ minutes: 1 })

const tidied = 20

/** Sessions in the store: cookies of 256 bits, of which only the hash is kept; an end is at once. */
export function storedSessions(store: Store, clock: Clock, { idle, longest }: SessionLimits): SessionKeeper {
  const soonest = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) < 0 ? a : b)

  async function presence(cookie: string): Promise<Presence | undefined> {
    if (!/^[\w-]{43}$/.test(cookie)) return undefined
    const now = clock.now()
    const found = await store.read(async (tx) => {
      const session = await tx.sessions.find(sha256(cookie))
      const user = session && (await tx.users.find(session.userId))
      return session && user ? { session, user } : undefined
    })
    if (!found || found.user.disabledAt || Temporal.Instant.compare(found.session.endsAt, now) <= 0) return undefined
    return found
  }

  async function stillHere(session: StoredSession): Promise<void> {
    const now = clock.now()
    if (Temporal.Duration.compare(now.since(session.seenAt), seenEvery) < 0) return
    await store.transact((tx) => tx.sessions.update({ ...session, seenAt: now, endsAt: soonest(now.add(idle), session.lastsUntil) }))
  }

  return {
    presence,
    async find(cookie): Promise<Session | undefined> {
      const found = await presence(cookie)
      if (found?.session.stage !== 'signed_in') return undefined
      await stillHere(found.session)
      return { id: found.session.id, caller: callerOf(found.user), language: found.session.language }
    },
    async open(tx, user, stage, { device, language }) {
      const [cookie, now] = [newSecret(), clock.now()]
      const lastsUntil = now.add(stage === 'signed_in' ? longest : half)
      // each that comes takes some that are over with it
      await tx.sessions.forget(now, tidied)
      await tx.invitations.forget(now, tidied)
      await tx.sessions.insert({
        id: sha256(cookie),
        userId: user.id,
        stage,
        language,
        device,
        startedAt: now,
        seenAt: now,
        endsAt: soonest(now.add(idle), lastsUntil),
        lastsUntil,
      })
      return cookie
    },
  }
}

/** A user's rights at this moment; the audit knows them by their id. */
export function callerOf({ id, name, role, clinics }: User): Caller {
  return { name, role, ...(clinics && { clinics }), actor: `user:${id}` }
}

/** `Firefox, Windows`: enough to know one's own by, and no more is kept. */
export function deviceOf(userAgent: string | undefined): string {
  const named = (names: readonly (readonly [RegExp, string])[]) => names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1]
  const browser = named([
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/Chrom(e|ium)\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const system = named([
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
  ])
  return [browser ?? '?', system ?? '?'].join(', ')
}
