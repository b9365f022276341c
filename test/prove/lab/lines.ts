import { closeSync, openSync, readSync } from 'node:fs'
import { until } from '../../peers/programs.ts'

/** Counts the lines of a ledger that somebody else is writing, without reading any of it twice. */
export function lineCount(path: string): () => number {
  let [position, count] = [0, 0]
  const chunk = Buffer.alloc(1 << 20)
  return () => {
    let file: number
    try {
      file = openSync(path, 'r')
    } catch {
      return 0
    }
    for (let read = readSync(file, chunk, 0, chunk.length, position); read > 0; read = readSync(file, chunk, 0, chunk.length, position)) {
      position += read
      for (let at = chunk.indexOf(10); at >= 0 && at < read; at = chunk.indexOf(10, at + 1)) count += 1
    }
    closeSync(file)
    return count
  }
}

/** Until the ledger has so many; a ledger that stands still fails the proof in the end. */
export async function atLeast(count: () => number, least: number, seconds = 900): Promise<void> {
  await until(`${least} lines`, seconds, () => (count() >= least ? true : undefined))
}
