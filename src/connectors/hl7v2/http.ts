import { createHash, timingSafeEqual } from 'node:crypto'

export interface HttpOptions {
  /** Bearer tokens, two of them while one replaces the other. None: nobody gets in. */
  readonly tokens: readonly string[]
  readonly maxBodyBytes: number
}

/** What was posted, in the words of the connector: the HL7 answer, nothing to say, or bytes without an MSH. */
type Posted = { readonly kind: 'answer'; readonly body: Uint8Array } | { readonly kind: 'silent' } | { readonly kind: 'not-hl7' }

/** Rejects when the message could not be kept. */
export type Post = (body: Uint8Array, mediaType: string) => Promise<Posted>

/** HOH-1; the XML form and forms by HTML are not read. */
const mediaTypes = ['application/hl7-v2', 'application/hl7-v2+er7', 'x-application/hl7-v2+er7', 'text/plain', 'application/octet-stream']
const RETRY_AFTER_SECONDS = '30'

/** HL7 over HTTP (HOH-1 to -4): transport errors are HTTP statuses; every HL7 answer, a refusal included, is a 200. */
export async function handlePost(request: Request, path: string, options: HttpOptions, post: Post): Promise<Response> {
  if (!isAuthorized(request, options.tokens)) return say(401, 'unauthorized', { 'WWW-Authenticate': 'Bearer' })
  if (path !== '') return say(404, 'not found')
  if (request.method !== 'POST') return say(405, 'only POST', { Allow: 'POST' })
  const mediaType = request.headers.get('content-type') ?? ''
  if (!mediaTypes.includes(mediaType.split(';')[0]?.trim().toLowerCase() ?? '')) return say(415, 'not an HL7 v2 media type')
  const body = await readBody(request, options.maxBodyBytes)
  if (body.kind === 'too-large') return say(413, 'too large')
  if (body.kind === 'broken') return say(400, 'body cut off')
  let posted: Posted
  try {
    posted = await post(body.bytes, mediaType)
  } catch {
    return say(503, 'not kept, send again', { 'Retry-After': RETRY_AFTER_SECONDS })
  }
  switch (posted.kind) {
    case 'answer':
      return new Response(new Uint8Array(posted.body), { status: 200, headers: { 'Content-Type': mediaType, 'Cache-Control': 'no-store' } })
    case 'silent':
      return new Response(null, { status: 204 })
    case 'not-hl7':
      return say(400, 'no MSH segment')
    default:
      return posted satisfies never
  }
}

function say(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store', ...headers } })
}

/** Takes as long whichever token is tried, and however much of it is right. */
function isAuthorized(request: Request, tokens: readonly string[]): boolean {
  const given = digest((request.headers.get('authorization') ?? '').replace(/^bearer\s+/i, ''))
  let authorized = false
  for (const token of tokens) if (timingSafeEqual(given, digest(token)) && token !== '') authorized = true
  return authorized && /^bearer\s/i.test(request.headers.get('authorization') ?? '')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

type Body = { readonly kind: 'read'; readonly bytes: Uint8Array } | { readonly kind: 'too-large' } | { readonly kind: 'broken' }

async function readBody(request: Request, limit: number): Promise<Body> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return { kind: 'too-large' }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length
      if (length > limit) return { kind: 'too-large' }
      chunks.push(chunk)
    }
  } catch {
    return { kind: 'broken' }
  }
  return { kind: 'read', bytes: Buffer.concat(chunks) }
}
