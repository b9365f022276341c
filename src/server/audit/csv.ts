import { csvLine, plainCell } from '../../core/csv.ts'
import type { AuditRow } from './search.ts'

const names = ['seq', 'at', 'actor', 'action', 'subject', 'detail'] as const

/** RFC 4180; a cell that a spreadsheet would reckon with begins with an apostrophe (R24). */
export function auditCsv(rows: readonly AuditRow[]): string {
  const lines = rows.map(({ seq, at, actor, action, subject, detail }) => [
    seq === undefined ? '' : String(seq),
    at.toString(),
    actor,
    action,
    subject,
    detail ? JSON.stringify(detail) : '',
  ])
  return [names, ...lines].map((cells) => csvLine(cells.map(plainCell), '\r\n')).join('')
}
