import type { Temporal } from 'temporal-polyfill'
import type { AgendaBlock } from '../../core/news.ts'

/** Diaries closed for a time (S23, S24; a busy Slot), or open again. */
export interface BlocksTable {
  /** Known by clinic, agenda, start and end: the newest word is kept. */
  save(block: AgendaBlock): Promise<void>
  /** Of those that hold this instant (start included, end not), the one said last. */
  covering(clinicId: string, agendaKey: string, at: Temporal.Instant): Promise<AgendaBlock | undefined>
}
