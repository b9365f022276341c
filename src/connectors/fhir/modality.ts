import type { Modality } from '../../core/appointment.ts'
import type { AppointmentChange } from '../../core/change.ts'
import type { Found, Graph } from './graph.ts'
import { type JsonObject, objectsOf, stringOf } from './json.ts'
import { firstMatch, type Matcher } from './path.ts'
import { elementsOf, locationSchema } from './resources.ts'

type ModalityChange = NonNullable<AppointmentChange['modality']>

const virtualService = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService'
const physicalTypes: Readonly<Record<string, Modality>> = { vi: 'video', ho: 'home' }

/** How the patient comes (interop.md 3.4): the site's rules, then virtual service, link in `contained`, kind of place; else `unknown`. */
export function modalityOf(
  appointment: JsonObject,
  graph: Graph,
  location: Found | undefined,
  rules: readonly Matcher<Modality>[],
): ModalityChange {
  const service = virtualServiceOf(appointment)
  const joinUrl = service?.joinUrl ?? containedLink(appointment)
  const physical = elementsOf(locationSchema, location?.resource)?.physicalType?.coding?.[0]?.code
  const guessed = service?.value ?? (joinUrl ? 'video' : undefined) ?? classOf(appointment) ?? physicalTypes[physical ?? '']
  const value = firstMatch(rules, appointment, graph) ?? guessed ?? 'unknown'
  return { value, ...(joinUrl && value === 'video' && { joinUrl }) }
}

/** R5 `class`, of v3-ActCode. What is ambulatory (`AMB`) may be anything. */
function classOf(appointment: JsonObject): Modality | undefined {
  const codes = objectsOf(appointment.class).flatMap(({ coding }) => objectsOf(coding).map(({ code }) => stringOf(code)))
  if (codes.includes('VR')) return 'video'
  return codes.includes('HH') ? 'home' : undefined
}

/** R5 `virtualService`, as such or as its extension in R4: an address of a page is video, a number is phone. */
function virtualServiceOf(appointment: JsonObject): ModalityChange | undefined {
  const extensions = objectsOf(appointment.extension).filter(({ url }) => url === virtualService)
  const parts = [...extensions.flatMap(({ extension }) => objectsOf(extension)), ...objectsOf(appointment.virtualService)]
  const points = parts.flatMap((part) => objectsOf([part.valueContactPoint ?? null, part.addressContactPoint ?? null]))
  const links = [...parts.flatMap((part) => [part.valueUrl, part.valueUri, part.addressUrl]), ...points.map(({ value }) => value)]
  const joinUrl = links.map(stringOf).find(isJoinUrl)
  if (joinUrl) return { value: 'video', joinUrl }
  if (points.some(({ system }) => system === 'phone')) return { value: 'phone' }
  return extensions.length > 0 || objectsOf(appointment.virtualService).length > 0 ? { value: 'video' } : undefined
}

/** Oracle Health keeps the practitioner's link first and the patient's second. */
function containedLink(appointment: JsonObject): string | undefined {
  const telecom = objectsOf(appointment.contained).flatMap((resource) => objectsOf(resource.telecom))
  const links = telecom.filter(({ system }) => system === 'url').map(({ value }) => stringOf(value))
  return links.filter(isJoinUrl).at(-1)
}

/** Goes into a message: an https address without credentials, or nothing. */
function isJoinUrl(text: string | undefined): text is string {
  if (!text || text.length > 2_000 || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' && !url.username && !url.password
}
