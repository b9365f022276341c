import { z } from 'zod'
import type { Channel } from '../../channels/channel.ts'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Archive } from '../../store/port/archive.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { explainAppointment } from '../explain/explain.ts'
import type { Source } from '../intake/apply.ts'
import type { Ingest } from '../intake/ingest.ts'
import { bodyOf, retryOne } from '../quarantine/acts.ts'
import { apiRoute } from './api-route.ts'
import { page, pageOf, pageQuery } from './paging.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { explanation, receipt, unread, unsetKey } from './shapes.ts'

export interface ApiDeps {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Pick<Ingest, 'retry'>
  readonly clinics: readonly string[]
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
}

/** Envelopes are as large as their EHR makes them: a page ends sooner where its bytes would be too many. */
const maxPageBytes = 8 * 1024 * 1024

/** What an integrator needs: what could not be read, verbatim, what nobody has set, and why who was told what. */
export function apiRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { store, archive, ingest, clinics, sources, channels, clock } = deps
  /** A connector that is configured no more is of no clinic: only who may see all of them sees what it sent. */
  const clinicOf = ({ envelope }: InboxRow) => sources.get(envelope.connectorId)?.clinicId ?? ''
  return [
    apiRoute({
      method: 'GET',
      path: '/api/v1/quarantine',
      least: ['integrator'],
      clinicOf: 'each',
      summary: 'List what could not be read',
      description:
        'Verbatim, newest first, with the place and the reason. A page may end sooner than `limit`, and may be empty before the last.',
      query: z.object(pageQuery(z.string().max(64), { usual: 20 })),
      responses: { 200: pageOf(unread) },
      handle: async (c, { query: { limit, cursor } }) => {
        const rows = await store.read((tx) => tx.inbox.quarantined({ limit, ...(cursor !== undefined && { before: cursor }) }))
        const items = []
        let bytes = 0
        let seen: string | undefined
        for (const row of rows) {
          if (mayEnter(c.get('caller'), clinicOf(row))) {
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
        const read = await retryOne({ store, archive, ingest, clock }, id, c.get('caller'))
        return read ? c.json(read) : problem(c, 409, 'its bytes are gone from the archive, or somebody else was faster')
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/unset',
      least: ['admin', 'integrator'],
      clinicOf: 'each',
      summary: 'List the agendas and motifs nobody has set',
      description: 'They are silent, and counted (O4): the most frequent first, a thousand at most of each clinic.',
      responses: { 200: z.object({ items: z.array(unsetKey) }) },
      handle: async (c) => {
        const own = clinics.filter((clinic) => mayEnter(c.get('caller'), clinic))
        const items = await store.read(async (tx) => (await Promise.all(own.map((clinic) => tx.unset.list(clinic)))).flat())
        return c.json({ items })
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/api/v1/appointments/:id/decisions',
      least: ['reader'],
      clinicOf: async (c) => (await store.read((tx) => tx.appointments.find(c.req.param('id') ?? '')))?.clinicId,
      summary: 'Explain every message of an appointment',
      description: 'Gate by gate, past and future, and what would have to change (D30). Names no patient.',
      responses: { 200: explanation },
      handle: async (c, { params: { id } }) => {
        const found = await store.read((tx) => explainAppointment(tx, id, new Set(channels.keys()), clock.now()))
        return found ? c.json(found) : problem(c, 404, 'no such appointment: its id is connector:id-at-the-EHR')
      },
    }),
  ]
}

async function shown(row: InboxRow, archive: Archive) {
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
