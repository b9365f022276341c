import { z } from 'zod'
import { base } from './connector-values.ts'
import { hl7Mapping, taken } from './hl7v2-mapping.ts'
import { transport } from './hl7v2-transport.ts'
import type { SecretSource } from './values.ts'

export function hl7v2Schema(source: SecretSource) {
  return z.strictObject({
    ...base,
    protocol: z.literal('hl7v2'),
    charset: z.string().exactOptional(),
    forceCharset: z.string().exactOptional(),
    ...taken,
    ...transport(source),
    mapping: hl7Mapping.exactOptional(),
  })
}
