import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Laboratory } from './laboratory.ts'

/** What lab/watch.mjs says of the process it is in; times in milliseconds. */
export interface Inside {
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly heap: number
  readonly resources: number
}

const preload = (name: string) => `--import=${pathToFileURL(new URL(name, import.meta.url).pathname).href}`

/** The environment in which a service tells of itself, and is broken in the way that is named. */
export function watched({ folder }: Laboratory, { broken, collects }: { readonly broken?: string; readonly collects?: boolean } = {}) {
  return {
    NODE_OPTIONS: `${preload('./watch.mjs')} ${broken === undefined ? '' : preload('./broken.mjs')}`,
    LAB_WATCH: join(folder, 'inside.jsonl'),
    LAB_BROKEN: broken ?? '',
    LAB_COLLECT: collects ? '1' : '',
  }
}

export function seenInside(lab: Laboratory): Inside {
  const last = lab.rows<Inside>('inside.jsonl').at(-1)
  if (!last) throw new Error('the service has said nothing of itself')
  return last
}

/** Resident memory, in bytes. */
export function residentOf(pid: number): number {
  const [, resident = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return Number(resident) * 4096
}

export const mebibytes = (bytes: number): number => Math.round(bytes / 1_048_576)
