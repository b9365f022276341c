import type { Page } from '../../core/questionnaire/questionnaire.ts'
import { allQuestions } from '../../core/questionnaire/questionnaire.ts'
import type { Typed } from '../../core/questionnaire/typed.ts'
import { longestTyped, mostTyped } from '../../core/questionnaire/typed.ts'

/** What was typed before, with the fields of one page as a form now has them: `q.<linkId>`, and `o.<linkId>` for words of one's own. */
export function typedIn(before: Typed, page: Page, form: URLSearchParams): Typed {
  const now = allQuestions(page.items).map(({ linkId, type }): readonly [string, readonly string[]] => {
    const fields = form.getAll(`q.${linkId}`).slice(0, mostTyped)
    const own =
      type === 'open-choice'
        ? form
            .getAll(`o.${linkId}`)
            .slice(0, 1)
            .map((text) => `~${text}`)
        : []
    // one character more than may be: the reader then says that it is too long
    return [
      linkId,
      [...fields, ...own]
        .map((text) => text.replaceAll('\r\n', '\n').slice(0, longestTyped + 1))
        .filter((text) => text.trim() !== '' && text !== '~'),
    ]
  })
  return Object.fromEntries([...Object.entries(before), ...now])
}

/** The fields of answers in a form, to be carried through the question for the birth date. */
export function carriedIn(form: URLSearchParams): readonly (readonly [string, string])[] {
  return [...form].filter(([name]) => /^([qo]\.|at$|go$)/.test(name)).slice(0, 500)
}
