import { z } from 'zod'
import type { Fault } from '../../core/envelope.ts'
import type { JsonObject } from './json.ts'

/**
 * The elements of FHIR R4 and R5 that are read, and no others: where the two differ, both are looked for. What decides about an appointment or reaches a patient is strict;
 * an ornament of the wrong type is as if it were not there.
 */
const text = z.string()
const word = text.optional().catch(undefined)

const period = z.object({ start: word, end: word }).optional().catch(undefined)

export const referenceSchema = z.object({
  reference: text.optional(),
  type: word,
  display: word,
  identifier: z.object({ system: word, value: word }).optional().catch(undefined),
})
export type Reference = z.infer<typeof referenceSchema>

const references = z.array(referenceSchema).optional().catch(undefined)

const coding = z.object({ system: word, code: word, display: word })
const concept = z.object({ coding: z.array(coding).optional().catch(undefined), text: word })
export type Concept = z.infer<typeof concept>
const concepts = z.array(concept).optional().catch(undefined)

const humanName = z.object({
  use: word,
  text: word,
  family: word,
  given: z.array(text).optional().catch(undefined),
  prefix: z.array(text).optional().catch(undefined),
  period,
})
export type HumanName = z.infer<typeof humanName>

const contactPoint = z.object({
  system: word,
  value: text.optional(),
  use: word,
  rank: z.number().int().positive().optional().catch(undefined),
  period,
})
export type FhirContactPoint = z.infer<typeof contactPoint>

const meta = z.object({ versionId: word, lastUpdated: word }).optional().catch(undefined)
export type Meta = z.infer<typeof meta>

export const appointmentSchema = z.object({
  id: text.regex(/^[A-Za-z0-9\-.]{1,64}$/),
  meta,
  status: text,
  start: text.optional(),
  end: text.optional(),
  minutesDuration: z.number().positive().optional().catch(undefined),
  slot: references,
  /** R5. */
  subject: referenceSchema.optional().catch(undefined),
  previousAppointment: referenceSchema.optional().catch(undefined),
  participant: z.array(z.object({ actor: referenceSchema.optional(), status: word })).optional(),
})
export type AppointmentResource = z.infer<typeof appointmentSchema>
export type Participant = NonNullable<AppointmentResource['participant']>[number]

export const patientSchema = z.object({
  meta,
  active: z.boolean().optional(),
  name: z.array(humanName).optional(),
  telecom: z.array(contactPoint).optional(),
  birthDate: word,
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: text.optional(),
  communication: z
    .array(z.object({ language: concept, preferred: z.boolean().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  link: z
    .array(z.object({ type: text, other: referenceSchema }))
    .optional()
    .catch(undefined),
  identifier: z
    .array(z.object({ use: word, system: word, value: word, type: concept.optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  contact: z
    .array(z.object({ relationship: concepts, telecom: z.array(contactPoint).optional().catch(undefined), period }))
    .optional()
    .catch(undefined),
  extension: z
    .array(z.object({ url: text }))
    .optional()
    .catch(undefined),
})
export type PatientResource = z.infer<typeof patientSchema>

export const relatedPersonSchema = z.object({
  id: word,
  patient: referenceSchema,
  active: z.boolean().optional().catch(undefined),
  relationship: concepts,
  telecom: z.array(contactPoint).optional().catch(undefined),
  period,
})

export const encounterSchema = z.object({
  meta,
  status: word,
  subject: referenceSchema.optional().catch(undefined),
  appointment: references,
  period,
  /** R5. */
  actualPeriod: period,
  subjectStatus: concept.optional().catch(undefined),
})

export const practitionerSchema = z.object({ name: z.array(humanName).optional().catch(undefined) })

export const roleSchema = z.object({
  practitioner: referenceSchema.optional().catch(undefined),
  location: references,
  healthcareService: references,
})

export const locationSchema = z.object({
  name: word,
  address: z
    .object({ text: word, line: z.array(text).optional().catch(undefined), city: word, state: word, postalCode: word })
    .optional()
    .catch(undefined),
  physicalType: concept.optional().catch(undefined),
})

export const serviceSchema = z.object({ location: references })
export const slotSchema = z.object({ meta, schedule: referenceSchema.optional().catch(undefined), status: word, start: word, end: word })
export const scheduleSchema = z.object({ actor: references })

const bundleEntry = z.object({
  fullUrl: word,
  resource: z.record(z.string(), z.unknown()).optional(),
  request: z.object({ method: word, url: word }).optional().catch(undefined),
  response: z.object({ status: word }).optional().catch(undefined),
  search: z.object({ mode: word }).optional().catch(undefined),
})

export const bundleSchema = z.object({
  resourceType: z.literal('Bundle'),
  entry: z.array(bundleEntry).optional(),
  link: z
    .array(z.object({ relation: word, url: word }))
    .optional()
    .catch(undefined),
})
export type Bundle = z.infer<typeof bundleSchema>

export type Checked<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'faulty'; readonly fault: Fault }

/** Names the first element that is wrong (`Appointment.participant[0].actor.reference`), never its value (R25). */
export function check<T>(schema: z.ZodType<T>, resource: JsonObject, type: string): Checked<T> {
  const result = schema.safeParse(resource)
  if (result.success) return { kind: 'ok', value: result.data }
  const path = result.error.issues[0]?.path ?? []
  const at = path.reduce<string>((before, step) => (typeof step === 'number' ? `${before}[${step}]` : `${before}.${String(step)}`), type)
  const missing = path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], resource) === undefined
  const fault: Fault = missing
    ? { kind: 'content', code: 'required', at, text: `${at} is missing.` }
    : { kind: 'content', code: 'value', at, text: `${at} is not what FHIR allows there.` }
  return { kind: 'faulty', fault }
}

/** The elements of a resource, or undefined where they are not those of its type. */
export function elementsOf<T>(schema: z.ZodType<T>, resource: JsonObject | undefined): T | undefined {
  const result = schema.safeParse(resource)
  return result.success ? result.data : undefined
}
