import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from './context.ts'

/** Runs another bench by itself, as its own command does, and gives back the JSON it wrote. */
export async function runBench<T>({ bench, say }: Context, name: string, words: readonly string[]): Promise<T> {
  const json = join(bench.newFolder(), `${name}.json`)
  say(`bench:${name} ${words.join(' ')}`)
  const file = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', `${name}.ts`)
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...words, '--json', json], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error(`bench:${name} ended with ${status}: ${said.trim()}`)
  return JSON.parse(readFileSync(json, 'utf8')) as T
}
