import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardedLookup, reachOf } from '../../../src/connectors/fhir/address.ts'
import { parseReference, pathBelow } from '../../../src/connectors/fhir/references.ts'
import { fhirServer } from './fhir-server.ts'
import { appointment, connect, hookEnvelope, patience, patient } from './fhir-story.ts'
import { addresses, base, hosts, outside } from './ssrf-vectors.ts'

/** Whatever reaches this server was asked where nobody configured it. */
let hits = 0
const canary = createServer((_request, response) => {
  hits += 1
  response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(patient))
})
let port = 0

beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  port = (canary.address() as AddressInfo).port
})

afterAll(async () => {
  await new Promise((resolve) => canary.close(resolve))
})

describe('R23: requests go only where they were configured to go', () => {
  it.each([...addresses, ...hosts])('%s is no public address, whatever its name', async (_name, address) => {
    expect(reachOf(address)).not.toBe('public')
    // a name that was public when it was looked up first, and leads there now
    const refused = await new Promise((resolve) =>
      guardedLookup(new Set(['public']))(address, { all: true }, (error) => resolve(error?.code)),
    )
    const isOwn = reachOf(address) === 'loopback' && address === '127.0.0.1'
    if (!isOwn && reachOf(address) !== 'loopback') expect(refused).toBe('ADDRESS_REFUSED')
  })

  it.each(outside)('a reference to %s is followed by nobody', (reference) => {
    expect(parseReference(reference, base).kind).not.toBe('local')
    if (reference.startsWith('http')) expect(pathBelow(reference, base)).toBeUndefined()
  })

  it('references, next links and redirects that lead to another server of this machine: it hears nothing', async () => {
    const evil = `http://127.0.0.1:${port}/fhir`
    const forms = [
      `${evil}/Patient/7`,
      `http://localhost:${port}/fhir/Patient/7`,
      `http://[::1]:${port}/fhir/Patient/7`,
      `//127.0.0.1:${port}/Patient/7`,
    ]
    const server = await fhirServer({ pageSize: 1, nextLink: (url) => url.replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${port}`) })
    forms.forEach((reference, index) => {
      server.put(appointment({ id: `a${index}`, participant: [{ actor: { reference }, status: 'accepted' }], slot: [{ reference }] }))
    })
    const connector = connect(server.baseUrl)
    for (let index = 0; index < forms.length; index++) await connector.readBack(hookEnvelope(`Appointment/a${index}`), patience)
    for (const status of [301, 302, 303, 307, 308]) {
      server.meet(/Appointment/, { kind: 'answer', status, headers: { location: `${evil}/Appointment/a0` } })
      expect(await connector.readBack(hookEnvelope('Appointment/a0'), patience)).toMatchObject({ kind: 'deferred' })
    }
    expect(await connector.poll?.(undefined, patience)).not.toMatchObject({ kind: 'read', more: true })
    await server.close()
    expect(hits).toBe(0)
  })

  it('a token endpoint elsewhere, and the jku of a proof: the first is not asked, the second is only what was configured', async () => {
    const elsewhere = `http://127.0.0.1:${port}/token`
    const server = await fhirServer()
    server.meet(/smart-configuration/, { kind: 'answer', status: 200, body: { token_endpoint: elsewhere, jwks_uri: elsewhere } })
    const auth = { kind: 'client-secret', clientId: 'a', clientSecret: 'b' } as const
    const answer = await connect(server.baseUrl, { auth }).readBack(hookEnvelope('Appointment/a0'), patience)
    expect(answer).toMatchObject({ kind: 'deferred', reason: 'the token endpoint is at another origin: configure it' })
    await server.close()
    expect(hits).toBe(0)
  })
})
