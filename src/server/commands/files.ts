import { readFile, stat } from 'node:fs/promises'
import { Refusal } from './refusal.ts'

/** A year of a large clinic as one file. */
const mostBytes = 256 * 1024 * 1024

/** A whole file; a `Refusal` where there is none, or it is larger than anybody means. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > mostBytes) throw new Refusal(`${file}: larger than ${mostBytes} bytes; give it in parts`)
    return new Uint8Array(await readFile(file))
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(`${file}: no such file, or not readable`)
  }
}
