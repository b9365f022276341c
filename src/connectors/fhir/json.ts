import type { Fault } from '../../core/envelope.ts'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [name: string]: Json | undefined
}

export type Parsed = { readonly kind: 'parsed'; readonly value: Json } | { readonly kind: 'faulty'; readonly fault: Fault }

const maxDepth = 64

/** UTF-8 JSON, at most 64 deep, without a `__proto__` (FHIR-SEC-2). Never throws. */
export function parseJson(body: Uint8Array): Parsed {
  let value: Json
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return faulty('structure', 'The body is not JSON in UTF-8.')
  }
  const wrong = wrongShape(value)
  return wrong ? faulty('structure', wrong) : { kind: 'parsed', value }
}

/** Why a value must not be walked by anything recursive; undefined if it may. Walks with a list of its own, so that no depth can break it. */
export function wrongShape(value: Json): string | undefined {
  let level: Json[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= maxDepth) return `The JSON is more than ${maxDepth} deep.`
    const below: Json[] = []
    for (const each of level) {
      if (each === null || typeof each !== 'object') continue
      if (Object.hasOwn(each, '__proto__')) return 'The JSON has a property that is not allowed.'
      for (const child of Object.values(each)) if (typeof child === 'object' && child !== null) below.push(child)
    }
    level = below
  }
  return undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; none where it is not a list. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function faulty(code: string, text: string): Parsed {
  return { kind: 'faulty', fault: { kind: 'content', code, text } }
}
