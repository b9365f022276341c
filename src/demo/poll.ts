import { setTimeout as wait } from 'node:timers/promises'

/** Asks every 50 ms until there is an answer; throws with `what` once `patienceMs` are over. */
export async function pollFor<T>(what: string, patienceMs: number, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`${what} did not come within ${patienceMs / 1000} s`)
    await wait(50)
  }
}
