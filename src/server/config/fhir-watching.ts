import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { SecretSource } from './values.ts'
import { duration, secretSchema } from './values.ts'

const least = Temporal.Duration.from({ seconds: 10 })
const interval = duration.refine((value) => Temporal.Duration.compare(value, least) >= 0, {
  error: 'PT10S at least: an EHR is not hammered',
})
const more = duration.refine((value) => value.sign > 0, { error: 'more than nothing' })

/** Who may notify: a secret in a header, a signature of the body, or both. */
export function hookSchema(source: SecretSource) {
  return z
    .strictObject({
      secrets: z.array(secretSchema(source, 32)).max(2).default([]),
      header: z.string().exactOptional(),
      pathTokens: z
        .array(secretSchema(source, 22))
        .min(1)
        .max(2)
        .refine((tokens) => tokens.every((token) => /^[A-Za-z0-9_-]+$/.test(token)), {
          error: 'of letters, digits, - and _: it stands in an address',
        })
        .exactOptional(),
      signature: z
        .strictObject({
          header: z.string().regex(/^[A-Za-z0-9-]+$/, { error: 'the name of a header: X-Signature, X-Hub-Signature' }),
          scheme: z.enum(['hex', 'sha256=']).default('hex'),
          secrets: z.array(secretSchema(source, 32)).min(1).max(2),
        })
        .exactOptional(),
    })
    .refine(({ secrets, signature }) => secrets.length > 0 || signature, {
      path: ['secrets'],
      error: 'anybody could notify: give one or two secrets, or a signature',
    })
}

/** How the EHR is asked for what no notification told. */
export const pollSchema = z
  .strictObject({
    mode: z.enum(['lastUpdated', 'history', 'window', 'none']).exactOptional(),
    every: interval.prefault('PT5M'),
    horizon: more.exactOptional(),
    /** PT0S: never. */
    sweepEvery: duration.exactOptional(),
    by: z.enum(['actor', 'practitioner', 'location', 'patient']).exactOptional(),
    actors: z
      .array(z.string().regex(/^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}$/, { error: 'not a reference: write Practitioner/12' }))
      .min(1)
      .max(500)
      .exactOptional(),
    rewriteNextLinks: z.boolean().exactOptional(),
  })
  .refine(({ by, actors }) => (by === undefined) === (actors === undefined), { path: ['actors'], error: 'by and actors go together' })

const extension = z.array(z.record(z.string(), z.json())).min(1)

/** The Subscription that is created at the EHR and looked after. */
export const subscriptionSchema = z
  .strictObject({
    kind: z.enum(['criteria', 'topic', 'none']),
    every: interval.prefault('PT5M'),
    criteria: z.string().min(1).exactOptional(),
    topics: z
      .array(z.url({ error: 'not the canonical address of a SubscriptionTopic' }))
      .min(1)
      .max(20)
      .exactOptional(),
    filter: z
      .string()
      .regex(/^Appointment\?/, { error: 'write Appointment?location=Location/12' })
      .exactOptional(),
    payload: z.enum(['empty', 'id-only', 'full-resource']).exactOptional(),
    heartbeat: more.exactOptional(),
    timeout: more.exactOptional(),
    maxCount: z.int().min(1).max(1_000).exactOptional(),
    initialStatus: z.enum(['requested', 'active']).exactOptional(),
    extension: extension.exactOptional(),
    channelExtension: extension.exactOptional(),
    release: z.enum(['auto', 'R4', 'R4B', 'R5']).exactOptional(),
    eventNumbers: z.enum(['subscription', 'none']).exactOptional(),
    gapWait: duration.exactOptional(),
  })
  .refine(({ kind, topics }) => (kind === 'topic') === (topics !== undefined), {
    path: ['topics'],
    error: 'topics and kind: topic go together',
  })
  .refine(({ kind, criteria }) => kind === 'criteria' || criteria === undefined, { path: ['criteria'], error: 'only of kind: criteria' })
