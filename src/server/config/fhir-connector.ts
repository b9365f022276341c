import { z } from 'zod'
import { base, modality, origin, paths } from './connector-values.ts'
import type { SecretSource } from './values.ts'
import { duration, isPlainAndRemote, secretSchema, timeout, webAddress } from './values.ts'

const fhirCondition = {
  path: z.string().min(1),
  equals: z.string().exactOptional(),
  in: z.array(z.string()).exactOptional(),
  regex: z.string().exactOptional(),
}

function fhirRule<T extends z.ZodType>(value: T) {
  return z.strictObject({ ...fhirCondition, value })
}

export function fhirSchema(source: SecretSource) {
  const secret = secretSchema(source)
  return z
    .strictObject({
      ...base,
      protocol: z.literal('fhir'),
      baseUrl: webAddress,
      insecure: z.boolean().default(false),
      auth: z
        .discriminatedUnion(
          'kind',
          [
            z.strictObject({ kind: z.literal('none') }),
            z.strictObject({ kind: z.literal('bearer'), token: secret }),
            z.strictObject({ kind: z.literal('basic'), user: z.string(), password: secret }),
          ],
          { error: 'kind is none, bearer or basic' },
        )
        .prefault({ kind: 'none' }),
      hook: z.strictObject({ secrets: z.array(secretSchema(source, 32)).min(1).max(2), header: z.string().exactOptional() }),
      mapping: z
        .strictObject({
          agenda: paths.exactOptional(),
          motif: paths.exactOptional(),
          origin: z.array(fhirRule(origin)).exactOptional(),
          modality: z.array(fhirRule(modality)).exactOptional(),
          excused: z.array(z.strictObject(fhirCondition)).exactOptional(),
        })
        .exactOptional(),
      catchUpHorizon: duration.exactOptional(),
      participantAcceptedMeansConfirmed: z.boolean().default(false),
      writeBack: z
        .strictObject({
          method: z.enum(['auto', 'patch', 'put']).exactOptional(),
          arrivedStatus: z.enum(['arrived', 'checked-in']).exactOptional(),
          patchTestOps: z.boolean().exactOptional(),
        })
        .exactOptional(),
      timeout: timeout.exactOptional(),
    })
    .refine(({ baseUrl, insecure }) => insecure || !isPlainAndRemote(baseUrl), {
      path: ['baseUrl'],
      error: 'patient data over plain http beyond this machine: use https, or say insecure: true if a private network protects it',
    })
}
