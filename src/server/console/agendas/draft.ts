import { z } from 'zod'
import type { AgendaSettings, AgendaSwitches, Settings } from '../../../core/settings.ts'
import { UNSET_AGENDA } from '../../../core/settings.ts'
import type { CellId } from './cells.ts'
import { cellOf, cells, idOf, isDead, isOn, turn } from './cells.ts'

/** What is edited and not saved, by agenda and cell; it goes from page to page in the form. */
export type Draft = ReadonlyMap<string, ReadonlyMap<CellId, boolean>>

/** An agenda as the table shows it; `isNew`: the EHR named it, and nobody has set it yet. */
export interface AgendaRow {
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly siteId?: string
  readonly live: boolean
  readonly isNew: boolean
  /** As saved. */
  readonly saved: AgendaSwitches
}

/** Cell by cell; a page of a thousand agendas has nine thousand. */
const draftSchema = z.array(z.tuple([z.string().max(500), z.string().max(30), z.boolean()])).max(20_000)

export function readDraft(text: string): Draft {
  const parsed = draftSchema.safeParse(plainJson(text))
  const draft = new Map<string, Map<CellId, boolean>>()
  for (const [key, id, on] of parsed.data ?? []) {
    const cell = cellOf(id)
    if (!cell) continue
    const row = draft.get(key) ?? new Map<CellId, boolean>()
    draft.set(key, row.set(idOf(cell), on))
  }
  return draft
}

export function writeDraft(draft: Draft): string {
  return JSON.stringify([...draft].flatMap(([key, row]) => [...row].map(([id, on]) => [key, id, on])))
}

function plainJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How the row would be. */
export function switchesOf(row: AgendaRow, draft: Draft): AgendaSwitches {
  let { saved: switches } = row
  for (const [id, on] of draft.get(row.key) ?? []) {
    const cell = cellOf(id)
    if (cell) switches = turn(switches, cell, on)
  }
  return switches
}

/** The draft with one row as it was sent: a push that could not be moved, before or after, stays as it was (D7a). */
export function withSent(draft: Draft, row: AgendaRow, isSent: (id: CellId) => boolean): Draft {
  const before = switchesOf(row, draft)
  let after = before
  for (const cell of cells) {
    const on = isSent(idOf(cell))
    if (on || !(isDead(before, cell) || isDead(after, cell))) after = turn(after, cell, on)
  }
  return withRow(draft, row, after)
}

/** *Tous*, or *Aucun* where all of them are on. */
export function withAll(draft: Draft, rows: readonly AgendaRow[], id: CellId): Draft {
  const cell = cellOf(id)
  if (!cell) return draft
  const movable = rows.filter((row) => !isDead(switchesOf(row, draft), cell))
  const on = movable.some((row) => !isOn(switchesOf(row, draft), cell))
  return movable.reduce((all, row) => withRow(all, row, turn(switchesOf(row, all), cell, on)), draft)
}

/** The same edits on other rows: of an agenda that is gone, or already so, there is nothing to edit. */
export function rebase(draft: Draft, rows: readonly AgendaRow[]): Draft {
  return rows.reduce<Draft>((all, row) => (draft.has(row.key) ? withRow(all, row, switchesOf(row, draft)) : all), new Map())
}

/** Only what differs from what is saved is an edit. */
function withRow(draft: Draft, row: AgendaRow, switches: AgendaSwitches): Draft {
  const edits = cells.flatMap((cell) => {
    const on = isOn(switches, cell)
    return on === isOn(row.saved, cell) ? [] : [[idOf(cell), on] as const]
  })
  const next = new Map(draft)
  if (edits.length > 0) next.set(row.key, new Map(edits))
  else next.delete(row.key)
  return next
}

export function countEdits(draft: Draft): number {
  return [...draft.values()].reduce((sum, row) => sum + row.size, 0)
}

/** The agendas with the draft in them; one nobody had set begins to be told of like any other. */
export function applyDraft(settings: Settings, rows: readonly AgendaRow[], draft: Draft): Settings['agendas'] {
  const edited = rows.flatMap((row): readonly (readonly [string, AgendaSettings])[] => {
    if (!draft.has(row.key)) return []
    const known = Object.hasOwn(settings.agendas, row.key) ? settings.agendas[row.key] : undefined
    const before = known ?? { ...UNSET_AGENDA, live: true, label: row.label }
    return [[row.key, { ...before, switches: switchesOf(row, draft) }]]
  })
  return edited.length > 0 ? { ...settings.agendas, ...Object.fromEntries(edited) } : settings.agendas
}
