import { homeIcon, webManifest } from '../pages/manifest.ts'
import { pushScript, serviceWorker } from '../pages/scripts.ts'
import type { Route } from './route.ts'

const type = { 'content-type': 'text/javascript; charset=utf-8' }

/** The two scripts there are (R29), both our own, and what a page on the home screen is called: every page works without. */
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
    {
      method: 'GET',
      path: webManifest.path,
      access: 'public',
      handle: (c) => c.body(webManifest.body, 200, { 'content-type': 'application/manifest+json', 'cache-control': 'no-cache' }),
    },
    {
      method: 'GET',
      path: homeIcon.path,
      access: 'public',
      handle: (c) => c.body(homeIcon.body, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' }),
    },
  ]
}
