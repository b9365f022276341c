import { z } from 'zod'
import { modality, origin, paths, status } from './connector-values.ts'
import { zone } from './values.ts'

function hl7Matcher<T extends z.ZodType>(value: T) {
  return z
    .strictObject({
      path: z.string().min(1),
      equals: z.string().exactOptional(),
      in: z.array(z.string()).exactOptional(),
      startsWith: z.string().exactOptional(),
      value,
    })
    .refine(({ equals, in: list, startsWith }) => [equals, list, startsWith].filter((test) => test !== undefined).length === 1, {
      error: 'a rule has exactly one of equals, in, startsWith',
    })
}

const path = z.string().min(1)
const words = z.array(z.string().min(1)).min(1)
const event = z.string().regex(/^[A-Z][0-9A-Z]{2}$/, { error: 'an event of MSH-9.2: S12, A08, Z02' })
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error: 'a language: fr, en, fr-CA' })

const statusMeaning = z.strictObject({
  status: status.exactOptional(),
  confirmation: z.enum(['confirmed', 'declined']).exactOptional(),
  cancelKind: z.literal('excused').exactOptional(),
  ignore: z.boolean().exactOptional(),
})

const timeSource = z.enum(['TQ1', 'SCH', 'resources'])

/** What of an HL7 v2 feed is taken at all. */
export const taken = {
  processingIds: z.array(z.string().length(1)).min(1).exactOptional(),
  acceptEvents: z.array(event).min(1).exactOptional(),
  strictVersion: z.boolean().exactOptional(),
}

/** Where one site's HL7 v2 messages hold what. */
export const hl7Mapping = z.strictObject({
  agenda: paths.exactOptional(),
  motif: paths.exactOptional(),
  practitioner: paths.exactOptional(),
  primaryTypes: words.exactOptional(),
  location: paths.exactOptional(),
  resourceTypes: z.record(z.string(), z.enum(['practitioner', 'location', 'other'])).exactOptional(),
  idFields: paths.exactOptional(),
  visit: paths.exactOptional(),
  replaces: paths.exactOptional(),
  unknownId: z.enum(['upsert', 'tombstone']).exactOptional(),
  patientIdTypes: words.exactOptional(),
  guardianCodes: words.exactOptional(),
  languages: z.record(z.string(), language).exactOptional(),
  junkNumbers: words.exactOptional(),
  statusFields: paths.exactOptional(),
  statusMap: z.record(z.string(), statusMeaning).exactOptional(),
  triggerWins: z.boolean().exactOptional(),
  origin: z.array(hl7Matcher(origin)).exactOptional(),
  modality: z.array(hl7Matcher(modality)).exactOptional(),
  zones: z.array(hl7Matcher(zone)).exactOptional(),
  durationUnit: z.enum(['auto', 's', 'min']).exactOptional(),
  offsetTrust: z.enum(['offset', 'wallclock']).exactOptional(),
  timeSources: z.array(timeSource).min(1).exactOptional(),
  midnightMeansUnknown: z.boolean().exactOptional(),
  fieldOverrides: z
    .strictObject({ start: path.exactOptional(), end: path.exactOptional(), duration: path.exactOptional() })
    .exactOptional(),
  arrivalEvents: z.array(event).exactOptional(),
  linkVisit: z.enum(['visit', 'patient-day', 'none']).exactOptional(),
})
