import { join } from 'node:path'
import { tool } from '../../peers/programs.ts'
import type { Ending, Laboratory } from './laboratory.ts'

export interface Feed {
  readonly count: number
  readonly seed: number
  readonly port?: number
  readonly connections?: number
  readonly ledger?: string
  /** MSH-10 begins with it. */
  readonly prefix?: string
  readonly daysAhead?: number
}

/** test/tools/mllp_send.py sends so many SIU, each again until it is acknowledged, and keeps in its ledger what was. */
export function sendSiu(lab: Laboratory, { count, seed, port = lab.ports.mllp, connections = 8, ...more }: Feed): Ending {
  const { ledger = 'acked.jsonl', prefix = 'M', daysAhead = 3 } = more
  const size = ['--count', count, '--connections', connections, '--seed', seed, '--prefix', prefix, '--days-ahead', daysAhead]
  const patience = ['--timeout', 60, '--give-up', 900, '--pause', 0.05]
  return lab.python(tool('mllp_send.py'), ['--port', port, ...size, ...patience, '--ledger', join(lab.folder, ledger)])
}
