import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'fhir-kit-client'
import { request } from 'undici'
import { guardedLookup, reachOf } from '../../src/connectors/fhir/address.ts'
import { parseReference, pathBelow } from '../../src/connectors/fhir/references.ts'
import { isPushEndpoint } from '../../src/core/push-endpoint.ts'
import { webhookTransport } from '../../src/server/compose-webhooks.ts'
import type { WebhookTransport } from '../../src/server/webhooks/transport.ts'
import { fhirServer } from '../connectors/fhir/fhir-server.ts'
import { appointment, connect, hookEnvelope, patience, patient } from '../connectors/fhir/fhir-story.ts'
import { addresses, base, hosts, outside, spellingsOfThisMachine } from '../connectors/fhir/ssrf-vectors.ts'
import { prove } from './proof.ts'

/** A server of this machine that nobody configured: whatever connects to it was led there. It answers whoever asks, to be followed further. */
async function openCanary() {
  let met = 0
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(patient))
  })
  server.on('connection', () => {
    met += 1
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { port, met: () => met, close }
}

type Canary = Awaited<ReturnType<typeof openCanary>>

/** Each vector that the guards must refuse by its looks; what they let through. */
async function byItsLooks(): Promise<{ readonly count: number; readonly through: readonly string[] }> {
  const through: string[] = []
  for (const [name, address] of [...addresses, ...hosts]) {
    if (reachOf(address) === 'public') through.push(name)
    // what a name gives that was public when it was first looked at, and is bound anew
    const code = await new Promise((resolve) => guardedLookup(new Set(['public']))(address, { all: true }, (error) => resolve(error?.code)))
    if (code !== 'ADDRESS_REFUSED' && reachOf(address) !== 'loopback') through.push(`${name}, bound anew`)
  }
  for (const reference of outside)
    if (parseReference(reference, base).kind === 'local' || pathBelow(reference, base) !== undefined) through.push(reference)
  const push = [...addresses, ...hosts].map(([, address]) => `https://${address.includes(':') ? `[${address}]` : address}/push`)
  for (const endpoint of push) if (isPushEndpoint(endpoint, [])) through.push(endpoint)
  return { count: (addresses.length + hosts.length) * 3 + outside.length, through }
}

/** An EHR that leads elsewhere in whatever it says: references, next links, redirects, the endpoint its tokens come from. */
async function anEvilEhr({ port }: Canary): Promise<number> {
  let count = 0
  for (const host of spellingsOfThisMachine) {
    const evil = `http://${host}:${port}/fhir`
    const server = await fhirServer({ pageSize: 1, nextLink: (url) => url.replace(/^https?:\/\/[^/]+/, `http://${host}:${port}`) })
    const reference = `${evil}/Patient/7`
    for (const id of ['a0', 'a1'])
      server.put(appointment({ id, participant: [{ actor: { reference }, status: 'accepted' }], slot: [{ reference }] }))
    const connector = connect(server.baseUrl)
    await connector.readBack(hookEnvelope('Appointment/a0'), patience)
    await connector.poll?.(undefined, patience)
    for (const status of [301, 302, 303, 307, 308]) {
      server.meet(/Appointment/, { kind: 'answer', status, headers: { location: `${evil}/Appointment/a0` } })
      await connector.readBack(hookEnvelope('Appointment/a0'), patience)
    }
    const smart = { token_endpoint: `${evil}/token`, jwks_uri: `${evil}/jwks` }
    server.meet(/smart-configuration/, { kind: 'answer', status: 200, body: smart })
    const auth = { kind: 'client-secret', clientId: 'a', clientSecret: 'b' } as const
    await connect(server.baseUrl, { auth }).readBack(hookEnvelope('Appointment/a0'), patience)
    await server.close()
    count += 9
  }
  return count
}

/** Webhooks that somebody asks us to send to this machine; how many were not refused. */
async function webhooksHome({ port }: Canary, post: WebhookTransport['post']): Promise<{ readonly count: number; readonly sent: number }> {
  let sent = 0
  const urls = ['localhost.', ...spellingsOfThisMachine].flatMap((host) => [`https://${host}:${port}/`, `http://${host}:${port}/`])
  for (const url of urls)
    await post(url, {}, '{}', AbortSignal.timeout(5_000)).then(
      () => {
        sent += 1
      },
      () => {},
    )
  return { count: urls.length, sent }
}

prove({
  id: 'R23',
  promise: 'outbound requests go only where configured',
  async run() {
    const looks = await byItsLooks()
    if (looks.through.length > 0) throw new Error(`let through: ${looks.through.slice(0, 3).join(', ')}`)
    const canary = await openCanary()
    try {
      const ehr = await anEvilEhr(canary)
      const hooks = await webhooksHome(canary, webhookTransport({ allowPrivate: false }).post)
      if (canary.met() > 0 || hooks.sent > 0) throw new Error(`the canary was met ${canary.met()} times`)
      const vectors = looks.count + ehr + hooks.count
      if (vectors < 300) throw new Error(`only ${vectors} vectors`)
      return {
        figure: `${vectors} vectors (${addresses.length + hosts.length} addresses and hosts × 3, ${outside.length} references, ${ehr} of an EHR that leads elsewhere, ${hooks.count} webhooks), canary met 0 times`,
      }
    } finally {
      await canary.close()
    }
  },
  async control() {
    const canary = await openCanary()
    try {
      const unguarded: WebhookTransport['post'] = async (url, headers, body, signal) => {
        const answer = await request(url, { method: 'POST', headers, body, signal })
        await answer.body.dump()
        return { status: answer.statusCode }
      }
      await webhooksHome(canary, unguarded)
      const byWebhooks = canary.met()
      const client = new Client({ baseUrl: base })
      await client.resolve({ reference: `http://127.0.0.1:${canary.port}/fhir/Patient/7` }).catch(() => {})
      const byReference = canary.met() - byWebhooks
      if (byWebhooks === 0 || byReference === 0) throw new Error('a client without guards never met the canary')
      return `webhooks looked up without the guard met the canary ${byWebhooks} times, fhir-kit-client that follows a reference ${byReference}`
    } finally {
      await canary.close()
    }
  },
})
