import type { WriteBackOutcome } from '../../core/write-back.ts'
import { type Failed, triage } from './client.ts'

/** Of one way of writing: `no way` leaves the answer to the next one, nothing having been written. */
export type Attempt = WriteBackOutcome | { readonly kind: 'no way'; readonly reason: string }

/** Somebody else was first, or may have been: read again (interop.md 2.7). */
export function isRace({ status }: Failed): boolean {
  return status === 412 || status === 424
}

/** A race, or a rule of theirs: 409 is both, and some servers answer a failed `test` with 400 or 422. */
export function isRule({ status }: Failed): boolean {
  return status === 409 || status === 400 || status === 422
}

export function outcomeOfRead(failed: Failed): WriteBackOutcome {
  const { reason, retryAfter } = failed
  const chance = triage(failed)
  switch (chance) {
    case 'gone':
      return { kind: 'conflict', reason: 'the appointment is gone' }
    case 'refused':
      return { kind: 'refused', reason }
    case 'deferred':
      return { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) }
    default:
      return chance satisfies never
  }
}

/** Statuses of a server that certainly did not act; of the other 5xx, and of silence, nobody can tell. */
const notActed: ReadonlySet<number> = new Set([401, 408, 423, 425, 429, 503])

export function outcomeOfWrite(failed: Failed): WriteBackOutcome {
  const { status, unsent, reason, retryAfter } = failed
  if (status === undefined) return unsent ? { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) } : { kind: 'unknown', reason }
  if (notActed.has(status)) return { kind: 'deferred', reason, ...(retryAfter && { retryAfter }) }
  if (triage(failed) !== 'deferred') return outcomeOfRead(failed)
  return status >= 500 ? { kind: 'unknown', reason } : { kind: 'refused', reason }
}
