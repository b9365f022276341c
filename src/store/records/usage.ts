import { flag, instant, number, record, text } from '../codec.ts'
import type { UsageRow } from '../port/usage.ts'
import { channel, kind } from './notification.ts'

export const usageRecord = record<UsageRow>({
  attemptId: text,
  clinicId: text,
  channel,
  kind,
  automatic: flag,
  capped: flag,
  contactHash: text,
  sentAt: instant,
  segments: number,
  price: number,
  currency: text,
  refused: flag,
})
