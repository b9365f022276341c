import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId, Fault } from '../../core/envelope.ts'
import type { Receive } from '../connector.ts'
import { parseReference } from './references.ts'
import type { HookSignature } from './watch-options.ts'

export interface HookOptions {
  readonly connectorId: ConnectorId
  readonly secrets: readonly string[]
  readonly header?: string
  readonly signature?: HookSignature
  readonly pathTokens?: readonly string[]
  readonly now: () => Temporal.Instant
}

const maxBody = 2 * 1024 * 1024
const jsonTypes: ReadonlySet<string> = new Set(['application/fhir+json', 'application/json', 'application/json+fhir'])

/** Takes one notification in: authenticated, bounded, kept; not believed (FHIR-SUB-2, FHIR-SEC-1, FHIR-SEC-2). */
export async function receiveHook(request: Request, asked: string, receive: Receive, options: HookOptions): Promise<Response> {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return empty(204)
  const path = belowToken(asked, options.pathTokens)
  if (!isAuthentic(request, options) || path === undefined) return empty(401)
  if (request.method !== 'POST' && request.method !== 'PUT' && request.method !== 'DELETE') return empty(405)
  if (path !== '' && parseReference(path, 'http://none.invalid').kind !== 'local') return empty(404)
  const mediaType = request.headers.get('content-type') ?? ''
  const isJson = jsonTypes.has((mediaType.split(';')[0] ?? '').trim().toLowerCase())
  if (mediaType !== '' && !isJson) return empty(415)
  const body = await readBounded(request)
  if (body === 'broken off') return empty(400)
  if (body === 'too long') return empty(413)
  if (!isSigned(request, body, options.signature)) return empty(401)
  if (body.length > 0 && !isJson) return empty(415)
  const envelope = {
    connectorId: options.connectorId,
    receivedAt: options.now(),
    mediaType: mediaType || 'application/fhir+json',
    body,
    request: requestOf(request, path),
  }
  try {
    const receipt = await receive(envelope)
    return receipt.disposition === 'quarantined' ? refusal(receipt.fault) : empty(200)
  } catch {
    return new Response(null, { status: 503, headers: { 'retry-after': '30' } })
  }
}

/** What follows the token in the path, in constant time for all of them; undefined: it has none of ours. */
function belowToken(path: string, tokens: readonly string[] | undefined): string | undefined {
  if (!tokens) return path
  const [first = '', ...rest] = path.split('/')
  const offered = digest(first)
  const equal = tokens.map((token) => token !== '' && timingSafeEqual(digest(token), offered))
  return equal.includes(true) ? rest.join('/') : undefined
}

/** Every secret is compared, each in constant time, so that a wrong one says nothing. */
function isAuthentic(request: Request, { secrets, header = 'authorization', signature }: HookOptions): boolean {
  if (secrets.length === 0 && signature) return true
  const given = request.headers.get(header) ?? ''
  const isBearer = header.toLowerCase() === 'authorization'
  const offered = digest(isBearer ? given.replace(/^Bearer /i, '') : given)
  const equal = secrets.map((secret) => secret !== '' && timingSafeEqual(digest(secret), offered))
  return equal.includes(true) && (!isBearer || /^Bearer /i.test(given))
}

/** Over the bytes as they came: whoever only changed white space did not sign them. */
function isSigned(request: Request, body: Uint8Array, signature: HookSignature | undefined): boolean {
  if (!signature) return true
  const { header, scheme, secrets } = signature
  const given = (request.headers.get(header) ?? '').trim().toLowerCase()
  const offered = digest(scheme === 'sha256=' ? given.replace(/^sha256=/, '') : given)
  const isMarked = scheme === 'hex' || given.startsWith('sha256=')
  const equal = secrets.map((secret) => {
    return secret !== '' && timingSafeEqual(digest(createHmac('sha256', secret).update(body).digest('hex')), offered)
  })
  return equal.includes(true) && isMarked
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function readBounded(request: Request): Promise<Uint8Array | 'too long' | 'broken off'> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBody) return 'too long'
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length
      if (length > maxBody) return 'too long'
      chunks.push(chunk)
    }
  } catch {
    return 'broken off'
  }
  return Buffer.concat(chunks)
}

/** Medplum tells of a deletion by a header and an empty object (interop.md 2.3). */
function requestOf(request: Request, path: string): { readonly method: string; readonly path: string } {
  const deleted = request.headers.get('x-medplum-deleted-resource')
  const isResource = deleted !== null && parseReference(deleted, 'http://none.invalid').kind === 'local'
  return isResource ? { method: 'DELETE', path: deleted } : { method: request.method, path }
}

function empty(status: number): Response {
  return new Response(null, { status })
}

function refusal(fault: Fault | undefined): Response {
  const issue = {
    severity: 'error',
    code: fault?.code ?? 'invalid',
    diagnostics: fault?.text ?? 'The content cannot be accepted.',
    ...(fault?.at && { expression: [fault.at] }),
  }
  const outcome = JSON.stringify({ resourceType: 'OperationOutcome', issue: [issue] })
  return new Response(outcome, { status: 422, headers: { 'content-type': 'application/fhir+json' } })
}
