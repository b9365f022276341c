import { describe, test } from 'vitest'

/** Landing: what CI has time for. Long: on demand (`npm run prove -- --long R1`). */
export type Size = 'landing' | 'long'

export interface Run {
  readonly size: Size
  /** Of this run, printed with it; the same seed makes the same moves. */
  readonly seed: number
  /** The one of both that is asked for. */
  of<T>(sizes: { readonly landing: T; readonly long: T }): T
}

export interface Proof {
  /** As docs/promises.md names it: `R1`; with a letter where the same promise is proved in another way too: `R1b`. */
  readonly id: string
  /** What is promised, in one line. */
  readonly promise: string
  /**
   * Does it, asserts what must never be otherwise, and says what was done in figures: `50 kills, 21,331 acknowledged, 0 lost`.
   * A measure that falls short of the promise without breaking it is said as `short`, and shown as such.
   */
  readonly run: (run: Run) => Promise<Figure>
  /** The broken variant: says what was broken and how it was caught; asserts that it was. */
  readonly control: (run: Run) => Promise<string>
  readonly timeoutMs?: { readonly landing: number; readonly long: number }
  /** Of what it needs and this machine has not, in words (`strace`); it is then shown as not run. */
  readonly missing?: () => string | undefined
}

export interface Figure {
  readonly figure: string
  /** What was promised and not reached. */
  readonly short?: string
}

/** Says the first of them, whole. */
export function none(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${faults.length} faults: ${faults.slice(0, 5).join('; ')}`)
}

/** What the reporter reads of one test. */
export interface ProofMeta {
  readonly id: string
  readonly promise: string
  readonly part: 'run' | 'control'
  readonly seed: number
  readonly size: Size
  figure?: string
  short?: string
}

declare module 'vitest' {
  interface TaskMeta {
    proof?: ProofMeta
  }
}

const { PROVE_LONG = '', PROVE_ONLY = '', PROVE_SEED = '' } = process.env
/** `R1` names all its proofs, `R1b` the one. */
const isListed = (text: string, id: string): boolean => text.split(',').some((each) => each === id || each === id.replace(/[a-z]$/, ''))
const seed = PROVE_SEED === '' ? Math.floor(Math.random() * 0x7fff_ffff) : Number(PROVE_SEED)

/** One promise with its proof, as two tests: it holds, and the broken variant is caught. */
export function prove({ id, promise, run, control, missing, timeoutMs = { landing: 120_000, long: 3_600_000 } }: Proof): void {
  const size: Size = isListed(PROVE_LONG, id) ? 'long' : 'landing'
  const asked: Run = { size, seed, of: (sizes) => sizes[size] }
  const isAsked = PROVE_ONLY === '' || isListed(PROVE_ONLY, id)
  describe.skipIf(!isAsked)(id, () => {
    const lack = isAsked ? missing?.() : undefined
    test(promise, { timeout: timeoutMs[size] }, async ({ task, skip }) => {
      const meta: ProofMeta = { id, promise, part: 'run', seed, size }
      task.meta.proof = meta
      skip(lack !== undefined, lack)
      Object.assign(meta, await run(asked))
    })
    test('the broken variant is caught', { timeout: timeoutMs[size] }, async ({ task, skip }) => {
      const meta: ProofMeta = { id, promise, part: 'control', seed, size }
      task.meta.proof = meta
      skip(lack !== undefined, lack)
      meta.figure = await control(asked)
    })
  })
}

/** The same seed, the same numbers (mulberry32): for what fast-check does not make. */
export function random(from: number): () => number {
  let state = from >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
