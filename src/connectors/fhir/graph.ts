import { isObject, type Json, type JsonObject, objectsOf, stringOf } from './json.ts'
import { parseReference } from './references.ts'
import { type Bundle, elementsOf, patientSchema, type Reference, referenceSchema } from './resources.ts'

/** What a reference leads to. */
export interface Found {
  readonly type?: string
  /** Tells it apart: `Practitioner/12`; `system|value` of a logical one; the address of a foreign one; `Appointment/7#p` of a contained one. */
  readonly key?: string
  readonly display?: string
  readonly resource?: JsonObject
  /** The resource whose `contained` its own `#…` references mean. */
  readonly root: JsonObject
}

/** Resources that refer to each other, as one Bundle brought them. */
export interface Graph {
  /** Never asks anybody: what is not in the Bundle has no `resource`. */
  find(reference: Reference, root: JsonObject): Found
  /** Every resource of that type which the Bundle itself holds, in its order. */
  ofType(type: string): readonly JsonObject[]
}

export function graphOf(bundle: Bundle, baseUrl: string): Graph {
  const byKey = new Map<string, JsonObject>()
  for (const { fullUrl, resource } of bundle.entry ?? []) {
    if (!isObject(resource)) continue
    const own = keyOf(resource)
    if (own && !byKey.has(own)) byKey.set(own, resource)
    if (fullUrl && !byKey.has(fullUrl)) byKey.set(fullUrl, resource)
  }
  return {
    ofType: (type) => [...new Set(byKey.values())].filter(({ resourceType }) => resourceType === type),
    find(reference, root) {
      const display = reference.display ? { display: reference.display } : {}
      return { ...display, ...locate(reference, root, byKey, baseUrl) }
    },
  }
}

/** A graph of one appointment and what it contains. */
export function graphOfOne(resource: JsonObject, baseUrl: string): Graph {
  return graphOf({ resourceType: 'Bundle', entry: [{ resource }] }, baseUrl)
}

/** `Practitioner/12` of a resource. */
function keyOf(resource: JsonObject): string | undefined {
  const type = stringOf(resource.resourceType)
  const id = stringOf(resource.id)
  return type && id ? `${type}/${id}` : undefined
}

/** A Reference with something to go by; undefined for every other value. */
export function asReference(value: Json | undefined): Reference | undefined {
  if (!isObject(value) || value.resourceType !== undefined) return undefined
  if (typeof value.reference !== 'string' && !isObject(value.identifier)) return undefined
  return elementsOf(referenceSchema, value)
}

/** The patient as the model names them: the id of a local one, else the key. */
export function patientEhrId(found: Found): string | undefined {
  return found.key?.startsWith('Patient/') ? found.key.slice('Patient/'.length) : found.key
}

const maxMerges = 5

/** The surviving patient: `link.type = replaced-by` is followed where the Bundle holds the next one, `seealso` never. */
export function survivorOf(patient: Found, graph: Graph): Found {
  let current = patient
  for (let hop = 0; hop < maxMerges; hop++) {
    const other = elementsOf(patientSchema, current.resource)?.link?.find((link) => link.type === 'replaced-by')?.other
    const next = other && graph.find(other, current.root)
    if (!next?.resource || next.key === current.key) return current
    current = next
  }
  return current
}

function locate(reference: Reference, root: JsonObject, byKey: ReadonlyMap<string, JsonObject>, baseUrl: string): Omit<Found, 'display'> {
  if (!reference.reference) return logical(reference, root)
  const target = parseReference(reference.reference, baseUrl)
  switch (target.kind) {
    case 'local': {
      const key = `${target.type}/${target.id}`
      const resource = byKey.get(key)
      return { type: target.type, key, root: resource ?? root, ...(resource && { resource }) }
    }
    case 'contained': {
      const resource = objectsOf(root.contained).find((each) => each.id === target.id || each.id === `#${target.id}`)
      const type = stringOf(resource?.resourceType) ?? reference.type
      return { root, key: `${keyOf(root) ?? ''}#${target.id}`, ...(type && { type }), ...(resource && { resource }) }
    }
    case 'urn': {
      const resource = byKey.get(target.urn)
      const type = stringOf(resource?.resourceType) ?? reference.type
      const key = (resource && keyOf(resource)) ?? target.urn
      return { key, root: resource ?? root, ...(type && { type }), ...(resource && { resource }) }
    }
    case 'foreign': {
      const type = target.type ?? reference.type
      return { key: target.url, root, ...(type && { type }) }
    }
    case 'unusable':
      return logical(reference, root)
    default:
      return target satisfies never
  }
}

function logical({ type, identifier, display }: Reference, root: JsonObject): Omit<Found, 'display'> {
  const key = identifier?.value ? `${identifier.system ?? ''}|${identifier.value}` : display
  return { root, ...(type && { type }), ...(key && { key }) }
}
