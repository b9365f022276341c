import { timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Caller, Role } from '../core/access.ts'
import { mayEnter, mayReach } from '../core/access.ts'
import { sha256 } from './ids.ts'
import type { ApiEnv, ApiRoute } from './routes/route.ts'
import { problem } from './routes/route.ts'

/** One key of the API, and what it opens. */
export interface ApiToken extends Caller {
  readonly token: string
}

const usualBytes = 4096

/** What stands before a route of the API, in this order: who calls, whether the role is enough, whose it is, how much is sent (R22). */
export function apiGuard(route: ApiRoute, tokens: readonly ApiToken[]): readonly MiddlewareHandler<ApiEnv>[] {
  const { least, clinicOf, maxBytes = usualBytes } = route
  const known = tokens.map(({ token, ...caller }) => ({ hash: digest(token), caller }))
  return [
    async (c, next) => {
      const given = digest(/^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '')
      const caller = known.find(({ hash }) => timingSafeEqual(hash, given))?.caller
      if (!caller) {
        c.header('www-authenticate', 'Bearer')
        return problem(c, 401, 'give Authorization: Bearer, and a token of server.apiTokens')
      }
      if (!mayReach(caller, least)) return problem(c, 403, `the role ${sayAny(least)} is needed`, { type: 'role_required', roles: least })
      const clinicId = clinicOf === 'each' ? undefined : await clinicOf(c)
      // another clinic's is answered like nobody's: a stranger learns nothing of who is a patient where
      if (clinicOf !== 'each' && (clinicId === undefined || !mayEnter(caller, clinicId)))
        return problem(c, 404, 'nothing there by that name')
      c.set('caller', caller)
      return next()
    },
    bodyLimit({ maxSize: maxBytes, onError: (c) => problem(c, 413, `send ${maxBytes} bytes at most`) }),
  ]
}

function digest(text: string): Buffer {
  return Buffer.from(sha256(text), 'hex')
}

function sayAny(roles: readonly Role[]): string {
  return roles.join(' or ')
}
