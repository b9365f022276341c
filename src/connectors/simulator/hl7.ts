import { HL7Message, HL7Version } from 'hl7v2'
import type { Temporal } from 'temporal-polyfill'

type Repetition = string | readonly string[]

/** A field: text, components, or repetitions of components. */
type FieldValue = string | readonly string[] | { readonly repeat: readonly Repetition[] }

/** Fields by number, as the standard counts them. */
export type Fields = Readonly<Record<number, FieldValue>>

function repetitionsOf(value: FieldValue): readonly Repetition[] {
  if (typeof value === 'string') return [value]
  return 'repeat' in value ? value.repeat : [value]
}

/**
 * Builds a message with the `hl7v2` package. Every field is declared as plain text (ST): the package would turn
 * a date into a `Date` and write midnight back without its hours.
 */
export function writeMessage(segments: readonly (readonly [name: string, fields: Fields])[]): string {
  const message = new HL7Message(HL7Version.v2_5_1)
  message.segments.length = 0
  for (const [name, fields] of segments) {
    const segment = message.addSegment(name)
    for (const [position, value] of Object.entries(fields)) {
      const field = segment.defineField(Number(position), { type: 'ST' })
      for (const [index, repetition] of repetitionsOf(value).entries()) {
        const components = typeof repetition === 'string' ? [repetition] : repetition
        for (const [at, text] of components.entries())
          field
            .rep(index)
            .comp(at + 1)
            .setValue(text === '' ? undefined : text)
      }
    }
  }
  return message.toHL7String()
}

/** What the EHR reads of a message; text as it came, one component of the first repetition. */
export interface ReadMessage {
  readonly controlId: string
  /** `SIU^S14`. */
  readonly type: string
  read(segment: string, field: number, component?: number): string
}

/** Throws for what is no HL7 v2 message. */
export function readMessage(bytes: Uint8Array): ReadMessage {
  const message = HL7Message.parse(Buffer.from(bytes))
  const read = (segment: string, field: number, component = 1): string => {
    const value: unknown = message.getSegment(segment)?.field(field).getValue(component)
    return value === undefined || value === null ? '' : String(value)
  }
  return { controlId: read('MSH', 10), type: `${read('MSH', 9, 1)}^${read('MSH', 9, 2)}`, read }
}

/** DTM with milliseconds and offset: `20261126094000.000-0500`. */
export function dateTime(at: Temporal.Instant, zone: string): string {
  const local = at.toZonedDateTimeISO(zone)
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0')
  const day = `${pad(local.year, 4)}${pad(local.month)}${pad(local.day)}`
  const time = `${pad(local.hour)}${pad(local.minute)}${pad(local.second)}.${pad(local.millisecond, 3)}`
  return `${day}${time}${local.offset.replace(':', '')}`
}
