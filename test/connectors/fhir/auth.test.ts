import { generateKeyPairSync } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import { authorizer } from '../../../src/connectors/fhir/auth.ts'
import { fhirClient } from '../../../src/connectors/fhir/client.ts'
import { fhirDispatcher } from '../../../src/connectors/fhir/dispatcher.ts'
import type { FhirAuth } from '../../../src/connectors/fhir/options.ts'
import { accepted, connect, patience } from './fhir-story.ts'
import { type OAuthOptions, type OAuthServer, oauthServer } from './oauth-server.ts'

const opened: OAuthServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

async function open(options: OAuthOptions = {}): Promise<OAuthServer> {
  const server = await oauthServer(options)
  opened.push(server)
  return server
}

/** A client with a clock that is moved by hand. */
function clientOf(server: OAuthServer, auth: FhirAuth) {
  let at = Temporal.Instant.from('2026-03-01T11:00:00Z')
  const now = () => at
  const dispatcher = fhirDispatcher({ addresses: [server.baseUrl], allowPrivate: false, timeoutMs: 2_000 })
  const each = authorizer({ auth, baseUrl: server.baseUrl, dispatcher, timeoutMs: 2_000, now })
  const client = fhirClient({ baseUrl: server.baseUrl, authorizer: each, dispatcher, timeoutMs: 2_000, now })
  return {
    get: () => client.get('Patient/7', patience),
    pass: (seconds: number) => {
      at = at.add({ seconds })
    },
    keys: async (): Promise<JSONWebKeySet> => (await each.publicKeys?.()) ?? { keys: [] },
  }
}

const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)
const secretAuth: FhirAuth = { kind: 'client-secret', clientId: 'rappel:1', clientSecret: 'p&ss wörd' }
const tokens = ({ requests }: OAuthServer) => requests.filter((request) => request === 'POST /token').length

describe('interop 2.5: SMART Backend Services', () => {
  it.each([
    ['RS384', rsa],
    ['ES384', ec],
  ])('a proof signed with %s opens the token endpoint the server names', async (alg, key) => {
    const server = await open()
    const client = clientOf(server, { kind: 'smart', clientId: 'rappel', keys: [{ pem: key }], scope: 'system/Appointment.rsu' })
    server.trust(await client.keys())
    expect(await client.get()).toMatchObject({ kind: 'answered', body: { resourceType: 'Patient', id: '7' } })
    const [proof] = server.proofs
    expect(proof?.protectedHeader).toMatchObject({ alg, typ: 'JWT' })
    expect(proof?.payload).toMatchObject({ iss: 'rappel', sub: 'rappel', aud: server.tokenEndpoint })
    const { exp = 0, iat = 0 } = proof?.payload ?? {}
    expect(exp - iat).toBeLessThanOrEqual(300)
    expect(Object.fromEntries(server.asked[0]?.form ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'system/Appointment.rsu',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
  })

  it('the first key signs; both are published while one replaces the other', async () => {
    const server = await open()
    const old = clientOf(server, { kind: 'smart', clientId: 'rappel', keys: [{ pem: rsa, kid: 'old' }, { pem: ec }] })
    const next = clientOf(server, { kind: 'smart', clientId: 'rappel', keys: [{ pem: ec }, { pem: rsa, kid: 'old' }] })
    server.trust(await old.keys())
    expect((await old.get()).kind).toBe('answered')
    expect((await next.get()).kind).toBe('answered')
    expect(server.proofs.map(({ protectedHeader }) => protectedHeader.alg)).toEqual(['RS384', 'ES384'])
    const { keys } = await next.keys()
    expect(new Set(keys.map(({ kid }) => kid))).toEqual(new Set((await old.keys()).keys.map(({ kid }) => kid)))
    // nothing private is ever published
    expect(keys.some((key) => 'd' in key || 'p' in key)).toBe(false)
  })

  it('publishes its keys below its own path, and 404 where there are none', async () => {
    const jwks = () => new Request('http://rappel.example/fhir/tilleuls/.well-known/jwks.json')
    const auth: FhirAuth = { kind: 'smart', clientId: 'rappel', keys: [{ pem: ec, kid: 'one' }] }
    const path = '.well-known/jwks.json'
    const smart = await connect('http://127.0.0.1:1/fhir', { auth }).handle(jwks(), path, async () => accepted)
    expect(await smart.json()).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-384', kid: 'one', alg: 'ES384', use: 'sig' }] })
    expect((await connect('http://127.0.0.1:1/fhir').handle(jwks(), path, async () => accepted)).status).toBe(404)
  })

  it.each([
    ['a text that is no key', 'nothing'],
    ['RSA of 1024 bits', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['EC on another curve', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
  ])('refuses %s, and does not quote it', (_name, key) => {
    const make = () => connect('http://127.0.0.1:1/fhir', { auth: { kind: 'smart', clientId: 'rappel', keys: [{ pem: key }] } })
    expect(make).toThrow(/^fhir tilleuls: auth\.keys\[0\] is neither RSA|^fhir tilleuls: auth\.keys\[0\] is not a private key/)
  })
})

describe('access tokens', () => {
  it('one is asked for however many wait, and kept until a minute before its end', async () => {
    const server = await open({ expiresIn: 300 })
    const client = clientOf(server, secretAuth)
    await Promise.all(Array.from({ length: 10 }, () => client.get()))
    client.pass(239)
    await client.get()
    expect(tokens(server)).toBe(1)
    client.pass(2)
    await client.get()
    expect(tokens(server)).toBe(2)
  })

  it('one that lives a minute is used for half of it', async () => {
    const server = await open({ expiresIn: 60 })
    const client = clientOf(server, secretAuth)
    await client.get()
    client.pass(29)
    await client.get()
    expect(tokens(server)).toBe(1)
    client.pass(2)
    await client.get()
    expect(tokens(server)).toBe(2)
  })

  it('401 renews the token once, and the request is made again', async () => {
    const server = await open()
    const client = clientOf(server, secretAuth)
    await client.get()
    server.good.clear()
    expect((await client.get()).kind).toBe('answered')
    expect(tokens(server)).toBe(2)
  })

  it('401 to the new one too is the answer: no third is asked for', async () => {
    const server = await open()
    const client = clientOf(server, secretAuth)
    server.good.add = () => server.good
    expect(await client.get()).toMatchObject({ kind: 'failed', status: 401 })
    expect(tokens(server)).toBe(2)
  })

  it('an endpoint that refuses is left alone for 5 s, and no patient or secret is in the reason', async () => {
    const server = await open()
    const client = clientOf(server, secretAuth)
    server.refuse({ status: 400, body: { error: 'invalid_client', error_description: 'Peter Chalmers' } })
    const failure = { kind: 'failed', unsent: true, reason: 'token HTTP 400 invalid_client' }
    expect(await client.get()).toEqual(failure)
    expect(await client.get()).toEqual(failure)
    expect(tokens(server)).toBe(1)
    client.pass(6)
    expect((await client.get()).kind).toBe('answered')
  })

  it('Retry-After of the token endpoint is passed on', async () => {
    const server = await open()
    server.refuse({ status: 429, headers: { 'retry-after': '30' } })
    const answer = await clientOf(server, secretAuth).get()
    expect(answer).toMatchObject({ kind: 'failed', unsent: true, reason: 'token HTTP 429' })
    expect(answer.kind === 'failed' && answer.retryAfter?.total('seconds')).toBe(30)
  })

  it.each([
    ['basic', secretAuth, `Basic ${Buffer.from('rappel%3A1:p%26ss+w%C3%B6rd').toString('base64')}`, null],
    ['post', { ...secretAuth, send: 'post' } as FhirAuth, undefined, 'p&ss wörd'],
  ])('the client secret goes by %s', async (_name, auth, authorization, inForm) => {
    const server = await open()
    await clientOf(server, auth).get()
    expect(server.asked[0]?.authorization).toBe(authorization)
    expect(server.asked[0]?.form.get('client_secret')).toBe(inForm)
  })

  it('a token that could end its header line is none', async () => {
    const server = await open()
    server.refuse({ status: 200, body: { access_token: 'a\r\nX-Evil: 1', expires_in: 300 } })
    expect(await clientOf(server, secretAuth).get()).toMatchObject({ kind: 'failed', reason: 'token HTTP 200' })
  })
})

describe('R23: our proof goes only where it belongs', () => {
  const oauthUris = (token: string) => ({
    rest: [
      {
        security: {
          extension: [
            {
              url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
              extension: [{ url: 'token', valueUri: token }],
            },
          ],
        },
      },
    ],
  })

  it('the CapabilityStatement names the endpoint where SMART does not', async () => {
    const server = await open({ smart: () => null, metadata: (origin) => oauthUris(`${origin}/token`) })
    expect((await clientOf(server, secretAuth).get()).kind).toBe('answered')
  })

  const elsewhere: [string, (canary: string) => OAuthOptions][] = [
    ['SMART configuration', (canary) => ({ smart: () => ({ token_endpoint: `${canary}/token` }) })],
    ['CapabilityStatement', (canary) => ({ smart: () => null, metadata: () => oauthUris(`${canary}/token`) })],
    ['address with a user in it', () => ({ smart: (origin) => ({ token_endpoint: origin.replace('//', '//a:b@') }) })],
  ]

  it.each(elsewhere)('a %s that names an endpoint elsewhere is not followed', async (_name, options) => {
    const canary = await open()
    const server = await open(options(canary.origin))
    expect(await clientOf(server, secretAuth).get()).toMatchObject({
      kind: 'failed',
      unsent: true,
      reason: 'the token endpoint is at another origin: configure it',
    })
    expect(canary.requests).toEqual([])
  })

  it('an endpoint that is configured may be at another origin, and none is asked for', async () => {
    const other = await open()
    const server = await open()
    server.good.add('token-1')
    const client = clientOf(server, { ...secretAuth, tokenEndpoint: other.tokenEndpoint } as FhirAuth)
    expect((await client.get()).kind).toBe('answered')
    expect(server.requests).toEqual(['GET /fhir/Patient/7'])
  })

  it('a redirect of the token endpoint is not followed', async () => {
    const canary = await open()
    const server = await open()
    server.refuse({ status: 307, headers: { location: canary.tokenEndpoint } })
    expect(await clientOf(server, secretAuth).get()).toMatchObject({ kind: 'failed', reason: 'token HTTP 307' })
    expect(canary.requests).toEqual([])
  })
})
