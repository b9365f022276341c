import { z } from 'zod'
import type { Connector } from '../../connectors/connector.ts'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import { countsOneByOne } from '../../core/feed/counter.ts'
import type { Feed, FeedStatus } from '../feed/feed.ts'
import type { ReleaseDeps } from '../feed/release.ts'
import { releaseShift } from '../feed/release.ts'
import type { Source } from '../intake/apply.ts'
import { apiRoute } from './api-route.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { anInstant } from './shapes.ts'

export interface ConnectorStatusDeps extends Omit<ReleaseDeps, 'feed'> {
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'protocol'>>
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly feed: Feed
  /** Called after a release: sends are due. */
  readonly planned: () => void
}

const timeShift = z.object({
  state: z.enum(['held', 'released']),
  since: anInstant,
  minutes: z.int(),
  moved: z.int(),
  seen: z.int(),
  readings: z.array(z.string()),
  settledAt: anInstant.optional(),
  settledBy: z.string().optional(),
})

const status = z.object({
  id: z.string(),
  protocol: z.enum(['hl7v2', 'fhir']),
  clinic: z.string().optional(),
  lastMessageAt: anInstant.nullable(),
  missed: z.int().describe('What it would usually have brought since'),
  silent: z.boolean(),
  sources: z.array(
    z.object({
      source: z.string(),
      lastNumber: z.int(),
      missing: z.int().nullable(),
      gaps: z.array(z.array(z.int()).length(2)).describe('From and to'),
      lastGapAt: anInstant.optional(),
    }),
  ),
  timeShift: timeShift.nullable(),
})

/** How each feed does: its last message against its habit, numbers left out, and what waits because its clock has shifted. */
export function connectorStatusRoutes(deps: ConnectorStatusDeps): readonly ApiRoute[] {
  const { connectors, sources, feed, planned } = deps
  const clinicOf = (id: ConnectorId) => sources.get(id)?.clinicId
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/connectors',
      least: ['reader', 'integrator'],
      clinicOf: 'each',
      summary: 'Say how each connector’s feed does',
      description: 'Its last message against its habit, the numbers it left out, and what waits because its clock has shifted.',
      responses: { 200: z.object({ items: z.array(status) }) },
      handle: async (c) => {
        const own = [...connectors].filter(([id]) => mayEnter(c.get('caller'), clinicOf(id) ?? ''))
        const items = await Promise.all(
          own.map(async ([id, { protocol }]) => ({ id, protocol, clinic: clinicOf(id), ...shown(await feed.statusOf(id)) })),
        )
        return c.json({ items })
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/connectors/:connector/time-shift/release',
      least: ['admin', 'integrator'],
      clinicOf: (c) => clinicOf(c.req.param('connector') ?? ''),
      summary: 'Release what a shifted clock holds',
      description: 'Somebody looked: the times are right, or right again. What waits is decided anew at once.',
      sends: true,
      responses: { 200: z.object({ hold: timeShift, count: z.int() }) },
      problems: ['nothing_held'],
      handle: async (c, { params: { connector: id } }) => {
        const released = await releaseShift(deps, id, clinicOf(id) ?? '', c.get('caller'))
        if (!released) return problem(c, 409, 'nothing is held', { type: 'nothing_held' })
        planned()
        return c.json(released)
      },
    }),
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
