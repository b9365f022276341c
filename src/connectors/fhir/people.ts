import type { CountryCode } from 'libphonenumber-js/max'
import type { Temporal } from 'temporal-polyfill'
import type { Place, Practitioner } from '../../core/appointment.ts'
import type { Found, Graph } from './graph.ts'
import {
  elementsOf,
  type HumanName,
  locationSchema,
  practitionerSchema,
  type Reference,
  roleSchema,
  scheduleSchema,
  serviceSchema,
  slotSchema,
} from './resources.ts'
import { isWithin } from './time.ts'

const nameOrder = ['official', 'usual', undefined, 'temp', 'nickname', 'anonymous']

export interface PlainName {
  readonly prefix?: string
  /** The first one: the others are middle names. */
  readonly given?: string
  readonly family?: string
  readonly text?: string
}

/** The name in use: official, usual, unmarked, temporary; never an old or a maiden one. */
export function nameOf(names: readonly HumanName[], at: Temporal.Instant, zone: string): PlainName | undefined {
  const usable = names.filter((name) => nameOrder.includes(name.use) && (name.family || name.given?.[0] || name.text))
  const current = usable.filter(({ period }) => isWithin(period, at, zone))
  const rank = (name: HumanName) => nameOrder.indexOf(name.use)
  const chosen = (current.length > 0 ? current : usable).toSorted((a, b) => rank(a) - rank(b))[0]
  if (!chosen) return undefined
  const { text } = chosen
  const given = chosen.given?.[0]
  const family = chosen.family ?? (given ? undefined : text)
  const prefix = chosen.prefix?.join(' ')
  return { ...(prefix && { prefix }), ...(given && { given }), ...(family && { family }), ...(text && { text }) }
}

/** Who is meant by an actor that is a practitioner or a role of one; undefined when it has no name we may read (FHIR-PAR-2). */
export function practitionerOf(actor: Found, graph: Graph, at: Temporal.Instant, zone: string): Practitioner | undefined {
  const role = actor.type === 'PractitionerRole' ? elementsOf(roleSchema, actor.resource) : undefined
  const person = role?.practitioner ? graph.find(role.practitioner, actor.root) : actor
  const name = nameOf(elementsOf(practitionerSchema, person.resource)?.name ?? [], at, zone)
  const shown = name?.text ?? ([name?.prefix, name?.given, name?.family].filter(Boolean).join(' ') || person.display || actor.display)
  if (!shown) return undefined
  return { ...(person.key && { key: person.key }), name: shown }
}

/** Where the appointment takes place: its location, else that of a role, of a service, of the slot's schedule (FHIR-PAR-2). */
export function locationOf(actors: readonly Found[], slots: readonly Reference[], graph: Graph, root: Found['root']): Found | undefined {
  const ofType = (type: string) => actors.filter((actor) => actor.type === type)
  const [direct] = ofType('Location')
  if (direct) return direct
  const roles = ofType('PractitionerRole').flatMap((actor) => ({ actor, role: elementsOf(roleSchema, actor.resource) }))
  for (const { actor, role } of roles) if (role?.location?.[0]) return graph.find(role.location[0], actor.root)
  const named = roles.flatMap(({ actor, role }) => (role?.healthcareService ?? []).map((service) => graph.find(service, actor.root)))
  for (const service of [...ofType('HealthcareService'), ...named]) {
    const [location] = elementsOf(serviceSchema, service.resource)?.location ?? []
    if (location) return graph.find(location, service.root)
  }
  for (const slot of slots) {
    const found = graph.find(slot, root)
    const schedule = elementsOf(slotSchema, found.resource)?.schedule
    const its = schedule && graph.find(schedule, found.root)
    const owners = elementsOf(scheduleSchema, its?.resource)?.actor ?? []
    const place = its && owners.map((actor) => graph.find(actor, its.root)).find(({ type }) => type === 'Location')
    if (place) return place
  }
  return undefined
}

const cityFirst = new Set<CountryCode>(['US', 'CA', 'AU', 'GB'])

/** The address as it is written in the country: `G1R 4P5` comes after Québec, `75011` before Paris. */
export function placeOf(location: Found, region: CountryCode): Place | undefined {
  if (!location.key) return undefined
  const elements = elementsOf(locationSchema, location.resource)
  const name = elements?.name ?? location.display
  const { line = [], city, state, postalCode, text } = elements?.address ?? {}
  const town = cityFirst.has(region) ? [city, state, postalCode] : [postalCode, city]
  const lines = [...line, town.filter(Boolean).join(' ')].filter(Boolean)
  const address = lines.length > 0 ? lines : (text?.split('\n').filter(Boolean) ?? [])
  return { key: location.key, ...(name && { name }), ...(address.length > 0 && { address: address.slice(0, 6) }) }
}
