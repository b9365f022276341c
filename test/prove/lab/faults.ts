import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { until } from '../../peers/programs.ts'
import type { Laboratory } from './laboratory.ts'

/** The first of these programs that this machine lacks. */
export function missingOf(...programs: readonly string[]): string | undefined {
  return programs.find((each) => {
    try {
      execFileSync('which', [each], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
}

/** Whether a small disk can be made here: that takes root, and a kernel that lets us. */
export function missingMount(): string | undefined {
  const place = mkdtempSync(join(tmpdir(), 'rappel-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'the right to mount a tmpfs'
  } finally {
    rmdirSync(place)
  }
}

export interface SmallDisk {
  fill(): void
  empty(): void
}

/** Puts the folder of the store on a disk of its own, of so many mebibytes. */
export function smallDisk(place: string, size: number): SmallDisk {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=700`, 'tmpfs', place])
  onTestFinished(() => void execFileSync('umount', ['-l', place]))
  const filler = join(place, 'filler')
  return {
    fill() {
      const file = openSync(filler, 'a')
      try {
        for (const size of [1 << 20, 4_096]) writeAll(file, Buffer.alloc(size))
      } finally {
        closeSync(file)
      }
    },
    empty: () => rmSync(filler, { force: true }),
  }
}

/** Until there is no room for one more of these. */
function writeAll(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}

export interface Injection {
  /** What fails, between which of its calls, and how. */
  readonly calls: string
  readonly when: string
  readonly error: 'EIO' | 'ENOSPC'
}

/** How a service is started so that its system calls fail; `fired` counts those that did. */
export function injecting({ folder }: Pick<Laboratory, 'folder'>, { calls, when, error }: Injection) {
  const trace = join(folder, `${calls}-${error}.strace`)
  const rule = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}:when=${when}`]
  return {
    // -D: the service keeps its process id; --seccomp-bpf: its other calls cost nothing
    before: ['strace', '-D', '-f', '--seccomp-bpf', '-qq', '-o', trace, ...rule],
    fired: () => readFileSync(trace, 'utf8').split('(INJECTED)').length - 1,
  }
}

/** The status of `/readyz`; 0: nobody answers. */
export async function readiness({ ports }: Pick<Laboratory, 'ports'>): Promise<number> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${ports.web}/readyz`, { signal: AbortSignal.timeout(10_000) })
    return status
  } catch {
    return 0
  }
}

export async function untilReady(lab: Pick<Laboratory, 'ports'>, status: 200 | 503): Promise<void> {
  await until(`/readyz ${status}`, 600, async () => ((await readiness(lab)) === status ? true : undefined))
}
