import type { Message, Segment, Value } from './reader.ts'
import { componentOf, nth } from './reader.ts'

/** A place in a message as integrators write it: `SCH-25.1`, `PID-3[2].4`, `ZCH-4`, `AIP-3.1.2`. */
export interface Path {
  readonly segment: string
  readonly field: number
  /** From 1. */
  readonly repetition: number
  readonly component: number
  readonly subcomponent: number
}

const form = /^([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\[(\d{1,3})\])?(?:\.(\d{1,3})(?:\.(\d{1,3}))?)?$/

/** Throws on anything else: a wrong path is a wrong configuration. What is left out is 1. */
export function parsePath(text: string): Path {
  const match = text.length <= 64 ? form.exec(text.trim()) : null
  if (!match?.[1]) throw new Error(`not an HL7 path: ${text.slice(0, 64)}`)
  const [, segment, field, repetition, component, subcomponent] = match
  return {
    segment,
    field: Number(field),
    repetition: Number(repetition ?? 1),
    component: Number(component ?? 1),
    subcomponent: Number(subcomponent ?? 1),
  }
}

/** As an integrator would write it. */
export function formatPath({ segment, field, repetition, component, subcomponent }: Path): string {
  const below = subcomponent > 1 ? `.${component}.${subcomponent}` : component > 1 ? `.${component}` : ''
  return `${segment}-${field}${repetition > 1 ? `[${repetition}]` : ''}${below}`
}

/** The value at a path in one segment. */
export function valueIn(message: Message, segment: Segment, path: Path): Value {
  const raw = segment.fields[path.field]
  if (raw === undefined || raw === '') return undefined
  return componentOf(message, nth(raw, message.delimiters.repetition, path.repetition), path.component, path.subcomponent)
}

/** The first value there is at a path, segment by segment. */
export function valueAtPath(message: Message, path: Path): Value {
  for (const segment of message.segments) {
    if (segment.name !== path.segment) continue
    const value = valueIn(message, segment, path)
    if (value !== undefined) return value
  }
  return undefined
}
