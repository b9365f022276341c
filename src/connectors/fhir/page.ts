import { createHash } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { Fault } from '../../core/envelope.ts'
import type { Failed, FhirClient } from './client.ts'
import { isObject, type Json, type JsonObject, objectsOf, stringOf } from './json.ts'
import { parseReference, pathBelow } from './references.ts'
import { parseInstant } from './time.ts'

/** One appointment that a page names. */
export interface Listed {
  readonly id: string
  /** Tells one version from another; two words of it are of one. */
  readonly version: string
  readonly updatedAt?: Temporal.Instant
  /** Absent where the page only says that it changed: an entry of `_history`. */
  readonly resource?: JsonObject
}

export type Page =
  | {
      readonly kind: 'page'
      /** Each once: the last word of a search counts, the first of a history. */
      readonly listed: readonly Listed[]
      readonly next?: string
      /** What the server thinks there is on all pages together. */
      readonly total?: number
    }
  /** The server leads elsewhere: a person must set it, or us, right. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  | Failed

export interface PageOptions {
  readonly client: FhirClient
  readonly baseUrl: string
  readonly rewriteNextLinks: boolean
}

/** One page of a search, or of `_history`. Its link to the next one stays inside of the base (FHIR-PAGE-1). */
export async function readPage(path: string, { client, baseUrl, rewriteNextLinks }: PageOptions, signal: AbortSignal): Promise<Page> {
  const answer = await client.get(path, signal)
  if (answer.kind === 'failed') return answer
  const { body } = answer
  if (body.resourceType !== 'Bundle') return { kind: 'failed', status: answer.status, unsent: false, reason: 'not a Bundle' }
  const isHistory = body.type === 'history'
  const entries = objectsOf(body.entry).flatMap((entry) => (isHistory ? ofHistory(entry) : ofSearch(entry)))
  const listed = new Map((isHistory ? entries.toReversed() : entries).map((each) => [each.id, each]))
  const link = stringOf(objectsOf(body.link).find(({ relation }) => relation === 'next')?.url)
  const next = link && nextPath(link, baseUrl, rewriteNextLinks)
  if (link && next === undefined) return { kind: 'refused', fault: strayLink }
  return { kind: 'page', listed: [...listed.values()], ...(next && { next }), ...(typeof body.total === 'number' && { total: body.total }) }
}

const strayLink: Fault = { kind: 'content', code: 'security', at: 'Bundle.link', text: 'The next page is outside of the configured base.' }

function nextPath(link: string, baseUrl: string, rewrite: boolean): string | undefined {
  if (!URL.canParse(link, `${baseUrl}/`)) return undefined
  const url = new URL(link, `${baseUrl}/`)
  const below = pathBelow(url.href, baseUrl)
  if (below !== undefined || !rewrite || !/^https?:$/.test(url.protocol)) return below
  const resource = /\/(Appointment(?:\/_history|\/_search)?)$/.exec(url.pathname)?.[1] ?? ''
  return `${resource}${url.search}`
}

/** What is included, and the server's warnings, are no matches. */
function ofSearch({ resource, search }: JsonObject): Listed[] {
  const id = isObject(resource) && resource.resourceType === 'Appointment' ? stringOf(resource.id) : undefined
  const mode = isObject(search) ? search.mode : undefined
  if (!isObject(resource) || !id || mode === 'include' || mode === 'outcome') return []
  return [{ ...wordOf(id, resource), resource }]
}

function ofHistory({ resource, request, response, fullUrl }: JsonObject): Listed[] {
  if (isObject(resource)) {
    const id = resource.resourceType === 'Appointment' ? stringOf(resource.id) : undefined
    return id ? [wordOf(id, resource)] : []
  }
  const url = (isObject(request) ? stringOf(request.url) : undefined) ?? stringOf(fullUrl) ?? ''
  const target = parseReference(/Appointment\/[^/?]+/.exec(url)?.[0] ?? '', 'http://none.invalid')
  if (target.kind !== 'local') return []
  const modified = isObject(response) ? response.lastModified : undefined
  const updatedAt = instantOf(modified)
  return [{ id: target.id, version: `deleted ${stringOf(modified) ?? ''}`, ...(updatedAt && { updatedAt }) }]
}

function wordOf(id: string, resource: JsonObject): Listed {
  const meta = isObject(resource.meta) ? resource.meta : {}
  const updatedAt = instantOf(meta.lastUpdated)
  const version = stringOf(meta.versionId) ?? stringOf(meta.lastUpdated)
  return {
    id,
    version: version ?? createHash('sha256').update(JSON.stringify(resource)).digest('base64url'),
    ...(updatedAt && { updatedAt }),
  }
}

function instantOf(value: Json | undefined): Temporal.Instant | undefined {
  return typeof value === 'string' ? parseInstant(value, 'UTC')?.at : undefined
}
