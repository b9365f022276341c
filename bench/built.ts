import { existsSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname

/** What runs in production is what is built; a path below `dist`. */
export async function built<Module>(path: string): Promise<Module> {
  const file = join(here, '..', 'dist', path)
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run build`)
  return (await import(file)) as Module
}
