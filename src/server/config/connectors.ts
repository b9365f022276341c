import { z } from 'zod'
import { fhirSchema } from './fhir-connector.ts'
import { hl7v2Schema } from './hl7v2-connector.ts'
import type { SecretSource } from './values.ts'

export function connectorSchema(source: SecretSource) {
  return z.discriminatedUnion('protocol', [hl7v2Schema(source), fhirSchema(source)], { error: 'protocol is hl7v2 or fhir' })
}
