import type { Coded } from '../../core/appointment.ts'
import type { Path } from './path.ts'
import { parsePath, valueIn } from './path.ts'
import { readPerson } from './people.ts'
import type { Message, Segment } from './reader.ts'

/** One row of an ordered list of rules; the first that fits says the value. Exactly one of the three tests is given. */
export interface Matcher<T> {
  /** Where to look: `PV1-2`, `AIS-3.1`, `ZCH-4`. Every segment of that name is looked at. */
  readonly path: string
  readonly equals?: string
  readonly in?: readonly string[]
  readonly startsWith?: string
  readonly value: T
}

export interface Rule<T> {
  readonly path: Path
  readonly fits: (value: string) => boolean
  readonly value: T
}

/** Throws on a rule that could never fit: a wrong configuration. Case does not matter. */
export function readRule<T>(matcher: Matcher<T>): Rule<T> {
  const { equals, startsWith } = matcher
  const list = matcher.in?.map((word) => word.toLowerCase())
  if ([equals, list, startsWith].filter((test) => test !== undefined).length !== 1) {
    throw new Error(`a rule on ${matcher.path} needs one of equals, in, startsWith`)
  }
  return {
    path: parsePath(matcher.path),
    value: matcher.value,
    fits: (value) => {
      const word = value.toLowerCase()
      if (equals !== undefined) return word === equals.toLowerCase()
      return list ? list.includes(word) : word.startsWith(startsWith?.toLowerCase() ?? '')
    },
  }
}

export function applyRules<T>(message: Message, rules: readonly Rule<T>[]): T | undefined {
  for (const rule of rules) {
    for (const segment of message.segments) {
      if (segment.name !== rule.path.segment) continue
      const value = valueIn(message, segment, rule.path)
      if (typeof value === 'string' && rule.fits(value)) return rule.value
    }
  }
  return undefined
}

const LONGEST_KEY = 200
const MOST_CODED = 50

/** The rows of a catalogue at these places, each once, in their order; `null` where the first that speaks says `""`. */
export function readCatalogue(message: Message, paths: readonly Path[]): readonly Coded[] | null {
  const rows = new Map<string, Coded>()
  for (const path of paths) {
    for (const segment of message.segments) {
      if (segment.name !== path.segment) continue
      const row = readRow(message, segment, path)
      if (row === null && rows.size === 0) return null
      if (row && !rows.has(row.key) && rows.size < MOST_CODED) rows.set(row.key, row)
    }
  }
  return [...rows.values()]
}

/** The first of them alone. */
export function readCoded(message: Message, paths: readonly Path[]): Coded | null | undefined {
  for (const path of paths) {
    for (const segment of message.segments) {
      const row = segment.name === path.segment ? readRow(message, segment, path) : undefined
      if (row !== undefined) return row
    }
  }
  return undefined
}

/** Free text without a code is common (SCH-7): the text is then the key. */
function readRow(message: Message, segment: Segment, path: Path): Coded | null | undefined {
  const value = valueIn(message, segment, path)
  if (value === null) return null
  const text = labelOf(message, segment, path)
  const key = value ?? (path.component === 1 ? text : undefined)
  if (key === undefined) return undefined
  return { key: key.slice(0, LONGEST_KEY), ...(text !== undefined && text !== key && { text: text.slice(0, LONGEST_KEY) }) }
}

/** What a person sees beside the key: the text of a CWE, the name of a person. */
function labelOf(message: Message, segment: Segment, path: Path): string | undefined {
  if (path.component !== 1) return undefined
  if (segment.name === 'AIP') return readPerson(message, segment.fields[path.field] ?? '')?.name
  return valueIn(message, segment, { ...path, component: 2, subcomponent: 1 }) ?? undefined
}
