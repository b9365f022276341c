import { z } from 'zod'
import { duration, name, zone } from './values.ts'

export const origin = z.enum(['staff', 'patient_online', 'partner', 'kiosk', 'unknown'])
export const modality = z.enum(['onsite', 'video', 'phone', 'home', 'unknown'])
export const status = z.enum([
  'proposed',
  'pending',
  'waitlist',
  'booked',
  'arrived',
  'checked-in',
  'fulfilled',
  'noshow',
  'cancelled',
  'entered-in-error',
  'unknown',
])
export const paths = z.array(z.string().min(1)).min(1)

export const coded = z.strictObject({ code: z.string().min(1), text: z.string().exactOptional() })

export const base = {
  id: name,
  clinic: name,
  zone,
  /** ISO 3166-1, of phone numbers written without a country. */
  region: z.string().regex(/^[A-Z]{2}$/, { error: 'two capital letters of ISO 3166-1: FR, CA' }),
  cancelDebounce: duration.prefault('PT0S'),
  maxEventAge: duration.prefault('PT24H'),
}
