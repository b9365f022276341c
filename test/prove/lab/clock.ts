import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Laboratory } from './laboratory.ts'

/** The clock of one service, as far from the machine's as it is set. Milliseconds since 1970. */
export interface ShiftedClock {
  readonly env: Record<string, string>
  now(): number
  /** What it showed when the machine's showed that. */
  when(machine: number): number
  /** From now on it is so many hours ahead of the machine's. */
  set(hours: number): void
}

/** Compiles shifted-clock.c, by gcc. */
export function shiftedClock({ folder }: Pick<Laboratory, 'folder'>): ShiftedClock {
  const [library, file] = [join(folder, 'clock.so'), join(folder, 'clock')]
  execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, new URL('./shifted-clock.c', import.meta.url).pathname, '-ldl'])
  const steps: { readonly from: number; readonly shift: number }[] = []
  const set = (to: number) => {
    const seconds = Buffer.alloc(8)
    seconds.writeBigInt64LE(BigInt(to * 3_600))
    writeFileSync(file, seconds, { flag: steps.length === 0 ? 'w' : 'r+' })
    steps.push({ from: Date.now(), shift: to * 3_600_000 })
  }
  set(0)
  const when = (machine: number) => machine + (steps.findLast(({ from }) => from <= machine) ?? { shift: 0 }).shift
  return { env: { LD_PRELOAD: library, LAB_CLOCK: file }, now: () => when(Date.now()), when, set }
}
