import type { Context, Handler } from 'hono'

/**
 * Who may reach it (R22): `public` tells nothing of anybody; `link` is opened by a token in the path; `connector` and `provider` are
 * authenticated by the plug-in that reads them; `api` by the token of the configuration.
 */
export type Access = 'public' | 'link' | 'connector' | 'provider' | 'api'

/** One line of the table of routes: what is not in it does not exist. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'ALL'
  readonly path: string
  readonly access: Access
  readonly handle: Handler
}

/** RFC 9457. */
export function problem(c: Context, status: 400 | 401 | 404 | 409 | 413 | 503, title: string, detail?: string): Response {
  return c.json({ title, status, ...(detail !== undefined && { detail }) }, status, { 'content-type': 'application/problem+json' })
}
