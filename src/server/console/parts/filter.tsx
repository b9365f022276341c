import type { Child } from 'hono/jsx'
import type { Language } from '../../../core/words/language.ts'
import { partsTexts } from './texts.ts'

interface FilterProps {
  readonly language: Language
  /** What is searched, as the landmark is called. */
  readonly label: string
  /** The page itself, unless told. */
  readonly action?: string
  /** Fields with their labels: `SearchField`, `Select` behind a `label.sr`. */
  readonly children?: Child
}

/** What a list is narrowed by, in its address. Never of a patient's name: such a search is a POST. */
export function Filter({ language, label, action, children }: FilterProps) {
  return (
    <search aria-label={label}>
      <form class="row" method="get" {...(action && { action })}>
        {children}
        <button type="submit" class="btn">
          {partsTexts[language].filter}
        </button>
      </form>
    </search>
  )
}

interface SearchFieldProps {
  readonly id: string
  readonly name: string
  /** Read aloud; shown where the field has no label of its own. */
  readonly label: string
  readonly value: string | undefined
  readonly form?: string
}

export function SearchField({ id, name, label, value = '', form }: SearchFieldProps) {
  return (
    <>
      <label class="sr" for={id}>
        {label}
      </label>
      <input class="auto" id={id} name={name} type="search" placeholder={label} value={value} maxlength={200} {...(form && { form })} />
    </>
  )
}
