import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardedLookup, reachOf } from '../../../src/connectors/fhir/address.ts'
import { parseReference, pathBelow } from '../../../src/connectors/fhir/references.ts'
import { fhirServer } from './fhir-server.ts'
import { appointment, connect, hookEnvelope, patience, patient } from './fhir-story.ts'

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

const inside = [
  '127.0.0.1',
  '127.1.2.3',
  '10.0.0.1',
  '10.255.255.254',
  '172.16.0.1',
  '172.31.9.9',
  '192.168.0.1',
  '192.168.255.254',
  '100.64.0.1',
  '169.254.169.254',
  '169.254.0.1',
  '0.0.0.0',
  '0.1.2.3',
  '224.0.0.251',
  '240.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '192.0.0.1',
]
const octets = (address: string) => address.split('.').map(Number)
const hex = (address: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = octets(address)
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

/** The same IPv4 address, as IPv6 knows to carry it. */
const disguises: Readonly<Record<string, (address: string) => string>> = {
  'as it is': (address) => address,
  mapped: (address) => `::ffff:${address}`,
  'mapped in hexadecimal': (address) => `::ffff:${hex(address)}`,
  'mapped, written out': (address) => `0:0:0:0:0:ffff:${hex(address)}`,
  'of NAT64': (address) => `64:ff9b::${hex(address)}`,
  'of a local NAT64': (address) => `64:ff9b:1::${hex(address)}`,
  'of 6to4': (address) => `2002:${hex(address)}::1`,
  'of Teredo': (address) => `2001:0:${hex(address)}::1`,
  compatible: (address) => `::${hex(address)}`,
}

/** The same, as the host of an address may be spelt: the parser of URLs makes one of them all. */
const spellings: Readonly<Record<string, (address: string) => string>> = {
  'one number': (address) => String(octets(address).reduce((sum, part) => sum * 256 + part, 0)),
  hexadecimal: (address) =>
    `0x${octets(address)
      .map((part) => part.toString(16).padStart(2, '0'))
      .join('')}`,
  octal: (address) =>
    octets(address)
      .map((part) => `0${part.toString(8)}`)
      .join('.'),
}

const six = ['::1', '::', 'fe80::1', 'fec0::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', 'fe80::ffff:10.0.0.1']

const addresses = [
  ...Object.entries(disguises).flatMap(([how, write]) => inside.map((address) => [`${address} ${how}`, write(address)] as const)),
  ...six.map((address) => [address, address] as const),
]
const hosts = Object.entries(spellings).flatMap(([how, write]) =>
  inside.map((address) => [`${address} as ${how}`, new URL(`http://${write(address)}/`).hostname] as const),
)

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

  const base = 'https://ehr.example/fhir'
  const outside = [
    ...inside.map((address) => `http://${address}/fhir/Patient/7`),
    ...inside.map((address) => `http://[::ffff:${address}]/fhir/Patient/7`),
    'https://ehr.example@evil.example/fhir/Patient/7',
    'https://ehr.example:444/fhir/Patient/7',
    'https://ehr.example.evil.example/fhir/Patient/7',
    'https://evil.example/https://ehr.example/fhir/Patient/7',
    'https://ehr.example/other/Patient/7',
    'https://ehr.example/fhir/../admin/Patient/7',
    'https://ehr.example/fhirx/Patient/7',
    'http://ehr.example/fhir/Patient/7',
    'file:///etc/passwd',
    'gopher://ehr.example/fhir/Patient/7',
    '//evil.example/Patient/7',
    '../../admin/Patient/7',
    'Patient/../../admin',
    'Patient/..',
    'Patient/7?x=http://evil.example',
    'https:\\\\evil.example\\Patient\\7',
  ]

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

  it('is three hundred ways and more', () => {
    expect(addresses.length + hosts.length + outside.length).toBeGreaterThanOrEqual(275)
  })
})
