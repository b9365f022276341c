import type { WriteBackKind } from '../../core/write-back.ts'
import type { Connector } from '../connector.ts'
import { catchUp } from './catch-up.ts'
import { fhirClient } from './client.ts'
import { receiveHook } from './hook.ts'
import type { FhirOptions } from './options.ts'
import { profileOf } from './profile.ts'
import { readEnvelope } from './read.ts'
import { readBack } from './read-back.ts'
import { writer } from './writer.ts'

const written: readonly WriteBackKind[] = ['confirm', 'cancel', 'arrive']

/**
 * An EHR that speaks FHIR R4: its notifications come to the hook and are hints, its word is what we read back,
 * answers are written with If-Match. Throws on options that can never work.
 */
export function fhir(options: FhirOptions): Connector {
  const { id, now, hook, cache, writeBack: settings, timeoutMs = 30_000, catchUpHorizonMs = 24 * 3_600_000, cacheTtlMs = 600_000 } = options
  const profile = profileOf(options)
  const { baseUrl, zone } = profile
  const client = fhirClient({ baseUrl, auth: options.auth ?? { kind: 'none' }, timeoutMs, now })
  const asking = { connectorId: id, baseUrl, client, cacheTtlMs, now, ...(cache && { cache }) }
  const catching = { ...asking, catchUp: catchUp({ client, baseUrl, horizonMs: catchUpHorizonMs, now }) }
  const arrivedStatus = settings?.arrivedStatus ?? 'arrived'
  const write = settings && writer({ ...asking, settings, zone, arrivedStatus })
  return {
    id,
    protocol: 'fhir',
    writes: new Set(write ? written : []),
    async listen() {},
    handle: (request, path, receive) => receiveHook(request, path, receive, { connectorId: id, now, ...hook }),
    read: (envelope) => readEnvelope(envelope, profile),
    readBack: (hint, signal) => readBack(hint, catching, signal),
    async write({ writeBack }, signal) {
      if (!write || !written.includes(writeBack.kind)) return { kind: 'refused', reason: 'this connector does not write that' }
      return await write(writeBack, signal)
    },
  }
}
