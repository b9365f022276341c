import type { Context } from 'hono'
import type { AnsweredRequest } from '../../store/port/idempotency.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256 } from '../ids.ts'
import { actorOf } from '../settings/edit-settings.ts'
import type { ApiEnv, ApiRoute, Route } from './route.ts'
import { problem } from './route.ts'

export interface IdempotencyDeps {
  readonly store: Store
  readonly clock: Clock
}

type Ask = Context<ApiEnv>

const kept = { hours: 24 }
/** Longer than any of them works: after a crash the same request may be made again. */
const longestWork = { minutes: 2 }
const tidied = 20

/** The same table, in which what sends may be asked for again by the same Idempotency-Key: it is done once, and answered as the first time. */
export function onceEach(routes: readonly Route[], deps: IdempotencyDeps): readonly Route[] {
  return routes.map((route) => (route.access === 'api' && route.contract?.sends ? once(route, deps) : route))
}

function once(route: ApiRoute, deps: IdempotencyDeps): ApiRoute {
  return {
    ...route,
    handle: async (c, next) => {
      const given = c.req.header('idempotency-key')
      if (given === undefined) return route.handle(c, next)
      if (!/^[ -~]{1,255}$/.test(given))
        return problem(c, 400, 'mend the header', { faults: [{ parameter: 'Idempotency-Key', message: '1 to 255 plain characters' }] })
      const begun = await begin(c, given, deps)
      if (begun instanceof Response) return begun
      try {
        const response = await route.handle(c, next)
        if (response) await finish(response, begun, deps)
        return response
      } catch (error) {
        await deps.store.transact((tx) => tx.idempotency.remove(begun.key))
        throw error
      }
    },
  }
}

/** Keeps that it is worked on; else the answer of the first time, or why there is none. */
async function begin(c: Ask, given: string, { store, clock }: IdempotencyDeps): Promise<AnsweredRequest | Response> {
  const key = sha256(`${actorOf(c.get('caller'))}\n${given}`)
  const requestHash = sha256(`${c.req.method}\n${c.req.path}\n${await c.req.text()}`)
  const now = clock.now()
  const fresh = { key, requestHash, startedAt: now, forgetAt: now.add(kept) }
  const known = await store.transact(async (tx) => {
    const before = await tx.idempotency.find(key)
    const isOver =
      before && (isPast(before.forgetAt, now) || (before.status === undefined && isPast(before.startedAt.add(longestWork), now)))
    if (before && !isOver) return before
    await tx.idempotency.save(fresh)
    await tx.idempotency.forget(now, tidied)
    return undefined
  })
  if (!known) return fresh
  if (known.requestHash !== requestHash)
    return problem(c, 422, 'this key came with another request: take a new one', { type: 'key_reused' })
  if (known.status === undefined) return problem(c, 409, 'it is being worked on: ask again in a moment', { type: 'request_running' })
  const type = known.status < 400 ? 'application/json' : 'application/problem+json'
  return new Response(known.body, { status: known.status, headers: { 'content-type': type, 'idempotency-replayed': 'true' } })
}

const isPast = (at: AnsweredRequest['forgetAt'], now: AnsweredRequest['forgetAt']) => at.epochMilliseconds <= now.epochMilliseconds

/** What was refused for how it was asked was not begun: mended, it may come by the same key. */
async function finish(response: Response, begun: AnsweredRequest, { store }: IdempotencyDeps): Promise<void> {
  const { status } = response
  const isDone = status < 300 || status === 409
  const body = await response.clone().text()
  await store.transact((tx) => (isDone ? tx.idempotency.save({ ...begun, status, body }) : tx.idempotency.remove(begun.key)))
}
