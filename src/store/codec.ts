import { Temporal } from 'temporal-polyfill'
import { readInstant, writeInstant } from './instant.ts'

/** How one type of value lies in a JSON document. */
export interface Codec<T> {
  encode(value: T): unknown
  /** Throws `Misread` when the document is not one of ours. */
  decode(stored: unknown): T
}

/** A stored document is not what was written. Names the place, never the value (R25). */
export class Misread extends Error {
  override readonly name = 'Misread'
}

interface Optional<T> {
  readonly optional: Codec<T>
}

/** One codec for each field of `T`: a field added to a record does not compile until its codec names it. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Codec<T[K]>
}

function plain<T>(wanted: string, is: (stored: unknown) => boolean): Codec<T> {
  return {
    encode: (value) => value,
    decode(stored) {
      if (!is(stored)) throw new Misread(`is not ${wanted}`)
      return stored as T
    },
  }
}

export const text = plain<string>('a text', (stored) => typeof stored === 'string')
export const number = plain<number>('a number', (stored) => typeof stored === 'number')
export const flag = plain<boolean>('a flag', (stored) => typeof stored === 'boolean')
/** A flag that is absent rather than false. */
export const always = plain<true>('true', (stored) => stored === true)
/** What an audit entry's detail may hold. */
export const scalar = plain<string | number | boolean>('a scalar', (stored) => ['string', 'number', 'boolean'].includes(typeof stored))

/** One of the words of a union; the compiler sees to it that all are listed. */
export function oneOf<T extends string>(words: Readonly<Record<T, true>>): Codec<T> {
  return plain<T>('a known word', (stored) => typeof stored === 'string' && Object.hasOwn(words, stored))
}

function written<T>(wanted: string, write: (value: T) => string, read: (stored: string) => T): Codec<T> {
  return {
    encode: write,
    decode(stored) {
      try {
        return read(text.decode(stored))
      } catch (cause) {
        throw new Misread(`is not ${wanted}`, { cause })
      }
    },
  }
}

export const instant = written('an instant', writeInstant, readInstant)
export const duration = written('a duration', (value: Temporal.Duration) => value.toString(), Temporal.Duration.from)
export const plainTime = written('a wall time', (value: Temporal.PlainTime) => value.toString(), Temporal.PlainTime.from)

export function optional<T>(codec: Codec<T>): Optional<T> {
  return { optional: codec }
}

export function list<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    encode: (values) => values.map((value) => codec.encode(value)),
    decode(stored) {
      if (!Array.isArray(stored)) throw new Misread('is not a list')
      return stored.map((item) => codec.decode(item))
    },
  }
}

/** A map from keys that outsiders chose: `__proto__` is a key like any other. */
export function dictionary<T>(codec: Codec<T>): Codec<Readonly<Record<string, T>>> {
  return {
    encode: (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, codec.encode(value)])),
    decode: (stored) => Object.fromEntries(Object.entries(asObject(stored)).map(([key, value]) => [key, codec.decode(value)])),
  }
}

export function record<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields as Record<string, Codec<unknown> | Optional<unknown>>).map(([name, field]) =>
    'optional' in field ? { name, codec: field.optional, required: false } : { name, codec: field, required: true },
  )
  return {
    encode(value) {
      const from = value as Record<string, unknown>
      const stored: Record<string, unknown> = {}
      for (const { name, codec } of entries) {
        const field = from[name]
        if (field !== undefined) stored[name] = codec.encode(field)
      }
      return stored
    },
    decode(stored) {
      const from = asObject(stored)
      const value: Record<string, unknown> = {}
      let at = ''
      try {
        for (const { name, codec, required } of entries) {
          at = name
          const field = from[name]
          if (field !== undefined) value[name] = codec.decode(field)
          else if (required) throw new Misread('is missing')
        }
      } catch (error) {
        throw error instanceof Misread ? new Misread(`${at} ${error.message}`, { cause: error.cause }) : error
      }
      return value as T
    },
  }
}

/** A union told apart by `kind`. */
export function byKind<T extends { readonly kind: string }>(
  codecs: { readonly [K in T['kind']]: Codec<Extract<T, { kind: K }>> },
): Codec<T> {
  const codecOf = (kind: unknown): Codec<T> => {
    if (typeof kind !== 'string' || !Object.hasOwn(codecs, kind)) throw new Misread('kind is not a known word')
    return codecs[kind as T['kind']] as unknown as Codec<T>
  }
  return {
    encode: (value) => codecOf(value.kind).encode(value),
    decode: (stored) => codecOf(asObject(stored).kind).decode(stored),
  }
}

export function asObject(stored: unknown): Record<string, unknown> {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) throw new Misread('is not an object')
  return stored as Record<string, unknown>
}

export function toDocument<T>(codec: Codec<T>, value: T): string {
  return JSON.stringify(codec.encode(value))
}

export function fromDocument<T>(codec: Codec<T>, document: string): T {
  return codec.decode(JSON.parse(document))
}
