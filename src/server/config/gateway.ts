import { z } from 'zod'
import type { SecretSource } from './values.ts'
import { isPlainAndRemote, secretSchema, timeout } from './values.ts'

/** A gateway's word or code, which YAML may read as a number. */
const word = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const words = z.array(word).max(200)

/** `messages.0.id`. */
const path = z.string().regex(/^[^.\s]+(?:\.[^.\s]+)*$/, { error: 'names and places with dots between them: messages.0.id' })

const header = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'the name of a header' })

/** `insecure` says nothing here: a gateway is https, or on this machine. */
const address = z
  .url({ protocol: /^https?$/, error: 'not an http or https address' })
  .refine((text) => !/[?#]/.test(text), { error: 'an address ends before any ? or #: use query' })
  .refine((text) => !isPlainAndRemote(text), { error: 'messages over plain http beyond this machine: use https' })

/** A gateway for texts, described by what it wants and what it answers. */
export function gatewaySchema(source: SecretSource) {
  const authenticated = { header, secret: secretSchema(source, 16) }
  const texts = z.record(z.string().min(1), z.string()).default({})
  return z.strictObject({
    provider: z.literal('http'),
    url: address,
    method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
    from: z.string().exactOptional(),
    secrets: z.record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,30}$/, { error: 'letters and digits' }), secretSchema(source)).default({}),
    headers: texts,
    query: texts,
    form: z.record(z.string().min(1), z.string()).exactOptional(),
    json: z.json().exactOptional(),
    success: z.strictObject({ path: path.exactOptional(), in: words.min(1).exactOptional(), id: path.exactOptional() }).prefault({}),
    errors: z
      .strictObject({
        path: path.exactOptional(),
        rejected: words.default([]),
        optedOut: words.default([]),
        account: words.default([]),
        later: words.default([]),
      })
      .prefault({}),
    reports: z
      .strictObject({
        ...authenticated,
        id: path,
        status: path,
        attempt: path.exactOptional(),
        error: path.exactOptional(),
        delivered: words.min(1),
        failed: words.default([]),
        sent: words.default([]),
      })
      .exactOptional(),
    inbound: z.strictObject({ ...authenticated, id: path, from: path, text: path }).exactOptional(),
    timeout: timeout.prefault('PT15S'),
  })
}
