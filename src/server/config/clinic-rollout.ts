import { z } from 'zod'
import type { Rollout } from '../../core/rollout.ts'

const someAddress = z.email({ error: 'an e-mail address' }).max(254)
const someNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'a number like "+14185550140"' })

/** How a clinic comes over to us; without it, it is live for everybody. */
export const rolloutSchema = z
  .strictObject({
    mode: z.enum(['off', 'shadow', 'live'], { error: 'off, shadow or live' }),
    percent: z.number().min(0).max(100).default(100),
    agendas: z.array(z.string().min(1)).max(10_000).exactOptional(),
    redirectTo: z
      .strictObject({ email: someAddress.exactOptional(), sms: someNumber.exactOptional() })
      .refine(({ email, sms }) => email !== undefined || sms !== undefined, {
        error: 'give email, sms, or both; without redirectTo patients are written to',
      })
      .exactOptional(),
    answersToChart: z.boolean().exactOptional(),
  })
  .transform((row): Rollout => row)
