import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { onTestFinished } from 'vitest'

/** What an OpenID provider must never get away with; each is one thing that is not as it should be. */
export type Misbehaviour =
  | 'another nonce'
  | 'no nonce'
  | 'no signature'
  | 'signed with the secret'
  | 'signed with a foreign key'
  | 'changed after it was signed'
  | 'for another client'
  | 'for several, on behalf of another'
  | 'expired'
  | 'issued in the future'
  | 'from another issuer'
  | 'without a subject'
  | 'another state'
  | 'another issuer in the answer'
  | 'no token'

export interface IssuerOptions {
  readonly clientId: string
  readonly clientSecret?: string
  /** Of `private_key_jwt`. */
  readonly clientKey?: CryptoKey
}

/** Once for all tests: they take a while to find. */
const own = generateKeyPair('RS256', { extractable: true })
const strangers = generateKeyPair('RS256')

interface Granted {
  readonly query: URLSearchParams
  readonly claims: Readonly<Record<string, unknown>>
}

/** An OpenID provider of our own for the tests, by the letter of OpenID Connect Core 1.0 (code flow, PKCE, RS256) and nothing of the library under test. */
export async function openIssuer(client: IssuerOptions) {
  const [{ publicKey, privateKey }, foreign] = await Promise.all([own, strangers])
  const key = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, Granted>()
  const tokenRequests: URLSearchParams[] = []
  const scripted: { claims: Record<string, unknown>; misbehaviour: Misbehaviour | undefined } = { claims: {}, misbehaviour: undefined }
  const server = createServer((request, response) => void answer(request, response).catch(() => response.writeHead(500).end()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, discovery(issuer))
      case '/jwks':
        return json(response, 200, { keys: [key] })
      case '/token':
        return token(request, response)
      default:
        response.writeHead(404).end()
    }
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await textOf(request))
    tokenRequests.push(form)
    const granted = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isOwn =
      granted !== undefined &&
      form.get('redirect_uri') === granted.query.get('redirect_uri') &&
      challenge === granted.query.get('code_challenge')
    if (!(await isClient(request, form))) return json(response, 401, { error: 'invalid_client' })
    if (!isOwn) return json(response, 400, { error: 'invalid_grant' })
    const idToken = await makeToken(granted)
    return json(response, 200, { access_token: 'a', token_type: 'Bearer', expires_in: 60, ...(idToken && { id_token: idToken }) })
  }

  async function isClient(request: IncomingMessage, form: URLSearchParams): Promise<boolean> {
    if (client.clientKey) {
      const { payload } = await jwtVerify(form.get('client_assertion') ?? '', client.clientKey, {
        issuer: client.clientId,
        audience: issuer,
      })
      return payload.sub === client.clientId
    }
    const [, given = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
    // RFC 6749 section 2.3.1: each half is encoded like a form
    const [id, secret] = Buffer.from(given, 'base64')
      .toString()
      .split(':')
      .map((half) => new URLSearchParams(`v=${half}`).get('v'))
    return id === client.clientId && secret === client.clientSecret
  }

  async function makeToken({ query, claims }: Granted): Promise<string | undefined> {
    const wrong = scripted.misbehaviour
    const now = Math.floor(Date.now() / 1_000)
    const payload: JWTPayload = {
      iss: wrong === 'from another issuer' ? 'https://evil.example' : issuer,
      aud: wrong === 'for another client' ? 'other' : client.clientId,
      iat: now,
      exp: now + 300,
      sub: 'subject-1',
      nonce: query.get('nonce') ?? '',
      ...claims,
    }
    if (wrong === 'for several, on behalf of another') Object.assign(payload, { aud: [client.clientId, 'other'], azp: 'other' })
    if (wrong === 'another nonce') payload.nonce = 'another'
    if (wrong === 'no nonce') delete payload.nonce
    if (wrong === 'without a subject') delete payload.sub
    if (wrong === 'expired') Object.assign(payload, { iat: now - 7_200, exp: now - 3_600 })
    if (wrong === 'issued in the future') Object.assign(payload, { iat: now + 7_200, nbf: now + 7_200, exp: now + 9_000 })
    if (wrong === 'no token') return undefined
    if (wrong === 'no signature') return new UnsecuredJWT(payload).encode()
    if (wrong === 'signed with the secret')
      return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(client.clientSecret))
    const header = { alg: 'RS256', kid: 'k1' }
    const signed = await new SignJWT(payload)
      .setProtectedHeader(header)
      .sign(wrong === 'signed with a foreign key' ? foreign.privateKey : privateKey)
    if (wrong !== 'changed after it was signed') return signed
    const [head, , signature] = signed.split('.')
    return [head, Buffer.from(JSON.stringify({ ...payload, sub: 'somebody-else' })).toString('base64url'), signature].join('.')
  }

  return {
    issuer,
    tokenRequests,
    /** The person at the provider's page says yes: where their browser is sent back to. */
    approve(address: string, claims: Record<string, unknown>, misbehaviour?: Misbehaviour): string {
      const { searchParams: query } = new URL(address)
      Object.assign(scripted, { claims, misbehaviour })
      const code = randomBytes(16).toString('hex')
      codes.set(code, { query, claims })
      const back = new URL(query.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', misbehaviour === 'another state' ? 'another' : (query.get('state') ?? ''))
      back.searchParams.set('iss', misbehaviour === 'another issuer in the answer' ? 'https://evil.example' : issuer)
      return `${back.pathname}${back.search}`
    },
    /** Back-channel logout of somebody, or something that looks like it. */
    logoutToken(change: Record<string, unknown> = {}, signedBy = privateKey): Promise<string> {
      const payload = {
        sub: 'subject-1',
        jti: randomBytes(8).toString('hex'),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        ...change,
      }
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'logout+jwt' })
        .setIssuer(issuer)
        .setAudience(client.clientId)
        .setIssuedAt()
        .setExpirationTime('2m')
        .sign(signedBy)
    },
    foreignKey: foreign.privateKey,
  }
}

function discovery(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
