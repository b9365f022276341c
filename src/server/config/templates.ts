import { z } from 'zod'
import { readCell } from '../../core/template/cell.ts'

/** `reminder.sms.onsite.fr` */
const cell = z.string().refine((key) => readCell(key) !== undefined, {
  error: 'kind.channel.modality.language: reminder.sms.onsite.fr, or confirmation.email.*.fr however the patient comes',
})

const line = z.string().min(1).max(300)

/** A clinic's own words; whether they are fit to be sent is for the lint to say. */
export const templatesSchema = z
  .record(cell, z.strictObject({ subject: line.exactOptional(), body: z.string().min(1).max(4_000) }))
  .superRefine((templates, context) => {
    for (const [key, { subject }] of Object.entries(templates))
      if (subject !== undefined && readCell(key)?.channel === 'sms')
        context.addIssue({ code: 'custom', path: [key, 'subject'], message: 'a text message has no subject: remove it' })
  })
