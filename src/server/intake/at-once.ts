/**
 * Works on each item, so many at once, and begins no other after an abort.
 * Rejects with the first failure, but only once all that had begun has ended: nothing is left running behind its caller.
 */
export async function eachAtOnce<T>(
  items: readonly T[],
  most: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  async function worker(): Promise<void> {
    for (const item of queue) {
      if (signal.aborted) return
      await work(item)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: most }, worker))
  for (const each of ended) if (each.status === 'rejected') throw each.reason
}
