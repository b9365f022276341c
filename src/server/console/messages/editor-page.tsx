import type { Context } from 'hono'
import { cellKey } from '../../../core/template/cell.ts'
import { messageLanguages } from '../../../core/words/catalogue.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { ImpactLine, ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Field } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { withQuery } from '../parts/paging.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { templateScript } from '../parts/scripts.ts'
import { Tabs } from '../parts/tabs.tsx'
import { Tag } from '../parts/tag.tsx'
import { modalities } from './catalogue-page.tsx'
import { Checked } from './checked.tsx'
import { messagesTexts } from './texts.ts'
import { type EditorView, type PartProps, PreviewPanel, Versions, Written } from './written.tsx'

/** The editor of one message: its words, what is wrong with them, what they cost, and how they read (D3). */
export function editorPage(c: Context<StaffEnv>, view: EditorView): Response | Promise<Response> {
  const language = c.get('language')
  const texts = messagesTexts[language]
  const { settings, cell, draft, isEdited, isEditable } = view
  const catalogue = `${clinicAddress(settings.clinic.id)}/messages`
  const title = `${texts.channels[cell.channel]} · ${texts.kinds[cell.kind]}`
  const back = withQuery(catalogue, { channel: cell.channel, language: cell.language, modality: cell.modality })
  return consolePage(
    c,
    { title, active: 'messages', ...(isEditable && { scripts: [templateScript.path] }) },
    <>
      {view.said && <Toast>{view.said}</Toast>}
      <Head
        crumbs={[{ href: back, name: texts.title }]}
        title={title}
        hint={
          <>
            {draft.template ? <Tag tint="info">{texts.own}</Tag> : <Tag>{texts.builtIn}</Tag>}{' '}
            {isEdited && <Tag tint="warn">{texts.editor.draft}</Tag>}
          </>
        }
      >
        <Tabs
          label={texts.tabs.language}
          tabs={messageLanguages.map((each) => ({
            href: `${catalogue}/${cellKey({ ...cell, language: each })}`,
            name: texts.languages[each],
            current: each === cell.language,
            lang: each,
          }))}
        />
      </Head>
      <div class="split">
        <div class="stack">
          <Tabs
            label={texts.tabs.modality}
            tabs={modalities.map((each) => ({
              href: `${catalogue}/${cellKey({ ...cell, modality: each })}`,
              name: texts.modalities[each],
              current: each === cell.modality,
            }))}
          />
          {view.refused && <Note tint="bad" fact={view.refused} role="alert" />}
          {isEditable ? (
            <Form view={view} language={language} address={`${catalogue}/${cellKey(cell)}`} />
          ) : (
            <p class="hint">{texts.noRole}</p>
          )}
        </div>
        <div class="stack">
          <PreviewPanel view={view} language={language} />
          <Versions view={view} language={language} address={`${catalogue}/${cellKey(cell)}`} />
        </div>
      </div>
    </>,
    view.refused ? 422 : 200,
  )
}

function Form({ view, language, address }: PartProps & { readonly address: string }) {
  const texts = messagesTexts[language]
  const { editor } = texts
  const { settings, cell, draft, impact } = view
  return (
    <form class="stack" method="post" action={address}>
      <input type="hidden" name="version" value={settings.version} />
      {view.seen !== undefined && <input type="hidden" name="seen" value={view.seen} />}
      <Written view={view} language={language} />
      {view.report && <Checked report={view.report} settings={settings} language={language} />}
      {impact && (
        <ImpactPanel impact={impact} settings={settings} language={language} toCall={`${clinicAddress(settings.clinic.id)}/to-call`} />
      )}
      {cell.channel !== 'push' && (
        <section class="panel stack">
          <Field id="to" label={editor.testTo[cell.channel]} hint={editor.testHint}>
            <input
              id="to"
              name="to"
              type={cell.channel === 'email' ? 'email' : 'tel'}
              autocomplete={cell.channel === 'email' ? 'email' : 'tel'}
              maxlength={200}
              value={view.to ?? ''}
              aria-describedby="to-hint"
            />
          </Field>
          <button type="submit" class="btn" name="do" value="test">
            {editor.test}
          </button>
        </section>
      )}
      <Savebar fact={view.isEdited ? editor.unsaved : ''} hint={impact && <ImpactLine impact={impact} language={language} />}>
        {draft.template && (
          <button type="submit" class="btn" name="do" value="reset">
            {editor.builtInAgain}
          </button>
        )}
        <button type="submit" class="btn" name="do" value="preview">
          {editor.see}
        </button>
        <button type="submit" class="btn go" name="do" value="save">
          {editor.publish(settings.version + 1)}
        </button>
      </Savebar>
    </form>
  )
}
