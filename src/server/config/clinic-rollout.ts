import { isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import type { LogMapping } from '../../core/rollout-mapping.ts'
import type { Rollout } from '../../core/rollout-terms.ts'

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

const column = z.string().min(1).max(100)
const channel = z.enum(['email', 'sms', 'push'])
const kind = z.enum(['confirmation', 'reminder', 'change', 'cancellation', 'no_show'])
const word = z.string().max(100)

/** How the log of the system that was there before is read; its columns as its first line calls them. */
export const incumbentLogSchema = z
  .strictObject({
    columns: z.strictObject({
      when: z.union([column.transform((one) => [one]), z.array(column).min(1).max(2)], { error: 'a column, or the day’s and the hour’s' }),
      channel: column.exactOptional(),
      kind: column.exactOptional(),
      outcome: column.exactOptional(),
      appointment: column.exactOptional(),
      patient: column.exactOptional(),
      contact: column.exactOptional(),
    }),
    channel: channel.exactOptional(),
    kind: kind.exactOptional(),
    channels: z.record(word, z.enum([...channel.options, 'ignore'])).exactOptional(),
    kinds: z.record(word, z.enum([...kind.options, 'ignore'])).exactOptional(),
    outcomes: z.record(word, z.enum(['sent', 'failed', 'ignore'])).exactOptional(),
    connector: z.string().min(1).max(100).exactOptional(),
    country: z.string().refine(isSupportedCountry, { error: 'a country of ISO 3166, like CA' }).exactOptional(),
    keepDays: z.int().min(1).max(400).exactOptional(),
  })
  .refine(({ columns: { appointment, patient, contact } }) => appointment ?? patient ?? contact, {
    path: ['columns'],
    error: 'name the column of the appointment, of the patient or of the contact',
  })
  .refine(({ columns, channel }) => columns.channel ?? channel, {
    path: ['columns', 'channel'],
    error: 'name the column, or say channel for all rows',
  })
  .refine(({ columns, kind }) => columns.kind ?? kind, { path: ['columns', 'kind'], error: 'name the column, or say kind for all rows' })
  .transform((row): LogMapping => row)
