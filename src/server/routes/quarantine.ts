import { z } from 'zod'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Archive } from '../../store/port/archive.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Jobs } from '../job.ts'
import type { QuarantineDeps } from '../quarantine/acts.ts'
import { bodyOf, discard, discardReasons, retryOne, takeBack } from '../quarantine/acts.ts'
import { isOfFault, retryJob, startRetry } from '../quarantine/retry-many.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery } from './paging.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { anInstant, receipt, unread } from './shapes.ts'

export interface QuarantineRouteDeps extends QuarantineDeps {
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
  readonly jobs: Jobs
}

/** Envelopes are as large as their EHR makes them: a page ends sooner where its bytes would be too many. */
const maxPageBytes = 8 * 1024 * 1024

/** Of one reason alone: what `fault` says of a message. */
const fault = { code: z.string().min(1).max(200).optional(), at: z.string().min(1).max(200).optional() }

const count = z.int()
const retrying = z.object({
  state: z.enum(['running', 'done', 'failed', 'stopped']),
  startedAt: anInstant,
  startedBy: z.string(),
  endedAt: anInstant.optional(),
  progress: z.number(),
  result: z
    .object({ looked: count, read: count, left: count, gone: count, cut: z.boolean().describe('There were more than one run takes') })
    .optional(),
})

interface Named {
  readonly req: { param(name: string): string | undefined }
}

/** What could not be read, verbatim: listed, read again one by one or all at once, put aside. */
export function quarantineRoutes(deps: QuarantineRouteDeps): readonly ApiRoute[] {
  const { store, archive, sources, clock, jobs } = deps
  /** A connector that is configured no more is of no clinic: only who may see all of them sees what it sent. */
  const clinicOf = ({ envelope }: InboxRow) => sources.get(envelope.connectorId)?.clinicId ?? ''
  const ofEnvelope = async (c: Named) => {
    const row = await store.read((tx) => tx.inbox.find(c.req.param('id') ?? ''))
    return row && clinicOf(row)
  }
  const inQuarantine = { method: 'POST', least: ['integrator'], clinicOf: ofEnvelope, problems: ['conflict'] } as const
  const ofConnector = {
    path: '/api/v1/connectors/:connector/quarantine/retry',
    least: ['integrator'],
    clinicOf: (c: Named) => sources.get(c.req.param('connector') ?? '')?.clinicId,
  } as const
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/quarantine',
      least: ['integrator'],
      clinicOf: 'each',
      summary: 'List what could not be read',
      description:
        'Verbatim, newest first, with the place and the reason. A page may end sooner than `limit`, and may be empty before the last.',
      query: z.object({ connector: z.string().min(1).max(500).optional(), ...fault, ...pageQuery(z.string().max(64), { usual: 20 }) }),
      responses: { 200: pageOf(unread) },
      handle: async (c, { query: { connector, limit, cursor, ...asked } }) => {
        const rows = await store.read((tx) => tx.inbox.quarantined({ limit, ...(cursor !== undefined && { before: cursor }) }))
        const items = []
        let bytes = 0
        let seen: string | undefined
        for (const row of rows) {
          const isAsked = (connector === undefined || connector === row.envelope.connectorId) && isOfFault(row, asked)
          if (isAsked && mayEnter(c.get('caller'), clinicOf(row))) {
            const item = await shown(row, archive)
            bytes += item.base64?.length ?? 0
            if (items.length > 0 && bytes > maxPageBytes) break
            items.push(item)
          }
          seen = row.id
        }
        const isLast = rows.length < limit && seen === rows.at(-1)?.id
        return page(c, items, isLast ? undefined : seen)
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/quarantine/:id/retry',
      least: ['integrator'],
      clinicOf: async (c) => {
        const row = await store.read((tx) => tx.inbox.find(c.req.param('id') ?? ''))
        return row && clinicOf(row)
      },
      summary: 'Read a quarantined message again',
      description: 'After a mapping was mended; a new row says what came of it.',
      responses: { 200: receipt },
      problems: ['conflict'],
      handle: async (c, { params: { id } }) => {
        const row = await store.read((tx) => tx.inbox.find(id))
        if (row?.state !== 'quarantined') return problem(c, 404, 'no such envelope in quarantine')
        const read = await retryOne(deps, id, c.get('caller'))
        return read ? c.json(read) : problem(c, 409, 'its bytes are gone from the archive, or somebody else was faster')
      },
    }),
    apiRoute({
      ...inQuarantine,
      path: '/api/v1/quarantine/:id/discard',
      summary: 'Put a quarantined message aside',
      description: 'It is kept, and the audit says who did it and why. The same bytes sent again stay aside.',
      body: z.strictObject({ reason: z.enum(discardReasons) }),
      responses: { 200: z.object({ id: z.string() }) },
      handle: async (c, { params: { id }, body: { reason } }) => {
        const done = await store.transact((tx) => discard(tx, id, reason, c.get('caller'), clock.now()))
        return done ? c.json({ id }) : problem(c, 409, 'it is not in quarantine')
      },
    }),
    apiRoute({
      ...inQuarantine,
      path: '/api/v1/quarantine/:id/take-back',
      summary: 'Take a message that was put aside back into quarantine',
      responses: { 200: z.object({ id: z.string() }) },
      handle: async (c, { params: { id } }) => {
        const done = await store.transact((tx) => takeBack(tx, id, c.get('caller'), clock.now()))
        return done ? c.json({ id }) : problem(c, 409, 'nobody put it aside')
      },
    }),
    apiRoute({
      ...ofConnector,
      method: 'POST',
      summary: 'Read all quarantined messages of a connector again',
      description:
        'After a mapping was mended: all, or those of one code and place. From the newest to the oldest, each once, 10,000 at most; what was read meanwhile is left alone, so that it may be asked for again. One runs at a time; GET says how far it is.',
      body: z.strictObject(fault).optional(),
      responses: { 202: retrying },
      problems: ['conflict'],
      handle: (c, { params, body = {} }) => {
        const connectorId = String(params.connector)
        if (!startRetry(deps, { connectorId, ...body }, c.get('caller'))) return problem(c, 409, 'one is running')
        return c.json(retryJob(jobs, connectorId) ?? {}, 202)
      },
    }),
    apiRoute({
      ...ofConnector,
      method: 'GET',
      summary: 'See how far the last retry of a quarantine is',
      description: 'Since the service was started.',
      responses: { 200: retrying },
      handle: (c, { params }) => {
        const job = retryJob(jobs, String(params.connector))
        return job ? c.json(job) : problem(c, 404, 'none since the service was started')
      },
    }),
  ]
}

async function shown(row: InboxRow, archive: Pick<Archive, 'get'>) {
  const body = await bodyOf(row, archive)
  const { id, envelope, fault, reason } = row
  return {
    id,
    connector: envelope.connectorId,
    receivedAt: envelope.receivedAt,
    mediaType: envelope.mediaType,
    ...(envelope.request && { request: envelope.request }),
    fault: fault ?? { text: reason },
    ...(body && { text: Buffer.from(body).toString('utf8'), base64: Buffer.from(body).toString('base64') }),
  }
}
