import type { Child } from 'hono/jsx'
import type { Choices } from '../../core/patient-choices.ts'
import type { Language } from '../../core/words/language.ts'
import type { SideContext } from './side-page.tsx'
import { renderSidePage } from './side-page.tsx'
import { textsIn } from './texts.ts'

/** Each in its own language, whatever the page's. */
const languages: Readonly<Record<Language, string>> = { fr: 'Français', en: 'English' }

export interface ChoicesContext extends SideContext {
  readonly saved: boolean
}

/** Language, channels and reminders in one form, as they stand: sent back untouched, nothing changes. */
export function renderChoicesPage(context: ChoicesContext, choices: Choices): string {
  const { language, saved } = context
  const { choices: texts } = textsIn(language)
  return renderSidePage({
    context,
    title: texts.title,
    ...(saved && {
      said: (
        <div class="note toast" role="status">
          <div>
            <p>
              <b>{texts.saved.fact}</b> {texts.saved.rest}
            </p>
          </div>
        </div>
      ),
    }),
    children: (
      <form class="stack" method="post" action="choices">
        <Question name="language" label={texts.language} chosen={choices.language}>
          {Object.entries(languages).map(([value, label]) => ({ value, label, lang: value }))}
        </Question>
        {choices.channels && (
          <Question name="channels" label={texts.channels} chosen={choices.channels}>
            {Object.entries(texts.channel).map(([value, label]) => ({ value, label }))}
          </Question>
        )}
        {choices.email && (
          <Question name="reminders" label={texts.reminders} chosen={choices.email.reminders ? 'on' : 'off'}>
            {[
              { value: 'on', label: texts.remindersOn },
              { value: 'off', label: texts.remindersOff },
            ]}
          </Question>
        )}
        {choices.texted && <p class="hint">{texts.stopTexts}</p>}
        <div class="actions">
          <button type="submit" class="btn go">
            {texts.save}
          </button>
        </div>
      </form>
    ),
  })
}

interface QuestionProps {
  readonly name: string
  readonly label: string
  readonly chosen: string
  readonly children: readonly { readonly value: string; readonly label: string; readonly lang?: string }[]
}

function Question({ name, label, chosen, children }: QuestionProps): Child {
  return (
    <fieldset>
      <legend>{label}</legend>
      <div>
        {children.map((answer) => (
          <label class="choice" lang={answer.lang}>
            <input type="radio" name={name} value={answer.value} checked={answer.value === chosen} /> <span>{answer.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
