import type { Practitioner } from '../../core/appointment.ts'
import type { Message, Segment } from './reader.ts'
import { componentOf, findSegment, nth, stringAt } from './reader.ts'

/** What an AIG may be. */
export type ResourceRole = 'practitioner' | 'location' | 'other'

export interface PeopleOptions {
  /** AIG-4 of this site, lower case; looked at before the built-in words (V2-RES-3). */
  readonly resourceTypes: ReadonlyMap<string, ResourceRole>
  /** AIP-4 of who sees the patient, lower case, best first (V2-RES-4). */
  readonly primaryTypes: readonly string[]
}

const practitionerTypes = ['d', 'p', 'md', 'doctor', 'provider', 'practitioner', 'physician']

function typesOf(message: Message, segment: Segment): string[] {
  return [stringAt(message, segment, 4), stringAt(message, segment, 4, 2)].map((type) => type?.toLowerCase() ?? '')
}

/** V2-RES-3: by the site's word, by the usual ones, else by its shape. */
export function roleOf(message: Message, segment: Segment, { resourceTypes }: PeopleOptions): ResourceRole {
  const types = typesOf(message, segment)
  const known = types.map((type) => resourceTypes.get(type)).find((role) => role !== undefined)
  if (known) return known
  if (types.some((type) => practitionerTypes.includes(type))) return 'practitioner'
  if (types.some((type) => type.includes('location') || type.includes('room'))) return 'location'
  if (types.some((type) => type.includes('equipment') || type.includes('resource'))) return 'other'
  // Shaped like a person (XCN): an id, a family name and a given name, none of them a coding system.
  const given = stringAt(message, segment, 3, 3)
  return stringAt(message, segment, 3, 2) !== undefined && given !== undefined && given.length > 1 && !/^(HL7|L$|99)/.test(given)
    ? 'practitioner'
    : 'other'
}

const degrees = ['md', 'do', 'rn', 'np', 'pa', 'phd', 'dds', 'dmd', 'dpm', 'od', 'pharmd', 'jr', 'sr', 'ii', 'iii']

/** A person as XCN, or as `id^Name, Given` (V2-RES-4); what cannot be split stays as it is. */
export function readPerson(message: Message, raw: string): Practitioner | undefined {
  const part = (component: number): string | undefined => componentOf(message, raw, component) ?? undefined
  const key = part(1)
  const given = part(3)
  const family = given === undefined ? turned(part(2)) : part(2)
  const name = [part(6), given, family].filter((word) => word !== undefined).join(' ')
  if (name === '') return undefined
  return { ...(key !== undefined && { key }), name }
}

/** `Moreau, Claire` as it is said. */
function turned(name: string | undefined): string | undefined {
  const [family = '', given = '', ...more] = name?.split(',').map((part) => part.trim()) ?? []
  const both = family !== '' && given !== '' && more.length === 0 && !degrees.includes(given.toLowerCase().replaceAll('.', ''))
  return both ? `${given} ${family}` : name
}

function personAt(message: Message, segment: Segment | undefined, field: number): Practitioner | undefined {
  return readPerson(message, nth(segment?.fields[field] ?? '', message.delimiters.repetition, 1))
}

/** The first AIP of the best type, else the first person among the AIG; neither the attending nor the referring doctor of the visit. */
export function readPractitioner(message: Message, options: PeopleOptions): Practitioner | undefined {
  const persons = message.segments.filter((segment) => segment.name === 'AIP')
  const rank = (segment: Segment): number => {
    const types = typesOf(message, segment)
    const at = options.primaryTypes.findIndex((wanted) => types.includes(wanted))
    return at === -1 ? options.primaryTypes.length : at
  }
  if (options.primaryTypes.length > 0) persons.sort((a, b) => rank(a) - rank(b))
  const things = message.segments.filter((segment) => segment.name === 'AIG' && roleOf(message, segment, options) === 'practitioner')
  for (const segment of [...persons, ...things]) {
    const person = personAt(message, segment, 3)
    if (person) return person
  }
  return undefined
}

/** PV1-7; a referring doctor (PV1-8) does not see the patient. */
export function readAttending(message: Message): Practitioner | undefined {
  return personAt(message, findSegment(message, 'PV1'), 7)
}
