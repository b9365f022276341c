import { isDeepStrictEqual } from 'node:util'

/** What a JSON Patch (RFC 6902) may say; `copy` and `move` are not for this EHR. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'test'
  readonly path: string
  readonly value?: unknown
}

/** The patch does not fit the resource: nothing is changed. */
export class PatchRefused extends Error {
  override readonly name = 'PatchRefused'
}

type Parent = Record<string, unknown> | unknown[]

function isParent(value: unknown): value is Parent {
  return typeof value === 'object' && value !== null
}

function keyOf(parent: Parent, token: string): string | number {
  if (!Array.isArray(parent)) {
    if (token === '__proto__') throw new PatchRefused('No such path')
    return token
  }
  if (token === '-') return parent.length
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > parent.length) throw new PatchRefused('No such place in the list')
  return Number(token)
}

function valueAt(parent: Parent, key: string | number): unknown {
  return Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined
}

function apply(document: Parent, { op, path, value }: PatchOperation): void {
  const tokens = path.split('/').slice(1)
  const last = tokens.pop()
  if (last === undefined || !path.startsWith('/')) throw new PatchRefused('No such path')
  let parent = document
  for (const token of tokens) {
    const child = valueAt(parent, keyOf(parent, unescaped(token)))
    if (!isParent(child)) throw new PatchRefused('No such path')
    parent = child
  }
  const key = keyOf(parent, unescaped(last))
  if (op !== 'add' && !Object.hasOwn(parent, key)) throw new PatchRefused('No such path')
  if (op === 'test') {
    if (!isDeepStrictEqual(valueAt(parent, key), value)) throw new PatchRefused('The resource is not as the patch expects')
  } else if (op === 'remove') {
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else Reflect.deleteProperty(parent, key)
  } else if (op === 'add' && Array.isArray(parent)) parent.splice(Number(key), 0, value)
  else Reflect.set(parent, key, value)
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** A patched copy; throws `PatchRefused`, and then nothing of the patch counts. */
export function patched(resource: object, operations: readonly PatchOperation[]): unknown {
  const copy = structuredClone(resource) as Record<string, unknown>
  for (const operation of operations) apply(copy, operation)
  return copy
}
