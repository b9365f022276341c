import { createHash, timingSafeEqual } from 'node:crypto'
import type { Posted } from './intake.ts'
import type { HttpOptions } from './transport.ts'

/** Rejects when the message could not be kept; undefined: no MSH. */
export type Post = (body: Uint8Array, mediaType: string) => Promise<Posted | undefined>

/** HOH-1; the XML form and forms by HTML are not read. */
const mediaTypes = ['application/hl7-v2', 'application/hl7-v2+er7', 'x-application/hl7-v2+er7', 'text/plain', 'application/octet-stream']
const FORM = 'application/x-www-form-urlencoded'
const RETRY_AFTER_SECONDS = '30'
const MIB = 1024 * 1024

/** HL7 over HTTP (HOH-1 to -4): transport errors are HTTP statuses; every HL7 answer, a refusal included, is a 200 unless the site wants otherwise. */
export async function handlePost(request: Request, path: string, options: HttpOptions, post: Post): Promise<Response> {
  if (!isAuthorized(request, options)) return say(401, 'unauthorized', { 'WWW-Authenticate': challenge(options) })
  if (path !== '') return say(404, 'not found')
  if (request.method !== 'POST') return say(405, 'only POST', { Allow: 'POST' })
  const contentType = request.headers.get('content-type') ?? ''
  const form = options.forms === true && essence(contentType) === FORM
  if (!form && !mediaTypes.includes(essence(contentType))) return say(415, 'not an HL7 v2 media type')
  const body = await readBody(request, options.maxBodyBytes ?? 2 * MIB)
  if (body.kind === 'too-large') return say(413, 'too large')
  if (body.kind === 'broken') return say(400, 'body cut off')
  const mediaType = form ? 'application/hl7-v2; charset=utf-8' : contentType
  let posted: Posted | undefined
  try {
    posted = await post(form ? messageIn(body.bytes) : body.bytes, mediaType)
  } catch {
    return say(503, 'not kept, send again', { 'Retry-After': RETRY_AFTER_SECONDS })
  }
  if (!posted) return say(400, 'no MSH segment')
  const status = options.statusFromAck === true ? statusOf(posted.codes) : 200
  const headers = { 'Cache-Control': 'no-store', ...(status === 503 && { 'Retry-After': RETRY_AFTER_SECONDS }) }
  if (!posted.body) return new Response(null, { status: 204, headers })
  return new Response(new Uint8Array(posted.body), { status, headers: { ...headers, 'Content-Type': mediaType } })
}

/** The worst of the answers speaks for all of them. */
function statusOf(codes: readonly string[]): number {
  if (codes.some((code) => code === 'AR' || code === 'CR')) return 503
  return codes.some((code) => code === 'AE' || code === 'CE') ? 422 : 200
}

function essence(contentType: string): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? ''
}

/** HOH-3: the field that senders of forms use; a form is UTF-8 whatever the message claims. */
function messageIn(form: Uint8Array): Uint8Array {
  const fields = new URLSearchParams(Buffer.from(form).toString('latin1'))
  return Buffer.from(fields.get('message') ?? fields.get('HL7') ?? '', 'utf8')
}

function say(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store', ...headers } })
}

/** Takes as long whichever token is tried, and however much of it is right. */
function isAuthorized(request: Request, { tokens, users = [] }: HttpOptions): boolean {
  const given = request.headers.get('authorization') ?? ''
  const blank = given.indexOf(' ')
  const scheme = given.slice(0, Math.max(blank, 0)).toLowerCase()
  const credentials = given.slice(blank + 1).trim()
  const accepted = scheme === 'bearer' ? tokens.filter((token) => token !== '') : scheme === 'basic' ? users.map(basicCredentials) : []
  const wanted = digest(credentials)
  let authorized = false
  for (const each of accepted) if (timingSafeEqual(wanted, digest(each))) authorized = true
  return authorized
}

/** RFC 7617. */
function basicCredentials({ user, password }: { readonly user: string; readonly password: string }): string {
  return Buffer.from(`${user}:${password}`, 'utf8').toString('base64')
}

function challenge({ tokens, users = [] }: HttpOptions): string {
  return users.length > 0 && tokens.length === 0 ? 'Basic realm="HL7", charset="UTF-8"' : 'Bearer'
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
