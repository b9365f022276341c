import { z } from 'zod'
import { base, modality, origin, paths } from './connector-values.ts'
import { truthSchema, writeBackSchema } from './fhir-speaking.ts'
import { hookSchema, pollSchema, subscriptionSchema } from './fhir-watching.ts'
import type { SecretSource } from './values.ts'
import { isPlainAndRemote, secretSchema, timeout, webAddress } from './values.ts'

const fhirCondition = {
  path: z.string().min(1),
  equals: z.string().exactOptional(),
  in: z.array(z.string()).exactOptional(),
  regex: z.string().exactOptional(),
}

function fhirRule<T extends z.ZodType>(value: T) {
  return z.strictObject({ ...fhirCondition, value })
}

/** Where one site's FHIR resources hold what the standard has no one place for. */
export const fhirMapping = z.strictObject({
  agenda: paths.exactOptional(),
  motif: paths.exactOptional(),
  origin: z.array(fhirRule(origin)).exactOptional(),
  modality: z.array(fhirRule(modality)).exactOptional(),
  excused: z.array(z.strictObject(fhirCondition)).exactOptional(),
  confirmed: z.array(z.strictObject(fhirCondition)).exactOptional(),
})

const oauth = { clientId: z.string().min(1), scope: z.string().min(1).exactOptional(), tokenEndpoint: webAddress.exactOptional() }

export function fhirSchema(source: SecretSource) {
  const secret = secretSchema(source)
  return z
    .strictObject({
      ...base,
      protocol: z.literal('fhir'),
      preset: z.string().exactOptional(),
      baseUrl: webAddress,
      insecure: z.boolean().default(false),
      auth: z
        .discriminatedUnion(
          'kind',
          [
            z.strictObject({ kind: z.literal('none') }),
            z.strictObject({ kind: z.literal('bearer'), token: secret }),
            z.strictObject({ kind: z.literal('basic'), user: z.string(), password: secret }),
            z.strictObject({ kind: z.literal('header'), name: z.string().regex(/^[A-Za-z0-9-]+$/), value: secret }),
            z.strictObject({
              kind: z.literal('client-secret'),
              ...oauth,
              clientSecret: secret,
              send: z.enum(['basic', 'post']).exactOptional(),
            }),
            z.strictObject({
              kind: z.literal('smart'),
              ...oauth,
              keys: z
                .array(z.strictObject({ key: secret, kid: z.string().min(1).exactOptional() }))
                .min(1)
                .max(2),
              jwksUrl: webAddress.exactOptional(),
            }),
          ],
          { error: 'kind is none, bearer, basic, header, client-secret or smart' },
        )
        .prefault({ kind: 'none' }),
      tls: z
        .strictObject({ ca: secret.exactOptional(), cert: secret.exactOptional(), key: secret.exactOptional() })
        .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'cert and key go together' })
        .exactOptional(),
      allowPrivate: z.boolean().default(false),
      hook: hookSchema(source),
      poll: pollSchema.prefault({}),
      trustPayload: z.boolean().default(false),
      subscription: subscriptionSchema.exactOptional(),
      mapping: fhirMapping.exactOptional(),
      participantAcceptedMeansConfirmed: z.boolean().default(false),
      writeBack: writeBackSchema.exactOptional(),
      truthCheck: truthSchema.prefault({}),
      timeout: timeout.exactOptional(),
    })
    .refine(({ auth, insecure }) => insecure || !('tokenEndpoint' in auth) || !isPlainAndRemote(auth.tokenEndpoint ?? ''), {
      path: ['auth', 'tokenEndpoint'],
      error: 'our credentials over plain http beyond this machine: use https',
    })
    .refine(({ baseUrl, insecure }) => insecure || !isPlainAndRemote(baseUrl), {
      path: ['baseUrl'],
      error: 'patient data over plain http beyond this machine: use https, or say insecure: true if a private network protects it',
    })
}
