import { z } from 'zod'
import type { SecretSource } from './values.ts'
import { isPlainAndRemote, secretSchema } from './values.ts'

/** Traces by OTLP over HTTP; without it nothing of OpenTelemetry is loaded. No patient data is in them, and they leave this machine all the same. */
export function telemetrySchema(source: SecretSource) {
  return z
    .strictObject({
      /** Of the collector, path included: `http://127.0.0.1:4318/v1/traces`. */
      otlp: z.url({ protocol: /^https?$/, error: 'not an http or https address' }),
      insecure: z.boolean().default(false),
      /** Of each request. */
      headers: z.record(z.string(), secretSchema(source)).default({}),
      /** One trace in so many: 1 is each. */
      sample: z.number().gt(0).max(1).default(1),
    })
    .refine(({ otlp, insecure }) => insecure || !isPlainAndRemote(otlp), {
      path: ['otlp'],
      error: 'traces would cross a network in clear: use https',
    })
}
