import { cleanLine } from './clean-text.ts'

/** Markup that is safe to write out; only `html` makes it. */
export interface Markup {
  readonly markup: string
}

type Value = string | number | Markup | readonly Markup[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Template tag: every text put into it is cleaned of what acts on a screen and escaped for content and quoted attributes (R24). */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: String.raw({ raw: parts }, ...values.map(write)) }
}

function write(value: Value): string {
  if (typeof value === 'string') return cleanLine(value).replace(/[&<>"']/g, (character) => entities[character] ?? '')
  if (typeof value === 'number') return String(value)
  if ('markup' in value) return value.markup
  return value.map(({ markup }) => markup).join('')
}
