import { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'

/** Whom it is of no use to ask just now: an EHR that is down is asked by one hint, not by each of the ten thousand that wait. */
export interface Resting {
  /** When it is asked again; undefined: now. */
  until(connector: ConnectorId): Temporal.Instant | undefined
  answered(connector: ConnectorId): void
  /** True when it is left alone from now on, and was not before. */
  silent(connector: ConnectorId, now: Temporal.Instant): boolean
}

interface Silence {
  /** In a row, of whatever hint: one of which nothing can be had says nothing of the others. */
  readonly failures: number
  readonly rests: number
  readonly until: Temporal.Instant
}

const bearable = 8

/** Seconds, the last one for as long as it is silent: an EHR that is back is not kept waiting. */
const waits = [2, 5, 15] as const

export function restWhereSilent(): Resting {
  const silences = new Map<ConnectorId, Silence>()
  return {
    until: (connector) => silences.get(connector)?.until,
    answered: (connector) => void silences.delete(connector),
    silent(connector, now) {
      const { failures, rests, until } = silences.get(connector) ?? { failures: 0, rests: 0, until: now }
      const isAwake = Temporal.Instant.compare(now, until) >= 0
      // those that were under way when the rest began do not make it longer
      if (!isAwake) return false
      const isEnough = failures + 1 >= bearable
      const wait = waits[Math.min(rests, waits.length - 1)] ?? 15
      silences.set(connector, {
        failures: failures + 1,
        rests: isEnough ? rests + 1 : 0,
        until: isEnough ? now.add({ seconds: wait }) : now,
      })
      return isEnough && rests === 0
    },
  }
}
