import { z } from 'zod'
import { base, coded, modality, origin, paths, status } from './connector-values.ts'
import type { SecretSource } from './values.ts'
import { isLoopback, port, secretSchema, timeout } from './values.ts'

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

const unlessLoopback = (what: string) =>
  `${what} without TLS beyond this machine: give tls, or say insecure: true if a private network protects it`

export function hl7v2Schema(source: SecretSource) {
  const pem = secretSchema(source)
  const tls = z.strictObject({ cert: pem, key: pem, ca: pem.exactOptional() })
  const clientTls = z.strictObject({
    ca: pem.exactOptional(),
    cert: pem.exactOptional(),
    key: pem.exactOptional(),
    serverName: z.string().exactOptional(),
  })
  return z.strictObject({
    ...base,
    protocol: z.literal('hl7v2'),
    charset: z.string().exactOptional(),
    forceCharset: z.string().exactOptional(),
    processingIds: z.array(z.string().length(1)).min(1).exactOptional(),
    ack: z.strictObject({ onEr: z.boolean().exactOptional(), force: z.boolean().exactOptional() }).exactOptional(),
    listen: z
      .strictObject({
        host: z.string().default('127.0.0.1'),
        port,
        tls: tls.exactOptional(),
        insecure: z.boolean().default(false),
        maxFrameBytes: z.int().min(1024).max(16_777_216).exactOptional(),
        maxConnections: z.int().min(1).max(10_000).exactOptional(),
        frameTimeout: timeout.exactOptional(),
      })
      .refine(({ host, tls, insecure }) => tls !== undefined || insecure || isLoopback(host), {
        path: ['host'],
        error: unlessLoopback('MLLP'),
      })
      .exactOptional(),
    http: z.strictObject({ tokens: z.array(secretSchema(source, 32)).min(1).max(2) }).exactOptional(),
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
    writeBack: z
      .strictObject({
        host: z.string().min(1),
        port,
        tls: clientTls.exactOptional(),
        insecure: z.boolean().default(false),
        ourApplication: z.string().default('RAPPEL'),
        ourFacility: z.string().default(''),
        theirApplication: z.string().default(''),
        theirFacility: z.string().default(''),
        statusWord: z
          .strictObject({ confirm: z.string().exactOptional(), cancel: z.string().exactOptional(), arrive: z.string().exactOptional() })
          .exactOptional(),
        /** SCH-6. */
        reason: z
          .strictObject({ confirm: coded.exactOptional(), cancel: coded.exactOptional(), arrive: coded.exactOptional() })
          .exactOptional(),
        ackTimeout: timeout.exactOptional(),
        connectTimeout: timeout.exactOptional(),
      })
      .refine(({ host, tls, insecure }) => tls !== undefined || insecure || isLoopback(host), {
        path: ['host'],
        error: unlessLoopback('MLLP'),
      })
      .exactOptional(),
  })
}
