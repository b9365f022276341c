import type { Message } from '../core/message.ts'
import { cleanLine } from './clean-text.ts'

/** The plain twin of the e-mail: the same words in the same order, the address on a line of its own. */
export function emailText({ clinic, words }: Message): string {
  const paragraphs = [
    [clinic.name],
    [words.title, words.day, words.time],
    ...words.lines.map((line) => [line]),
    [words.action.label, words.action.url],
    ...words.asides.map((aside) => [aside]),
    [...words.footer, words.elsewhere?.text ?? ''],
  ]
  return `${paragraphs.map(joinLines).filter(Boolean).join('\n\n')}\n`
}

function joinLines(lines: readonly string[]): string {
  return lines.map(cleanLine).filter(Boolean).join('\n')
}
