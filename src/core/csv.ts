export interface CsvLine {
  /** Where it begins in the file, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

const MOST_CELL = 4_000

/** RFC 4180, in one pass; comma, semicolon or tab. A quoted cell may hold separators, quotes (doubled) and line ends; a longer cell than 4,000 is cut. */
export function parseCsv(text: string): CsvLine[] {
  const separator = separatorOf(text)
  const lines: CsvLine[] = []
  let [cells, cell, quoted, line, begun]: [string[], string, boolean, number, number] = [[], '', false, 1, 1]
  const endCell = () => {
    cells.push(cell.slice(0, MOST_CELL))
    cell = ''
  }
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\n') line += 1
    if (quoted) {
      if (character !== '"') cell += character
      else if (text.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === separator) endCell()
    else if (character === '\n') {
      endCell()
      lines.push({ line: begun, cells })
      ;[cells, begun] = [[], line]
    } else if (character !== '\r') cell += character
  }
  if (cell !== '' || cells.length > 0) {
    endCell()
    lines.push({ line: begun, cells })
  }
  return lines
}

/** Whichever stands first in the line of names. */
function separatorOf(text: string): string {
  return /[,;\t]/.exec(text.slice(0, MOST_CELL))?.[0] ?? ','
}

/** One line, ended. */
export function csvLine(cells: readonly string[], end: '\n' | '\r\n' = '\n'): string {
  return `${cells.map((cell) => (/[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}${end}`
}

/** A cell that no spreadsheet takes for a formula (R24): what begins like one is shown as it is written. */
export function plainCell(text: string): string {
  return /^(?:[\t\r\n]|\s*[=+\-@|%＝＋－＠])/.test(text) ? `'${text}` : text
}
