import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { RolloutBefore } from '../../shadow/going-live.ts'
import { describedBy, Field } from '../parts/field.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Tag } from '../parts/tag.tsx'
import { stepOf } from './step.ts'
import type { Step } from './texts.ts'
import { steps } from './texts.ts'
import { shadowTexts } from './texts-by-language.ts'

export interface StateView {
  readonly settings: Settings
  readonly before: RolloutBefore | undefined
  readonly isEditable: boolean
}

interface Props {
  readonly view: StateView
  readonly language: Language
}

/** How far the clinic is, and where its messages go. */
export function StatePanel({ view: { settings }, language }: Props) {
  const texts = shadowTexts[language]
  const { rollout } = settings
  const { email, sms } = rollout?.redirectTo ?? {}
  const to = [email, sms].filter((each) => each !== undefined).join(', ')
  return (
    <Panel id="state" title={texts.state} look="stack">
      <p class="row">
        <StandingTag settings={settings} language={language} />
      </p>
      <p>{texts.means[stepOf(rollout)]}</p>
      {to && (
        <Note tint="warn" fact={texts.redirected(to)}>
          {texts.redirectedMeans}
        </Note>
      )}
    </Panel>
  )
}

/** In one word how far it is. */
export function StandingTag({ settings: { rollout }, language }: { readonly settings: Settings; readonly language: Language }) {
  const step = stepOf(rollout)
  const percent = String(rollout?.percent ?? 100).replace('.', language === 'fr' ? ',' : '.')
  const tint = step === 'all' ? 'ok' : step === 'off' ? 'stop' : 'shadow'
  return <Tag tint={tint}>{shadowTexts[language].standing[step]({ agendas: rollout?.agendas?.length ?? 0, percent })}</Tag>
}

interface StepProps extends Props {
  readonly fault: string | undefined
}

/** The assistant: one form, whose effect is shown before it is saved. */
export function StepPanel({ view, language, fault }: StepProps) {
  const texts = shadowTexts[language]
  if (!view.isEditable) return <Note fact={texts.readOnly} />
  const { settings, before } = view
  return (
    <Panel id="step" title={texts.step} aside={texts.stepHint} look="stack">
      <form method="post" class="stack">
        <input type="hidden" name="version" value={settings.version} />
        <fieldset {...(fault && { 'aria-describedby': 'step-error' })}>
          <legend>{texts.step}</legend>
          {fault && (
            <p class="error" id="step-error">
              {fault}
            </p>
          )}
          {steps.map((step) => (
            <Choice step={step} chosen={nextOf(stepOf(settings.rollout))} language={language} />
          ))}
        </fieldset>
        <Agendas settings={settings} language={language} />
        <Field id="percent" label={texts.percent} hint={texts.percentHint}>
          <input
            class="auto"
            id="percent"
            name="percent"
            type="number"
            min="1"
            max="99"
            value={percentOf(settings)}
            {...hinted('percent')}
          />
        </Field>
        <TestAddress settings={settings} language={language} />
        <p class="row">
          <button type="submit" class="btn go" name="do" value="preview">
            {texts.preview}
          </button>
        </p>
      </form>
      {before && (
        <form method="post" class="row">
          <input type="hidden" name="version" value={settings.version} />
          <button type="submit" class="btn" name="do" value="undo">
            {texts.undo}
          </button>
          <span class="hint">{texts.undoHint(before.version)}</span>
        </form>
      )}
    </Panel>
  )
}

const hinted = (id: string) => describedBy(id, { hint: true })

function percentOf({ rollout }: Settings): number {
  const percent = rollout?.percent ?? 10
  return percent >= 1 && percent <= 99 ? percent : 10
}

/** What one would choose next. */
function nextOf(step: Step): Step {
  return steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? 'shadow'
}

function Choice({ step, chosen, language }: { readonly step: Step; readonly chosen: Step; readonly language: Language }) {
  const texts = shadowTexts[language]
  return (
    <label class="choice">
      <input type="radio" name="step" value={step} {...(step === chosen && { checked: true })} />
      <span>
        <b>{texts.names[step]}</b> <span class="hint">{texts.means[step]}</span>
      </span>
    </label>
  )
}

function Agendas({ settings: { agendas, rollout }, language }: { readonly settings: Settings; readonly language: Language }) {
  const texts = shadowTexts[language]
  const rows = Object.entries(agendas).map(([key, { label }]) => ({ key, name: label ?? key }))
  if (rows.length === 0) return null
  const live = new Set(rollout?.agendas)
  return (
    <Field id="agendas" label={texts.agendas} hint={texts.agendasHint}>
      <select id="agendas" name="agendas" multiple size={Math.min(8, rows.length)} {...hinted('agendas')}>
        {rows
          .sort((a, b) => a.name.localeCompare(b.name, language))
          .map(({ key, name }) => (
            <option value={key} {...(live.has(key) && { selected: true })}>
              {name}
            </option>
          ))}
      </select>
    </Field>
  )
}

function TestAddress({ settings: { rollout }, language }: { readonly settings: Settings; readonly language: Language }) {
  const texts = shadowTexts[language]
  const { email = '', sms = '' } = rollout?.redirectTo ?? {}
  return (
    <details {...(rollout?.redirectTo && { open: true })}>
      <summary>{texts.testTitle}</summary>
      <p class="hint">{texts.testHint}</p>
      <Field id="test-email" label={texts.testEmail}>
        <input id="test-email" name="test-email" type="email" maxlength={254} value={email} />
      </Field>
      <Field id="test-sms" label={texts.testSms}>
        <input id="test-sms" name="test-sms" type="tel" maxlength={20} value={sms} />
      </Field>
      <label class="choice">
        <input type="checkbox" name="answers" value="on" {...(rollout?.answersToChart && { checked: true })} />
        <span>{texts.answers}</span>
      </label>
    </details>
  )
}
