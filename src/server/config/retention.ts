import { z } from 'zod'

const days = (least: number, usual: number) => z.int().min(least).max(36_500).default(usual)

/** How many days each kind of record is kept (R39). What a person decided (settings, opt-outs, consents) and the audit's rows have no limit. */
export const retentionSchema = z
  .strictObject({
    /** After they were acted on; the last one of an appointment stays as long as it. A repeat is recognised for a month at least. */
    envelopes: days(30, 90),
    /** After they began, with all that was sent and answered about them; a patient goes with their last one. */
    appointments: days(30, 730),
    /** That a text came, and what it was taken for: never its words. */
    inboundTexts: days(7, 90),
    /** What stands beside an audit row; the row itself stays. */
    auditDetails: days(90, 1_095),
  })
  .prefault({})

export type Retention = z.output<typeof retentionSchema>
