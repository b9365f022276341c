import type { Language } from '../../../core/words/language.ts'
import { partsTexts } from './texts.ts'

export interface FieldError {
  /** Of the control it is about; absent: of the whole form. */
  readonly field?: string
  readonly says: string
}

/** What is to be mended, before the `h1`: each sentence leads to its control. Nothing where nothing is wrong. */
export function ErrorSummary({ language, errors }: { readonly language: Language; readonly errors: readonly FieldError[] }) {
  if (errors.length === 0) return null
  return (
    <div class="summary" role="alert" tabindex={-1}>
      <h2>{partsTexts[language].errors(errors.length)}</h2>
      <ul>
        {errors.map(({ field, says }) => (
          <li>{field === undefined ? says : <a href={`#${field}`}>{says}</a>}</li>
        ))}
      </ul>
    </div>
  )
}
