import type { JSONWebKeySet } from 'jose'
import type { Temporal } from 'temporal-polyfill'
import type { Dispatcher } from 'undici'
import type { FhirAuth } from './options.ts'
import { signingKeys } from './signing-keys.ts'
import { type NoToken, type Proof, type TokenSource, tokenSource } from './token.ts'

export interface Authorizer {
  authorize(): Promise<{ readonly kind: 'authorized'; readonly headers: Readonly<Record<string, string>> } | NoToken>
  /** The server answered 401 to these headers: true where others may do, so that it is worth asking once more. */
  renew(headers: Readonly<Record<string, string>>): boolean
  /** Of SMART Backend Services: what we publish for the server to check our proofs with. */
  publicKeys?(): Promise<JSONWebKeySet>
}

export interface AuthorizerOptions {
  readonly auth: FhirAuth
  readonly baseUrl: string
  readonly dispatcher: Dispatcher
  readonly timeoutMs: number
  readonly now: () => Temporal.Instant
}

/** Throws on what can never work: a key that cannot sign, a header that is none. */
export function authorizer(options: AuthorizerOptions): Authorizer {
  const { auth } = options
  switch (auth.kind) {
    case 'none':
      return constant({})
    case 'bearer':
      return constant({ authorization: `Bearer ${auth.token}` })
    case 'basic':
      return constant({ authorization: basic(auth.user, auth.password) })
    case 'header':
      return constant({ [auth.name.toLowerCase()]: auth.value })
    case 'client-secret':
      return byToken(source(options, auth, async () => secretProof(auth)))
    case 'smart': {
      const keys = signingKeys(auth.keys, auth.jwksUrl)
      const prove = async (endpoint: string): Promise<Proof> => ({
        form: {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await keys.sign(auth.clientId, endpoint, options.now()),
        },
      })
      return { ...byToken(source(options, auth, prove)), publicKeys: keys.publicKeys }
    }
    default:
      return auth satisfies never
  }
}

function constant(headers: Readonly<Record<string, string>>): Authorizer {
  return { authorize: async () => ({ kind: 'authorized', headers }), renew: () => false }
}

function byToken(tokens: TokenSource): Authorizer {
  return {
    async authorize() {
      const token = await tokens.get()
      return token.kind === 'failed' ? token : { kind: 'authorized', headers: { authorization: `Bearer ${token.value}` } }
    },
    renew({ authorization = '' }) {
      tokens.drop(authorization.replace(/^Bearer /, ''))
      return true
    },
  }
}

function source(
  { baseUrl, dispatcher, timeoutMs, now }: AuthorizerOptions,
  { scope, tokenEndpoint }: { readonly scope?: string; readonly tokenEndpoint?: string },
  prove: (endpoint: string) => Promise<Proof>,
): TokenSource {
  return tokenSource({ baseUrl, prove, dispatcher, timeoutMs, now, ...(scope && { scope }), ...(tokenEndpoint && { tokenEndpoint }) })
}

/** RFC 6749 2.3.1: by HTTP Basic, its parts form-encoded first, or in the body. */
function secretProof({ clientId, clientSecret, send = 'basic' }: Extract<FhirAuth, { kind: 'client-secret' }>): Proof {
  if (send === 'post') return { form: { client_id: clientId, client_secret: clientSecret } }
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return { form: {}, headers: { authorization: basic(encode(clientId), encode(clientSecret)) } }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
}
