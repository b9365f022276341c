import type { CapabilityWatch } from './capability.ts'
import type { Answer, FhirClient } from './client.ts'
import { type Edit, edited, fhirPathPatch, jsonPatch } from './edit.ts'
import type { JsonObject } from './json.ts'
import type { FhirWriteBack } from './options.ts'

type Method = 'json' | 'fhirpath' | 'put'

export interface ResourceChange {
  readonly resource: JsonObject
  readonly etag: string | undefined
  readonly edits: readonly Edit[]
  /** What must still be as it was read, where the server takes `test` operations. */
  readonly pins: readonly Edit['path'][]
}

/** Changes a resource in the way the server knows; `no way`: it offers none, or took none. */
export type Changer = (
  change: ResourceChange,
  signal: AbortSignal,
) => Promise<Answer | { readonly kind: 'no way'; readonly reason: string }>

export interface ChangerOptions {
  readonly client: FhirClient
  readonly capabilities: CapabilityWatch
  readonly settings: FhirWriteBack
}

/** JSON Patch before FHIRPath Patch before PUT, always with If-Match; a method the server turns out not to know is left alone for good. */
export function resourceChanger({ client, capabilities, settings }: ChangerOptions): Changer {
  const ruledOut = new Set<string>()

  async function methodsFor(type: string, signal: AbortSignal): Promise<readonly Method[]> {
    const { method = 'auto' } = settings
    if (method !== 'auto') return [method === 'patch' ? 'json' : method]
    const known = await capabilities.get(signal)
    // while nobody knows: PUT, guarded by If-Match, is what every server with updates takes
    if (!known) return ['put', 'json']
    const patches = known.patches(type)
    return patches.length === 0 && !known.offers(type, 'update') ? [] : [...patches, 'put']
  }

  return async (change, signal) => {
    const type = String(change.resource.resourceType)
    const methods = await methodsFor(type, signal)
    const left = methods.filter((method) => !ruledOut.has(`${type} ${method}`))
    for (const method of left) {
      const answer = await send(method, change, signal)
      if (answer.kind !== 'failed' || !(answer.status === 405 || answer.status === 415 || answer.status === 501)) return answer
      ruledOut.add(`${type} ${method}`)
      capabilities.doubt()
    }
    // none is left: another time they are all tried again
    for (const method of methods) ruledOut.delete(`${type} ${method}`)
    return { kind: 'no way', reason: `the EHR takes no change of ${type}` }
  }

  async function send(method: Method, { resource, etag, edits, pins }: ResourceChange, signal: AbortSignal): Promise<Answer> {
    const key = `${String(resource.resourceType)}/${String(resource.id)}`
    if (method === 'json') {
      const operations = jsonPatch(edits, resource, (settings.patchTestOps ?? true) ? pins : [])
      return await client.patch(key, { as: 'json', operations }, etag, signal)
    }
    // without a version either could overwrite what somebody else has just changed (R12)
    if (etag === undefined) return { kind: 'failed', status: 428, unsent: true, reason: 'no version to guard the change with' }
    if (method === 'put') return await client.put(edited(resource, edits), etag, signal)
    return await client.patch(key, { as: 'fhirpath', parameters: fhirPathPatch(edits, resource) }, etag, signal)
  }
}
