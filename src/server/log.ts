import { createHash } from 'node:crypto'
import pino from 'pino'

/**
 * What a log line may hold: names from the configuration, codes, counts, durations. Never a name, a contact, a message or an EHR's id in clear
 * (law 9, R25): `ref` takes an id and writes its hash.
 */
export interface LogFields {
  readonly connector?: string
  readonly clinic?: string
  readonly channel?: string
  readonly kind?: string
  readonly state?: string
  /** A code, not a sentence. */
  readonly reason?: string
  readonly loop?: string
  readonly method?: string
  /** The route's pattern, not the path. */
  readonly route?: string
  readonly status?: number
  readonly count?: number
  readonly ms?: number
  readonly port?: number
  readonly host?: string
  readonly version?: string | number
  /** The one-time address that makes the first operator: it stands nowhere else. */
  readonly link?: string
  /** An id; its hash is written. */
  readonly ref?: string
  /** Its name, code and stack are written; its message may quote what was received, and is not. */
  readonly error?: unknown
}

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** JSON lines on standard error, or where `write` says. */
export function createLog(level: 'info' | 'warn' | 'error' | 'silent' = 'info', write?: (line: string) => void): Log {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const logger = write ? pino(options, { write }) : pino(options, pino.destination({ fd: 2, sync: true }))
  return {
    info: (event, fields) => logger.info(safe(fields), event),
    warn: (event, fields) => logger.warn(safe(fields), event),
    error: (event, fields) => logger.error(safe(fields), event),
  }
}

/** A short name for an id that shows up in several lines. */
export function refOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12)
}

function safe({ ref, error, ...fields }: LogFields = {}): object {
  return { ...fields, ...(ref !== undefined && { ref: refOf(ref) }), ...(error !== undefined && { error: describe(error) }) }
}

/** Of an error and its causes: a cause may be its own. */
const deepest = 4

function describe(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  // the stack begins with the message, each line of which may look like a frame
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
  return {
    name: error.name,
    ...code,
    at: frames.map((line) => line.trim()),
    ...(error.cause !== undefined && depth < deepest && { cause: describe(error.cause, depth + 1) }),
  }
}
