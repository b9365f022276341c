import { z } from 'zod'
import { base, modality, origin, paths, status } from './connector-values.ts'
import { transport } from './hl7v2-transport.ts'
import type { SecretSource } from './values.ts'

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

export function hl7v2Schema(source: SecretSource) {
  return z.strictObject({
    ...base,
    protocol: z.literal('hl7v2'),
    charset: z.string().exactOptional(),
    forceCharset: z.string().exactOptional(),
    processingIds: z.array(z.string().length(1)).min(1).exactOptional(),
    ...transport(source),
    mapping: z
      .strictObject({
        agenda: paths.exactOptional(),
        motif: paths.exactOptional(),
        practitioner: paths.exactOptional(),
        idFields: paths.exactOptional(),
        patientIdTypes: paths.exactOptional(),
        statusFields: paths.exactOptional(),
        triggerWins: z.boolean().exactOptional(),
        durationUnit: z.enum(['auto', 's', 'min']).exactOptional(),
        offsetTrust: z.enum(['offset', 'wallclock']).exactOptional(),
        statusMap: z
          .record(
            z.string(),
            z.strictObject({
              status: status.exactOptional(),
              confirmation: z.enum(['confirmed', 'declined']).exactOptional(),
              cancelKind: z.literal('excused').exactOptional(),
              ignore: z.boolean().exactOptional(),
            }),
          )
          .exactOptional(),
        origin: z.array(hl7Matcher(origin)).exactOptional(),
        modality: z.array(hl7Matcher(modality)).exactOptional(),
      })
      .exactOptional(),
  })
}
