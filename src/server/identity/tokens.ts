import { randomBytes } from 'node:crypto'

/** 256 bits as 43 base64url characters: a cookie, a one-time link, the secret of a key. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
