import { mayEdit, mayReach } from '../../../core/access.ts'
import type { Rollout } from '../../../core/rollout-terms.ts'
import type { Settings } from '../../../core/settings.ts'
import type { StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { actorOf } from '../../settings/edit-settings.ts'
import { compareWithLog, linesOf } from '../../shadow/comparison.ts'
import { csvHeaders, toCsv } from '../../shadow/comparison-csv.ts'
import type { RolloutBefore } from '../../shadow/going-live.ts'
import { rolloutBefore, setRollout, withRollout } from '../../shadow/going-live.ts'
import type { TakeLogDeps } from '../../shadow/take-log.ts'
import { mostLogBytes, takeLog } from '../../shadow/take-log.ts'
import { number } from '../../simulate/report-words.ts'
import { ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { ErrorSummary } from '../parts/errors.tsx'
import { countIn, sentBy } from '../parts/form.ts'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import type { SavingDeps } from '../saving.ts'
import { settingsConflict } from '../versions/conflict-page.tsx'
import { type Ask, daysAsked, filterOf } from './asked.ts'
import { ComparisonPanel } from './comparison-panel.tsx'
import { LogPanel } from './log-panel.tsx'
import { StatePanel, StepPanel } from './state-panel.tsx'
import { stepOf, stepSent } from './step.ts'
import { shadowTexts } from './texts-by-language.ts'

export type ShadowPageDeps = SavingDeps & TakeLogDeps

const base = '/console/clinics/:clinic/shadow'

/** From the former system to ours: how far, both side by side, and the next step (gate 0). */
export function shadowPageRoutes(deps: ShadowPageDeps): readonly StaffRoute[] {
  const see = { method: 'GET', access: 'staff', clinicOf: clinicInPath } as const
  const act = { method: 'POST', access: 'staff', clinicOf: clinicInPath } as const
  return [
    { ...see, path: base, least: ['reader', 'integrator'], handle: (c) => show(deps, c) },
    { ...see, path: `${base}/export`, least: ['admin'], handle: (c) => download(deps, c) },
    { ...act, path: base, least: ['admin'], handle: (c) => takeStep(deps, c) },
    { ...act, path: `${base}/log`, least: ['admin', 'integrator'], maxBytes: mostLogBytes + 16_384, handle: (c) => takeFile(deps, c) },
  ]
}

const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')
const addressOf = (clinicId: string) => `${clinicAddress(clinicId)}/shadow`
const mostImports = 20

interface Said {
  readonly step?: string
  readonly file?: string
}

async function show(deps: ShadowPageDeps, c: Ask, said: Said = {}): Promise<Response> {
  const { store, clock } = deps
  const clinicId = c.req.param('clinic') ?? ''
  const language = c.get('language')
  const texts = shadowTexts[language]
  const found = await store.read(async (tx) => {
    const settings = await tx.settings.current(clinicId)
    if (!settings) return undefined
    return { settings, before: await rolloutBefore(tx, settings), imports: await tx.shadow.imports(clinicId, mostImports) }
  })
  if (!found) return nowhere(c)
  const { settings, before, imports } = found
  const now = clock.now()
  const face = { zone: settings.clinic.zone, language, now }
  const { days, asked } = daysAsked(c, settings, now)
  const comparison = asked && (await compareWithLog(store, { clinicId, ...asked }))
  const caller = c.get('caller')
  const isEditable = mayEdit(caller.role, [{ path: ['rollout'] }], settings.settingsEnabled) === undefined
  const errors = [
    ...(said.step === undefined ? [] : [{ field: 'step', says: said.step }]),
    ...(said.file === undefined ? [] : [{ field: 'file', says: said.file }]),
  ]
  const filter = filterOf(c)
  const address = withQuery(addressOf(clinicId), { ...days, ...filter })
  return consolePage(
    c,
    { title: texts.title, active: 'shadow' },
    <div class="stack wide">
      <ErrorSummary language={language} errors={errors} />
      {done(c, settings)}
      <Head title={texts.title} hint={texts.hint} />
      <StatePanel view={{ settings, before, isEditable }} language={language} />
      <ComparisonPanel
        view={{ settings, comparison, days, filter, page: countIn(c.req.query('page')), address, mayExport: mayReach(caller, ['admin']) }}
        face={face}
        language={language}
      />
      <StepPanel view={{ settings, before, isEditable }} language={language} fault={said.step} />
      <LogPanel
        imports={imports}
        mayImport={mayReach(caller, ['admin', 'integrator'])}
        fault={said.file}
        action={`${addressOf(clinicId)}/log`}
        face={face}
        language={language}
      />
    </div>,
    errors.length > 0 ? 422 : 200,
  )
}

/** What the act before has made so. */
function done(c: Ask, settings: Settings) {
  const language = c.get('language')
  const texts = shadowTexts[language]
  const taken = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(c.req.query('taken') ?? '')
  if (taken) {
    const [known, refused] = [taken[2], taken[3]].map((each) => number(Number(each), language))
    return <Toast>{texts.taken({ taken: number(Number(taken[1]), language), known: known ?? '', refused: refused ?? '' })}</Toast>
  }
  return c.req.query('saved') === String(settings.version) ? <Toast>{texts.saved(settings.version)}</Toast> : null
}

async function download({ store, clock }: ShadowPageDeps, c: Ask): Promise<Response> {
  const clinicId = c.req.param('clinic') ?? ''
  const settings = await store.read((tx) => tx.settings.current(clinicId))
  const asked = settings && daysAsked(c, settings, clock.now()).asked
  if (!asked) return nowhere(c)
  const lines = linesOf(await compareWithLog(store, { clinicId, ...asked }), filterOf(c))
  const entry = { at: clock.now(), actor: actorOf(c.get('caller')), action: 'shadow.exported', subject: clinicId }
  await store.transact((tx) => tx.audit.append({ ...entry, detail: { lines: lines.length } }))
  return c.body(toCsv(lines), 200, csvHeaders(clinicId))
}

/** First its effect, then the step; an undo is a step like any other. */
async function takeStep(deps: ShadowPageDeps, c: Ask): Promise<Response> {
  const clinicId = c.req.param('clinic') ?? ''
  const sent = await sentBy(c)
  const version = countIn(sent.one('version'), 0)
  const found = await deps.store.read(async (tx) => {
    const settings = await tx.settings.at(clinicId, version)
    return settings && { settings, before: await rolloutBefore(tx, settings) }
  })
  if (!found) return nowhere(c)
  const { settings, before } = found
  const act = sent.one('do')
  const rollout = act === 'undo' || act === 'save-undo' ? before?.rollout : stepSent(sent, settings)
  if (rollout === undefined) return show(deps, c, { step: shadowTexts[c.get('language')].refusals.invalid })
  if (act !== 'save' && act !== 'save-undo') return preview(deps, c, { settings, before, rollout, isUndo: act === 'undo', sent })
  const acted = await setRollout(deps, { clinicId, caller: c.get('caller'), from: version, rollout, source: 'console' })
  switch (acted?.kind) {
    case 'changed':
    case 'unchanged':
      return c.redirect(`${addressOf(clinicId)}?saved=${acted.version}`, 303)
    case 'conflict': {
      const current = await deps.store.read((tx) => tx.settings.current(clinicId))
      return current
        ? settingsConflict(c, { read: settings, wanted: withRollout(settings, rollout), current, address: addressOf(clinicId) })
        : nowhere(c)
    }
    default:
      return consoleRefusal(c, 403, 'role')
  }
}

interface Previewed {
  readonly settings: Settings
  readonly before: RolloutBefore | undefined
  readonly rollout: Rollout | null
  readonly isUndo: boolean
  readonly sent: Awaited<ReturnType<typeof sentBy>>
}

const fields = ['step', 'percent', 'test-email', 'test-sms', 'answers'] as const

async function preview({ forecaster }: ShadowPageDeps, c: Ask, { settings, rollout, isUndo, sent }: Previewed): Promise<Response> {
  const language = c.get('language')
  const texts = shadowTexts[language]
  const clinicId = settings.clinic.id
  const impact = await forecaster.of(settings, withRollout(settings, rollout))
  const title = texts.previewTitle(texts.names[stepOf(rollout)])
  const { email, sms } = rollout?.redirectTo ?? {}
  const to = [email, sms].filter((each) => each !== undefined).join(', ')
  return consolePage(
    c,
    { title, active: 'shadow' },
    <div class="stack wide">
      <Head crumbs={[{ href: addressOf(clinicId), name: texts.title }]} title={title} hint={texts.previewHint} />
      {to && (
        <Note tint="warn" fact={texts.redirected(to)}>
          {texts.redirectedMeans}
        </Note>
      )}
      <ImpactPanel impact={impact} settings={settings} language={language} toCall={`${clinicAddress(clinicId)}/to-call`} />
      <Note tint="info" fact={texts.noBurst} />
      <form method="post" action={addressOf(clinicId)} class="row">
        <input type="hidden" name="version" value={settings.version} />
        {!isUndo && fields.filter((name) => sent.has(name)).map((name) => <input type="hidden" name={name} value={sent.one(name)} />)}
        {!isUndo && sent.all('agendas').map((key) => <input type="hidden" name="agendas" value={key} />)}
        <a class="btn" href={addressOf(clinicId)}>
          {texts.back}
        </a>
        <button type="submit" class="btn go" name="do" value={isUndo ? 'save-undo' : 'save'}>
          {texts.confirm}
        </button>
      </form>
    </div>,
  )
}

async function takeFile(deps: ShadowPageDeps, c: Ask): Promise<Response> {
  const clinicId = c.req.param('clinic') ?? ''
  const { refusals } = shadowTexts[c.get('language')]
  const form = await c.req.formData().catch(() => undefined)
  const file = form?.get('file')
  if (!(file instanceof File) || file.size === 0) return show(deps, c, { file: refusals.no_file })
  const taken = await takeLog(deps, clinicId, new Uint8Array(await file.arrayBuffer()), c.get('caller'))
  if (taken.kind === 'taken') {
    const { taken: fresh, known, refused } = taken.file
    return c.redirect(`${addressOf(clinicId)}?taken=${fresh}.${known}.${refused}#log`, 303)
  }
  const { reason } = taken
  switch (reason) {
    case 'no_clinic':
      return nowhere(c)
    case 'column_missing':
      return show(deps, c, { file: refusals.column_missing(taken.column) })
    case 'empty':
    case 'too_many_rows':
      return show(deps, c, { file: refusals[reason] })
    default:
      return reason satisfies never
  }
}
