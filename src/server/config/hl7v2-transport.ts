import { z } from 'zod'
import { coded } from './connector-values.ts'
import type { SecretSource } from './values.ts'
import { isLoopback, port, secretSchema, timeout } from './values.ts'

const unlessLoopback = (what: string) =>
  `${what} without TLS beyond this machine: give tls, or say insecure: true if a private network protects it`

interface Place {
  readonly host: string
  readonly tls?: unknown
  readonly insecure: boolean
}

/** No patient leaves this machine in clear, unless somebody says so. */
const isProtected = ({ host, tls, insecure }: Place): boolean => tls !== undefined || insecure || isLoopback(host)

/** What an HL7 v2 connector says of its wires: who sends, where it listens, how it answers, and where answers of patients go. */
export function transport(source: SecretSource) {
  return {
    preset: z.string().exactOptional(),
    sources: z.array(sender).min(1).max(100).exactOptional(),
    ack: z
      .strictObject({
        onEr: z.boolean().exactOptional(),
        force: z.boolean().exactOptional(),
        mode: z.enum(['auto', 'original', 'enhanced']).exactOptional(),
        application: z.boolean().exactOptional(),
      })
      .exactOptional(),
    acceptBatchFrames: z.boolean().exactOptional(),
    listen: listen(source).exactOptional(),
    http: http(source).exactOptional(),
    writeBack: writeBack(source).exactOptional(),
  }
}

const sender = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w./-]{1,64}$/, { error: 'at most 64 letters, digits and . / - _' })
      .exactOptional(),
    application: z.string().min(1).exactOptional(),
    facility: z.string().min(1).exactOptional(),
    certificate: z.string().min(1).exactOptional(),
  })
  .refine(({ application, facility, certificate }) => [application, facility, certificate].some((each) => each !== undefined), {
    error: 'a source has an application, a facility or a certificate',
  })

function listen(source: SecretSource) {
  const pem = secretSchema(source)
  return z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port,
      tls: z.strictObject({ cert: pem, key: pem, ca: pem.exactOptional() }).exactOptional(),
      insecure: z.boolean().default(false),
      allow: z.array(z.string().min(1)).min(1).max(1000).exactOptional(),
      maxFrameBytes: z.int().min(1024).max(16_777_216).exactOptional(),
      maxConnections: z.int().min(1).max(10_000).exactOptional(),
      frameTimeout: timeout.exactOptional(),
    })
    .refine(isProtected, { path: ['host'], error: unlessLoopback('MLLP') })
}

function http(source: SecretSource) {
  return z
    .strictObject({
      tokens: z.array(secretSchema(source, 32)).max(2).default([]),
      users: z
        .array(
          z.strictObject({ user: z.string().regex(/^[^:]+$/, { error: 'a user without a colon' }), password: secretSchema(source, 32) }),
        )
        .max(2)
        .exactOptional(),
      forms: z.boolean().exactOptional(),
      statusFromAck: z.boolean().exactOptional(),
    })
    .refine(({ tokens, users = [] }) => tokens.length + users.length > 0, { error: 'a token or a user: without either nobody gets in' })
}

const methods = <const T extends readonly [string, ...string[]]>(...names: T) => z.array(z.enum(names)).max(names.length).exactOptional()

function writeBack(source: SecretSource) {
  const pem = secretSchema(source)
  const word = z.string().exactOptional()
  const reason = coded.exactOptional()
  return z
    .strictObject({
      host: z.string().min(1),
      port,
      tls: z
        .strictObject({
          ca: pem.exactOptional(),
          cert: pem.exactOptional(),
          key: pem.exactOptional(),
          serverName: z.string().exactOptional(),
        })
        .exactOptional(),
      insecure: z.boolean().default(false),
      ourApplication: z.string().exactOptional(),
      ourFacility: z.string().exactOptional(),
      theirApplication: z.string().exactOptional(),
      theirFacility: z.string().exactOptional(),
      confirm: methods('SIU^S14', 'SRM^S03'),
      cancel: methods('SIU^S15', 'SIU^S14', 'SRM^S04'),
      arrive: methods('SIU^S14', 'ADT^A10', 'ADT^A04'),
      answers: methods('ORU^R01', 'SIU^S14'),
      mayOpenVisit: z.boolean().exactOptional(),
      acknowledgement: z.enum(['original', 'enhanced']).exactOptional(),
      deleteResources: z.boolean().exactOptional(),
      statusWord: z.strictObject({ confirm: word, cancel: word, arrive: word }).exactOptional(),
      /** SCH-6. */
      reason: z.strictObject({ confirm: reason, cancel: reason, arrive: reason }).exactOptional(),
      ackTimeout: timeout.exactOptional(),
      connectTimeout: timeout.exactOptional(),
    })
    .refine(isProtected, { path: ['host'], error: unlessLoopback('MLLP') })
}
