import type { TemplateFailure } from './own-words.ts'

export type FindingCode =
  | TemplateFailure
  | 'unknown_variable'
  | 'misplaced_variable'
  | 'health_word'
  | 'foreign_address'
  | 'carrier_word'
  | 'outside_gsm7'
  | 'segments'
  | 'no_opt_out'
  | 'no_time'
  | 'long_subject'

/** One thing to mend, or to know, about a template. An error is not saved. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: 'error' | 'warning'
  readonly field: 'subject' | 'body'
  readonly says: { readonly fr: string; readonly en: string }
  /** The same text with nothing of it that costs. */
  readonly instead?: string
  readonly line?: number
  readonly column?: number
}
