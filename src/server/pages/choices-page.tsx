import type { Child } from 'hono/jsx'
import type { Choices } from '../../core/patient-choices.ts'
import type { Language } from '../../core/words/language.ts'
import { pushScript } from './scripts.ts'
import type { SideContext } from './side-page.tsx'
import { renderSidePage } from './side-page.tsx'
import { textsIn } from './texts.ts'

/** Each in its own language, whatever the page's. */
const languages: Readonly<Record<Language, string>> = { fr: 'Français', en: 'English' }

export interface ChoicesContext extends SideContext {
  /** What came of what was sent: said once. `refused`: a browser of a service we do not write to. */
  readonly done?: 'saved' | 'refused'
  /** By which browsers register; absent: nobody writes to browsers here. */
  readonly key?: string
}

/** Language, channels and reminders in one form, as they stand: sent back untouched, nothing changes. */
export function renderChoicesPage(context: ChoicesContext, choices: Choices): string {
  const { language, done, key } = context
  const { choices: texts } = textsIn(language)
  const mayRegister = key !== undefined && choices.devices !== undefined
  return renderSidePage({
    context,
    title: texts.title,
    ...(mayRegister && { script: pushScript.path }),
    ...(done === 'saved' && { said: <Saved language={language} /> }),
    ...(done === 'refused' && { fault: texts.device.refused }),
    children: (
      <>
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
        {mayRegister && <Devices language={language} publicKey={key} devices={choices.devices ?? 0} />}
      </>
    ),
  })
}

function Saved({ language }: { readonly language: Language }) {
  const { saved } = textsIn(language).choices
  return (
    <div class="note toast" role="status">
      <div>
        <p>
          <b>{saved.fact}</b> {saved.rest}
        </p>
      </div>
    </div>
  )
}

/** Shown by the script alone, which fills it: without push there is nothing to choose. */
function Devices({ language, publicKey, devices }: { readonly language: Language; readonly publicKey: string; readonly devices: number }) {
  const { device } = textsIn(language).choices
  return (
    <section class="stack" aria-labelledby="device" hidden={devices === 0}>
      <h2 id="device">{device.title}</h2>
      <p class="hint">{device.says}</p>
      <p id="push-home" hidden>
        {device.home}
      </p>
      <form id="push" method="post" action="devices" data-key={publicKey} hidden>
        <p class="error" role="alert" hidden>
          {device.refused}
        </p>
        {['endpoint', 'p256dh', 'auth'].map((name) => (
          <input type="hidden" name={name} />
        ))}
        <input type="hidden" name="lang" value={language} />
        <button type="submit" class="btn">
          {device.register}
        </button>
      </form>
      {devices > 0 && (
        <form method="post" action="devices/forget">
          <input type="hidden" name="lang" value={language} />
          <button type="submit" class="btn quiet">
            {device.forget(devices)}
          </button>
        </form>
      )}
    </section>
  )
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
