/** One life of the service: what it does outside itself goes through here, and stops for good where it is cut off. */
export interface Life {
  /** Does it, unless this life is over; cut off before it, nothing is done; cut off after it, it is done and nobody hears. */
  through<T>(act: () => Promise<T>): Promise<T>
  /** Cuts this life off at the so-manieth act from now. */
  cutAt(act: number, side: 'before' | 'after'): void
  /** Resolves when it was cut off. */
  readonly ended: Promise<'ended'>
  isOver(): boolean
}

const never = new Promise<never>(() => {})

/** As `kill -9` leaves a process: no handler runs, no promise settles. */
export function life(): Life {
  let left = Number.POSITIVE_INFINITY
  let cutSide: 'before' | 'after' = 'before'
  let over = false
  let end: (word: 'ended') => void = () => {}
  const ended = new Promise<'ended'>((resolve) => {
    end = resolve
  })
  const die = (): Promise<never> => {
    over = true
    end('ended')
    return never
  }
  return {
    ended,
    isOver: () => over,
    cutAt(act, side) {
      left = act
      cutSide = side
    },
    async through(act) {
      if (over) return never
      left -= 1
      if (left === 0 && cutSide === 'before') return die()
      const result = await act()
      if (left === 0) return die()
      return over ? never : result
    },
  }
}
