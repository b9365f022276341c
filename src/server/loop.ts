import type { Temporal } from 'temporal-polyfill'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { LoopBook } from './loop-book.ts'

export interface Work {
  readonly name: string
  /** Does one bounded batch; true when there may be more. */
  step(signal: AbortSignal): Promise<boolean>
  /** When the next thing falls due; undefined when nothing waits. */
  nextDueAt(): Promise<Temporal.Instant | undefined>
}

export interface Loop {
  /** Something may be due now. */
  wake(): void
  /** Resolves when the signal has aborted and the batch in hand is finished. */
  readonly done: Promise<void>
}

/** Of what is not asked for. */
export function idle(name: string, clock: Clock): Work {
  return { name, step: async () => false, nextDueAt: async () => clock.now().add({ hours: 1 }) }
}

export interface LoopDeps {
  readonly clock: Clock
  readonly log: Log
  /** Absent: nobody asks what it did last. */
  readonly loops?: Pick<LoopBook, 'begun' | 'ended'>
}

/** Runs the work whenever something is due. A failing step is logged here, once, and tried again after a pause. */
export function startLoop(work: Work, { clock, log, loops }: LoopDeps, signal: AbortSignal): Loop {
  let alarm = new AbortController()
  // a reason of our own: without one an error with its stack is made, at each message
  const wake = () => alarm.abort('woken')
  signal.addEventListener('abort', wake)

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // made before the step, so that a wake during it is not lost
      alarm = new AbortController()
      const pause = await attempt()
      if (pause) await clock.sleepUntil(pause, alarm.signal)
    }
  }

  /** Until when to sleep; undefined to go on at once. */
  async function attempt(): Promise<Temporal.Instant | undefined> {
    loops?.begun(work.name)
    try {
      const hasMore = await work.step(signal)
      const pause = hasMore ? undefined : ((await work.nextDueAt()) ?? clock.now().add({ seconds: 60 }))
      loops?.ended(work.name, 'done', pause ?? clock.now())
      return pause
    } catch (error) {
      log.error('loop_failed', { loop: work.name, error })
      const pause = clock.now().add({ seconds: 1 })
      loops?.ended(work.name, 'failed', pause)
      return pause
    }
  }

  return { wake, done: run() }
}
