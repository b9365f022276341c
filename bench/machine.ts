import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly gigabytes: number
  readonly platform: string
  readonly node: string
  /** Over 1, 5 and 15 minutes, before the first measure: what else was going on. */
  readonly load: readonly number[]
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? arch(),
    cores: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    platform: platform(),
    node: process.version,
    load: loadavg().map((each) => Math.round(each * 10) / 10),
  }
}

/** Of the checkout; with a mark where files differ from it. */
export function describeCommit(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no', 'src', 'bench') ? '+' : '')
  } catch {
    return 'unknown'
  }
}

/** Name and version of each program that is measured beside ours. */
export function peerVersions(): Readonly<Record<string, string>> {
  const file = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, 'peers', 'package.json')
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> }
  return dependencies
}
