import type { Receipt } from '../../connectors/connector.ts'
import type { ImportRequest } from '../routes/import.ts'
import type { Load } from './load.ts'
import { portions } from './load.ts'
import type { ServiceClient } from './service-client.ts'

/** What became of envelopes that were handed over. */
export interface HandedOver {
  readonly applied: number
  /** Taken before: nothing came of them now. */
  readonly known: number
  readonly ignored: number
  /** In quarantine, by the place and the reason. */
  readonly unreadable: ReadonlyMap<string, number>
}

/** Gives all of a load to the service, portion by portion; `progress` hears how many it has taken. */
export async function handOver(
  { mediaType, bodies }: Load,
  purpose: ImportRequest['purpose'],
  client: ServiceClient,
  progress: (taken: number) => void,
  signal: AbortSignal,
): Promise<HandedOver> {
  const counts = { applied: 0, known: 0, ignored: 0, unreadable: new Map<string, number>() }
  let taken = 0
  for (const portion of portions(bodies)) {
    const encoded = portion.map((body) => Buffer.from(body).toString('base64'))
    for (const receipt of await client.send({ mediaType, purpose, bodies: encoded }, signal)) count(counts, receipt)
    taken += portion.length
    progress(taken)
  }
  return counts
}

function count(counts: { applied: number; known: number; ignored: number; unreadable: Map<string, number> }, receipt: Receipt): void {
  const { disposition, duplicate, fault } = receipt
  if (duplicate) counts.known += 1
  else if (disposition === 'quarantined') {
    const why = [fault?.at, fault?.text].filter(Boolean).join(': ')
    counts.unreadable.set(why, (counts.unreadable.get(why) ?? 0) + 1)
  } else if (disposition === 'ignored') counts.ignored += 1
  else counts.applied += 1
}
