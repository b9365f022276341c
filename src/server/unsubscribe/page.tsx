import type { ClinicShown } from '../../core/appointment-shown.ts'
import type { Language } from '../../core/words/language.ts'
import { renderPage } from '../pages/layout.tsx'
import { unsubscribeTexts } from './texts.ts'

export interface UnsubscribePage {
  readonly state: 'ask' | 'done' | 'again'
  readonly clinic: Pick<ClinicShown, 'name' | 'phone'>
  readonly language: Language
}

/** Says what stops and what does not; the button changes it, the page alone nothing (R26). */
export function renderUnsubscribe({ state, clinic, language }: UnsubscribePage): string {
  const texts = unsubscribeTexts(language)
  const { title, lines, button } = texts[state]
  const choice = state === 'done' ? 'again' : 'stop'
  return renderPage({
    language,
    title,
    clinic: clinic.name,
    children: (
      <article class="slip off">
        <div class="in stack">
          <h1>{title}</h1>
          {lines.map((line) => (
            <p>{line}</p>
          ))}
          <form method="post">
            <input type="hidden" name="choice" value={choice} />
            <input type="hidden" name="lang" value={language} />
            <button class={state === 'ask' ? 'btn go' : 'btn'} type="submit">
              {button}
            </button>
          </form>
          {clinic.phone === undefined ? null : <p>{texts.call(clinic.phone)}</p>}
        </div>
      </article>
    ),
  })
}
