import { createServer as createPlain } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { guardedLookup, type Reach, reachOf, reachOfHost } from '../../../src/connectors/fhir/address.ts'
import { authorizer } from '../../../src/connectors/fhir/auth.ts'
import { fhirClient } from '../../../src/connectors/fhir/client.ts'
import { type FhirTls, fhirDispatcher } from '../../../src/connectors/fhir/dispatcher.ts'
import { testCertificate, testKey } from '../hl7v2/support/certificate.ts'
import { connect, now, patience } from './fhir-story.ts'
import { strangersCertificate, strangersKey } from './strangers-certificate.ts'

describe('R23: where an address leads', () => {
  const cases: [string, Reach][] = [
    ['93.184.216.34', 'public'],
    ['2606:2800:220:1::1', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['169.254.169.254', 'nowhere'],
    ['0.0.0.0', 'nowhere'],
    ['224.0.0.1', 'nowhere'],
    ['255.255.255.255', 'nowhere'],
    ['::', 'nowhere'],
    ['::ffff:127.0.0.1', 'nowhere'],
    ['::ffff:a00:1', 'nowhere'],
    ['::ffff:93.184.216.34', 'nowhere'],
    ['64:ff9b::a00:1', 'nowhere'],
    ['64:ff9b:1::a00:1', 'nowhere'],
    ['2002:a00:1::', 'nowhere'],
    ['2001:0:a00:1::', 'nowhere'],
    ['fe80::1', 'nowhere'],
    ['ff02::1', 'nowhere'],
    ['ehr.example', 'nowhere'],
  ]

  it.each(cases)('%s is %s', (address, reach) => {
    expect(reachOf(address)).toBe(reach)
  })

  it.each([
    ['localhost', 'loopback'],
    ['ehr.localhost', 'loopback'],
    ['[::1]', 'loopback'],
    ['10.0.0.1', 'private'],
    ['ehr.example', undefined],
    ['127.0.0.1.ehr.example', undefined],
  ])('the host %s leads to %s, as far as it tells', (host, reach) => {
    expect(reachOfHost(host)).toBe(reach)
  })

  it.each(['http://169.254.169.254/fhir', 'http://0xa9fea9fe/fhir', 'http://[::ffff:10.0.0.1]/fhir', 'http://0/fhir'])(
    'a base of %s is refused at the start',
    (baseUrl) => {
      expect(() => connect(baseUrl)).toThrow('fhir tilleuls: leads to an address that nothing is asked of')
    },
  )
})

describe('R23: a name is looked up again at each connection', () => {
  const look = (host: string, allowed: readonly Reach[]) =>
    new Promise<string>((resolve) => {
      guardedLookup(new Set(allowed))(host, {}, (error, address) => resolve(error?.code ?? String(address)))
    })

  it('one that leads to this machine is refused, unless it is this machine’s own or private ones are allowed', async () => {
    // an address in numbers resolves to itself: what a rebound name would give
    expect(await look('127.0.0.1', ['public'])).toBe('127.0.0.1')
    expect(await look('10.0.0.1', ['public'])).toBe('ADDRESS_REFUSED')
    expect(await look('10.0.0.1', ['public', 'private'])).toBe('10.0.0.1')
    expect(await look('169.254.169.254', ['public', 'private', 'loopback'])).toBe('ADDRESS_REFUSED')
    expect(['127.0.0.1', '::1']).toContain(await look('localhost', ['public']))
  })

  it('what it was refused is known not to have been sent', async () => {
    const { hostname } = await import('node:os')
    const name = hostname()
    if (reachOfHost(name) !== undefined) return
    const canary = createPlain((_request, response) => response.end('{}'))
    await new Promise<void>((resolve) => canary.listen(0, resolve))
    onTestFinished(() => void canary.close())
    const baseUrl = `http://${name}:${(canary.address() as AddressInfo).port}/fhir`
    const answer = await clientOf(baseUrl).get('metadata', patience)
    // this machine's own name leads to a private address, a loopback one, or nowhere: never public here
    expect(answer).toMatchObject({ kind: 'failed', unsent: true })
  })
})

function clientOf(baseUrl: string, tls?: FhirTls) {
  const timeoutMs = 2_000
  const dispatcher = fhirDispatcher({ addresses: [baseUrl], allowPrivate: false, timeoutMs, ...(tls && { tls }) })
  const none = authorizer({ auth: { kind: 'none' }, baseUrl, dispatcher, timeoutMs, now: () => now })
  return fhirClient({ baseUrl, authorizer: none, dispatcher, timeoutMs, now: () => now })
}

describe('mutual TLS', () => {
  const ehr = { cert: testCertificate, key: testKey }
  // one pair serves both sides: what matters is who trusts it
  const ours = ehr
  const stranger = { cert: strangersCertificate, key: strangersKey }

  async function listen(): Promise<string> {
    const server = createServer({ ...ehr, ca: ours.cert, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/fhir+json' }).end('{"resourceType":"Patient","id":"7"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  }

  it('the server is shown our certificate, and we trust the authority that was configured', async () => {
    const client = clientOf(await listen(), { ca: ehr.cert, ...ours })
    expect(await client.get('Patient/7', patience)).toMatchObject({ kind: 'answered', status: 200 })
  })

  it.each([
    ['without a certificate of ours', () => ({ ca: ehr.cert })],
    ['with a stranger’s', () => ({ ca: ehr.cert, ...stranger })],
    ['where the server’s is signed by nobody we trust', () => ({ ...ours })],
  ])('nothing is exchanged %s', async (_name, tls) => {
    expect((await clientOf(await listen(), tls()).get('Patient/7', patience)).kind).toBe('failed')
  })

  it('a certificate that is none stops the start', () => {
    expect(() => connect('https://ehr.example/fhir', { tls: { cert: 'nothing', key: 'nothing' } })).toThrow(/^fhir tilleuls: /)
  })
})
