import type { Context } from 'hono'
import { mayEdit } from '../../../core/access.ts'
import type { Settings } from '../../../core/settings.ts'
import { diffSettings } from '../../../core/settings-diff.ts'
import type { Cell } from '../../../core/template/cell.ts'
import { cellKey, readCell } from '../../../core/template/cell.ts'
import { isRefused, lintTemplate } from '../../../core/template/lint.ts'
import { messageLanguageOf } from '../../../core/words/catalogue.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { parseTemplate } from '../../templates/render.ts'
import type { TestSend, TestSent } from '../../templates/test-send.ts'
import { readPhones } from '../appointments/contacts.ts'
import { clinicAddress } from '../menu.ts'
import type { Sent } from '../parts/form.ts'
import { countIn, sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import type { SavingDeps } from '../saving.ts'
import { nameOfDraft, saveForm } from '../saving.ts'
import { settingsConflict } from '../versions/conflict-page.tsx'
import type { Shelf } from './catalogue-page.tsx'
import { cataloguePage, modalities } from './catalogue-page.tsx'
import type { Draft } from './edit.ts'
import { cellOfDraft, draftOf, draftSent, textVersions, withDraft } from './edit.ts'
import { editorPage } from './editor-page.tsx'
import { messagesTexts } from './texts.ts'
import type { EditorView } from './written.tsx'

export interface MessagesDeps extends SavingDeps {
  readonly testSend: (ask: TestSend) => Promise<TestSent>
}

type Ask = Context<StaffEnv>

const base = '/console/clinics/:clinic/messages'

/** What messages say (D3): the catalogue, and the editor of each. */
export function messagesRoutes(deps: MessagesDeps): readonly StaffRoute[] {
  const see = { method: 'GET', access: 'staff', least: ['reader'], clinicOf: clinicInPath } as const
  const edit = { method: 'POST', access: 'staff', least: ['admin'], clinicOf: clinicInPath } as const
  return [
    { ...see, path: base, handle: (c) => list(deps, c) },
    { ...see, path: `${base}/:cell`, handle: (c) => show(deps, c) },
    { ...edit, path: `${base}/:cell`, handle: (c) => take(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')

function mayWrite(c: Ask, settings: Settings): boolean {
  return mayEdit(c.get('caller').role, [{ path: ['templates'] }], settings.settingsEnabled) === undefined
}

async function list({ store, publicUrl }: MessagesDeps, c: Ask): Promise<Response> {
  const settings = await store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!settings) return nowhere(c)
  const channel = c.req.query('channel')
  const shelf: Shelf = {
    channel: channel === 'email' || channel === 'push' ? channel : 'sms',
    language: messageLanguageOf(c.req.query('language')) ?? c.get('language'),
    modality: modalities.find((each) => each === c.req.query('modality')) ?? 'onsite',
  }
  return cataloguePage(c, { settings, shelf, publicUrl, mayEdit: mayWrite(c, settings) })
}

/** One message of one way to come. */
function cellAsked(c: Ask): Cell | undefined {
  const cell = readCell(c.req.param('cell') ?? '')
  return cell && cell.modality !== '*' ? cell : undefined
}

async function show(deps: MessagesDeps, c: Ask): Promise<Response> {
  const cell = cellAsked(c)
  const settings = await deps.store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!cell || !settings) return nowhere(c)
  const { said } = messagesTexts[c.get('language')]
  const from = countIn(c.req.query('from'), 0)
  const past = from > 0 ? await deps.store.read((tx) => tx.settings.at(clinicOf(c), from)) : undefined
  const draft = draftOf(past ?? settings, cell)
  const isSaved = c.req.query('saved') === String(settings.version)
  return draw(deps, c, { settings, cell, draft }, isSaved ? { said: said.saved(settings.version) } : {})
}

type Edited = Pick<EditorView, 'settings' | 'cell' | 'draft'>

async function draw({ store, clock, publicUrl }: MessagesDeps, c: Ask, edited: Edited, more: Partial<EditorView> = {}): Promise<Response> {
  const { settings, cell, draft } = edited
  const versions = await store.read((tx) => textVersions(tx, settings.clinic.id, cell))
  const report = draft.template && lint(settings, cell, draft, publicUrl)
  return editorPage(c, {
    ...edited,
    isEdited: diffSettings(settings, withDraft(settings, cell, draft)).length > 0,
    isEditable: mayWrite(c, settings),
    ...(report && { report }),
    versions,
    publicUrl,
    face: { zone: settings.clinic.zone, language: c.get('language'), now: clock.now() },
    ...more,
  })
}

function lint(settings: Settings, cell: Cell, draft: Draft, publicUrl: string): EditorView['report'] {
  const { template } = draft
  return template && lintTemplate({ cell: cellOfDraft(cell, draft), template, settings, parse: parseTemplate, publicUrl })
}

async function take(deps: MessagesDeps, c: Ask): Promise<Response> {
  const cell = cellAsked(c)
  const sent = await sentBy(c)
  const settings = await deps.store.read((tx) => tx.settings.at(clinicOf(c), countIn(sent.one('version'))))
  if (!cell || !settings) return nowhere(c)
  const edited: Edited = { settings, cell, draft: draftSent(sent, cell) }
  const more = { to: sent.one('to') }
  switch (sent.one('do')) {
    case 'save':
      return publish(deps, c, edited, sent)
    case 'reset':
      return preview(deps, c, { ...edited, draft: { scope: edited.draft.scope } }, more)
    case 'apply':
      return preview(deps, c, applied(edited, deps.publicUrl), more)
    case 'test':
      return tryOut(deps, c, edited, sent)
    default:
      return preview(deps, c, edited, more)
  }
}

/** With what the lint proposes in its place. */
function applied(edited: Edited, publicUrl: string): Edited {
  const { settings, cell, draft } = edited
  const instead = lint(settings, cell, draft, publicUrl)?.findings.find((finding) => finding.instead !== undefined)?.instead
  return instead === undefined || !draft.template
    ? edited
    : { ...edited, draft: { ...draft, template: { ...draft.template, body: instead } } }
}

async function preview(deps: MessagesDeps, c: Ask, edited: Edited, more: Partial<EditorView>): Promise<Response> {
  const { settings, cell, draft } = edited
  const wanted = withDraft(settings, cell, draft)
  const report = lint(settings, cell, draft, deps.publicUrl)
  const isCosted = cell.channel === 'sms' && !(report && isRefused(report)) && diffSettings(settings, wanted).length > 0
  const impact = isCosted ? await deps.forecaster.of(settings, wanted) : undefined
  return draw(deps, c, edited, { ...more, ...(impact && { impact, seen: nameOfDraft(settings, wanted) }) })
}

async function publish(deps: MessagesDeps, c: Ask, edited: Edited, sent: Sent): Promise<Response> {
  const { settings, cell, draft } = edited
  const texts = messagesTexts[c.get('language')]
  const report = lint(settings, cell, draft, deps.publicUrl)
  if (report && isRefused(report)) return draw(deps, c, edited, { refused: texts.said.refused })
  const wanted = (current: Settings) => withDraft(current, cell, draft)
  const saved = await saveForm(deps, c, { read: settings, wanted, seen: sent.one('seen') })
  const address = `${clinicAddress(clinicOf(c))}/messages/${cellKey(cell)}`
  switch (saved.kind) {
    case 'saved':
      return c.redirect(withQuery(address, { saved: saved.version }), 303)
    case 'unchanged':
      return draw(deps, c, edited, { said: texts.said.same })
    case 'shown':
      return draw(deps, c, edited, { impact: saved.impact, seen: saved.seen, refused: texts.losing(saved.impact.losing) })
    case 'invalid':
      return draw(deps, c, edited, { refused: texts.said.refused })
    case 'conflict':
      return settingsConflict(c, { read: settings, wanted: wanted(settings), current: saved.current, address })
    case 'refused':
      return consoleRefusal(c, 403, 'role')
    default:
      return saved satisfies never
  }
}

async function tryOut(deps: MessagesDeps, c: Ask, edited: Edited, sent: Sent): Promise<Response> {
  const { settings, cell, draft } = edited
  const { said } = messagesTexts[c.get('language')]
  const report = lint(settings, cell, draft, deps.publicUrl)
  const typed = sent.one('to')
  if (report && isRefused(report)) return draw(deps, c, edited, { to: typed, refused: said.refused })
  const to = cell.channel === 'email' ? emailIn(typed) : readPhones(typed)[0]
  if (to === undefined) return draw(deps, c, edited, { to: typed, refused: said.badAddress })
  const { kind } = await deps.testSend({ settings, cell, to, caller: c.get('caller'), ...(draft.template && { template: draft.template }) })
  const why: Readonly<Record<TestSent['kind'], Partial<EditorView>>> = {
    sent: { said: said.sent },
    not_sent: { refused: said.notSent },
    too_many: { refused: said.tooMany },
    no_channel: { refused: said.noChannel },
  }
  return draw(deps, c, edited, { to: typed, ...why[kind] })
}

function emailIn(text: string): string | undefined {
  const address = text.trim().toLowerCase()
  return /^[^\s@<>",;:]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}$/.test(address) ? address : undefined
}
