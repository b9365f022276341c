import { smsSegments } from '../../../core/gsm7.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Cell } from '../../../core/template/cell.ts'
import type { LintReport } from '../../../core/template/lint.ts'
import { variablesIn } from '../../../core/template/variables.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Impact } from '../../impact/impact.ts'
import { Field } from '../parts/field.tsx'
import { Note } from '../parts/note.tsx'
import { withQuery } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import type { Draft, TextVersion } from './edit.ts'
import { draftOf } from './edit.ts'
import { previewOf, Shown } from './shown.tsx'
import { messagesTexts } from './texts.ts'
import { diffWords } from './word-diff.ts'

export interface EditorView {
  readonly settings: Settings
  readonly cell: Cell
  readonly draft: Draft
  readonly isEdited: boolean
  readonly isEditable: boolean
  /** Of what is written; absent: nothing is. */
  readonly report?: LintReport
  readonly versions: readonly TextVersion[]
  readonly publicUrl: string
  readonly face: Clockface
  /** What was typed as one's own address. */
  readonly to?: string
  readonly impact?: Impact
  readonly seen?: string
  readonly said?: string
  /** What is not so, and why. */
  readonly refused?: string
}

export interface PartProps {
  readonly view: EditorView
  readonly language: Language
}

export function Written({ view: { cell, draft }, language }: PartProps) {
  const { editor, modalities: names } = messagesTexts[language]
  const spot = cell.channel
  const scope = (value: Draft['scope'], name: string) => (
    <label class="choice">
      <input type="radio" name="scope" value={value} {...(draft.scope === value && { checked: true })} /> {name}
    </label>
  )
  return (
    <div class="panel stack">
      {cell.channel !== 'sms' && (
        <Field id="subject" label={editor.subject} hint={editor.subjectHint}>
          <input
            id="subject"
            name="subject"
            type="text"
            lang={cell.language}
            maxlength={300}
            value={draft.template?.subject ?? ''}
            aria-describedby="subject-hint"
          />
        </Field>
      )}
      <Field id="body" label={editor.body} hint={editor.bodyHint[cell.channel]}>
        <textarea id="body" name="body" rows={6} lang={cell.language} maxlength={4_000} aria-describedby="body-hint">
          {`\n${draft.template?.body ?? ''}`}
        </textarea>
      </Field>
      {cell.channel === 'sms' && (
        <p class="hint" id="count" data-says={editor.count} role="status">
          {sayTyped(draft.template?.body ?? '', editor.count)}
        </p>
      )}
      <div>
        <p class="hint" id="variables">
          {editor.insert}
        </p>
        <ul class="row" aria-labelledby="variables">
          {variablesIn(spot)
            .filter(({ is }) => is === 'text')
            .map(({ name, means }) => (
              <li>
                <button type="button" class="btn small" data-variable={name} title={means[language]} hidden>
                  {name}
                </button>
                <code title={means[language]} data-code={name}>{`{{ ${name} }}`}</code>
              </li>
            ))}
        </ul>
      </div>
      <fieldset>
        <legend>{editor.scope}</legend>
        {scope('all', editor.forEvery)}
        {scope('one', editor.forOne(names[cell.modality]))}
      </fieldset>
    </div>
  )
}

/** As the script goes on saying it while one types: variables are counted in the preview. */
function sayTyped(text: string, count: string): string {
  const typed = [...text.replace(/\{\{[^}]*\}\}|\{%[^%]*%\}/g, '')]
  const outside = [...new Set(typed)].filter((character) => smsSegments(character).encoding === 'ucs2')
  return count.replace('0', String(typed.length)).replace('GSM-7', outside.length > 0 ? `UCS-2 (${outside.join(' ')})` : 'GSM-7')
}

export function PreviewPanel({ view, language }: PartProps) {
  const texts = messagesTexts[language]
  const { cell, settings, draft, publicUrl } = view
  const preview = previewOf(cell, view.isEdited ? { ...settings, templates: {} } : settings, draft.template)
  return (
    <Panel id="preview" title={texts.editor.preview} aside={texts.editor.invented} look="stack">
      {preview.failed && (
        <Note tint="warn" fact={texts.editor.failed}>
          {texts.failures[preview.failed]}
        </Note>
      )}
      <Compared view={view} language={language} />
      <Shown cell={cell} preview={preview} settings={settings} language={language} publicUrl={publicUrl} />
    </Panel>
  )
}

/** What is written against what is in use, word by word. */
function Compared({ view: { settings, cell, draft, isEdited }, language }: PartProps) {
  const { editor } = messagesTexts[language]
  const inUse = draftOf(settings, cell).template?.body
  const written = draft.template?.body
  if (!isEdited || inUse === undefined || written === undefined || inUse === written) return null
  return (
    <>
      <h3>{editor.compare}</h3>
      <p lang={cell.language}>
        {diffWords(inUse, written).map((run) =>
          run.in === 'both' ? run.text : run.in === 'before' ? <del>{run.text}</del> : <ins>{run.text}</ins>,
        )}
      </p>
    </>
  )
}

export function Versions({ view, language, address }: PartProps & { readonly address: string }) {
  const { editor } = messagesTexts[language]
  const { versions, isEditable, face } = view
  return (
    <Panel id="versions" title={editor.versions}>
      {versions.length === 0 ? (
        <p class="hint">{editor.noVersions}</p>
      ) : (
        <ol class="facts">
          {versions.map(({ version, at, template }, index) => (
            <li>
              <b>Version {version}</b> {index === 0 && <Tag tint="ok">{editor.inUse}</Tag>}{' '}
              {isEditable && index > 0 && <a href={withQuery(address, { from: version })}>{editor.takeUp}</a>}
              <p class="hint">
                <When at={at} face={face} />
              </p>
              <p>{template ? <q>{template.body}</q> : <span class="hint">{editor.removed}</span>}</p>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}
