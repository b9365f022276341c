import { join } from 'node:path'
import { script } from '../../peers/python.ts'
import { type Ending, type Laboratory, secrets } from './laboratory.ts'

/** A line of the ledger of test/peers/python/mutants.py. */
export interface Sent {
  readonly kind: 'siu' | 'fhir' | 'callback'
  readonly hash: string
  readonly answer: string
}

export interface Mutants {
  readonly count: number
  readonly seed: number
  /** Share that is spoilt. */
  readonly broken: number
  readonly kinds?: string
  readonly frames?: boolean
  readonly prefix?: string
  readonly ledger?: string
  /** Of bodies in a second. */
  readonly rate?: number
  /** Seconds. */
  readonly patience?: number
}

const fixtures = new URL('../../fixtures', import.meta.url).pathname

/** Sends fixtures, as they are or spoilt, from sixteen threads. */
export function sendMutants(lab: Laboratory, { frames, ledger = 'mutants.jsonl', ...given }: Mutants): Ending {
  const { ports, folder } = lab
  const where = ['--mllp', ports.mllp, '--web', ports.web, '--hook-secret', secrets.hook, '--token', secrets.twilio]
  const flags = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])
  return lab.python(script('mutants.py'), [
    ...where,
    '--fixtures',
    fixtures,
    '--ledger',
    join(folder, ledger),
    ...flags,
    ...(frames ? ['--frames'] : []),
  ])
}
