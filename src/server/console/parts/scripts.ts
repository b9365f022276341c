import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { OpenRoute } from '../../routes/route.ts'

/** A script of the console: it saves a round trip, and every page works without. */
export interface PageScript {
  /** Named by its content: may be cached for ever. */
  readonly path: string
  readonly body: string
}

/** Read once when the server loads, like the sheet. */
function load(name: string): PageScript {
  const body = readFileSync(new URL(`../../assets/${name}.js`, import.meta.url), 'utf8')
  return { path: `/assets/${name}.${createHash('sha256').update(body).digest('hex').slice(0, 12)}.js`, body }
}

/** Counts unsaved edits, and follows D7a while one edits. */
export const editScript = load('console-edit')
/** Counts what a text costs, and inserts variables. */
export const templateScript = load('console-template')
/** Copies what is shown once. */
export const copyScript = load('console-copy')

export function consoleScriptRoutes(): readonly OpenRoute[] {
  return [editScript, templateScript, copyScript].map(({ path, body }) => ({
    method: 'GET',
    path,
    access: 'public',
    handle: (c) =>
      c.body(body, 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' }),
  }))
}
