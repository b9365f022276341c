import { z } from 'zod'
import { duration } from './values.ts'

const ways = z.array(z.enum(['appointment', 'response', 'encounter'])).max(3)

/** How a patient's answer is brought to a FHIR server. */
export const writeBackSchema = z.strictObject({
  method: z.enum(['auto', 'patch', 'fhirpath', 'put']).exactOptional(),
  ways: z.strictObject({ confirm: ways.exactOptional(), cancel: ways.exactOptional(), arrive: ways.exactOptional() }).exactOptional(),
  answers: z.boolean().exactOptional(),
  confirmedBy: z.enum(['participant', 'booked']).exactOptional(),
  cancelReason: z
    .union([z.literal('none'), z.strictObject({ system: z.url(), code: z.string().min(1), display: z.string().exactOptional() })], {
      error: 'none, or a code: { system, code }',
    })
    .exactOptional(),
  byHand: z
    .strictObject({
      as: z.enum(['task', 'communication']),
      recipient: z
        .string()
        .regex(/^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}$/, { error: 'not a reference: write Group/12' })
        .exactOptional(),
    })
    .exactOptional(),
  arrivedStatus: z.enum(['arrived', 'checked-in']).exactOptional(),
  patchTestOps: z.boolean().exactOptional(),
  perSecond: z.int().min(1).max(100).exactOptional(),
  release: z.enum(['R4', 'R5']).exactOptional(),
})

const policy = z.enum(['send', 'wait', 'hold']).exactOptional()

/** Whether appointments are read again before something is said of them, and what is done where that cannot be. */
export const truthSchema = z.union(
  [
    z.literal('none'),
    z.strictObject({
      freshness: duration.prefault('PT15M'),
      confirmation: policy,
      reminder: policy,
      previsit: policy,
      change: policy,
      cancellation: policy,
      correction: policy,
      no_show: policy,
    }),
  ],
  { error: 'none, or for each kind of message send, wait or hold' },
)
