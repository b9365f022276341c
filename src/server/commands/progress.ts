/** How far some long work is. */
export interface Progress {
  at(done: number, total: number): void
  /** It is over: what follows begins on a line of its own. */
  end(): void
}

export interface ProgressOutput {
  readonly write: (text: string) => void
  /** Lines can be overwritten. */
  readonly isTerminal: boolean
  /** Milliseconds that only grow. */
  readonly now: () => number
}

const width = 24
/** As often as eyes follow; else as often as a log may be written to. */
const barEvery = 100
const lineEvery = 5_000

/** A bar on a terminal; elsewhere a plain line every five seconds, so that a log stays readable. Work that is over at once shows nothing. */
export function progressOn({ write, isTerminal, now }: ProgressOutput): (label: string) => Progress {
  return (label) => {
    const startedAt = now()
    let shownAt = startedAt
    let isOpen = false
    return {
      at(done, total) {
        const time = now()
        const every = isTerminal ? barEvery : lineEvery
        const isLast = done >= total && isOpen
        if (time - shownAt < every && !isLast) return
        shownAt = time
        isOpen = isTerminal
        write(isTerminal ? `\r${barOf(label, done, total)}` : `${label}: ${done} of ${total} …\n`)
      },
      end() {
        if (isOpen) write('\n')
        isOpen = false
      },
    }
  }
}

function barOf(label: string, done: number, total: number): string {
  const part = total > 0 ? Math.min(1, done / total) : 1
  const full = Math.round(part * width)
  return `${label} [${'#'.repeat(full)}${'.'.repeat(width - full)}] ${String(Math.floor(part * 100)).padStart(3)} % ${done} of ${total}`
}
