import type { Connector } from '../connector.ts'
import { type Authorizer, authorizer } from './auth.ts'
import { capabilityWatch } from './capability.ts'
import { type FhirClient, fhirClient } from './client.ts'
import { fhirDispatcher } from './dispatcher.ts'
import { examine } from './examine.ts'
import { receiveHook } from './hook.ts'
import type { FhirOptions } from './options.ts'
import { withPreset } from './presets/presets.ts'
import { profileOf } from './profile.ts'
import { readEnvelope } from './read.ts'
import { relatedPersons } from './related-persons.ts'
import { reread } from './reread.ts'
import { watching } from './watching.ts'
import { writer } from './writer.ts'

/**
 * An EHR that speaks FHIR R4, R4B or R5: its notifications come to the hook and are hints, its word is what we read back,
 * answers are written with If-Match. Throws on options that can never work.
 */
export function fhir(given: FhirOptions): Connector {
  const options = withPreset(given)
  const { id, now, hook, cache, writeBack: settings, timeoutMs = 30_000, cacheTtlMs = 600_000 } = options
  const profile = profileOf(options)
  const { baseUrl, zone } = profile
  const authorizing = reachable(options, baseUrl, timeoutMs)
  const client = fhirClient({ baseUrl, ...authorizing, timeoutMs, now })
  const asking = { connectorId: id, baseUrl, client, cacheTtlMs, now, ...(cache && { cache }) }
  const capabilities = capabilityWatch(client, now)
  const writing = settings && writer({ ...asking, capabilities, settings, zone })
  const reading = { ...asking, relatedPersons: relatedPersons(client, now) }
  return {
    id,
    protocol: 'fhir',
    writes: writing?.writes ?? new Set(),
    async listen() {},
    async handle(request, path, receive) {
      if (path === publicKeysPath && request.method === 'GET') return await publicKeys(authorizing.authorizer)
      return await receiveHook(request, path, receive, { connectorId: id, now, ...hook })
    },
    read: (envelope) => readEnvelope(envelope, profile),
    ...watching(options, reading, zone),
    ...(!profile.trustsPayload && { reread: (ehrIds, signal) => reread(ehrIds, { ...reading, capabilities }, signal) }),
    async write(request, signal) {
      if (!writing?.writes.has(request.writeBack.kind)) return { kind: 'refused', reason: 'this connector does not write that' }
      return await writing.write(request, signal)
    },
    examine: (signal) => examine({ options, client, authorizer: authorizing.authorizer, writes: writing?.writes ?? new Set() }, signal),
  }
}

/** Only asks, as the connector of these options would: for a person who sets it up. Throws on options that can never work. */
export function fhirReader(given: FhirOptions): Pick<FhirClient, 'get'> {
  const options = withPreset(given)
  const { now, timeoutMs = 30_000 } = options
  const { baseUrl } = profileOf(options)
  return fhirClient({ baseUrl, ...reachable(options, baseUrl, timeoutMs), timeoutMs, now })
}

/** How the server is reached and what it is shown; throws, naming the connector, on what can never work. */
function reachable({ id, auth = { kind: 'none' }, tls, allowPrivate = false, now }: FhirOptions, baseUrl: string, timeoutMs: number) {
  const tokenEndpoint = 'tokenEndpoint' in auth ? auth.tokenEndpoint : undefined
  const addresses = [baseUrl, ...(tokenEndpoint === undefined ? [] : [tokenEndpoint])]
  try {
    const dispatcher = fhirDispatcher({ addresses, allowPrivate, timeoutMs, ...(tls && { tls }) })
    return { dispatcher, authorizer: authorizer({ auth, baseUrl, dispatcher, timeoutMs, now }) }
  } catch (cause) {
    throw new Error(`fhir ${id}: ${cause instanceof Error ? cause.message : 'unusable'}`, { cause })
  }
}

/** Below the connector's own path, for the server to check our proofs with: public by its nature. */
const publicKeysPath = '.well-known/jwks.json'

async function publicKeys({ publicKeys: read }: Authorizer): Promise<Response> {
  if (!read) return new Response(null, { status: 404 })
  return Response.json(await read(), { headers: { 'cache-control': 'public, max-age=300' } })
}
