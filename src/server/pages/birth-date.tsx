import type { Child } from 'hono/jsx'
import type { Language } from '../../core/words/language.ts'
import { textsIn } from './texts.ts'

/** `refused` says the same of a wrong date and of one too many. */
export type BirthDateFault = 'unreadable' | 'refused'

export function sayFault(language: Language, fault: BirthDateFault): string {
  return textsIn(language).birthDate[fault]
}

interface BirthDateFormProps {
  readonly language: Language
  /** Where it is sent. */
  readonly action: string
  /** What the date is good for. */
  readonly why: string
  readonly fault?: BirthDateFault | undefined
  /** Of the fault, where it has one of its own. */
  readonly sentence?: string | undefined
  /** Asked beside it. */
  readonly children?: Child
}

/** Three fields of figures, as the design has them; what was typed is not shown again, since the page may be somebody else's. */
export function BirthDateForm({ language, action, why, fault, sentence, children }: BirthDateFormProps) {
  const { legend, example, day, month, year, go } = textsIn(language).birthDate
  const invalid = fault && ({ 'aria-invalid': 'true', 'aria-describedby': 'fault' } as const)
  return (
    <form class="slip" method="post" action={action}>
      <div class="in stack">
        <fieldset>
          <legend>
            {legend}
            <span class="hint">{example}</span>
          </legend>
          {fault && (
            <p class="error" id="fault">
              {sentence ?? sayFault(language, fault)}
            </p>
          )}
          <div class="date">
            <div class="field">
              <label for="day">{day}</label>
              <input id="day" name="day" inputmode="numeric" autocomplete="bday-day" maxlength={2} required {...invalid} />
            </div>
            <div class="field">
              <label for="month">{month}</label>
              <input id="month" name="month" inputmode="numeric" autocomplete="bday-month" maxlength={2} required {...invalid} />
            </div>
            <div class="field">
              <label for="year">{year}</label>
              <input id="year" name="year" class="year" inputmode="numeric" autocomplete="bday-year" maxlength={4} required {...invalid} />
            </div>
          </div>
        </fieldset>
        {children}
        <input type="hidden" name="lang" value={language} />
        <div class="actions">
          <button type="submit" class="btn go">
            {go}
          </button>
        </div>
        <p class="hint">{why}</p>
      </div>
    </form>
  )
}
