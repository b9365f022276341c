import type { Place, Practitioner } from '../../core/appointment.ts'
import type { Message, Segment } from './reader.ts'
import { componentOf, findSegment, nth, stringAt } from './reader.ts'

type ResourceName = 'AIS' | 'AIG' | 'AIL' | 'AIP'

/** Field numbers of each AI* segment (HL7 v2.5.1 ch. 10.6). */
const layout: Readonly<Record<ResourceName, { readonly start: number; readonly offset: number; readonly duration: number }>> = {
  AIS: { start: 4, offset: 5, duration: 7 },
  AIG: { start: 8, offset: 9, duration: 11 },
  AIL: { start: 6, offset: 7, duration: 9 },
  AIP: { start: 6, offset: 7, duration: 9 },
}

/** One service, place, person or thing that an appointment needs. */
export interface Resource {
  readonly name: ResourceName
  readonly segment: Segment
  /** HL7 table 0206; anything else reads as empty. */
  readonly action: 'A' | 'D' | 'U' | 'X' | ''
  /** Its own start, as written. */
  readonly start?: string
  /** The start stood one field too far, where the offset belongs (V2-TIM-4). */
  readonly shifted: boolean
  readonly duration?: string
  readonly durationUnits: readonly (string | undefined)[]
}

function isResourceName(name: string): name is ResourceName {
  return name in layout
}

function readAction(text: string | undefined): Resource['action'] {
  return text === 'A' || text === 'D' || text === 'U' || text === 'X' ? text : ''
}

/** Every AI* segment, whatever their order and grouping (V2-STR-1). */
export function readResources(message: Message): Resource[] {
  const resources: Resource[] = []
  for (const segment of message.segments) {
    if (!isResourceName(segment.name)) continue
    const fields = layout[segment.name]
    const own = stringAt(message, segment, fields.start)
    const offset = stringAt(message, segment, fields.offset)
    const shifted = own === undefined && offset !== undefined && /^\d{12,}/.test(offset.slice(0, 16))
    const start = own ?? (shifted ? offset : undefined)
    const duration = stringAt(message, segment, fields.duration)
    resources.push({
      name: segment.name,
      segment,
      action: readAction(stringAt(message, segment, 2)),
      ...(start !== undefined && { start }),
      shifted,
      ...(duration !== undefined && { duration }),
      durationUnits: [stringAt(message, segment, fields.duration + 1), stringAt(message, segment, fields.duration + 1, 2)],
    })
  }
  return resources
}

/** V2-RES-1: does the message list every resource, or only say what changed? */
export function isSnapshot(message: Message, resources: readonly Resource[], event: string): boolean {
  if (!['S12', 'S13', 'S14', 'S27'].includes(event) || resources.length === 0) return false
  const actions = message.segments.filter((segment) => segment.name === 'RGS').map((segment) => readAction(stringAt(message, segment, 2)))
  return ![...actions, ...resources.map((resource) => resource.action)].some((action) => action === 'D' || action === 'U' || action === 'X')
}

type Role = 'practitioner' | 'location' | 'other'

/** V2-RES-3: an AIG may be anything. */
function roleOf(message: Message, segment: Segment): Role {
  const types = [stringAt(message, segment, 4), stringAt(message, segment, 4, 2)].map((type) => type?.toLowerCase() ?? '')
  if (types.some((type) => ['d', 'p', 'md', 'doctor', 'provider', 'practitioner', 'physician'].includes(type))) return 'practitioner'
  if (types.some((type) => type.includes('location') || type.includes('room'))) return 'location'
  if (types.some((type) => type.includes('equipment') || type.includes('resource'))) return 'other'
  // Shaped like a person (XCN): an id, a family name and a given name, none of them a coding system.
  const given = stringAt(message, segment, 3, 3)
  return stringAt(message, segment, 3, 2) !== undefined && given !== undefined && given.length > 1 && !/^(HL7|L$|99)/.test(given)
    ? 'practitioner'
    : 'other'
}

/** A person as XCN, or as `id^Name, Given` (V2-RES-4). */
export function readPerson(message: Message, raw: string): Practitioner | undefined {
  const part = (component: number): string | undefined => componentOf(message, raw, component) ?? undefined
  const key = part(1)
  const family = part(2)
  const name = [part(6), part(3), family].filter((word) => word !== undefined).join(' ')
  if (name === '') return undefined
  return { ...(key !== undefined && { key }), name }
}

function firstOf(segment: Segment | undefined, field: number, message: Message): string {
  return nth(segment?.fields[field] ?? '', message.delimiters.repetition, 1)
}

/** The first AIP, else the first person among the AIG, else PV1-7; a referring doctor (PV1-8) does not see the patient. */
export function readPractitioner(message: Message, resources: readonly Resource[]): Practitioner | undefined {
  const present = resources.filter((resource) => resource.action !== 'D')
  const persons = present.filter((resource) => resource.name === 'AIP')
  const things = present.filter((resource) => resource.name === 'AIG' && roleOf(message, resource.segment) === 'practitioner')
  for (const { segment } of [...persons, ...things]) {
    const person = readPerson(message, firstOf(segment, 3, message))
    if (person) return person
  }
  return readPerson(message, firstOf(findSegment(message, 'PV1'), 7, message))
}

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

/** The first AIL, else PV1-3, else SCH-19, else an AIG that is a place. */
export function readLocation(message: Message, resources: readonly Resource[]): Place | undefined {
  const present = resources.filter((resource) => resource.action !== 'D')
  const places = present.filter((resource) => resource.name === 'AIL').map(({ segment }) => firstOf(segment, 3, message))
  const visit = firstOf(findSegment(message, 'PV1'), 3, message)
  const office = firstOf(findSegment(message, 'SCH'), 19, message)
  for (const raw of [...places, visit, office]) {
    const place = readPlace(message, raw)
    if (place) return place
  }
  const thing = present.find((resource) => resource.name === 'AIG' && roleOf(message, resource.segment) === 'location')
  const key = thing && stringAt(message, thing.segment, 3)
  return key === undefined ? undefined : { key, name: stringAt(message, thing?.segment, 3, 2) ?? key }
}
