import { Temporal } from 'temporal-polyfill'
import { isObject, type Json, parseJson } from './json.ts'

/** How far the EHR has been asked, as the server of ours keeps it between two polls. */
export interface PollMark {
  /** By the EHR's clock: every change before it is known. Absent: the initial load has not ended. */
  readonly since?: Temporal.Instant
  /** By our clock: when all that is ahead was last compared. */
  readonly sweptAt?: Temporal.Instant
  /** So many steps of a longer round are done; what they found is in memory, and a restart begins the round again. */
  readonly step?: number
}

export function encodeMark({ since, sweptAt, step }: PollMark): string {
  return JSON.stringify({ since, sweptAt, step })
}

/** A mark that cannot be read is none: what is ahead is loaded again, and told to nobody. */
export function decodeMark(text: string | undefined): PollMark {
  const parsed = text === undefined ? undefined : parseJson(new TextEncoder().encode(text))
  if (parsed?.kind !== 'parsed' || !isObject(parsed.value)) return {}
  const [since, sweptAt] = [parsed.value.since, parsed.value.sweptAt].map(instantOf)
  return { ...(since && { since }), ...(sweptAt && { sweptAt }) }
}

function instantOf(value: Json | undefined): Temporal.Instant | undefined {
  try {
    return typeof value === 'string' ? Temporal.Instant.from(value) : undefined
  } catch {
    return undefined
  }
}
