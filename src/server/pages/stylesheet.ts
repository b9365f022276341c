import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Stylesheet {
  /** Named by its content: may be cached for ever. */
  readonly path: string
  readonly body: string
}

/** Read once when the server loads; without it there is no page worth serving, so a missing file ends the start. */
export const stylesheet: Stylesheet = load(new URL('../assets/rappel.css', import.meta.url))

function load(file: URL): Stylesheet {
  const body = readFileSync(file, 'utf8')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { path: `/assets/rappel.${hash}.css`, body }
}
