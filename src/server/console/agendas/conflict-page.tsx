import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { Columns, Table } from '../parts/table.tsx'
import type { Cell } from './cells.ts'
import { cells, idOf, isOn } from './cells.ts'
import type { AgendaRow, Draft } from './draft.ts'
import { countEdits, switchesOf, writeDraft } from './draft.ts'
import { nameOfCell } from './matrix.tsx'
import type { AgendaFilter } from './rows.ts'
import { agendasTexts } from './texts.ts'

interface Version {
  readonly settings: Settings
  readonly rows: readonly AgendaRow[]
}

/** D6: somebody was faster. Both versions and the edits side by side, nothing merged: a person says what goes on. */
export function conflictPage(
  c: Context<StaffEnv>,
  read: Version & { readonly draft: Draft; readonly filter: AgendaFilter },
  current: Version,
): Response | Promise<Response> {
  const language = c.get('language')
  const texts = agendasTexts[language]
  const { conflict } = texts
  const { settings, draft, filter } = read
  const address = `${clinicAddress(settings.clinic.id)}/agendas`
  const rows = comparisonOf(read, current)
  const say = (on: boolean | undefined) => (on === undefined ? '' : on ? texts.on : texts.off)
  const hidden = { version: String(settings.version), draft: writeDraft(draft), q: filter.q, site: filter.site }
  return consolePage(
    c,
    { title: conflict.title, active: 'agendas' },
    <>
      <Head crumbs={[{ href: address, name: texts.title }]} title={conflict.title} />
      <form class="stack wide" method="post" action={address}>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <Note tint="warn" fact={conflict.fact(current.settings.version)} role="alert">
          {conflict.rest}
        </Note>
        <Panel id="versions" title={conflict.theirs} look="flush">
          <Table label={conflict.theirs}>
            <Columns names={[conflict.cell, conflict.base(settings.version), conflict.now(current.settings.version), conflict.yours]} />
            <tbody>
              {rows.map(({ row, cell, before, now, yours }) => (
                <tr>
                  <th scope="row">
                    {row.label}
                    <br />
                    <span class="hint">{nameOfCell(cell, language)}</span>
                  </th>
                  <td>{say(before)}</td>
                  <td>{say(now)}</td>
                  <td {...(yours !== undefined && { class: 'edited' })}>{say(yours)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
          {rows.every(({ before, now }) => before === now) && <p class="hint">{conflict.noTheirs}</p>}
        </Panel>
        <Savebar fact={texts.unsavedEdits(countEdits(draft))}>
          <a class="btn" href={address}>
            {conflict.drop}
          </a>
          <button type="submit" class="btn go" name="do" value="take">
            {conflict.take(current.settings.version)}
          </button>
        </Savebar>
      </form>
    </>,
    409,
  )
}

interface Compared {
  readonly row: AgendaRow
  readonly cell: Cell
  readonly before: boolean
  readonly now: boolean | undefined
  /** Absent: not edited. */
  readonly yours: boolean | undefined
}

/** Every cell that either of the two has changed. */
function comparisonOf(read: Version & { readonly draft: Draft }, current: Version): readonly Compared[] {
  const currentRows = new Map(current.rows.map((row) => [row.key, row]))
  return read.rows.flatMap((row) =>
    cells.flatMap((cell) => {
      const now = currentRows.get(row.key)
      const compared: Compared = {
        row,
        cell,
        before: isOn(row.saved, cell),
        now: now && isOn(now.saved, cell),
        yours: read.draft.get(row.key)?.has(idOf(cell)) ? isOn(switchesOf(row, read.draft), cell) : undefined,
      }
      return compared.yours !== undefined || compared.before !== compared.now ? [compared] : []
    }),
  )
}
