import type { Words } from '../message.ts'
import type { Settings } from '../settings.ts'
import type { WordsInput } from '../words/story.ts'
import { storyOf } from '../words/story.ts'
import { wordsBy } from '../words.ts'
import type { Cell } from './cell.ts'
import { cellKey } from './cell.ts'
import type { TemplateFailure } from './own-words.ts'
import { ownWords } from './own-words.ts'
import type { ParseTemplate } from './parsed.ts'
import { samplesFor } from './samples.ts'
import type { Template } from './template.ts'

export interface PreviewInput {
  readonly cell: Cell
  /** One that is not saved yet; absent: what the settings have. */
  readonly template?: Template
  readonly settings: Settings
  readonly parse: ParseTemplate
  /** Of a real appointment; absent: of an invented one. */
  readonly about?: WordsInput
}

export interface Preview {
  /** The clinic's template it is written with; absent: the built-in words. */
  readonly template?: string
  /** Why the clinic's words are not the ones shown. */
  readonly failed?: TemplateFailure
  /** With `{link}` where a private address would be. */
  readonly words: Words
}

/** What a message of that cell would say (D3), by the way it takes when it leaves. */
export function previewWords({ cell, template, settings, parse, about }: PreviewInput): Preview {
  // a real appointment is come to as it is, whatever cell is being written
  const shown = template ? { ...settings, templates: { [cellKey({ ...cell, modality: '*' })]: template } } : settings
  const input = about ? { ...about, settings: shown } : samplesFor(cell, shown)[0]?.input
  if (!input) throw new Error('no sample')
  const story = storyOf(input)
  const words = wordsBy(cell.channel, story)
  const own = ownWords(input, story, cell.channel, parse)
  if (!own) return { words }
  return 'failed' in own ? { template: own.key, failed: own.failed, words } : { template: own.key, words: { ...words, ...own.words } }
}
