import { z } from 'zod'
import type { Channel } from '../../channels/channel.ts'
import { mayEnter } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Archive, InboxRow, Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { explainAppointment } from '../explain/explain.ts'
import type { Source } from '../intake/apply.ts'
import type { Ingest } from '../intake/ingest.ts'
import type { Route } from './route.ts'
import { problem } from './route.ts'

export interface ApiDeps {
  readonly store: Store
  readonly archive: Archive
  readonly ingest: Pick<Ingest, 'retry'>
  readonly clinics: readonly string[]
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  readonly clock: Clock
}

const page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), before: z.string().max(64).optional() })

/** Envelopes are as large as their EHR makes them: a page ends sooner where its bytes would be too many. */
const maxPageBytes = 8 * 1024 * 1024

/** What an integrator needs until there is a console: what could not be read, verbatim, what nobody has set, and why who was told what. */
export function apiRoutes(deps: ApiDeps): readonly Route[] {
  const { store, archive, ingest, clinics, sources, channels, clock } = deps
  /** A connector that is configured no more is of no clinic: only who may see all of them sees what it sent. */
  const clinicOf = ({ envelope }: InboxRow) => sources.get(envelope.connectorId)?.clinicId ?? ''
  return [
    {
      method: 'GET',
      path: '/api/v1/quarantine',
      access: 'api',
      least: ['integrator'],
      clinicOf: 'each',
      handle: async (c) => {
        const query = page.safeParse(c.req.query())
        if (!query.success) return problem(c, 400, 'limit is 1 to 100; before is the id of the last row of the page before')
        const { limit, before } = query.data
        const rows = await store.read((tx) => tx.inbox.quarantined({ limit, ...(before !== undefined && { before }) }))
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
        return c.json({ items, ...(!isLast && { next: seen }) })
      },
    },
    {
      method: 'POST',
      path: '/api/v1/quarantine/:id/retry',
      access: 'api',
      least: ['integrator'],
      clinicOf: async (c) => {
        const row = await store.read((tx) => tx.inbox.find(c.req.param('id') ?? ''))
        return row && clinicOf(row)
      },
      handle: async (c) => {
        const row = await store.read((tx) => tx.inbox.find(c.req.param('id') ?? ''))
        if (row?.state !== 'quarantined') return problem(c, 404, 'no such envelope in quarantine')
        const body = await bodyOf(row, archive)
        const receipt = body && (await ingest.retry(row.id, body))
        return receipt ? c.json(receipt) : problem(c, 409, 'its bytes are gone from the archive, or somebody else was faster')
      },
    },
    {
      method: 'GET',
      path: '/api/v1/unset',
      access: 'api',
      least: ['admin', 'integrator'],
      clinicOf: 'each',
      handle: async (c) => {
        const own = clinics.filter((clinic) => mayEnter(c.get('caller'), clinic))
        const items = await store.read(async (tx) => (await Promise.all(own.map((clinic) => tx.unset.list(clinic)))).flat())
        return c.json({ items })
      },
    },
    {
      method: 'GET',
      path: '/api/v1/appointments/:id/decisions',
      access: 'api',
      least: ['reader'],
      clinicOf: async (c) => (await store.read((tx) => tx.appointments.find(c.req.param('id') ?? '')))?.clinicId,
      handle: async (c) => {
        const id = c.req.param('id') ?? ''
        const found = await store.read((tx) => explainAppointment(tx, id, new Set(channels.keys()), clock.now()))
        return found ? c.json(found) : problem(c, 404, 'no such appointment: its id is connector:id-at-the-EHR')
      },
    },
  ]
}

async function bodyOf(row: InboxRow, archive: Archive): Promise<Uint8Array | undefined> {
  return row.archived ? archive.get(row.id) : row.envelope.body
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
