import type { Connector } from '../connector.ts'
import { eventWatch } from './event-watch.ts'
import type { FhirOptions } from './options.ts'
import { poller } from './poll.ts'
import { readBack } from './read-back.ts'
import type { SnapshotOptions } from './snapshot.ts'
import { tender } from './subscription.ts'
import { wantedOf } from './subscription-resource.ts'
import type { Marks } from './watch-options.ts'

const halfYearMs = 180 * 24 * 3_600_000
const hourMs = 3_600_000

/** All by which we learn of changes: hints followed, polls, our Subscription. Throws on options that can never work. */
export function watching(options: FhirOptions, asking: SnapshotOptions, zone: string): Pick<Connector, 'readBack' | 'poll' | 'tend'> {
  const { id, now, marks = memoryMarks(), poll = {}, subscription } = options
  const { mode = 'lastUpdated', horizonMs = halfYearMs, sweepEveryMs = hourMs, rewriteNextLinks = false, by, actors } = poll
  const { eventNumbers = 'subscription', gapWaitMs = 30_000, release = 'auto' } = subscription ?? {}
  const { client } = asking
  const events = eventWatch({ marks, eventNumbers })
  const following = { ...asking, events, gapWaitMs, polls: mode !== 'none' }
  const searching = { horizonMs, sweepEveryMs, rewriteNextLinks, actors: { ...(by && { by }), ...(actors && { actors }) }, zone }
  const wanted = subscription && subscription.kind !== 'none' ? wantedOf(subscription, secretHeader(id, options.hook)) : []
  return {
    readBack: (hint, signal) => readBack(hint, following, signal),
    ...(mode !== 'none' && { poll: poller({ ...asking, ...searching, mode }) }),
    ...(wanted.length > 0 && { tend: tender({ client, wanted, release, events, marks, now }) }),
  }
}

/** What the EHR shall send along: the first secret. Some cut a header at its second colon (interop.md 2.3), and a line break would begin another. */
function secretHeader(
  id: string,
  { secrets, header = 'Authorization' }: FhirOptions['hook'],
): { readonly name: string; readonly value: string } {
  const [secret] = secrets
  if (!secret) throw new Error(`fhir ${id}: the subscription needs a secret in hook.secrets`)
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(secret))
    throw new Error(`fhir ${id}: the first of hook.secrets must be of ASCII without spaces and colons, since the EHR sends it in a header`)
  return { name: header, value: header.toLowerCase() === 'authorization' ? `Bearer ${secret}` : secret }
}

/** For whoever reads and never runs: forgotten with the process. */
function memoryMarks(): Marks {
  const kept = new Map<string, string>()
  return {
    find: async (name) => kept.get(name),
    save: async (name, value) => void kept.set(name, value),
  }
}
