import { sayDay } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import { NO_MOTIF } from '../../../core/settings.ts'
import { oneLine } from '../../../core/words/typography.ts'
import { Field, Select } from '../parts/field.tsx'
import { Filter } from '../parts/filter.tsx'
import { Head } from '../parts/head.tsx'
import { Paging, withQuery } from '../parts/paging.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import type { Browsed, Place, Row } from './browse.ts'
import { agendaName, motifName, patientName, stateOf } from './names.ts'
import { appointmentsTexts } from './texts.ts'
import type { AppointmentsTexts } from './texts-shape.ts'
import type { StaffFace } from './timeline.tsx'

export interface Filters {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly agendaKey?: string
  readonly motifKey?: string
  readonly state?: Browsed
}

export interface ListShown {
  readonly rows: readonly Row[]
  readonly settings: Settings
  readonly face: StaffFace
  /** Where this clinic's pages begin. */
  readonly base: string
  readonly filters: Filters
  /** What was typed; absent: one browses. */
  readonly typed?: string
  readonly next?: { readonly of: 'browse'; readonly place: Place } | { readonly of: 'search'; readonly id: string; readonly term: string }
}

/** Who comes when: by patient, or from a day on. A name is never part of an address, so that search is a form that is sent. */
export function AppointmentsPage(shown: ListShown) {
  const { rows, face, typed } = shown
  const texts = appointmentsTexts[face.language]
  return (
    <>
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        <SearchForm {...shown} texts={texts} />
        <FilterForm {...shown} texts={texts} />
        {rows.length === 0 ? <Empty>{typed === undefined ? texts.nothing : texts.nobody}</Empty> : <Rows {...shown} texts={texts} />}
        <Next {...shown} texts={texts} />
      </div>
    </>
  )
}

type Part = ListShown & { readonly texts: AppointmentsTexts }

function SearchForm({ base, typed, texts }: Part) {
  return (
    <Panel id="search" title={texts.search}>
      <form method="post" action={`${base}/appointments`}>
        <Field id="q" label={texts.searchLabel} hint={texts.searchHint}>
          <span class="row">
            <input
              class="auto"
              id="q"
              name="q"
              type="search"
              value={typed ?? ''}
              maxlength={200}
              autocomplete="off"
              aria-describedby="q-hint"
            />
            <button type="submit" class="btn go">
              {texts.find}
            </button>
          </span>
        </Field>
      </form>
    </Panel>
  )
}

function FilterForm({ base, filters, settings, face, texts }: Part) {
  const named = (rows: Readonly<Record<string, { readonly label?: string }>>) =>
    Object.entries(rows)
      .map(([value, { label }]) => ({ value, name: oneLine(label ?? value, 60) }))
      .sort((a, b) => a.name.localeCompare(b.name, face.language))
  return (
    <Filter language={face.language} label={texts.browse} action={`${base}/appointments`}>
      <label for="date">{texts.date}</label>
      <input class="auto" id="date" name="date" type="date" value={filters.date} />
      <label class="sr" for="agenda">
        {texts.agenda}
      </label>
      <Select
        id="agenda"
        name="agenda"
        narrow
        chosen={filters.agendaKey}
        options={[{ value: '', name: texts.anyAgenda }, ...named(settings.agendas)]}
      />
      <label class="sr" for="motif">
        {texts.motif}
      </label>
      <Select
        id="motif"
        name="motif"
        narrow
        chosen={filters.motifKey}
        options={[{ value: '', name: texts.anyMotif }, ...named({ [NO_MOTIF]: {}, ...settings.motifs })]}
      />
      <label class="sr" for="state">
        {texts.state}
      </label>
      <Select
        id="state"
        name="state"
        narrow
        chosen={filters.state}
        options={Object.entries(texts.states).map(([value, name]) => ({ value, name }))}
      />
    </Filter>
  )
}

function Rows({ rows, settings, face, base, texts }: Part) {
  return (
    <section class="panel flush" aria-label={texts.list}>
      <Table label={`${texts.list}, ${texts.found(rows.length)}`}>
        <Columns names={texts.columns} />
        <tbody>
          {rows.map(({ appointment, patient }) => {
            const state = stateOf(appointment, face.language)
            return (
              <tr>
                <th scope="row">
                  <a href={`${base}/appointments/${encodeURIComponent(appointment.id)}`}>
                    {appointment.start ? <When at={appointment.start} face={face} /> : texts.noStart}
                  </a>
                </th>
                <td>
                  {patientName(patient) ?? texts.noName}
                  {patient?.birthDate && <p class="hint num">{patient.birthDate}</p>}
                </td>
                <td>{agendaName(settings, appointment) ?? texts.none}</td>
                <td>{motifName(settings, appointment)}</td>
                <td>
                  <Tag tint={state.tint}>{state.says}</Tag>
                  {appointment.holds.length > 0 && <Tag tint="warn">{texts.states.held}</Tag>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </section>
  )
}

function Next({ next, base, filters, typed, face, texts }: Part) {
  if (!next) return null
  if (next.of === 'search')
    return (
      <form method="post" action={`${base}/appointments`}>
        <input type="hidden" name="q" value={typed ?? ''} />
        <input type="hidden" name="id" value={next.id} />
        <input type="hidden" name="term" value={next.term} />
        <button type="submit" class="btn small">
          {texts.goOn}
        </button>
      </form>
    )
  const address = withQuery(`${base}/appointments`, {
    date: filters.date,
    agenda: filters.agendaKey,
    motif: filters.motifKey,
    state: filters.state,
    start: next.place.start.toString(),
    after: next.place.id,
  })
  return (
    <p class="row">
      <Paging language={face.language} next={address} />
      <span class="hint">{sayDay(next.place.start, face)}</span>
    </p>
  )
}
