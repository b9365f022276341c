import type { Context } from 'hono'
import type { Cadence } from '../../../core/cadence.ts'
import { doctolib, ofys } from '../../../core/cadences.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Impact } from '../../impact/impact.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { ImpactLine, ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import type { FieldError } from '../parts/errors.tsx'
import { ErrorSummary } from '../parts/errors.tsx'
import { describedBy, Field } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { editScript } from '../parts/scripts.ts'
import { Tag } from '../parts/tag.tsx'
import type { CadenceChoice, CadenceForm } from './edit.ts'
import { sayChannels, sayConditions, sayTime } from './said.ts'
import { cadencesTexts } from './texts.ts'

export type Ask = Context<StaffEnv>

export function choiceIn({ cadence }: Settings): CadenceChoice {
  return cadence.name === 'ofys' || cadence.name === 'doctolib' ? cadence.name : 'own'
}

export interface View {
  readonly settings: Settings
  readonly form: CadenceForm
  readonly isEdited: boolean
  readonly isEditable: boolean
  readonly errors?: readonly FieldError[]
  readonly impact?: Impact
  readonly seen?: string
  readonly warns?: boolean
  readonly said?: string
}

export function cadencesPage(c: Ask, view: View): Response | Promise<Response> {
  const language = c.get('language')
  const texts = cadencesTexts[language]
  const { settings, errors = [] } = view
  const inUse = choiceIn(settings)
  return consolePage(
    c,
    { title: texts.title, active: 'cadences', ...(view.isEditable && { scripts: [editScript.path] }) },
    <>
      <ErrorSummary language={language} errors={errors} />
      {view.said && <Toast>{view.said}</Toast>}
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        <div class="grid">
          {[ofys, doctolib, ...(inUse === 'own' ? [settings.cadence] : [])].map((cadence) => (
            <One cadence={cadence} isInUse={choiceOf(cadence) === inUse} language={language} />
          ))}
        </div>
        {view.isEditable ? <Form view={view} language={language} /> : <p class="hint">{texts.noRole}</p>}
      </div>
    </>,
    errors.length > 0 || view.warns ? 422 : 200,
  )
}

function choiceOf({ name }: Cadence): CadenceChoice {
  return name === 'ofys' || name === 'doctolib' ? name : 'own'
}

interface OneProps {
  readonly cadence: Cadence
  readonly isInUse: boolean
  readonly language: Language
}

/** One cadence, step by step in words. */
function One({ cadence, isInUse, language }: OneProps) {
  const texts = cadencesTexts[language]
  const choice = choiceOf(cadence)
  return (
    <Panel
      id={`cadence-${choice}`}
      title={texts.names[choice]}
      aside={isInUse ? <Tag tint="ok">{texts.inUse}</Tag> : undefined}
      look="stack"
    >
      <p class="hint">{texts.abouts[choice]}</p>
      <ol class="facts">
        {(['confirmation', 'change', 'cancellation'] as const).map((notice) => (
          <li>
            <b>{texts.notices[notice]}</b> <span class="hint">{sayChannels(cadence[notice], language)}</span>
          </li>
        ))}
        {cadence.steps.length === 0 && <li>{texts.noSteps}</li>}
        {cadence.steps.map((step) => (
          <li>
            <b>{texts.kinds[step.kind]}</b> {sayTime(step.when, language)}, {sayChannels(step.channels, language)}
            <ul>
              {sayConditions(step, language).map((condition) => (
                <li class="hint">{condition}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <p class="hint">{texts.absenceSms[cadence.absenceSms]}</p>
    </Panel>
  )
}

function Form({ view, language }: { readonly view: View; readonly language: Language }) {
  const texts = cadencesTexts[language]
  const { settings, form, impact, errors = [] } = view
  const address = `${clinicAddress(settings.clinic.id)}/cadences`
  return (
    <form class="stack wide" method="post" action={address}>
      <input type="hidden" name="version" value={settings.version} />
      {view.seen !== undefined && <input type="hidden" name="seen" value={view.seen} />}
      <Panel id="edit" title={texts.edit} look="stack">
        <fieldset>
          <legend>{texts.choice}</legend>
          {(['ofys', 'doctolib', 'own'] as const).map((choice) => (
            <label class="choice">
              <input type="radio" name="choice" value={choice} {...(form.choice === choice && { checked: true })} /> {texts.names[choice]}
            </label>
          ))}
        </fieldset>
        <Fields form={form} errors={errors} language={language} />
      </Panel>
      {impact && (
        <ImpactPanel impact={impact} settings={settings} language={language} toCall={`${clinicAddress(settings.clinic.id)}/to-call`} />
      )}
      {view.warns && impact && (
        <Note tint="warn" fact={texts.losing(impact.losing)} role="alert">
          {texts.losingRest}
        </Note>
      )}
      <Savebar
        fact={texts.unsaved}
        hint={impact && <ImpactLine impact={impact} language={language} />}
        count={{ saved: view.isEdited ? 1 : 0, one: texts.unsaved, many: texts.unsaved }}
      >
        <a class="btn" href={address}>
          {texts.drop}
        </a>
        <button type="submit" class="btn" name="do" value="preview">
          {texts.see}
        </button>
        <button type="submit" class="btn go" name="do" value="save">
          {texts.save}
        </button>
      </Savebar>
    </form>
  )
}

interface FieldsProps {
  readonly form: CadenceForm
  readonly errors: readonly FieldError[]
  readonly language: Language
}

function Fields({ form, errors, language }: FieldsProps) {
  const texts = cadencesTexts[language]
  const ownError = errors.filter(({ field }) => field === 'own').map(({ says }) => says)
  const isHourWrong = errors.some(({ field }) => field === 'from')
  return (
    <>
      <Field id="own" label={texts.own} hint={texts.ownHint} error={ownError.length > 0 ? ownError.join(' ') : undefined}>
        <textarea
          id="own"
          name="own"
          class="mono"
          rows={8}
          spellcheck={false}
          {...describedBy('own', { hint: true, error: ownError.length > 0 })}
        >
          {`\n${form.own}`}
        </textarea>
      </Field>
      <label class="choice">
        <input type="checkbox" name="push" {...(form.push && { checked: true })} /> {texts.push}
      </label>
      <fieldset>
        <legend>
          {texts.quiet.legend}
          <span class="hint">
            {texts.quiet.hint} {texts.quiet.none}
          </span>
        </legend>
        <div class="grid">
          {(['from', 'until'] as const).map((name) => (
            <Field id={name} label={texts.quiet[name]} error={name === 'from' && isHourWrong ? texts.wrongHour : undefined}>
              <input
                id={name}
                name={name}
                type="time"
                value={form[name]}
                {...describedBy(name, { error: name === 'from' && isHourWrong })}
              />
            </Field>
          ))}
        </div>
      </fieldset>
    </>
  )
}
