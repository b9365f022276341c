import { isObject, type Json, type JsonObject } from './json.ts'

/** One element to set, and nothing else. */
export interface Edit {
  readonly path: readonly (string | number)[]
  readonly value: Json
  /** FHIR's type of the value, which a FHIRPath Patch must name. */
  readonly type: 'code' | 'CodeableConcept'
}

/** JSON Patch (RFC 6902) of the edits; `pins` are elements whose values must still be those that were read, where the server takes `test`. */
export function jsonPatch(edits: readonly Edit[], resource: JsonObject, pins: readonly Edit['path'][]): readonly object[] {
  const changes = edits.map(({ path, value }) => {
    return { op: valueAt(resource, path) === undefined ? 'add' : 'replace', path: `/${path.join('/')}`, value }
  })
  const tests = pins.flatMap((path) => {
    const value = valueAt(resource, path)
    return value === undefined ? [] : [{ op: 'test', path: `/${path.join('/')}`, value }]
  })
  return [...tests, ...changes]
}

/** FHIRPath Patch of the edits: `Parameters`, one `operation` for each. */
export function fhirPathPatch(edits: readonly Edit[], resource: JsonObject): JsonObject {
  const type = String(resource.resourceType)
  const parameter = edits.map((edit) => {
    const { path, value } = edit
    const given = { name: 'value', [edit.type === 'code' ? 'valueCode' : 'valueCodeableConcept']: value }
    if (valueAt(resource, path) !== undefined) return operation('replace', fhirPath(type, path), [given])
    return operation('add', fhirPath(type, path.slice(0, -1)), [{ name: 'name', valueString: String(path.at(-1)) }, given])
  })
  return { resourceType: 'Parameters', parameter }
}

function operation(type: 'add' | 'replace', path: string, more: readonly JsonObject[]): JsonObject {
  return { name: 'operation', part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more] }
}

function fhirPath(type: string, path: Edit['path']): string {
  return path.reduce<string>((before, step) => (typeof step === 'number' ? `${before}[${step}]` : `${before}.${step}`), type)
}

/** The resource as read, everything unknown kept, with the edits made (interop.md 2.7: never a resource rebuilt from our model). */
export function edited(resource: JsonObject, edits: readonly Edit[]): JsonObject {
  const result = edits.reduce<Json>((whole, { path, value }) => withValue(whole, path, value), resource)
  return isObject(result) ? result : resource
}

function withValue(node: Json | undefined, [step, ...rest]: readonly (string | number)[], value: Json): Json {
  if (step === undefined) return value
  if (typeof step === 'number')
    return Array.isArray(node) ? node.map((each, index) => (index === step ? withValue(each, rest, value) : each)) : []
  const object = isObject(node) ? node : {}
  return { ...object, [step]: withValue(object[step], rest, value) }
}

function valueAt(resource: JsonObject, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((node, step) => {
    if (Array.isArray(node)) return typeof step === 'number' ? node[step] : undefined
    return isObject(node) ? node[step] : undefined
  }, resource)
}
