import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Temporal } from 'temporal-polyfill'
import type { OneTimeCodes } from '../../core/user.ts'
import { sha256 } from '../ids.ts'

const period = 30
const recoveryCodes = 10

/** RFC 6238 as every application reads it: SHA-1, six digits, thirty seconds. */
function generator(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Rappel', label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period })
}

/** Not verified yet: nobody is asked for a code before one was right. */
export function newCodes(): OneTimeCodes {
  return { secret: new Secret({ size: 20 }).base32, lastStep: 0, recovery: [] }
}

/** What the QR code says: `otpauth://totp/Rappel:nadia?…`. */
export function enrolmentAddress({ secret }: OneTimeCodes, login: string): string {
  return generator(secret, login).toString()
}

/** As after a code of that moment; undefined: it is wrong, or was taken before. One step of drift either way. */
export function takeCode(codes: OneTimeCodes, code: string, now: Temporal.Instant): OneTimeCodes | undefined {
  const digits = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(digits)) return undefined
  const delta = generator(codes.secret).validate({ token: digits, timestamp: now.epochMilliseconds, window: 1 })
  if (delta === null) return undefined
  const step = Math.floor(now.epochMilliseconds / 1_000 / period) + delta
  return step > codes.lastStep ? { ...codes, lastStep: step } : undefined
}

/** Ten ways in without the telephone, each once; shown now and never again. */
export function newRecoveryCodes(): { readonly shown: readonly string[]; readonly hashes: readonly string[] } {
  const shown = Array.from({ length: recoveryCodes }, () => groups(randomBytes(10).toString('hex')))
  return { shown, hashes: shown.map(hashOf) }
}

/** 80 random bits in groups of five. */
function groups(text: string): string {
  return text.replace(/.{5}(?=.)/g, '$&-')
}

/** As without it; undefined: it is none of theirs, or was used. */
export function takeRecoveryCode(codes: OneTimeCodes, code: string): OneTimeCodes | undefined {
  const hash = hashOf(code)
  if (!codes.recovery.includes(hash)) return undefined
  return { ...codes, recovery: codes.recovery.filter((each) => each !== hash) }
}

function hashOf(code: string): string {
  return sha256(`recovery:${code.toLowerCase().replace(/[^0-9a-f]/g, '')}`)
}
