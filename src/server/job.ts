import type { Temporal } from 'temporal-polyfill'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** What a long work that a person started has come to. */
export interface Job<R = unknown> {
  readonly state: 'running' | 'done' | 'failed' | 'stopped'
  readonly startedAt: Temporal.Instant
  /** As the audit names them. */
  readonly startedBy: string
  readonly endedAt?: Temporal.Instant
  /** From 0 to 1. */
  readonly progress: number
  /** So far; whole once it is done. */
  readonly result?: R
}

/** What the work itself sees. */
export interface Working<R> {
  /** How far it is, and what it has found so far. */
  tell(progress: number, result: R): void
  /** False once the service stops: end at the next slice. */
  isGoing(): boolean
}

/** Works too long for one request, one of each name at a time. They live in memory: after a restart a person starts them again. */
export interface Jobs {
  /** False: one of that name runs. */
  start<R>(name: string, startedBy: string, work: (working: Working<R>) => Promise<R>): boolean
  of<R>(name: string): Job<R> | undefined
}

export interface JobsDeps {
  readonly clock: Clock
  readonly isServing: () => boolean
  readonly log?: Log
}

/** Names are few: they are bounded by the pages that start one. */
export function createJobs({ clock, isServing, log }: JobsDeps): Jobs {
  const jobs = new Map<string, Job>()
  const put = (name: string, change: Partial<Job>) => {
    const job = jobs.get(name)
    if (job) jobs.set(name, { ...job, ...change })
  }
  async function run<R>(name: string, work: (working: Working<R>) => Promise<R>): Promise<void> {
    try {
      const result = await work({ tell: (progress, found) => put(name, { progress, result: found }), isGoing: isServing })
      const state = isServing() ? 'done' : 'stopped'
      put(name, { state, result, endedAt: clock.now(), ...(state === 'done' && { progress: 1 }) })
    } catch (error) {
      log?.error('job_failed', { kind: name.split(' ')[0] ?? name, error })
      put(name, { state: 'failed', endedAt: clock.now() })
    }
  }
  return {
    start(name, startedBy, work) {
      if (jobs.get(name)?.state === 'running') return false
      jobs.set(name, { state: 'running', startedAt: clock.now(), startedBy, progress: 0 })
      void run(name, work)
      return true
    },
    // whoever asks names the shape of the work that they started
    of: <R>(name: string) => jobs.get(name) as Job<R> | undefined,
  }
}

/** Lets requests and loops have their turn between two slices. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
