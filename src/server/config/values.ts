import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** Where secrets come from: the configuration file only names them. */
export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>
  readFile(path: string): string
}

/** At least 32 characters of something nobody would guess. */
const weak = /^(.)\1*$|changeme|password|secret|example|123456/i

export function secretSchema(source: SecretSource, least = 1) {
  return z
    .union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
      error: 'a secret is never written here: name where it is, { env: NAME } or { file: /path }',
    })
    .transform((reference, context) => {
      const value = 'env' in reference ? source.env[reference.env] : readQuietly(source, reference.file)
      const where = 'env' in reference ? `the environment variable ${reference.env}` : `the file ${reference.file}`
      if (!value) context.addIssue({ code: 'custom', message: `${where} is empty or missing` })
      else if (value.length < least)
        context.addIssue({ code: 'custom', message: `${where} holds ${value.length} characters: at least ${least} are needed` })
      else if (least >= 32 && weak.test(value))
        context.addIssue({
          code: 'custom',
          message: `${where} holds a guessable value: take 32 random bytes, for example from "openssl rand -base64 32"`,
        })
      return value ?? ''
    })
}

function readQuietly(source: SecretSource, path: string): string | undefined {
  try {
    return source.readFile(path).trim()
  } catch {
    return undefined
  }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

const oneYear = Temporal.Duration.from({ hours: 366 * 24 })
const twoMinutes = Temporal.Duration.from({ minutes: 2 })

/** ISO 8601, hours and smaller: days differ in length, so "36 h before" says hours. A year at most. */
export const duration = z.string().transform((text, context) => {
  const value = attempt(() => Temporal.Duration.from(text))
  const isElapsed = value && value.sign >= 0 && value.years === 0 && value.months === 0 && value.weeks === 0 && value.days === 0
  if (isElapsed && Temporal.Duration.compare(value, oneYear) <= 0) return value
  context.addIssue({ code: 'custom', message: 'not a duration in hours, minutes and seconds: write PT36H, PT10M, PT30S' })
  return z.NEVER
})

/** How long somebody else may take to answer. */
export const timeout = duration.refine((value) => value.sign > 0 && Temporal.Duration.compare(value, twoMinutes) <= 0, {
  error: 'more than nothing, and PT2M at most',
})

export const plainTime = z.string().transform((text, context) => {
  const value = attempt(() => Temporal.PlainTime.from(text))
  if (value) return value
  context.addIssue({ code: 'custom', message: 'not a time of day: write "21:00", in quotes' })
  return z.NEVER
})

export const zone = z
  .string()
  .refine((text) => text.includes('/') && attempt(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text)) !== undefined, {
    error: 'not an IANA time zone: write Europe/Paris or America/Toronto',
  })

/** A name in ids and paths. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: 'lower-case letters, digits and hyphens, 31 at most' })

export const port = z.int().min(0).max(65_535)

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** An http(s) address without a slash at its end; plain http only on this machine unless the reader is told otherwise. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'not an http or https address' })
  .refine((text) => !URL.canParse(text) || !new URL(text).username, { error: 'an address holds no user or password' })
  .refine((text) => !/[?#]/.test(text), { error: 'an address ends before any ? or #' })
  .transform((text) => text.replace(/\/+$/, ''))

export function isPlainAndRemote(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return url.protocol === 'http:' && !isLoopback(url.hostname)
}
