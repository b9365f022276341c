import { Temporal } from 'temporal-polyfill'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/server/clock.ts'
import { eachAtOnce } from '../../src/server/intake/at-once.ts'
import { createLog } from '../../src/server/log.ts'
import type { Work } from '../../src/server/loop.ts'
import { startLoop } from '../../src/server/loop.ts'
import { createLoopBook, stalledSince } from '../../src/server/loop-book.ts'
import { manualClock, promised } from '../support/fakes.ts'

/** A loop whose steps are counted; `step` may be replaced. */
function looping(work: Partial<Work> = {}) {
  const clock = manualClock('2026-11-25T13:00:00Z')
  const lines: string[] = []
  const stopping = new AbortController()
  const book = createLoopBook(clock)
  let steps = 0
  const loop = startLoop(
    {
      name: 'x',
      nextDueAt: work.nextDueAt ?? (async () => undefined),
      step: async (signal) => {
        steps += 1
        return (await work.step?.(signal)) ?? false
      },
    },
    { clock, log: createLog('info', (line) => void lines.push(line)), loops: book },
    stopping.signal,
  )
  return { clock, lines, stopping, loop, steps: () => steps, last: () => book.last()[0] }
}

describe('a loop', () => {
  test('works at once, then sleeps until something is due', async () => {
    const due = Temporal.Instant.from('2026-11-25T13:05:00Z')
    const { clock, steps } = looping({ nextDueAt: async () => due })
    await clock.sleeping(1)
    expect(steps()).toBe(1)
    clock.set('2026-11-25T13:04:59Z')
    await clock.sleeping(1)
    expect(steps()).toBe(1)
  })

  test('looks again after a minute where nothing is due', async () => {
    const { clock, steps } = looping()
    await clock.sleeping(1)
    clock.advance({ seconds: 59 })
    await clock.sleeping(1)
    expect(steps()).toBe(1)
    clock.advance({ seconds: 1 })
    await clock.sleeping(1)
    expect(steps()).toBe(2)
  })

  test('goes on at once while there is more', async () => {
    const more = [true, true, false]
    const { clock, steps } = looping({ step: async () => more.shift() ?? false })
    await clock.sleeping(1)
    expect(steps()).toBe(3)
  })

  test('is woken', async () => {
    const { clock, loop, steps } = looping()
    await clock.sleeping(1)
    loop.wake()
    await clock.sleeping(1)
    await expect.poll(steps).toBe(2)
  })

  test('does not lose a wake that comes while it works', async () => {
    const working = promised<boolean>()
    const { clock, loop, steps } = looping({ step: () => working.promise })
    loop.wake()
    working.keep(false)
    await expect.poll(steps).toBe(2)
    await clock.sleeping(1)
    expect(steps()).toBe(2)
  })

  test('that fails says so once, and tries again a second later', async () => {
    const script = [
      () => {
        throw new Error('x')
      },
      () => Promise.resolve(false),
    ]
    const { clock, steps, lines } = looping({ step: () => (script.shift() ?? (() => Promise.resolve(false)))() })
    await clock.sleeping(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('"loop":"x"')
    clock.advance({ seconds: 1 })
    await clock.sleeping(1)
    expect(steps()).toBe(2)
  })

  test('that cannot tell what is due tries again too', async () => {
    const { clock, lines } = looping({ nextDueAt: () => Promise.reject(new Error('x')) })
    await clock.sleeping(1)
    expect(lines).toHaveLength(1)
  })

  test('that is stopped wakes from its sleep and ends', async () => {
    const { clock, loop, stopping, steps } = looping()
    await clock.sleeping(1)
    stopping.abort()
    await loop.done
    expect(steps()).toBe(1)
  })

  test('that is stopped finishes the batch in hand', async () => {
    const working = promised<boolean>()
    const { loop, stopping, steps } = looping({ step: () => working.promise })
    stopping.abort()
    let over = false
    const done = loop.done.then(() => {
      over = true
    })
    await Promise.resolve()
    expect(over).toBe(false)
    working.keep(true)
    await done
    expect(steps()).toBe(1)
  })
})

describe('many at once', () => {
  const going = new AbortController().signal

  test('are never more than so many, and all are done', async () => {
    let running = 0
    let most = 0
    const done: number[] = []
    await eachAtOnce([1, 2, 3, 4, 5, 6, 7], 3, going, async (item) => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      done.push(item)
    })
    expect(most).toBe(3)
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('reject with the first failure, after all that had begun has ended', async () => {
    const ended: number[] = []
    const work = async (item: number) => {
      if (item === 1) throw new Error('first')
      await Promise.resolve()
      ended.push(item)
    }
    await expect(eachAtOnce([1, 2, 3], 2, going, work)).rejects.toThrow('first')
    expect(ended).toEqual([2, 3])
  })

  test('of nothing are nothing', async () => {
    await eachAtOnce([], 3, going, () => Promise.reject(new Error('x')))
  })
})

describe('the clock of the system', () => {
  test('wakes at once when it is asked to, or when the time has come', async () => {
    const soon = new AbortController()
    const sleep = systemClock.sleepUntil(systemClock.now().add({ hours: 24 * 400 }), soon.signal)
    soon.abort()
    await sleep
    await systemClock.sleepUntil(systemClock.now().add({ hours: 1 }), AbortSignal.abort())
    await systemClock.sleepUntil(systemClock.now().subtract({ hours: 1 }), new AbortController().signal)
    await systemClock.sleepUntil(systemClock.now().add({ milliseconds: 5 }), new AbortController().signal)
  })

  test('section 7, timers: none is longer than 60 s, so that a stepped clock is noticed', async () => {
    vi.useFakeTimers()
    try {
      let awake = false
      const slept = systemClock.sleepUntil(systemClock.now().add({ hours: 24 * 40 }), new AbortController().signal)
      void slept.then(() => {
        awake = true
      })
      await vi.advanceTimersByTimeAsync(59_999)
      expect(awake).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(awake).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('what a loop did last (R37)', () => {
  const stalled = ({ clock, last }: ReturnType<typeof looping>) => {
    const step = last()
    return step && stalledSince(step, clock.now())?.toString()
  }

  test('when, how long, how it ended, and when it looks again', async () => {
    const working = promised<boolean>()
    const loops = looping({ step: () => working.promise })
    await vi.waitFor(() => expect(loops.last()).toMatchObject({ name: 'x', state: 'running' }))
    loops.clock.advance({ seconds: 2 })
    working.keep(false)
    await loops.clock.sleeping(1)
    const [startedAt, nextAt] = ['2026-11-25T13:00:00Z', '2026-11-25T13:01:02Z'].map((at) => Temporal.Instant.from(at))
    expect(loops.last()).toEqual({ name: 'x', state: 'done', startedAt, tookMs: 2000, nextAt })
    expect(stalled(loops)).toBeUndefined()
  })

  test('one that hangs, one that sleeps past its time and one that fails for minutes do not get on', async () => {
    const hangs = looping({ step: () => promised<boolean>().promise })
    await vi.waitFor(() => expect(hangs.last()?.state).toBe('running'))
    hangs.clock.advance({ minutes: 15 })
    expect(stalled(hangs)).toBeUndefined()
    hangs.clock.advance({ seconds: 1 })
    expect(stalled(hangs)).toBe('2026-11-25T13:00:00Z')

    const [startedAt, nextAt] = ['2026-11-25T12:00:00Z', '2026-11-25T13:00:00Z'].map((at) => Temporal.Instant.from(at))
    const sleeper = { name: 'x', state: 'done', startedAt: startedAt ?? hangs.clock.now(), ...(nextAt && { nextAt }) } as const
    expect(stalledSince(sleeper, Temporal.Instant.from('2026-11-25T13:10:00Z'))).toBeUndefined()
    expect(stalledSince(sleeper, Temporal.Instant.from('2026-11-25T13:10:01Z'))?.toString()).toBe('2026-11-25T13:00:00Z')

    const fails = looping({ step: () => Promise.reject(new Error('broken')) })
    for (let second = 0; second < 121; second++) {
      await fails.clock.sleeping(1)
      expect(stalled(fails)).toBeUndefined()
      fails.clock.advance({ seconds: 1 })
    }
    await fails.clock.sleeping(1)
    expect(stalled(fails)).toBe('2026-11-25T13:00:00Z')
  })

  test('one that is well again is forgiven', async () => {
    const script = [() => Promise.reject(new Error('broken')), () => Promise.resolve(false)]
    const loops = looping({ step: () => (script.shift() ?? (() => Promise.resolve(false)))() })
    await loops.clock.sleeping(1)
    expect(loops.last()).toMatchObject({ state: 'failed', failingSince: loops.clock.now() })
    loops.clock.advance({ seconds: 1 })
    await vi.waitFor(() => expect(loops.last()?.state).toBe('done'))
    expect(loops.last()).not.toHaveProperty('failingSince')
  })
})
