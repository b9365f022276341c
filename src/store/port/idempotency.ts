import type { Temporal } from 'temporal-polyfill'

/** What requests with an Idempotency-Key were answered. */
export interface IdempotencyTable {
  find(key: string): Promise<AnsweredRequest | undefined>
  save(request: AnsweredRequest): Promise<void>
  remove(key: string): Promise<void>
  /** Deletes those whose time is over, so many at most; how many. */
  forget(now: Temporal.Instant, limit: number): Promise<number>
}

/** A request that may be made again by the same key. */
export interface AnsweredRequest {
  /** Of its caller and its Idempotency-Key; neither in clear. */
  readonly key: string
  /** SHA-256 of method, address and body, hex. */
  readonly requestHash: string
  readonly startedAt: Temporal.Instant
  readonly forgetAt: Temporal.Instant
  /** Absent while it is worked on, or where a crash cut it off. */
  readonly status?: number
  readonly body?: string
}
