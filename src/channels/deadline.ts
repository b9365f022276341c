type StopReason = 'aborted' | 'timeout'

/** Runs `work` with a signal that aborts with the caller's or after `timeoutMs`; its `reason` says which. Leaves no timer and no listener behind. */
export async function withDeadline<T>(signal: AbortSignal, timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const stop = (reason: StopReason) => deadline.abort(reason)
  const onAbort = () => stop('aborted')
  const timer = setTimeout(() => stop('timeout'), timeoutMs)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await work(deadline.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
