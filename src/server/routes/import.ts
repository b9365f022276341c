import { z } from 'zod'
import type { Receipt, Receive } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Source } from '../intake/apply.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { apiRoute } from './api-route.ts'
import type { ApiRoute } from './route.ts'
import { receipt } from './shapes.ts'

export interface ImportRouteDeps {
  readonly store: Store
  readonly receive: Receive
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly clock: Clock
}

const mebibyte = 1024 * 1024

/** `import`: what is said counts as told (V2-ORD-6). `late`: it was lost on its way, and is told like any other. */
const wanted = z.strictObject({
  mediaType: z.enum(['application/hl7-v2', 'text/csv']),
  purpose: z.enum(['import', 'late']),
  bodies: z.array(z.base64().max(mebibyte)).min(1).max(200),
})

/** Of one request. */
export type ImportRequest = z.input<typeof wanted>

/** What an EHR said elsewhere than on its feed, one envelope each, in their order; what was taken before is known, so a load can be run again. */
export function importRoutes({ store, receive, sources, clock }: ImportRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/connectors/:connector/import',
      least: ['integrator'],
      clinicOf: (c) => sources.get(c.req.param('connector') ?? '')?.clinicId,
      maxBytes: 4 * mebibyte,
      summary: 'Import messages',
      description: 'One message each, in their order; what was taken before is known, so a load can be run again (V2-ORD-6).',
      body: wanted,
      responses: { 200: z.object({ receipts: z.array(receipt) }) },
      handle: async (c, { params: { connector: connectorId }, body: { mediaType, purpose, bodies } }) => {
        const now = clock.now()
        const entry = { at: now, actor: actorOf(c.get('caller')), action: `connector.${purpose}`, subject: connectorId }
        await store.transact((tx) => tx.audit.append({ ...entry, detail: { count: bodies.length } }))
        const envelopes = bodies.map((text) => ({
          connectorId,
          receivedAt: now,
          mediaType,
          body: new Uint8Array(Buffer.from(text, 'base64')),
          ...(purpose === 'import' && { purpose }),
        }))
        const receipts: readonly Receipt[] = await Promise.all(envelopes.map(receive))
        return c.json({ receipts })
      },
    }),
  ]
}
