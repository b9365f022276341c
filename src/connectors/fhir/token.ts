import type { Temporal } from 'temporal-polyfill'
import { type Dispatcher, request } from 'undici'
import { isObject, type JsonObject, objectsOf, parseJson, stringOf } from './json.ts'
import { parseRetryAfter } from './time.ts'

/** Why there is no token: nothing was asked of the FHIR server. Shaped like a request that never left. */
export interface NoToken {
  readonly kind: 'failed'
  readonly unsent: true
  readonly reason: string
  readonly retryAfter?: Temporal.Duration
}

interface Token {
  readonly kind: 'token'
  readonly value: string
}

export interface TokenOptions {
  readonly baseUrl: string
  /** Absent: what the server's own configuration names, if it is at the origin of the base (R23). */
  readonly tokenEndpoint?: string
  /** What proves who we are to that endpoint, made anew for each request. */
  readonly prove: (endpoint: string) => Promise<Proof>
  readonly scope?: string
  readonly dispatcher: Dispatcher
  readonly timeoutMs: number
  readonly now: () => Temporal.Instant
}

export interface Proof {
  readonly form: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks for access tokens (RFC 6749 4.4), keeps one while it is good, and asks once for all who wait. */
export interface TokenSource {
  get(): Promise<Token | NoToken>
  /** The server does not take this one. */
  drop(value: string): void
}

/** Renewed that long before its end; of a short-lived one, after half its life. */
const earlySeconds = 60
/** A token endpoint that refuses is left alone for so long: each waiting request would ask it again. */
const pauseSeconds = 5
const maxBody = 256 * 1024

export function tokenSource(options: TokenOptions): TokenSource {
  const { now } = options
  let endpoint = options.tokenEndpoint
  let kept: { readonly result: Token | NoToken; readonly until: Temporal.Instant } | undefined
  let running: Promise<Token | NoToken> | undefined

  async function fetchToken(): Promise<Token | NoToken> {
    const found = endpoint ?? (await discover(options))
    if (typeof found !== 'string') return keep(found, pauseSeconds)
    const granted = await grant(found, options)
    if (granted.kind === 'failed') return keep(granted, pauseSeconds)
    endpoint = found
    const { value, seconds } = granted
    return keep({ kind: 'token', value }, Math.max(seconds - earlySeconds, seconds / 2))
  }

  function keep<T extends Token | NoToken>(result: T, seconds: number): T {
    kept = { result, until: now().add({ milliseconds: Math.round(seconds * 1000) }) }
    return result
  }

  return {
    async get() {
      if (kept && kept.until.epochMilliseconds > now().epochMilliseconds) return kept.result
      running ??= fetchToken().finally(() => {
        running = undefined
      })
      return await running
    },
    drop(value) {
      if (kept?.result.kind === 'token' && kept.result.value === value) kept = undefined
    },
  }
}

type Granted = { readonly kind: 'granted'; readonly value: string; readonly seconds: number } | NoToken

async function grant(endpoint: string, options: TokenOptions): Promise<Granted> {
  const { form, headers } = await options.prove(endpoint)
  const fields = new URLSearchParams({ grant_type: 'client_credentials', ...(options.scope && { scope: options.scope }), ...form })
  const answer = await exchange(endpoint, options, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: fields.toString(),
  })
  if (answer.kind === 'failed') return answer
  const { body, status } = answer
  const value = stringOf(body.access_token)
  // a token goes into a header: what could end the line is none
  if (status === 200 && value && /^[\x21-\x7e]{1,16384}$/.test(value)) {
    const { expires_in: life } = body
    return { kind: 'granted', value, seconds: typeof life === 'number' && life > 0 ? Math.min(life, 86_400) : 300 }
  }
  const error = stringOf(body.error)
  const code = error && /^[a-z_]{1,40}$/.test(error) ? ` ${error}` : ''
  return noToken(`token HTTP ${status}${code}`, answer.retryAfter)
}

/** SMART `.well-known/smart-configuration`, else the CapabilityStatement's `oauth-uris`. */
async function discover(options: TokenOptions): Promise<string | NoToken> {
  const wellKnown = await exchange(`${options.baseUrl}/.well-known/smart-configuration`, options)
  if (wellKnown.kind === 'failed') return wellKnown
  const named = stringOf(wellKnown.body.token_endpoint)
  if (named !== undefined) return withinOrigin(named, options.baseUrl)
  const metadata = await exchange(`${options.baseUrl}/metadata`, options)
  if (metadata.kind === 'failed') return metadata
  const uri = oauthToken(metadata.body)
  return uri === undefined ? noToken('the server names no token endpoint') : withinOrigin(uri, options.baseUrl)
}

/** Whoever can change that document must not be sent our proof elsewhere. */
function withinOrigin(endpoint: string, baseUrl: string): string | NoToken {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url && !url.username && !url.password && url.origin === new URL(baseUrl).origin) return endpoint
  return noToken('the token endpoint is at another origin: configure it')
}

function oauthToken(statement: JsonObject): string | undefined {
  const uris = objectsOf(statement.rest)
    .flatMap(({ security }) => (isObject(security) ? objectsOf(security.extension) : []))
    .filter(({ url }) => url === 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris')
    .flatMap(({ extension }) => objectsOf(extension))
  return stringOf(uris.find(({ url }) => url === 'token')?.valueUri)
}

interface Exchange {
  readonly method?: 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}

type Exchanged =
  | { readonly kind: 'answered'; readonly status: number; readonly body: JsonObject; readonly retryAfter?: Temporal.Duration }
  | NoToken

/** Redirects are not followed: undici's `request` never does. */
async function exchange(url: string, { dispatcher, timeoutMs, now }: TokenOptions, more: Exchange = {}): Promise<Exchanged> {
  try {
    const { headers, body, method = 'GET' } = more
    const response = await request(url, {
      method,
      dispatcher,
      headers: { accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const bytes = await response.body.bytes()
    const parsed = bytes.length > maxBody ? undefined : parseJson(bytes)
    const value = parsed?.kind === 'parsed' && isObject(parsed.value) ? parsed.value : {}
    const after = response.headers['retry-after']
    const retryAfter = parseRetryAfter(typeof after === 'string' ? after : null, now())
    return { kind: 'answered', status: response.statusCode, body: value, ...(retryAfter && { retryAfter }) }
  } catch (error) {
    const code = (error as { code?: unknown } | undefined)?.code
    return noToken(`token ${typeof code === 'string' ? code : error instanceof Error ? error.name : 'Error'}`)
  }
}

function noToken(reason: string, retryAfter?: Temporal.Duration): NoToken {
  return { kind: 'failed', unsent: true, reason, ...(retryAfter && { retryAfter }) }
}
