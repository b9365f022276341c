import type { Language } from '../../../core/words/language.ts'
import { Switch } from '../parts/switch.tsx'
import { Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import type { Cell } from './cells.ts'
import { cells, channels, idOf, isDead, isOn } from './cells.ts'
import type { AgendaRow, Draft } from './draft.ts'
import { switchesOf } from './draft.ts'
import { agendasTexts } from './texts.ts'

interface MatrixProps {
  /** Of this page. */
  readonly rows: readonly AgendaRow[]
  /** Of every page of this filter: what *Tous* is of. */
  readonly all: readonly AgendaRow[]
  readonly draft: Draft
  readonly language: Language
  readonly isEditable: boolean
  readonly address: string
}

/** Rows are agendas, columns kinds × channels (D6); without the role, words in the place of switches. */
export function Matrix(props: MatrixProps) {
  const { rows, language, isEditable } = props
  const texts = agendasTexts[language]
  return (
    <Table label={texts.table} look="matrix">
      <thead>
        <tr>
          <th scope="col" rowspan={2}>
            {texts.agenda}
          </th>
          {channels.map((channel) => (
            <th scope="colgroup" colspan={3} class="first">
              {texts.channels[channel]}
            </th>
          ))}
        </tr>
        <tr>
          {cells.map((cell) => (
            <th scope="col" class={firstOf(cell)}>
              {texts.columns(cell)}
              {cell.channel === 'sms' && cell.column === 'reminder' && (
                <>
                  <br />
                  <span class="hint">{texts.andChanges}</span>
                </>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {isEditable && <BulkRow {...props} />}
        {rows.map((row, index) => (
          <Row {...props} row={row} index={index} />
        ))}
      </tbody>
    </Table>
  )
}

function firstOf({ column }: Cell): string | undefined {
  return column === 'confirmation' ? 'first' : undefined
}

/** `SMS, SMS de rappel`: a cell read aloud. */
export function nameOfCell(cell: Cell, language: Language): string {
  const texts = agendasTexts[language]
  return `${texts.channels[cell.channel]}, ${texts.columns(cell)}`
}

/** *Tous*, or *Aucun* where all are on: a button that sends the form, so that it needs no script. */
function BulkRow({ all, draft, language }: MatrixProps) {
  const texts = agendasTexts[language]
  return (
    <tr class="all">
      <th scope="row">{texts.all(all.length)}</th>
      {cells.map((cell) => {
        const switches = all.map((row) => switchesOf(row, draft))
        const movable = switches.filter((each) => !isDead(each, cell))
        const on = movable.filter((each) => isOn(each, cell)).length
        const turnsOn = on < movable.length
        return (
          <td class={firstOf(cell)}>
            <div class="bulk">
              <span class="hint num">
                {on} / {all.length}
              </span>
              {movable.length > 0 && (
                <button
                  type="submit"
                  class="btn small"
                  name="bulk"
                  value={idOf(cell)}
                  aria-label={texts.bulk(nameOfCell(cell, language), turnsOn, movable.length)}
                >
                  {turnsOn ? texts.turnAll : texts.turnNone}
                </button>
              )}
            </div>
          </td>
        )
      })}
    </tr>
  )
}

function Row({ row, index, draft, language, isEditable, address }: MatrixProps & { readonly row: AgendaRow; readonly index: number }) {
  const texts = agendasTexts[language]
  const switches = switchesOf(row, draft)
  const edits = draft.get(row.key)
  return (
    <tr>
      <th scope="row">
        {row.isNew ? row.label : <a href={`${address}/${encodeURIComponent(row.key)}`}>{row.label}</a>}{' '}
        {edits && <Tag tint="warn">{texts.edited}</Tag>}
        {row.isNew ? <Tag>{texts.fresh}</Tag> : !row.live && <Tag tint="shadow">{texts.shadow}</Tag>}
        {row.hint && (
          <>
            <br />
            <span class="hint">{row.hint}</span>
          </>
        )}
      </th>
      {cells.map((cell) => {
        const id = idOf(cell)
        const isEdited = edits?.has(id) ?? false
        const on = isOn(switches, cell)
        const dead = isDead(switches, cell)
        const label = `${nameOfCell(cell, language)}, ${row.label}${isEdited ? ` (${texts.unsaved})` : ''}`
        return (
          <td class={[firstOf(cell), isEdited && 'edited'].filter(Boolean).join(' ') || undefined}>
            {isEditable ? (
              <Switch name="on" value={`${index}.${id}`} on={on && !dead} label={label} disabled={dead} />
            ) : on && !dead ? (
              texts.on
            ) : (
              texts.off
            )}
          </td>
        )
      })}
    </tr>
  )
}
