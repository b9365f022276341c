import type { AppointmentChange } from '../../../core/change.ts'
import type { Fault } from '../../../core/envelope.ts'
import type { Bilingual } from '../../../core/explain/words.ts'
import { both } from '../../../core/explain/words.ts'
import { sayExplained } from '../../explain/why.ts'
import type { Face, Said } from '../../mapping/change-said.ts'
import { plain, sayChange, sayNews } from '../../mapping/change-said.ts'
import type { Inspection } from '../../mapping/inspection.ts'
import { warningWordsOf } from '../../mapping/warning-words.ts'

/** One message for a person at a terminal: its fields by name, what it means, and what would be decided. */
export function sayInspection({ shown, result, appointments }: Inspection, index: number, face: Face): string {
  const say = (text: Bilingual) => text[face.language]
  const lines = [
    [`— ${index}`, shown?.type, shown?.controlId].filter(Boolean).join(' · '),
    ...tableOf(shown?.fields.map(({ at, name = '', value }) => [at, name, plain(value)]) ?? []),
    '',
  ]
  switch (result.kind) {
    case 'changes':
      for (const change of result.changes) lines.push(...changeLines(change, face))
      for (const news of result.news ?? []) lines.push(newsLine(sayNews(news, face.language)))
      break
    case 'ignored':
      lines.push(`${say(words.ignored)} ${result.reason}`)
      break
    case 'unreadable':
      lines.push(`${say(words.unreadable)} ${sayFault(result.fault)}`)
      break
    case 'hint':
      lines.push(say(words.hint))
      break
    default:
      return result satisfies never
  }
  for (const appointment of appointments) lines.push('', sayExplained(appointment, face.language, face.now).trimEnd())
  return `${lines.join('\n')}\n\n`
}

const words = {
  ignored: both('Reçu sans effet :', 'Taken without effect:'),
  unreadable: both('Illisible, irait en quarantaine :', 'Cannot be read, would go to quarantine:'),
  hint: both('Un signal : à relire dans le DSE.', 'A hint: to be read back from the EHR.'),
  warnings: both('Avertissements', 'Warnings'),
}

function changeLines(change: AppointmentChange, face: Face): string[] {
  const warnings = change.warnings.map((code) => [code, warningWordsOf(code)?.[face.language] ?? ''])
  return [
    ...tableOf(sayChange(change, face).map(({ label, value }) => [label, value])),
    ...(warnings.length > 0 ? [`${words.warnings[face.language]}`, ...tableOf(warnings)] : []),
  ]
}

const newsLine = ({ label, value }: Said): string => `${label} : ${value}`

export function sayFault({ kind, code, at, text }: Fault): string {
  return [at, text, `(${kind} ${code})`].filter(Boolean).join(' ')
}

/** Columns as wide as their widest; two spaces before and between. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    `  ${row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')}`.trimEnd(),
  )
}
