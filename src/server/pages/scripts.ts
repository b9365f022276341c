import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Read once when the server loads, like the sheet. */
const load = (name: string): string => readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8')

/** At the root, so that its scope is every page; looked at anew by browsers each time. */
export const serviceWorker = { path: '/sw.js', body: load('sw.js') }

const register = load('push.js')

/** Named by its content: may be cached for ever. */
export const pushScript = {
  path: `/assets/push.${createHash('sha256').update(register).digest('hex').slice(0, 12)}.js`,
  body: register,
}
