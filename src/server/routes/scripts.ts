import { pushScript, serviceWorker } from '../pages/scripts.ts'
import type { Route } from './route.ts'

const type = { 'content-type': 'text/javascript; charset=utf-8' }

/** The two scripts there are (R29): both our own, and every page works without. */
export function scriptRoutes(): readonly Route[] {
  return [
    {
      method: 'GET',
      path: serviceWorker.path,
      access: 'public',
      handle: (c) => c.body(serviceWorker.body, 200, { ...type, 'cache-control': 'no-cache' }),
    },
    {
      method: 'GET',
      path: pushScript.path,
      access: 'public',
      handle: (c) => c.body(pushScript.body, 200, { ...type, 'cache-control': 'public, max-age=31536000, immutable' }),
    },
  ]
}
