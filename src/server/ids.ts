import { createHash, hash, randomBytes } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'

/** SHA-256, hex. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data)
}

/** Sorts by time: milliseconds since 1970 in hex, then 80 random bits. */
export function timeOrderedId(now: Temporal.Instant): string {
  return idFrom(now) + randomBytes(10).toString('hex')
}

/** Sorts before every id made at that instant or later, and after those made before. */
export function idFrom(at: Temporal.Instant): string {
  return at.epochMilliseconds.toString(16).padStart(12, '0')
}

/** 128 bits as 22 base64url characters: what a private address carries (R26). */
export function newToken(): string {
  return randomBytes(16).toString('base64url')
}

/** Names an attempt to a provider without telling it anything: the same attempt always has the same. */
export function attemptId(notificationId: string, number: number): string {
  return createHash('sha256').update(`${notificationId}#${number}`).digest('base64url').slice(0, 22)
}
