import { csvLine, plainCell } from '../../core/csv.ts'
import type { Compared } from '../../core/rollout-compare.ts'

const head = ['verdict', 'kind', 'appointment', 'patient', 'ours_at', 'ours_channel', 'theirs_at', 'theirs_channel', 'reason'] as const

/** The lines as a file for a spreadsheet: ids and codes only, and no cell that it would take for a formula (R24). */
export function toCsv(lines: readonly Compared[]): string {
  return [csvLine(head), ...lines.map((line) => csvLine(cellsOf(line).map(plainCell)))].join('')
}

function cellsOf({ verdict, kind, appointmentId = '', patientId = '', we, they, reason = '' }: Compared): readonly string[] {
  const side = (at: Compared['they']) => [at?.at.toString() ?? '', at?.channel ?? '']
  return [verdict, kind, appointmentId, patientId, ...side(we), ...side(they), reason]
}

export function csvHeaders(clinicId: string): Record<string, string> {
  const name = clinicId.replace(/[^A-Za-z0-9_-]/g, '_')
  return { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}-comparison.csv"` }
}
