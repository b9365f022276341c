import type { Temporal } from 'temporal-polyfill'
import type { Question } from '../../core/inbound/question.ts'

/** Texts that people sent us. */
export interface InboundTextsTable {
  /** False: it has been heard before (R30). `said`: a code of what was answered. */
  insert(text: InboundRecord): Promise<boolean>
  answer(id: string, said: string): Promise<void>
  /** The codes of what was answered to one number since then (included). */
  answersTo(contactHash: string, since: Temporal.Instant): Promise<readonly string[]>
}

/** What each number (E.164) was last asked by text. */
export interface QuestionsTable {
  find(contact: string): Promise<Question | undefined>
  save(question: Question): Promise<void>
  close(contact: string): Promise<void>
}

/** One text that came: no word of it, and its sender by a hash. */
export interface InboundRecord {
  readonly id: string
  readonly contactHash: string
  readonly receivedAt: Temporal.Instant
}
