import type { Context } from 'hono'
import type { MotifSettings, Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Impact } from '../../impact/impact.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { ImpactLine, ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import type { FieldError } from '../parts/errors.tsx'
import { ErrorSummary } from '../parts/errors.tsx'
import { Facts } from '../parts/facts.tsx'
import { describedBy, Field, Select } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { editScript } from '../parts/scripts.ts'
import { Tag } from '../parts/tag.tsx'
import type { MotifsTexts } from './motifs-texts.ts'
import type { MotifRow } from './rows.ts'
import { isMotifOn } from './rows.ts'
import { motifsTexts } from './texts.ts'

export interface MotifView {
  readonly settings: Settings
  readonly row: MotifRow
  /** As it is edited. */
  readonly motif: MotifSettings
  readonly isEdited: boolean
  readonly isEditable: boolean
  readonly impact?: Impact
  readonly seen?: string
  readonly warns?: boolean
  readonly errors?: readonly FieldError[]
  readonly saved?: string
}

/** One motif, for all agendas (D14b, D16–D21). */
export function motifPage(c: Context<StaffEnv>, view: MotifView): Response | Promise<Response> {
  const language = c.get('language')
  const texts = motifsTexts[language]
  const { settings, row, errors = [] } = view
  const clinic = clinicAddress(settings.clinic.id)
  const address = `${clinic}/motifs/${encodeURIComponent(row.key)}`
  return consolePage(
    c,
    { title: row.label, active: 'motifs', ...(view.isEditable && { scripts: [editScript.path] }) },
    <>
      <ErrorSummary language={language} errors={errors} />
      {view.saved && <Toast>{view.saved}</Toast>}
      <Head
        crumbs={[{ href: `${clinic}/motifs`, name: texts.title }]}
        title={
          <>
            {row.label} {!isMotifOn(row.motif) && <Tag tint="stop">{texts.off}</Tag>}{' '}
            <span id="edited" {...(!view.isEdited && { hidden: true })}>
              <Tag tint="warn">{texts.edited}</Tag>
            </span>
          </>
        }
        hint={[texts.everyAgenda, row.motif.specialty, row.motif.category].filter(Boolean).join(' · ')}
      />
      {view.isEditable ? (
        <form class="stack wide" method="post" action={address}>
          <input type="hidden" name="version" value={settings.version} />
          {view.seen !== undefined && <input type="hidden" name="seen" value={view.seen} />}
          <Switches motif={view.motif} texts={texts} />
          <Rest view={view} texts={texts} />
          {view.impact && <ImpactPanel impact={view.impact} settings={settings} language={language} toCall={`${clinic}/to-call`} />}
          {view.warns && view.impact && (
            <Note tint="warn" fact={texts.losing(view.impact.losing)} role="alert">
              {texts.losingRest}
            </Note>
          )}
          <Bar view={view} language={language} address={address} />
        </form>
      ) : (
        <div class="stack wide">
          <p class="hint">{settings.settingsEnabled ? texts.noRole : texts.readOnly}</p>
          <InWords motif={view.motif} texts={texts} />
        </div>
      )}
    </>,
    view.warns || errors.length > 0 ? 422 : 200,
  )
}

function Bar({ view, language, address }: { readonly view: MotifView; readonly language: Language; readonly address: string }) {
  const { form } = motifsTexts[language]
  return (
    <Savebar
      fact={form.unsaved}
      hint={view.impact && <ImpactLine impact={view.impact} language={language} />}
      count={{ saved: view.isEdited ? 1 : 0, one: form.unsaved, many: form.unsaved }}
    >
      <a class="btn" href={address}>
        {form.drop}
      </a>
      <button type="submit" class="btn" name="do" value="preview">
        {form.see}
      </button>
      <button type="submit" class="btn go" name="do" value="save">
        {form.save}
      </button>
    </Savebar>
  )
}

function Switches({ motif, texts }: { readonly motif: MotifSettings; readonly texts: MotifsTexts }) {
  const isOn = isMotifOn(motif)
  const choice = (value: 'yes' | 'no', name: string) => (
    <label class="choice">
      <input type="radio" name="notifications" value={value} {...((value === 'yes') === isOn && { checked: true })} /> {name}
    </label>
  )
  return (
    <section class="panel">
      <fieldset aria-describedby="notifications-hint">
        <legend>
          {texts.notifications}
          <span class="hint" id="notifications-hint">
            {texts.form.notificationsHint}
          </span>
        </legend>
        {choice('yes', texts.yes)}
        {choice('no', texts.no)}
      </fieldset>
    </section>
  )
}

const types = ['none', 'onsite', 'video', 'phone', 'home'] as const
const kinds = ['confirmation', 'changes', 'reminder'] as const

interface RestProps {
  readonly view: MotifView
  readonly texts: MotifsTexts
}

/** For whoever may not change it: words in the place of dead switches. */
function InWords({ motif, texts }: { readonly motif: MotifSettings; readonly texts: MotifsTexts }) {
  const { form } = texts
  const say = (on: boolean) => (on ? texts.yes : texts.no)
  return (
    <section class="panel">
      <Facts
        facts={[
          [texts.notifications, say(isMotifOn(motif) && motif.type !== 'none')],
          [form.type, texts.types[motif.type]],
          ...kinds.map((kind) => [form[kind], say(motif[kind])] as const),
          [texts.listed, say(motif.listed)],
          [texts.questionnaire, motif.questionnaire ?? texts.no],
        ]}
      />
    </section>
  )
}

function Rest({ view: { motif, errors = [] }, texts }: RestProps) {
  const { form } = texts
  const check = (name: string, label: string, checked: boolean) => (
    <label class="choice">
      <input type="checkbox" name={name} {...(checked && { checked: true })} /> {label}
    </label>
  )
  const wrong = errors.find(({ field }) => field === 'questionnaire')?.says
  return (
    <section class="panel stack">
      <Field id="type" label={form.type} hint={form.typeHint}>
        <Select id="type" name="type" options={types.map((value) => ({ value, name: texts.types[value] }))} chosen={motif.type} />
      </Field>
      <fieldset>
        <legend>{form.kinds}</legend>
        {kinds.map((kind) => check(kind, form[kind], motif[kind]))}
        {isMotifOn(motif) && check('listed', form.listed, motif.listed)}
      </fieldset>
      <Field id="questionnaire" label={form.questionnaire} hint={form.questionnaireHint} error={wrong}>
        <input
          id="questionnaire"
          name="questionnaire"
          type="text"
          maxlength={2_000}
          value={motif.questionnaire ?? ''}
          {...describedBy('questionnaire', { hint: true, error: wrong !== undefined })}
        />
      </Field>
      {(['label', 'specialty', 'category'] as const).map((name) => (
        <Field id={name} label={name === 'label' ? form.label : texts[name]}>
          <input id={name} name={name} type="text" maxlength={200} value={motif[name] ?? ''} />
        </Field>
      ))}
      {(['fr', 'en'] as const).map((language) => (
        <Field id={`bring-${language}`} label={form.bring(form.languages[language])} hint={form.bringHint}>
          <input
            id={`bring-${language}`}
            name={`bring-${language}`}
            type="text"
            lang={language}
            maxlength={300}
            value={motif.bring?.[language] ?? ''}
            {...describedBy(`bring-${language}`, { hint: true })}
          />
        </Field>
      ))}
    </section>
  )
}
