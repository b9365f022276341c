import { once } from 'node:events'
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** A commit writes some pages of the log at least; after fewer commits there is little to copy, unless they were large. */
const worthIt = 64
const large = 16 * 1024 * 1024
const restMilliseconds = 200

export interface Checkpoints {
  committed(): void
  /** Resolves when nothing of it is left running. */
  stop(): Promise<void>
}

/** Of a store that is written to for a moment only. */
export const none: Checkpoints = { committed: () => undefined, stop: () => Promise.resolve() }

/**
 * Has the log copied into the database on a thread of its own, so that no commit has to: it costs as much as a hundred of them, and who waits for an
 * acknowledgement would wait for it. The thread begins with the first copy.
 */
export function checkpointsBeside(file: { readonly path: string; readonly encryptionKey?: string }): Checkpoints {
  let commits = 0
  let timer: NodeJS.Timeout | undefined
  let thread: Worker | undefined
  let isCopying = false

  function begin(): Worker {
    const begun = new Worker(new URL('./checkpoint-thread.js', import.meta.url), { workerData: file })
    begun.on('message', () => {
      isCopying = false
    })
    // SQLite copies within a commit where nobody else does; the next copy has another thread
    begun.on('error', () => {
      thread = undefined
      isCopying = false
    })
    begun.unref()
    return begun
  }

  const logBytes = () => statSync(`${file.path}-wal`, { throwIfNoEntry: false })?.size ?? 0

  function copy(): void {
    clearTimeout(timer)
    timer = undefined
    if (isCopying) return
    commits = 0
    isCopying = true
    thread ??= begin()
    thread.postMessage('copy')
  }

  return {
    committed() {
      commits += 1
      if (logBytes() >= large) copy()
      else if (commits >= worthIt) timer ??= setTimeout(copy, restMilliseconds).unref()
    },
    async stop() {
      clearTimeout(timer)
      if (!thread) return
      thread.ref()
      const ended = once(thread, 'exit')
      thread.postMessage('end')
      await ended
    },
  }
}
