import type { FieldShown, MessageShown } from './message-shown.ts'

/** More than anybody reads. */
const mostFields = 1_000
const deepest = 40

/** A FHIR resource as its paths and what stands there; undefined: it is no JSON object. */
export function showResource(text: string): MessageShown | undefined {
  const resource = parsed(text)
  if (!isObject(resource)) return undefined
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : ''
  const fields: FieldShown[] = []
  collect(fields, type === '' ? 'resource' : type, resource, 0)
  return { type, controlId: typeof resource.id === 'string' ? resource.id : '', fields }
}

/** What a connector reads: an appointment alone is put into the Bundle that our own search would have brought. */
export function asSearched(text: string): string {
  const resource = parsed(text)
  if (!isObject(resource) || resource.resourceType === 'Bundle') return text
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry: [{ resource }] })
}

function collect(fields: FieldShown[], at: string, value: unknown, depth: number): void {
  if (fields.length >= mostFields || depth > deepest) return
  if (Array.isArray(value)) for (const [index, each] of value.entries()) collect(fields, `${at}[${index}]`, each, depth + 1)
  else if (isObject(value)) {
    for (const [name, each] of Object.entries(value))
      if (name !== 'resourceType' || depth > 0) collect(fields, `${at}.${name}`, each, depth + 1)
  } else fields.push({ at, value: String(value) })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
