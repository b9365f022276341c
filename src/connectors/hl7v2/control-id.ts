import { createHash } from 'node:crypto'

/** An MSH-10 of ours: the same seed, the same id, so that a resend is the same message (20 characters, ch. 2.14.9.10). */
export function controlIdOf(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 20).toUpperCase()
}
