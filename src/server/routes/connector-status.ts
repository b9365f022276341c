import type { Connector } from '../../connectors/connector.ts'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import { countsOneByOne } from '../../core/feed/counter.ts'
import type { Feed, FeedStatus } from '../feed/feed.ts'
import type { ReleaseDeps } from '../feed/release.ts'
import { releaseShift } from '../feed/release.ts'
import type { Source } from '../intake/apply.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'

export interface ConnectorStatusDeps extends Omit<ReleaseDeps, 'feed'> {
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'protocol'>>
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly feed: Feed
  /** Called after a release: sends are due. */
  readonly planned: () => void
}

/** How each feed does: its last message against its habit, numbers left out, and what waits because its clock has shifted. */
export function connectorStatusRoutes(deps: ConnectorStatusDeps): readonly ApiRoute[] {
  const { connectors, sources, feed, planned } = deps
  const clinicOf = (id: ConnectorId) => sources.get(id)?.clinicId
  return [
    {
      method: 'GET',
      path: '/api/v1/connectors',
      access: 'api',
      least: ['reader', 'integrator'],
      clinicOf: 'each',
      handle: async (c) => {
        const own = [...connectors].filter(([id]) => mayEnter(c.get('caller'), clinicOf(id) ?? ''))
        const items = await Promise.all(
          own.map(async ([id, { protocol }]) => ({ id, protocol, clinic: clinicOf(id), ...shown(await feed.statusOf(id)) })),
        )
        return c.json({ items })
      },
    },
    {
      method: 'POST',
      path: '/api/v1/connectors/:connector/time-shift/release',
      access: 'api',
      least: ['admin', 'integrator'],
      clinicOf: (c) => clinicOf(c.req.param('connector') ?? ''),
      handle: async (c) => {
        const id = c.req.param('connector') ?? ''
        const released = await releaseShift(deps, id, clinicOf(id) ?? '', c.get('caller'))
        if (!released) return problem(c, 409, 'nothing is held', { type: 'nothing_held' })
        planned()
        return c.json(released)
      },
    },
  ]
}

function shown({ lastAt, missed, silent, counters, shift }: FeedStatus) {
  return {
    lastMessageAt: lastAt ?? null,
    // what it would usually have brought since
    missed: Math.round(missed),
    silent,
    sources: [...counters].map(([source, counter]) => ({
      source,
      lastNumber: counter.last,
      // a sender that counts for others too leaves numbers out by nature
      ...(countsOneByOne(counter) ? { missing: counter.missing, gaps: counter.gaps } : { missing: null, gaps: [] }),
      ...(counter.lastGapAt && { lastGapAt: counter.lastGapAt }),
    })),
    timeShift: shift ?? null,
  }
}
