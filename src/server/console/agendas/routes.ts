import type { Context } from 'hono'
import { z } from 'zod'
import { mayEdit } from '../../../core/access.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Store } from '../../../store/store.ts'
import { sha256 } from '../../ids.ts'
import type { Forecaster } from '../../impact/impact.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import type { SaveDeps } from '../../settings/save-settings.ts'
import { saveSettings } from '../../settings/save-settings.ts'
import { clinicAddress } from '../menu.ts'
import type { Sent } from '../parts/form.ts'
import { countIn, sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import { agendaPage } from './agenda-page.tsx'
import type { CellId } from './cells.ts'
import { cellOf, idOf } from './cells.ts'
import { conflictPage } from './conflict-page.tsx'
import type { AgendaRow, Draft } from './draft.ts'
import { applyDraft, readDraft, rebase, withAll, withSent, writeDraft } from './draft.ts'
import { settingsHub } from './hub-page.tsx'
import type { AgendasView } from './page.tsx'
import { agendasPage } from './page.tsx'
import type { AgendaFilter } from './rows.ts'
import { agendaRows, filterRows } from './rows.ts'
import { whatIsTrue } from './said.ts'

export interface AgendasDeps extends SaveDeps {
  readonly store: Store
  readonly forecaster: Forecaster
}

type Ask = Context<StaffEnv>

const base = '/console/clinics/:clinic'
/** A draft of a thousand agendas. */
const maxBytes = 1024 * 1024

/** Which agenda sends what (D5–D8), one agenda with the way there, and the two menus behind its gear (D5, D14b). */
export function agendasRoutes(deps: AgendasDeps): readonly StaffRoute[] {
  const see = { method: 'GET', access: 'staff', least: ['reader'], clinicOf: clinicInPath } as const
  const edit = { method: 'POST', access: 'staff', least: ['admin'], clinicOf: clinicInPath, maxBytes } as const
  return [
    { ...see, path: `${base}/agendas`, handle: (c) => show(deps, c) },
    { ...edit, path: `${base}/agendas`, handle: (c) => take(deps, c) },
    { ...see, path: `${base}/agendas/:agenda`, handle: (c) => showOne(deps, c) },
    { ...see, path: `${base}/settings/:section`, handle: (c) => settingsHub(c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')

interface Known {
  readonly settings: Settings
  readonly rows: readonly AgendaRow[]
}

/** The settings of a version, the one in use unless told, and their agendas. */
async function known({ store }: AgendasDeps, clinicId: string, version?: number): Promise<Known | undefined> {
  return store.read(async (tx) => {
    const settings = version === undefined ? await tx.settings.current(clinicId) : await tx.settings.at(clinicId, version)
    return settings && { settings, rows: agendaRows(settings, await tx.unset.list(clinicId)) }
  })
}

async function show(deps: AgendasDeps, c: Ask): Promise<Response> {
  const found = await known(deps, clinicOf(c))
  if (!found) return nowhere(c)
  const { settings, rows } = found
  const before = c.req.query('saved') === String(settings.version) ? await versionBefore(deps, settings) : undefined
  return agendasPage(c, {
    settings,
    rows,
    filter: { q: c.req.query('q') ?? '', site: c.req.query('site') ?? '' },
    page: countIn(c.req.query('page')),
    draft: new Map(),
    refusal: refusalOf(c, settings),
    ...(before && { saved: whatIsTrue(before, settings, c.get('language')) }),
  })
}

function versionBefore({ store }: AgendasDeps, { clinic, version }: Settings): Promise<Settings | undefined> {
  return store.read((tx) => tx.settings.at(clinic.id, version - 1))
}

function refusalOf(c: Ask, settings: Settings): AgendasView['refusal'] {
  return mayEdit(c.get('caller').role, [{ path: ['agendas'] }], settings.settingsEnabled)
}

async function showOne(deps: AgendasDeps, c: Ask): Promise<Response> {
  const found = await known(deps, clinicOf(c))
  const row = found?.rows.find(({ key }) => key === c.req.param('agenda'))
  return found && row ? agendaPage(c, found.settings, row) : nowhere(c)
}

/** What the form of the table holds: the version it is of, what was edited on other pages, and the rows of this one. */
async function take(deps: AgendasDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const clinicId = clinicOf(c)
  const [found, current] = [await known(deps, clinicId, countIn(sent.one('version'))), await known(deps, clinicId)]
  if (!found || !current) return nowhere(c)
  const filter = { q: sent.one('q').slice(0, 200), site: sent.one('site') }
  const draft = draftOf(sent, found.rows)
  const turn: Turn = { deps, c, sent, filter, ...found, draft, page: countIn(sent.one('at')) }
  const page = sent.one('page')
  if (page !== '') return redraw(turn, { page: countIn(page) })
  const bulk = cellOf(sent.one('bulk'))
  if (bulk) return redraw({ ...turn, draft: withAll(draft, filterRows(found.rows, filter), idOf(bulk)) })
  switch (sent.one('do')) {
    case 'undo':
      return back(turn)
    case 'filter':
      return redraw(turn, { page: 1 })
    case 'take':
      return redraw({ ...turn, ...current, draft: rebase(draft, current.rows) })
    case 'save':
      return save(turn, current)
    default:
      return redraw(turn)
  }
}

interface Turn extends Known {
  readonly deps: AgendasDeps
  readonly c: Ask
  readonly sent: Sent
  readonly filter: AgendaFilter
  readonly draft: Draft
  readonly page: number
}

const keys = z.array(z.string().max(500)).max(1_000)

function draftOf(sent: Sent, rows: readonly AgendaRow[]): Draft {
  const on = new Set(sent.all('on'))
  const byKey = new Map(rows.map((row) => [row.key, row]))
  const shown = keys.safeParse(plainJson(sent.one('shown'))).data ?? []
  return shown.reduce(
    (draft, key, index) => {
      const row = byKey.get(key)
      return row ? withSent(draft, row, (id: CellId) => on.has(`${index}.${id}`)) : draft
    },
    rebase(readDraft(sent.one('draft')), rows),
  )
}

function plainJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The page as it was, nothing edited. */
function back({ c, filter, settings, page }: Turn, more: Readonly<Record<string, string | number>> = {}): Response {
  return c.redirect(
    withQuery(`${clinicAddress(settings.clinic.id)}/agendas`, { ...filter, page: page > 1 ? page : undefined, ...more }),
    303,
  )
}

/** The page with what is edited, and what that would change. */
async function redraw(turn: Turn, more: { readonly page?: number; readonly warns?: boolean } = {}): Promise<Response> {
  const { deps, c, settings, rows, filter, draft } = turn
  const page = more.page ?? turn.page
  if (draft.size === 0) return back({ ...turn, page })
  const impact = await deps.forecaster.of(settings, { ...settings, agendas: applyDraft(settings, rows, draft) })
  return agendasPage(c, {
    settings,
    rows,
    filter,
    page,
    draft,
    refusal: refusalOf(c, settings),
    impact,
    seen: nameOf(draft),
    ...(more.warns && { warns: true }),
  })
}

/** Names one draft: whoever has seen the impact of this one has not seen that of another. */
function nameOf(draft: Draft): string {
  return sha256(writeDraft(draft)).slice(0, 16)
}

/** D7: all edits together, or none; whoever would lose their last channel is shown first. */
async function save(turn: Turn, current: Known): Promise<Response> {
  const { deps, c, sent, settings, rows, draft } = turn
  if (draft.size === 0) return back(turn)
  if (current.settings.version !== settings.version) return conflictPage(c, turn, current)
  if (sent.one('seen') !== nameOf(draft)) {
    const impact = await deps.forecaster.of(settings, { ...settings, agendas: applyDraft(settings, rows, draft) })
    if (impact.losing > 0) return redraw(turn, { warns: true })
  }
  const acted = await saveSettings(deps, {
    clinicId: settings.clinic.id,
    caller: c.get('caller'),
    from: settings.version,
    source: 'console',
    wanted: (now) => ({ ...now, agendas: applyDraft(now, rows, draft) }),
  })
  if (!acted) return nowhere(c)
  if (acted.kind === 'refused') return consoleRefusal(c, 403, 'role')
  if (acted.kind === 'conflict') return conflictPage(c, turn, (await known(deps, settings.clinic.id)) ?? current)
  return back(turn, acted.kind === 'changed' ? { saved: acted.version } : {})
}
