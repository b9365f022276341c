import type { Context, MiddlewareHandler } from 'hono'
import type { RateLimiterRes } from 'rate-limiter-flexible'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type ClientAddress, countedAs } from './client-address.ts'
import { sha256 } from './ids.ts'
import { problem } from './routes/route.ts'

/** Of a minute. */
export interface RateLimits {
  /** Requests of one key. */
  readonly perKey: number
  /** Requests without a known key, from one address. */
  readonly strangers: number
}

/** Ten a second of a program; of a stranger, what somebody tries who looks for the right key. */
export const usualLimits: RateLimits = { perKey: 600, strangers: 300 }

const minute = 60

/**
 * How much one key may ask of the API, and how often an address may try keys (R20). A known key is never shut out by what strangers try
 * from its address: many may share one. In memory: each node counts for itself.
 */
export function rateLimits({ perKey, strangers }: RateLimits, clientAddress: ClientAddress): MiddlewareHandler {
  const keys = new RateLimiterMemory({ points: perKey, duration: minute })
  const addresses = new RateLimiterMemory({ points: strangers, duration: minute })

  return async (c, next) => {
    const key = sha256(c.req.header('authorization') ?? '')
    // a key that nobody knows takes no place: it is counted by its address
    const known = (await keys.get(key)) !== null
    const spent = known ? await spend(keys, key) : undefined
    if (spent && spent.remaining < 0) {
      tell(c, 'key', perKey, spent)
      return tooMany(c, spent)
    }
    await next()
    if (c.res.status === 401) {
      const tried = await spend(addresses, countedAs(clientAddress(c) ?? ''))
      if (tried.remaining >= 0) return
      c.res = tooMany(c, tried)
      return
    }
    tell(c, 'key', perKey, spent ?? (await spend(keys, key)))
  }
}

interface Spent {
  /** Below zero: it was not to be had. */
  readonly remaining: number
  readonly seconds: number
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<Spent> {
  try {
    return spentOf(await limiter.consume(key))
  } catch (refused) {
    if (refused instanceof Error) throw refused
    return { ...spentOf(refused as RateLimiterRes), remaining: -1 }
  }
}

function spentOf({ remainingPoints, msBeforeNext }: RateLimiterRes): Spent {
  return { remaining: remainingPoints, seconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) }
}

/** draft-ietf-httpapi-ratelimit-headers. */
function tell(c: Context, name: string, quota: number, { remaining, seconds }: Spent): void {
  c.res.headers.set('ratelimit-policy', `"${name}";q=${quota};w=${minute}`)
  c.res.headers.set('ratelimit', `"${name}";r=${Math.max(0, remaining)};t=${seconds}`)
}

function tooMany(c: Context, { seconds }: Spent): Response {
  c.header('retry-after', String(seconds))
  return problem(c, 429, `wait ${seconds} s`)
}
