import type { Language } from '../../../core/words/language.ts'
import { partsTexts } from './texts.ts'

interface PagingProps {
  readonly language: Language
  /** Of the page before; absent on the first. */
  readonly previous?: string | undefined
  /** Of the page after; absent on the last. */
  readonly next?: string | undefined
  /** Where it is known: `Page 2 sur 20`. */
  readonly page?: number
  readonly pages?: number
}

/** One page of a long list by links. Nothing where there is one page only. */
export function Paging({ language, previous, next, page, pages }: PagingProps) {
  const texts = partsTexts[language]
  if (previous === undefined && next === undefined) return null
  return (
    <nav class="row" aria-label={texts.pages}>
      {previous !== undefined && (
        <a class="btn small" rel="prev" href={previous}>
          {texts.previous}
        </a>
      )}
      {page !== undefined && <span class="hint num">{texts.page(page, pages)}</span>}
      {next !== undefined && (
        <a class="btn small" rel="next" href={next}>
          {texts.next}
        </a>
      )}
    </nav>
  )
}

interface PageButtonsProps {
  readonly language: Language
  readonly page: number
  readonly pages: number
  readonly name: string
}

/** The same inside a form: what was edited on a page goes along to the next. */
export function PageButtons({ language, page, pages, name }: PageButtonsProps) {
  const texts = partsTexts[language]
  if (pages <= 1) return null
  return (
    <nav class="row" aria-label={texts.pages}>
      {page > 1 && (
        <button type="submit" class="btn small" name={name} value={page - 1}>
          {texts.previous}
        </button>
      )}
      <span class="hint num">{texts.page(page, pages)}</span>
      {page < pages && (
        <button type="submit" class="btn small" name={name} value={page + 1}>
          {texts.next}
        </button>
      )}
    </nav>
  )
}

/** The same address with another value of some of its parameters; an empty one goes. */
export function withQuery(address: string, changes: Readonly<Record<string, string | number | undefined>>): string {
  const [path = '', search = ''] = address.split('?')
  const query = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes))
    if (value === undefined || value === '') query.delete(name)
    else query.set(name, String(value))
  return query.size > 0 ? `${path}?${query}` : path
}
