import type { Handler, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { StoreUnavailable } from '../store/store.ts'
import type { ApiToken } from './api-guard.ts'
import { apiGuard } from './api-guard.ts'
import { type ClientAddress, clientAddress } from './client-address.ts'
import { type ConsoleGuardDeps, consoleGuard } from './console/guard.ts'
import type { ApiKeys } from './identity/api-keys.ts'
import { Overloaded } from './identity/passwords.ts'
import type { Log } from './log.ts'
import { stylesheet } from './pages/stylesheet.ts'
import type { RateLimits } from './rate-limits.ts'
import { rateLimits, usualLimits } from './rate-limits.ts'
import type { Access, OpenRoute, Route } from './routes/route.ts'
import { problem } from './routes/route.ts'

export interface AppDeps {
  readonly routes: readonly Route[]
  readonly apiTokens?: readonly ApiToken[]
  /** Those that staff made. Without either, nothing below `/api` is served. */
  readonly apiKeys?: ApiKeys
  readonly limits?: RateLimits
  /** Whose address it is that tries keys; absent: the peer's. */
  readonly clientAddress?: ClientAddress
  /** Absent: there is no console. */
  readonly console?: ConsoleGuardDeps
  readonly log: Log
}

/** No frame, no script but our own two, nothing from elsewhere (R29). */
const policy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  workerSrc: ["'self'"],
  imgSrc: ["'self'"],
  manifestSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
}

/** The web server: a table of routes, each with who may reach it; what is not in the table is not found. */
export function createApp({
  routes,
  apiTokens = [],
  apiKeys,
  limits = usualLimits,
  clientAddress: addressOf = clientAddress([]),
  console,
  log,
}: AppDeps): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    c.res.headers.set('x-robots-tag', 'noindex')
    // without one, browsers would hide where a form of the console comes from (R29)
    if (c.req.path.startsWith('/console')) c.res.headers.set('referrer-policy', 'same-origin')
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: policy,
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      crossOriginResourcePolicy: 'same-origin',
    }),
  )
  app.get(stylesheet.path, (c) =>
    c.body(stylesheet.body, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' }),
  )
  const hasApi = apiTokens.length > 0 || apiKeys !== undefined
  if (hasApi) app.use('/api/v1/*', rateLimits(limits, addressOf))
  for (const route of routes) {
    const handlers = handlersOf(route, { apiTokens, ...(apiKeys && { apiKeys }), ...(console && { console }) })
    const methods = route.method === 'ALL' ? ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE'] : [route.method]
    if (handlers) app.on(methods, [route.path], ...handlers)
  }
  for (const [path, methods] of methodsOf(routes.filter((route) => hasApi && route.access === 'api')))
    app.all(path, (c) => {
      c.header('allow', methods.join(', '))
      return problem(c, 405, `there is ${methods.join(' and ')} here`)
    })
  app.notFound((c) => problem(c, 404))
  app.onError((error, c) => {
    if (error instanceof StoreUnavailable || error instanceof Overloaded) {
      c.header('retry-after', '5')
      return c.req.path.startsWith('/api/') ? problem(c, 503) : c.body(null, 503)
    }
    log.error('request_failed', { method: c.req.method, route: c.req.routePath, error })
    return problem(c, 500)
  })
  return app
}

/** What may be asked of each path; whoever may see a thing may ask for its head. */
function methodsOf(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, readonly string[]>()
  for (const { path, method } of routes)
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])])
  return methods
}

/** What stands before a route, then the route; undefined: nobody could be let in, so it is not there. */
function handlersOf(
  route: Route,
  { apiTokens = [], apiKeys, console }: Pick<AppDeps, 'apiTokens' | 'apiKeys' | 'console'>,
): readonly (MiddlewareHandler | Handler)[] | undefined {
  switch (route.access) {
    case 'api':
      return apiTokens.length > 0 || apiKeys ? [...apiGuard(route, apiTokens, apiKeys), route.handle] : undefined
    case 'staff':
      return console && [...consoleGuard(route, console), route.handle]
    default:
      return [...openGuards(route), route.handle]
  }
}

const kibibyte = 1024

function upTo(maxSize: number): MiddlewareHandler {
  return bodyLimit({ maxSize, onError: (c) => problem(c, 413) })
}

function openGuards({ access, maxBytes }: OpenRoute): readonly MiddlewareHandler[] {
  return maxBytes === undefined ? open[access] : [upTo(maxBytes)]
}

/** What stands before a route of each kind. Connectors and providers authenticate what they read themselves, and connectors bound it too. */
const open: Readonly<Record<Exclude<Access, 'api' | 'staff'>, readonly MiddlewareHandler[]>> = {
  public: [],
  link: [upTo(4 * kibibyte)],
  connector: [],
  provider: [upTo(64 * kibibyte)],
}
