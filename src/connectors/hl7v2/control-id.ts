import { hash } from 'node:crypto'

/** An MSH-10 of ours: the same seed, the same id, so that a resend is the same message (20 characters, ch. 2.14.9.10). */
export function controlIdOf(seed: string): string {
  return digestOf(seed).slice(0, 20)
}

/** The EI.1 of a request or a result of ours (ARQ-1, OBR-3): with `^RAPPEL` behind it, it fits the 22 characters such a field has up to 2.5.1. */
export function entityIdOf(seed: string): string {
  return digestOf(seed).slice(0, 15)
}

function digestOf(seed: string): string {
  return hash('sha256', seed).toUpperCase()
}
