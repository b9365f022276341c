import { timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Caller, Role } from '../core/access.ts'
import { hasScope, mayEnter, mayReach } from '../core/access.ts'
import type { ApiKeys } from './identity/api-keys.ts'
import { scopeOf } from './identity/scopes.ts'
import { sha256 } from './ids.ts'
import type { ApiEnv, ApiRoute } from './routes/route.ts'
import { problem } from './routes/route.ts'

/** One token of the configuration, and what it opens. */
export interface ApiToken extends Caller {
  readonly token: string
}

const usualBytes = 4096

/** What stands before a route of the API, in this order: who calls, whether the role is enough, whose it is, how much is sent (R22). */
export function apiGuard(route: ApiRoute, tokens: readonly ApiToken[], keys?: ApiKeys): readonly MiddlewareHandler<ApiEnv>[] {
  const { least, clinicOf, maxBytes = usualBytes } = route
  const scope = scopeOf(route)
  const known = tokens.map(({ token, ...caller }) => ({ hash: digest(token), caller }))
  return [
    async (c, next) => {
      const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
      const hashed = digest(given)
      const caller = known.find(({ hash }) => timingSafeEqual(hash, hashed))?.caller ?? (await keys?.callerOf(given))
      if (!caller) {
        c.header('www-authenticate', 'Bearer')
        return problem(c, 401, 'give Authorization: Bearer, and a key of the API')
      }
      if (!mayReach(caller, least)) return problem(c, 403, `the role ${sayAny(least)} is needed`, { type: 'role_required', roles: least })
      if (!hasScope(caller, scope)) return problem(c, 403, `the scope ${scope} is needed`, { type: 'scope_required', scope })
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
