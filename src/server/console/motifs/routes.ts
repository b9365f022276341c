import type { Context } from 'hono'
import { mayEdit } from '../../../core/access.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Fault } from '../../config/faults.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import type { FieldError } from '../parts/errors.tsx'
import { countIn, sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { pageOf } from '../parts/slice.ts'
import { consoleRefusal } from '../refusal.tsx'
import type { SavingDeps } from '../saving.ts'
import { nameOfDraft, saveForm } from '../saving.ts'
import { settingsConflict } from '../versions/conflict-page.tsx'
import { bulkPage } from './bulk-page.tsx'
import { motifSent, withMotif, withSwitched } from './edit.ts'
import type { MotifsView } from './list-page.tsx'
import { motifsPage } from './list-page.tsx'
import type { MotifView } from './motif-page.tsx'
import { motifPage } from './motif-page.tsx'
import type { MotifFilter, MotifRow } from './rows.ts'
import { filterMotifs, isMotifOn, motifRows } from './rows.ts'
import { motifsTexts } from './texts.ts'

type Ask = Context<StaffEnv>

const base = '/console/clinics/:clinic/motifs'
/** A page of motifs by their keys. */
const maxBytes = 256 * 1024

/** Which motifs are told of (D13–D21): a list found by specialty and category, one motif, several at once. */
export function motifsRoutes(deps: SavingDeps): readonly StaffRoute[] {
  const see = { method: 'GET', access: 'staff', least: ['reader'], clinicOf: clinicInPath } as const
  const edit = { method: 'POST', access: 'staff', least: ['admin'], clinicOf: clinicInPath, maxBytes } as const
  return [
    { ...see, path: base, handle: (c) => list(deps, c) },
    { ...edit, path: base, handle: (c) => takeSeveral(deps, c) },
    { ...see, path: `${base}/:motif`, handle: (c) => showOne(deps, c) },
    { ...edit, path: `${base}/:motif`, handle: (c) => takeOne(deps, c) },
  ]
}

interface Known {
  readonly settings: Settings
  readonly rows: readonly MotifRow[]
}

async function known({ store }: SavingDeps, c: Ask, version?: number): Promise<Known | undefined> {
  const clinicId = c.req.param('clinic') ?? ''
  const { noMotif } = motifsTexts[c.get('language')]
  return store.read(async (tx) => {
    const settings = version === undefined ? await tx.settings.current(clinicId) : await tx.settings.at(clinicId, version)
    return settings && { settings, rows: motifRows(settings, await tx.unset.list(clinicId), noMotif) }
  })
}

const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')

function isEditable(c: Ask, settings: Settings): boolean {
  return mayEdit(c.get('caller').role, [{ path: ['motifs'] }], settings.settingsEnabled) === undefined
}

async function list(deps: SavingDeps, c: Ask): Promise<Response> {
  const found = await known(deps, c)
  if (!found) return nowhere(c)
  const filter = filterOf((name) => c.req.query(name) ?? '')
  return motifsPage(c, viewOf(c, found, filter, countIn(c.req.query('page')), savedOf(c, found)))
}

function filterOf(field: (name: string) => string): MotifFilter {
  return { q: field('q').slice(0, 200), specialty: field('specialty'), category: field('category') }
}

function viewOf(c: Ask, { settings, rows }: Known, filter: MotifFilter, page: number, more: Partial<MotifsView> = {}): MotifsView {
  return { settings, rows, filter, page, isEditable: isEditable(c, settings), chosen: new Set(), ...more }
}

/** D19: what a save of several has made true. */
function savedOf(c: Ask, { settings }: Known): Pick<MotifsView, 'saved'> {
  const { nowTrue } = motifsTexts[c.get('language')]
  const [version, count, to] = (c.req.query('saved') ?? '').split('.')
  if (version !== String(settings.version)) return {}
  return { saved: [nowTrue.saved(settings.version), nowTrue.many(countIn(count), to === 'on')].join(' ') }
}

async function takeSeveral(deps: SavingDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const found = await known(deps, c, countIn(sent.one('version')))
  if (!found) return nowhere(c)
  const { settings, rows } = found
  const filter = filterOf((name) => sent.one(name))
  const page = countIn(sent.one('page'))
  const asked = new Set(sent.all('key'))
  const chosen = rows.filter(({ key }) => asked.has(key))
  const act = sent.one('do')
  if (act === 'choose') {
    const all = pageOf(filterMotifs(rows, filter), page).rows.map(({ key }) => key)
    return motifsPage(c, viewOf(c, found, filter, page, { chosen: new Set(all) }))
  }
  if (chosen.length === 0) return motifsPage(c, viewOf(c, found, filter, page, { asks: motifsTexts[c.get('language')].bulk.none }))
  const on = (act === 'save' ? sent.one('to') : act) === 'on'
  const wanted = (current: Settings) => withSwitched(current, chosen, on)
  if (act !== 'save') {
    const impact = await deps.forecaster.of(settings, wanted(settings))
    return bulkPage(c, { settings, rows: chosen, on, impact, seen: nameOfDraft(settings, wanted(settings)) })
  }
  const saved = await saveForm(deps, c, { read: settings, wanted, seen: sent.one('seen') })
  const address = `${clinicAddress(settings.clinic.id)}/motifs`
  switch (saved.kind) {
    case 'saved':
      return c.redirect(withQuery(address, { saved: `${saved.version}.${chosen.length}.${on ? 'on' : 'off'}` }), 303)
    case 'shown':
      return bulkPage(c, { settings, rows: chosen, on, impact: saved.impact, seen: saved.seen })
    case 'conflict':
      return settingsConflict(c, { read: settings, wanted: wanted(settings), current: saved.current, address })
    case 'refused':
      return consoleRefusal(c, 403, 'role')
    default:
      return c.redirect(address, 303)
  }
}

async function showOne(deps: SavingDeps, c: Ask): Promise<Response> {
  const found = await known(deps, c)
  const row = found?.rows.find(({ key }) => key === c.req.param('motif'))
  if (!found || !row) return nowhere(c)
  const { settings } = found
  const isSaved = c.req.query('saved') === String(settings.version)
  return motifPage(c, {
    settings,
    row,
    motif: row.motif,
    isEdited: false,
    isEditable: isEditable(c, settings),
    ...(isSaved && { saved: sayTruth(settings.version, row, c.get('language')) }),
  })
}

/** D19: one sentence of what is now true. */
function sayTruth(version: number, { label, motif }: MotifRow, language: Language): string {
  const { nowTrue } = motifsTexts[language]
  const truth = !isMotifOn(motif) ? nowTrue.off(label) : motif.type === 'none' ? nowTrue.silent(label) : nowTrue.on(label)
  return `${nowTrue.saved(version)} ${truth}`
}

async function takeOne(deps: SavingDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const found = await known(deps, c, countIn(sent.one('version')))
  const row = found?.rows.find(({ key }) => key === c.req.param('motif'))
  if (!found || !row) return nowhere(c)
  const { settings } = found
  const motif = motifSent(row.motif, sent)
  const wanted = (current: Settings) => withMotif(current, row.key, motif)
  const view: MotifView = { settings, row, motif, isEdited: true, isEditable: true }
  const address = `${clinicAddress(settings.clinic.id)}/motifs/${encodeURIComponent(row.key)}`
  if (sent.one('do') !== 'save') return preview(deps, c, view, wanted(settings))
  const saved = await saveForm(deps, c, { read: settings, wanted, seen: sent.one('seen') })
  switch (saved.kind) {
    case 'saved':
      return c.redirect(withQuery(address, { saved: saved.version }), 303)
    case 'unchanged':
      return c.redirect(address, 303)
    case 'shown':
      return motifPage(c, { ...view, impact: saved.impact, seen: saved.seen, warns: true })
    case 'invalid':
      return motifPage(c, { ...view, errors: errorsOf(saved.faults, c.get('language')) })
    case 'conflict':
      return settingsConflict(c, { read: settings, wanted: wanted(settings), current: saved.current, address })
    case 'refused':
      return consoleRefusal(c, 403, 'role')
    default:
      return saved satisfies never
  }
}

async function preview(deps: SavingDeps, c: Ask, view: MotifView, draft: ReturnType<typeof withMotif>): Promise<Response> {
  const impact = await deps.forecaster.of(view.settings, draft)
  return motifPage(c, { ...view, impact, seen: nameOfDraft(view.settings, draft) })
}

function errorsOf(faults: readonly Fault[], language: Language): readonly FieldError[] {
  const { form } = motifsTexts[language]
  const isQuestionnaire = faults.some(({ path }) => path.at(-1) === 'questionnaire')
  return isQuestionnaire ? [{ field: 'questionnaire', says: form.questionnaireError }] : [{ says: form.invalid }]
}
