import type { Place } from '../../core/appointment.ts'
import type { Path } from './path.ts'
import type { PeopleOptions } from './people.ts'
import { roleOf } from './people.ts'
import type { Message } from './reader.ts'
import { componentOf, nth, stringAt } from './reader.ts'

/**
 * A place as PL. The key leaves the room out: another room of the same site is no news to the patient (O13);
 * the name holds it (V2-RES-5).
 */
function readPlace(message: Message, raw: string): Place | undefined {
  const part = (component: number): string | undefined => componentOf(message, raw, component) ?? undefined
  const site = [part(4), part(7), part(1)].filter((word) => word !== undefined)
  const key = site.length > 0 ? site.join('/') : (part(10) ?? part(9) ?? part(2))
  if (key === undefined) return undefined
  return { key, name: part(9) ?? [...site, part(2)].filter((word) => word !== undefined).join(' ') }
}

/** The first of these fields that holds a place, else an AIG that is one. */
export function readLocation(message: Message, paths: readonly Path[], options: PeopleOptions): Place | undefined {
  for (const path of paths) {
    for (const segment of message.segments) {
      if (segment.name !== path.segment) continue
      const place = readPlace(message, nth(segment.fields[path.field] ?? '', message.delimiters.repetition, path.repetition))
      if (place) return place
    }
  }
  const thing = message.segments.find((segment) => segment.name === 'AIG' && roleOf(message, segment, options) === 'location')
  const key = thing && stringAt(message, thing, 3)
  return key === undefined ? undefined : { key, name: stringAt(message, thing, 3, 2) ?? key }
}
