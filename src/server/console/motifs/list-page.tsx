import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Select } from '../parts/field.tsx'
import { Filter, SearchField } from '../parts/filter.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Paging, withQuery } from '../parts/paging.tsx'
import { Empty } from '../parts/panel.tsx'
import { pageOf } from '../parts/slice.ts'
import { Columns, Table } from '../parts/table.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Tag } from '../parts/tag.tsx'
import type { MotifFilter, MotifRow } from './rows.ts'
import { filterMotifs, isMotifOn, valuesOf } from './rows.ts'
import { motifsTexts } from './texts.ts'

export interface MotifsView {
  readonly settings: Settings
  readonly rows: readonly MotifRow[]
  readonly filter: MotifFilter
  readonly page: number
  readonly isEditable: boolean
  readonly chosen: ReadonlySet<string>
  /** What a save has just made true. */
  readonly saved?: string
  /** What a press asks for first. */
  readonly asks?: string
}

/** The motifs of all agendas (D14b–D18), found by specialty and category. */
export function motifsPage(c: Context<StaffEnv>, view: MotifsView): Response | Promise<Response> {
  const language = c.get('language')
  const texts = motifsTexts[language]
  const { settings, rows, filter, isEditable } = view
  const address = `${clinicAddress(settings.clinic.id)}/motifs`
  const { rows: shown, page, pages } = pageOf(filterMotifs(rows, filter), view.page)
  const at = (wanted: number) => (wanted < 1 || wanted > pages ? undefined : withQuery(address, { ...filter, page: wanted }))
  return consolePage(
    c,
    { title: texts.title, active: 'motifs' },
    <>
      {view.saved && <Toast>{view.saved}</Toast>}
      <Head title={texts.title} hint={texts.hint}>
        <FilterOf rows={rows} filter={filter} language={language} address={address} />
      </Head>
      <div class="stack wide">
        <Tabs label={texts.scope} tabs={[{ href: withQuery(address, { ...filter }), name: texts.everyAgenda, current: true }]} />
        {view.asks && <Note tint="info" fact={view.asks} role="alert" />}
        {!isEditable && <p class="hint">{settings.settingsEnabled ? texts.noRole : texts.readOnly}</p>}
        {shown.length === 0 ? (
          <Empty>{texts.nothing}</Empty>
        ) : isEditable ? (
          <form class="stack" method="post" action={address}>
            <input type="hidden" name="version" value={settings.version} />
            {Object.entries({ ...filter, page: String(page) }).map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            <List shown={shown} view={view} language={language} address={address} />
            <p class="row">
              <button type="submit" class="btn small" name="do" value="choose">
                {texts.bulk.all}
              </button>
              <span class="hint">{texts.bulk.chosen}</span>
              <button type="submit" class="btn small" name="do" value="on">
                {texts.bulk.on}
              </button>
              <button type="submit" class="btn small" name="do" value="off">
                {texts.bulk.off}
              </button>
            </p>
          </form>
        ) : (
          <List shown={shown} view={view} language={language} address={address} />
        )}
        <Paging language={language} page={page} pages={pages} previous={at(page - 1)} next={at(page + 1)} />
      </div>
    </>,
    view.asks ? 422 : 200,
  )
}

interface FilterProps {
  readonly rows: readonly MotifRow[]
  readonly filter: MotifFilter
  readonly language: Language
  readonly address: string
}

function FilterOf({ rows, filter, language, address }: FilterProps) {
  const texts = motifsTexts[language]
  const optionsOf = (none: string, values: readonly string[]) => [
    { value: '', name: none },
    ...values.map((value) => ({ value, name: value })),
  ]
  return (
    <Filter language={language} label={texts.search} action={address}>
      <label class="sr" for="specialty">
        {texts.specialty}
      </label>
      <Select
        id="specialty"
        name="specialty"
        narrow
        options={optionsOf(texts.everySpecialty, valuesOf(rows, 'specialty'))}
        chosen={filter.specialty}
      />
      <label class="sr" for="category">
        {texts.category}
      </label>
      <Select
        id="category"
        name="category"
        narrow
        options={optionsOf(texts.everyCategory, valuesOf(rows, 'category', filter.specialty))}
        chosen={filter.category}
      />
      <SearchField id="q" name="q" label={texts.search} value={filter.q} />
    </Filter>
  )
}

interface ListProps {
  readonly shown: readonly MotifRow[]
  readonly view: MotifsView
  readonly language: Language
  readonly address: string
}

function List({ shown, view, language, address }: ListProps) {
  const texts = motifsTexts[language]
  return (
    <section class="panel flush">
      <Table label={texts.list}>
        <Columns names={[texts.motif, texts.communication, texts.notifications, texts.listed, texts.questionnaire, texts.edit]} />
        <tbody>
          {shown.map((row) => (
            <Row row={row} view={view} language={language} address={address} />
          ))}
        </tbody>
      </Table>
    </section>
  )
}

function Row({ row, view, language, address }: Omit<ListProps, 'shown'> & { readonly row: MotifRow }) {
  const texts = motifsTexts[language]
  const { key, label, motif, isNew } = row
  const isOn = isMotifOn(motif)
  const box = { type: 'checkbox', name: 'key', value: key, 'aria-label': texts.choose(label) }
  return (
    <tr>
      <th scope="row">
        <span class="row">
          {view.isEditable && <input {...box} {...(view.chosen.has(key) && { checked: true })} />}
          <span>
            {label} {!isOn && <Tag tint="stop">{texts.off}</Tag>} {isNew && <Tag>{texts.fresh}</Tag>}
            <br />
            <span class="hint">{[motif.specialty, motif.category].filter(Boolean).join(' · ')}</span>
          </span>
        </span>
      </th>
      <td>{texts.types[motif.type]}</td>
      <td>{isOn && motif.type !== 'none' ? texts.yes : texts.no}</td>
      <td>{motif.listed ? texts.yes : texts.no}</td>
      <td>{motif.questionnaire === undefined ? texts.no : texts.yes}</td>
      <td>
        <a href={`${address}/${encodeURIComponent(key)}`} aria-label={texts.editOne(label)}>
          {texts.edit}
        </a>
      </td>
    </tr>
  )
}
