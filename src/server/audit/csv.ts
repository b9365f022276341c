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
  return [names, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
