/** Where a reference points (FHIR-PAR-4). Only `local` is ever asked of the server. */
export type Target =
  | { readonly kind: 'local'; readonly type: string; readonly id: string; readonly version?: string }
  | { readonly kind: 'contained'; readonly id: string }
  /** `urn:uuid:…`, an entry of the same Bundle. */
  | { readonly kind: 'urn'; readonly urn: string }
  /** At another server: told apart by its address, never followed. */
  | { readonly kind: 'foreign'; readonly url: string; readonly type?: string }
  | { readonly kind: 'unusable' }

const relative = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/

/** `baseUrl` without a slash behind. An id of dots alone would climb out of the base, and is none. */
export function parseReference(reference: string, baseUrl: string): Target {
  if (reference.startsWith('#')) return { kind: 'contained', id: reference.slice(1) }
  if (/^urn:/i.test(reference)) return { kind: 'urn', urn: reference }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(reference)) return parseRelative(reference)
  const below = pathBelow(reference, baseUrl)
  if (below !== undefined) return parseRelative(below)
  const type = /\/([A-Z][A-Za-z]{1,63})\/[^/]+(?:\/_history\/[^/]+)?$/.exec(reference)?.[1]
  return { kind: 'foreign', url: reference, ...(type && { type }) }
}

/** What follows the base in an address; undefined for an address outside of it. Host case and default ports do not count. */
export function pathBelow(address: string, baseUrl: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const base = new URL(baseUrl)
  if (!url || url.username || url.password || url.hash) return undefined
  if (url.origin !== base.origin || url.origin === 'null') return undefined
  const root = base.pathname.replace(/\/*$/, '')
  if (url.pathname !== root && !url.pathname.startsWith(`${root}/`)) return undefined
  return `${url.pathname.slice(root.length).replace(/^\//, '')}${url.search}`
}

function parseRelative(reference: string): Target {
  const match = relative.exec(reference)
  const [, type, id] = match ?? []
  if (!type || !id || /^\.+$/.test(id)) return { kind: 'unusable' }
  const version = reference.split('/_history/')[1]
  return { kind: 'local', type, id, ...(version && { version }) }
}
