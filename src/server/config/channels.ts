import { z } from 'zod'
import { gatewaySchema } from './gateway.ts'
import type { SecretSource } from './values.ts'
import { isLoopback, isPlainAndRemote, port, secretSchema, timeout, webAddress } from './values.ts'

/** Twilio, or any gateway that takes one request for each text. */
export function smsSchema(source: SecretSource) {
  return z.discriminatedUnion('provider', [twilioSchema(source), gatewaySchema(source)], { error: 'provider is twilio or http' })
}

function twilioSchema(source: SecretSource) {
  return z
    .strictObject({
      provider: z.literal('twilio'),
      accountSid: z.string().regex(/^AC[0-9a-f]{32}$/, { error: 'AC and 32 hexadecimal digits' }),
      authToken: secretSchema(source),
      from: z.string().exactOptional(),
      messagingServiceSid: z.string().exactOptional(),
      /** Twilio answers STOP, START and HELP of this number by itself. */
      answersKeywords: z.boolean().default(true),
      /** Another endpoint that keeps Twilio's contract. */
      baseUrl: webAddress.exactOptional(),
      insecure: z.boolean().default(false),
      timeout: timeout.prefault('PT15S'),
    })
    .refine(({ from, messagingServiceSid }) => (from === undefined) !== (messagingServiceSid === undefined), {
      path: ['from'],
      error: 'give from, or messagingServiceSid, and not both',
    })
    .refine(({ baseUrl, insecure }) => baseUrl === undefined || insecure || !isPlainAndRemote(baseUrl), {
      path: ['baseUrl'],
      error: 'messages over plain http beyond this machine: use https',
    })
}

export function emailSchema(source: SecretSource) {
  return z
    .strictObject({
      provider: z.literal('smtp'),
      host: z.string().min(1),
      port,
      /** TLS from the first byte (465); else STARTTLS is demanded, except on this machine. */
      secure: z.boolean().default(false),
      insecure: z.boolean().default(false),
      user: z.string().exactOptional(),
      password: secretSchema(source).exactOptional(),
      from: z.strictObject({ name: z.string().min(1).exactOptional(), address: z.email() }),
      replyTo: z.email().exactOptional(),
      /** Of whoever signs: by them the doctor finds the keys. */
      dkimSelectors: z
        .array(z.string().regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/i, { error: 'a DKIM selector: letters, digits, dots and hyphens' }))
        .max(5)
        .default([]),
      timeout: timeout.prefault('PT15S'),
    })
    .refine(({ user, password }) => (user === undefined) === (password === undefined), {
      path: ['user'],
      error: 'user and password go together',
    })
    .refine(({ user, insecure, host }) => !(user && insecure && !isLoopback(host)), {
      path: ['insecure'],
      error: 'a password is never sent in clear',
    })
}

const base64url = z.string().regex(/^[\w-]+$/, { error: 'base64url, as npx web-push generate-vapid-keys writes it' })

export function pushSchema(source: SecretSource) {
  return z.strictObject({
    vapid: z.strictObject({
      subject: z
        .string()
        .regex(/^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/, { error: 'mailto: or https:, where push services may write about us' }),
      publicKey: base64url,
      privateKey: secretSchema(source, 32),
    }),
    /** Of push services beside the browsers' own. */
    endpoints: z
      .array(
        webAddress.refine((address) => !isPlainAndRemote(address) && new URL(address).pathname === '/', { error: 'https, without a path' }),
      )
      .max(20)
      .default([]),
    timeout: timeout.prefault('PT15S'),
  })
}
