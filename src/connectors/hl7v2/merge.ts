import type { Fault } from '../../core/envelope.ts'
import type { News } from '../../core/news.ts'
import type { Stamp } from '../../core/stamp.ts'
import type { Path } from './path.ts'
import { valueIn } from './path.ts'
import { bestIdentifiers, readIdentifiers, readIdentity } from './patient-id.ts'
import type { Message, Segment } from './reader.ts'
import { stringAt } from './reader.ts'

type MergeReading =
  | { readonly kind: 'news'; readonly news: readonly News[] }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly fault: Fault }

const MOST_MERGES = 200

/** Each MRG with the PID before it: what is said of its ids is said of that PID's patient from now on (§1.9). */
export function readMerges(message: Message, stamp: Stamp, idTypes: readonly string[]): MergeReading {
  const news: News[] = []
  let survivor: string | undefined
  let merges = 0
  for (const segment of message.segments) {
    if (segment.name === 'PID') survivor = readIdentity(message, segment, idTypes)?.ehrId
    if (segment.name !== 'MRG') continue
    merges += 1
    if (survivor === undefined) return missing('PID-3', 'no id of the surviving patient')
    const priors = readPriors(message, segment, idTypes)
    if (priors.length === 0) return missing('MRG-1', 'no id of the prior patient')
    for (const prior of priors) if (prior !== survivor) news.push({ kind: 'merge', prior, survivor, stamp })
  }
  if (merges === 0) return { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'MRG', text: 'no MRG segment' } }
  if (merges > MOST_MERGES)
    return { kind: 'unreadable', fault: { kind: 'content', code: '104', at: 'MRG', text: 'too many merges at once' } }
  return news.length > 0 ? { kind: 'news', news } : { kind: 'ignored', reason: 'merged-with-itself' }
}

/** MRG-1, else MRG-4 of the old versions: those by which the patient was known here, not every number there is. */
function readPriors(message: Message, mrg: Segment, idTypes: readonly string[]): string[] {
  const known = [1, 4].map((field) => bestIdentifiers(readIdentifiers(message, mrg, field, idTypes), idTypes)).find((ids) => ids.length > 0)
  return [...new Set(known?.map(({ id }) => id))]
}

/** A45: each visit after the PID is that patient's now, by its old number (MRG-5) and by its new one (PV1-19). */
export function readMovedVisits(
  message: Message,
  stamp: Stamp,
  { idTypes, visit }: { readonly idTypes: readonly string[]; readonly visit: readonly Path[] },
): MergeReading {
  const moved = new Map<string, News>()
  let patient: string | undefined
  for (const segment of message.segments) {
    if (segment.name === 'PID') patient = readIdentity(message, segment, idTypes)?.ehrId
    const visits = segment.name === 'MRG' ? [stringAt(message, segment, 5)] : visitsIn(message, segment, visit)
    for (const number of visits) {
      if (number === undefined) continue
      if (patient === undefined) return missing('PID-3', 'no id of the patient')
      moved.set(number, { kind: 'visit-moved', visit: number, patient, stamp })
    }
  }
  if (moved.size === 0) return missing('PV1-19', 'no visit number')
  return { kind: 'news', news: [...moved.values()].slice(0, MOST_MERGES) }
}

function visitsIn(message: Message, segment: Segment, paths: readonly Path[]): string[] {
  return paths
    .filter((path) => path.segment === segment.name)
    .map((path) => valueIn(message, segment, path))
    .filter((text) => typeof text === 'string')
}

function missing(at: string, text: string): MergeReading {
  return { kind: 'unreadable', fault: { kind: 'content', code: '101', at, text } }
}
