import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

/** At most `perSecond` begin in any second (WB-5); the others wait their turn, in order. Rejects when the signal aborts first. */
export function paced(perSecond: number): (signal: AbortSignal) => Promise<void> {
  const begun: number[] = []
  let last: Promise<unknown> = Promise.resolve()

  async function begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const oldest = begun.length < perSecond ? undefined : begun.shift()
    const wait = oldest === undefined ? 0 : oldest + 1000 - performance.now()
    if (wait > 0) await pause(wait, undefined, { signal })
    begun.push(performance.now())
  }

  return async (signal) => {
    const mine = last.then(() => begin(signal))
    last = mine.catch(() => undefined)
    await mine
  }
}
