import type { Context } from 'hono'
import type { EditRefusal } from '../../../core/access.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Impact } from '../../impact/impact.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { ImpactLine, ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Select } from '../parts/field.tsx'
import { Filter, SearchField } from '../parts/filter.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { PageButtons, Paging, withQuery } from '../parts/paging.tsx'
import { Empty } from '../parts/panel.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { editScript } from '../parts/scripts.ts'
import { pageOf } from '../parts/slice.ts'
import { partsTexts } from '../parts/texts.ts'
import type { AgendasTexts } from './agendas-texts.ts'
import type { AgendaRow, Draft } from './draft.ts'
import { countEdits, writeDraft } from './draft.ts'
import { Matrix } from './matrix.tsx'
import type { AgendaFilter } from './rows.ts'
import { filterRows } from './rows.ts'
import { agendasTexts } from './texts.ts'

export interface AgendasView {
  readonly settings: Settings
  /** Every agenda, as these settings have it. */
  readonly rows: readonly AgendaRow[]
  readonly filter: AgendaFilter
  readonly page: number
  readonly draft: Draft
  /** Why this role may not edit; absent: it may. */
  readonly refusal: EditRefusal | undefined
  readonly impact?: Impact
  /** Names this draft: it may be saved once its impact was shown. */
  readonly seen?: string
  /** Somebody would lose their last channel, and this is the first that is said of it. */
  readonly warns?: boolean
  /** What a save has just made true. */
  readonly saved?: readonly string[]
}

/** The agenda table (D6–D8): what each agenda sends, edited together, saved at once. */
export function agendasPage(c: Context<StaffEnv>, view: AgendasView): Response | Promise<Response> {
  const language = c.get('language')
  const texts = agendasTexts[language]
  const address = `${clinicAddress(view.settings.clinic.id)}/agendas`
  const isEditable = view.refusal === undefined
  const shown = pageOf(filterRows(view.rows, view.filter), view.page)
  return consolePage(
    c,
    { title: texts.title, active: 'agendas', ...(isEditable && { scripts: [editScript.path] }) },
    <>
      {view.saved && view.saved.length > 0 && <Toast>{view.saved.join(' ')}</Toast>}
      <Head
        title={texts.title}
        hint={
          <>
            {texts.hint} <a href={`${clinicAddress(view.settings.clinic.id)}/messages`}>{texts.readMessages}</a>
          </>
        }
      >
        <FilterOf view={view} language={language} address={address} />
      </Head>
      {view.refusal && <WhyNot refusal={view.refusal} texts={texts} />}
      {view.rows.length === 0 ? (
        <Empty>{texts.none}</Empty>
      ) : isEditable ? (
        <form class="stack wide" id="agendas" method="post" action={address}>
          <Hidden view={view} keys={shown.rows.map(({ key }) => key)} page={shown.page} />
          <TableOf view={view} language={language} rows={shown.rows} />
          <PageButtons language={language} page={shown.page} pages={shown.pages} name="page" />
          <p class="hint">{texts.rules}</p>
          {view.impact && (
            <ImpactPanel
              impact={view.impact}
              settings={view.settings}
              language={language}
              toCall={`${clinicAddress(view.settings.clinic.id)}/to-call`}
            />
          )}
          {view.warns && view.impact && (
            <Note tint="warn" fact={texts.losing.fact(view.impact.losing)} role="alert">
              {texts.losing.rest}
            </Note>
          )}
          <Bar view={view} language={language} />
        </form>
      ) : (
        <div class="stack wide">
          <TableOf view={view} language={language} rows={shown.rows} />
          <ReadOnlyPages view={view} language={language} address={address} page={shown.page} pages={shown.pages} />
          <p class="hint">{texts.rules}</p>
        </div>
      )}
    </>,
    view.warns ? 422 : 200,
  )
}

interface PartProps {
  readonly view: AgendasView
  readonly language: Language
}

function FilterOf({ view, language, address }: PartProps & { readonly address: string }) {
  const texts = agendasTexts[language]
  const { filter, settings, refusal } = view
  const sites = Object.entries(settings.sites).map(([value, { name }]) => ({ value, name }))
  const form = refusal ? {} : { form: 'agendas' }
  const fields = (
    <>
      <SearchField id="q" name="q" label={texts.search} value={filter.q} {...form} />
      {sites.length > 0 && (
        <>
          <label class="sr" for="site">
            {texts.site}
          </label>
          <Select id="site" name="site" options={[{ value: '', name: texts.everySite }, ...sites]} chosen={filter.site} narrow {...form} />
        </>
      )}
    </>
  )
  if (refusal)
    return (
      <Filter language={language} label={texts.search} action={address}>
        {fields}
      </Filter>
    )
  // of the form of the table, so that what is edited goes along
  return (
    <search class="row" aria-label={texts.search}>
      {fields}
      <button type="submit" class="btn" form="agendas" name="do" value="filter">
        {partsTexts[language].filter}
      </button>
    </search>
  )
}

function WhyNot({ refusal, texts }: { readonly refusal: EditRefusal; readonly texts: AgendasTexts }) {
  return refusal.type === 'plan_required' ? (
    <Note tint="info" fact={texts.readOnly.fact}>
      {texts.readOnly.rest}
    </Note>
  ) : (
    <p class="hint">{texts.noRole}</p>
  )
}

function Hidden({ view, keys, page }: { readonly view: AgendasView; readonly keys: readonly string[]; readonly page: number }) {
  const fields: Readonly<Record<string, string>> = {
    version: String(view.settings.version),
    draft: writeDraft(view.draft),
    shown: JSON.stringify(keys),
    at: String(page),
    ...(view.seen !== undefined && { seen: view.seen }),
  }
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

function TableOf({ view, language, rows }: PartProps & { readonly rows: readonly AgendaRow[] }) {
  if (rows.length === 0) return <Empty>{agendasTexts[language].nothing}</Empty>
  return (
    <section class="panel flush">
      <Matrix
        rows={rows}
        all={filterRows(view.rows, view.filter)}
        draft={view.draft}
        language={language}
        isEditable={view.refusal === undefined}
        address={`${clinicAddress(view.settings.clinic.id)}/agendas`}
      />
    </section>
  )
}

function Bar({ view, language }: PartProps) {
  const texts = agendasTexts[language]
  const edits = countEdits(view.draft)
  return (
    <Savebar
      fact={texts.unsavedEdits(edits)}
      hint={view.impact && <ImpactLine impact={view.impact} language={language} />}
      count={{ saved: edits, one: texts.unsavedEdits(1), many: texts.unsavedEdits(2) }}
    >
      <button type="submit" class="btn" name="do" value="undo">
        {texts.undo}
      </button>
      <button type="submit" class="btn" name="do" value="preview">
        {texts.see}
      </button>
      <button type="submit" class="btn go" name="do" value="save">
        {texts.save}
      </button>
    </Savebar>
  )
}

interface PagesProps extends PartProps {
  readonly address: string
  readonly page: number
  readonly pages: number
}

function ReadOnlyPages({ view, language, address, page, pages }: PagesProps) {
  const { q, site } = view.filter
  const at = (wanted: number) => (wanted < 1 || wanted > pages ? undefined : withQuery(address, { q, site, page: wanted }))
  return <Paging language={language} page={page} pages={pages} previous={at(page - 1)} next={at(page + 1)} />
}
