import type { Words } from '../message.ts'
import type { ChannelKind } from '../patient.ts'
import type { Story, WordsInput } from '../words/story.ts'
import { kindSaid, templateFor } from './cell.ts'
import type { ParseTemplate } from './parsed.ts'
import type { Template } from './template.ts'
import { LINK, valuesOf } from './values.ts'
import type { Spot } from './variables.ts'

/** Why a clinic's own words were not used: a code, for the count and the audit. */
export type TemplateFailure = 'unreadable' | 'unwritable' | 'empty' | 'too_long' | 'no_link'

/** A clinic's template for a message, and what came of it. */
export type OwnWords =
  | { readonly key: string; readonly words: Partial<Words> }
  /** The built-in words go in its place: a message is never kept back for its wording. */
  | { readonly key: string; readonly failed: TemplateFailure }

/** Segments that Twilio joins to one text: 10 of 160. */
const longestSms = 1_600
const longestLine = 200
const longestBody = 8_000

/** What a clinic has written for this message, in the place of the built-in words; undefined: it has written nothing. */
export function ownWords(input: WordsInput, story: Story, channel: ChannelKind, parse: ParseTemplate): OwnWords | undefined {
  const { news, modality, face } = story
  const found = templateFor(input.settings.templates, { kind: kindSaid(news, input.kind), channel, modality, language: face.language })
  if (!found) return undefined
  const { key, template } = found
  const write = (source: string, spot: Spot) => writeOne(source, () => valuesOf(input, story, spot), parse)
  const words = wordsOf(template, channel, write)
  return typeof words === 'string' ? { key, failed: words } : { key, words }
}

type Write = (source: string, spot: Spot) => { readonly text: string } | TemplateFailure

function wordsOf({ subject, body }: Template, channel: ChannelKind, write: Write): Partial<Words> | TemplateFailure {
  switch (channel) {
    case 'sms': {
      const written = write(body, 'sms')
      return typeof written === 'string' ? written : smsOf(written.text)
    }
    case 'email': {
      const written = write(body, 'email')
      const title = subject === undefined ? undefined : write(subject, 'subject')
      if (typeof written === 'string') return written
      return typeof title === 'string' ? title : emailOf(written.text, title?.text)
    }
    case 'push': {
      const [title, written] = [subject === undefined ? undefined : write(subject, 'push'), write(body, 'push')]
      if (typeof written === 'string') return written
      return typeof title === 'string' ? title : pushOf(written.text, title?.text)
    }
    default:
      return channel satisfies never
  }
}

function writeOne(source: string, values: () => ReturnType<typeof valuesOf>, parse: ParseTemplate): ReturnType<Write> {
  const parsed = parse(source)
  if (!parsed.ok) return 'unreadable'
  const text = parsed.render(values())
  return text === undefined ? 'unwritable' : { text }
}

function smsOf(text: string): Partial<Words> | TemplateFailure {
  const sms = text
    .split(/\s*\n\s*/)
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
  if (sms === '') return 'empty'
  if (sms.length > longestSms) return 'too_long'
  return sms.includes(LINK) ? { sms } : 'no_link'
}

/** Paragraphs stand apart by an empty line. The date, the link and the foot of the e-mail stay ours. */
function emailOf(text: string, title: string | undefined): Partial<Words> | TemplateFailure {
  const lines = text.split(/\n[ \t]*\n/).flatMap((paragraph) => inOneLine(paragraph) || [])
  const subject = title === undefined ? undefined : inOneLine(title)
  if (lines.length === 0 || subject === '') return 'empty'
  if (text.length > longestBody || (subject ?? '').length > longestLine) return 'too_long'
  return { ...(subject !== undefined && { subject }), preheader: lines[0] ?? '', lines }
}

function pushOf(text: string, title: string | undefined): Partial<Words> | TemplateFailure {
  const [preheader, subject] = [inOneLine(text), title === undefined ? undefined : inOneLine(title)]
  if (preheader === '' || subject === '') return 'empty'
  if (Math.max(preheader.length, (subject ?? '').length) > longestLine) return 'too_long'
  return { ...(subject !== undefined && { subject }), preheader }
}

function inOneLine(text: string): string {
  return text.replace(/\s*\n\s*|[ \t]+/g, ' ').trim()
}
