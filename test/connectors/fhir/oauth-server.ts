import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyResult, jwtVerify } from 'jose'

/** What a test lets the token endpoint answer, once, in place of a token. */
export interface Refusal {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface OAuthServer {
  readonly baseUrl: string
  readonly origin: string
  readonly tokenEndpoint: string
  /** `METHOD path`, in order. */
  readonly requests: string[]
  /** Forms the token endpoint was sent, with the Authorization header. */
  readonly asked: { readonly form: URLSearchParams; readonly authorization?: string | undefined }[]
  /** Proofs that were verified against `trust`. */
  readonly proofs: JWTVerifyResult[]
  /** Access tokens that the FHIR side takes. */
  readonly good: Set<string>
  trust(keys: JSONWebKeySet): void
  refuse(...refusals: Refusal[]): void
  close(): Promise<void>
}

export interface OAuthOptions {
  /** What `.well-known/smart-configuration` answers; undefined: the true one; null: 404. */
  readonly smart?: (origin: string) => unknown
  readonly metadata?: (origin: string) => unknown
  readonly expiresIn?: number
}

/** A FHIR server that lets nobody in without a token of its own, over real sockets; each token is another one. */
export async function oauthServer(options: OAuthOptions = {}): Promise<OAuthServer> {
  const requests: string[] = []
  const asked: OAuthServer['asked'] = []
  const proofs: JWTVerifyResult[] = []
  const seen = new Set<string>()
  const good = new Set<string>()
  const refusals: Refusal[] = []
  let trusted: ReturnType<typeof createLocalJWKSet> | undefined
  let count = 0
  let origin = ''

  async function grant(form: URLSearchParams): Promise<{ status: number; body: unknown }> {
    const assertion = form.get('client_assertion')
    if (trusted) {
      try {
        const proof = await jwtVerify(assertion ?? '', trusted, {
          audience: `${origin}/token`,
          requiredClaims: ['jti', 'exp'],
          currentDate: new Date('2026-03-01T11:00:30Z'),
        })
        if (seen.has(String(proof.payload.jti))) throw new Error('used before')
        seen.add(String(proof.payload.jti))
        proofs.push(proof)
      } catch {
        return { status: 400, body: { error: 'invalid_client', error_description: 'of Peter Chalmers' } }
      }
    }
    const token = `token-${++count}`
    good.add(token)
    return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: options.expiresIn ?? 300 } }
  }

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '', origin).pathname
    requests.push(`${request.method} ${path}`)
    let text = ''
    for await (const chunk of request) text += chunk
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (path === '/token') {
      const form = new URLSearchParams(text)
      asked.push({ form, authorization: request.headers.authorization })
      const refusal = refusals.shift()
      if (refusal) return answer(refusal.status, refusal.body ?? {}, refusal.headers)
      const { status, body } = await grant(form)
      return answer(status, body)
    }
    if (path === '/fhir/.well-known/smart-configuration') {
      const smart = options.smart ? options.smart(origin) : { token_endpoint: `${origin}/token` }
      return smart ? answer(200, smart) : answer(404, {})
    }
    if (path === '/fhir/metadata') return answer(200, options.metadata?.(origin) ?? {})
    if (!good.has((request.headers.authorization ?? '').replace('Bearer ', ''))) return answer(401, {})
    const [, , resourceType, id] = path.split('/')
    answer(200, { resourceType, id })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    baseUrl: `${origin}/fhir`,
    origin,
    tokenEndpoint: `${origin}/token`,
    requests,
    asked,
    proofs,
    good,
    trust: (keys) => {
      trusted = createLocalJWKSet(keys)
    },
    refuse: (...added) => void refusals.push(...added),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
