import { timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { StoreUnavailable } from '../store/store.ts'
import { sha256 } from './ids.ts'
import type { Log } from './log.ts'
import { stylesheet } from './pages/stylesheet.ts'
import type { Access, Route } from './routes/route.ts'
import { problem } from './routes/route.ts'

export interface AppDeps {
  readonly routes: readonly Route[]
  /** Absent: nothing below `/api` is served. */
  readonly apiToken?: string
  readonly log: Log
}

/** No script, no frame, nothing from elsewhere (R29). */
const policy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
}

/** The web server: a table of routes, each with who may reach it; what is not in the table is not found. */
export function createApp({ routes, apiToken, log }: AppDeps): Hono {
  const app = new Hono()
  app.use(
    secureHeaders({
      contentSecurityPolicy: policy,
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      crossOriginResourcePolicy: 'same-origin',
    }),
  )
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    c.res.headers.set('x-robots-tag', 'noindex')
  })
  app.get(stylesheet.path, (c) =>
    c.body(stylesheet.body, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' }),
  )
  const guards = guardsOf(apiToken)
  for (const { method, path, access, handle } of routes) {
    if (access === 'api' && apiToken === undefined) continue
    app.on(method === 'ALL' ? ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE'] : [method], [path], ...guards[access], handle)
  }
  app.notFound((c) => problem(c, 404, 'Not Found'))
  app.onError((error, c) => {
    if (error instanceof StoreUnavailable) return c.body(null, 503, { 'retry-after': '5' })
    log.error('request_failed', { method: c.req.method, route: c.req.routePath, error })
    return c.json({ title: 'Internal Server Error', status: 500 }, 500, { 'content-type': 'application/problem+json' })
  })
  return app
}

const mebibyte = 1024 * 1024

/** What stands before a route of each kind. Connectors and providers bound and authenticate what they read themselves. */
function guardsOf(apiToken: string | undefined): Readonly<Record<Access, readonly MiddlewareHandler[]>> {
  const small = bodyLimit({ maxSize: 4096, onError: (c) => problem(c, 413, 'Content Too Large') })
  const report = bodyLimit({ maxSize: mebibyte / 16, onError: (c) => problem(c, 413, 'Content Too Large') })
  return { public: [], link: [small], connector: [], provider: [report], api: [bearer(apiToken), small] }
}

function bearer(token: string | undefined): MiddlewareHandler {
  const expected = Buffer.from(sha256(token ?? ''), 'hex')
  return async (c, next) => {
    const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    const same = timingSafeEqual(Buffer.from(sha256(given), 'hex'), expected)
    if (token === undefined || !same)
      return c.json({ title: 'Unauthorized', status: 401 }, 401, {
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer',
      })
    return next()
  }
}
