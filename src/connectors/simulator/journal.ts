import type { Temporal } from 'temporal-polyfill'
import type { Protocol } from './chart.ts'

/** `waiting`: sent, no answer yet. `lost`: no answer came, and it is not sent again. */
export type ExchangeState = 'waiting' | 'accepted' | 'refused' | 'lost'

/** One message and its answer, as they were on the wire. */
export interface Exchange {
  readonly id: number
  readonly at: Temporal.Instant
  readonly protocol: Protocol
  readonly direction: 'to Rappel' | 'from Rappel'
  /** `SIU^S12`, `PATCH Appointment/RV-1001`. */
  readonly title: string
  readonly appointmentId?: string
  readonly sent: string
  readonly answer?: string
  readonly state: ExchangeState
}

export interface Journal {
  /** Newest first. */
  exchanges(): readonly Exchange[]
  open(exchange: Omit<Exchange, 'id' | 'at' | 'state' | 'answer'>): number
  settle(id: number, state: Exclude<ExchangeState, 'waiting'>, answer?: string): void
}

/** Keeps the last 200 exchanges, for people to read. */
export function openJournal(now: () => Temporal.Instant): Journal {
  const kept = new Map<number, Exchange>()
  let last = 0
  return {
    exchanges: () => [...kept.values()].reverse(),
    open: (exchange) => {
      const id = ++last
      kept.set(id, { ...exchange, id, at: now(), state: 'waiting' })
      kept.delete(id - 200)
      return id
    },
    settle: (id, state, answer) => {
      const exchange = kept.get(id)
      if (exchange) kept.set(id, { ...exchange, state, ...(answer !== undefined && { answer }) })
    },
  }
}
