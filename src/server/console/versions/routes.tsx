import type { Context } from 'hono'
import { mayEdit } from '../../../core/access.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import { diffSettings } from '../../../core/settings-diff.ts'
import { readClinic, writeYaml } from '../../config/clinic-document.ts'
import type { Fault } from '../../config/faults.ts'
import type { Impact } from '../../impact/impact.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { pointerOf } from '../../settings/edit-settings.ts'
import { checkTemplates } from '../../templates/check.ts'
import { ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import type { FieldError } from '../parts/errors.tsx'
import { ErrorSummary } from '../parts/errors.tsx'
import { Field } from '../parts/field.tsx'
import { countIn, sentBy } from '../parts/form.ts'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { withQuery } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { Tag } from '../parts/tag.tsx'
import { consoleRefusal } from '../refusal.tsx'
import type { SavingDeps, Wish } from '../saving.ts'
import { nameOfDraft, saveForm } from '../saving.ts'
import { settingsConflict } from './conflict-page.tsx'
import { DiffTable } from './diff-table.tsx'
import { versionsTexts } from './texts.ts'

type Ask = Context<StaffEnv>

const base = '/console/clinics/:clinic/versions'
/** As the API takes it: a few thousand agendas, motifs and patients, and what a form makes of their signs. */
const maxBytes = 8 * 1024 * 1024
const mostListed = 100

/** The settings as versions: what each has changed, the way back, and the whole as a document (D6). */
export function versionsRoutes(deps: SavingDeps): readonly StaffRoute[] {
  const see = { method: 'GET', access: 'staff', least: ['reader'], clinicOf: clinicInPath } as const
  const edit = { method: 'POST', access: 'staff', least: ['admin'], clinicOf: clinicInPath, maxBytes } as const
  return [
    { ...see, path: base, handle: (c) => list(deps, c) },
    { ...see, path: `${base}/export`, handle: (c) => download(deps, c) },
    { ...see, path: `${base}/:version`, handle: (c) => showOne(deps, c) },
    { ...edit, path: `${base}/import`, handle: (c) => take(deps, c) },
    { ...edit, path: `${base}/:version/rollback`, handle: (c) => rollBack(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')

function mayWrite(c: Ask, settings: Settings): boolean {
  return mayEdit(c.get('caller').role, [{ path: ['agendas'] }], settings.settingsEnabled) === undefined
}

async function list(deps: SavingDeps, c: Ask): Promise<Response> {
  const current = await deps.store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!current) return nowhere(c)
  const texts = versionsTexts[c.get('language')]
  const isSaved = c.req.query('saved') === String(current.version)
  return listPage(deps, c, current, isSaved ? { said: texts.taken(current.version) } : {})
}

interface Import {
  readonly text?: string
  readonly errors?: readonly FieldError[]
  readonly wanted?: SettingsDraft
  readonly impact?: Impact
  readonly seen?: string
  readonly said?: string
}

async function listPage({ store, clock }: SavingDeps, c: Ask, current: Settings, given: Import): Promise<Response> {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const address = `${clinicAddress(clinicOf(c))}/versions`
  const history = await store.read((tx) => tx.settings.history(clinicOf(c), mostListed))
  const face = { zone: current.clinic.zone, language, now: clock.now() }
  const { errors = [] } = given
  return consolePage(
    c,
    { title: texts.title },
    <>
      <ErrorSummary language={language} errors={errors} />
      {given.said && <Toast>{given.said}</Toast>}
      <Head title={texts.title} hint={texts.hint}>
        <a class="btn" href={`${address}/export`}>
          {texts.export}
        </a>
      </Head>
      <div class="stack wide">
        <Panel id="versions" title={texts.list}>
          <ol class="facts">
            {history.map(({ version, at, source }) => (
              <li>
                <a href={`${address}/${version}`}>{texts.version(version)}</a>{' '}
                {version === current.version && <Tag tint="ok">{texts.inUse}</Tag>}
                <p class="hint">
                  {texts.when} {sayDayAndHour(at, face)} · {texts.source(source)}
                </p>
              </li>
            ))}
          </ol>
        </Panel>
        {mayWrite(c, current) && <ImportForm c={c} current={current} given={given} address={address} />}
      </div>
    </>,
    errors.length > 0 ? 422 : 200,
  )
}

interface ImportProps {
  readonly c: Ask
  readonly current: Settings
  readonly given: Import
  readonly address: string
}

function ImportForm({ c, current, given, address }: ImportProps) {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const { text, wanted, impact, seen, errors = [] } = given
  const changes = wanted ? diffSettings(current, wanted) : []
  return (
    <form class="stack wide" method="post" action={`${address}/import`}>
      <input type="hidden" name="version" value={current.version} />
      {seen !== undefined && <input type="hidden" name="seen" value={seen} />}
      <Panel id="import" title={texts.import.title} look="stack">
        <Field id="document" label={texts.import.label} hint={texts.import.hint} error={errors[0]?.says}>
          <textarea id="document" name="document" class="mono" rows={12} spellcheck={false} aria-describedby="document-hint">
            {`\n${text ?? ''}`}
          </textarea>
        </Field>
        {!wanted && (
          <button type="submit" class="btn" name="do" value="preview">
            {texts.import.preview}
          </button>
        )}
      </Panel>
      {changes.length > 0 && (
        <Panel id="changes" title={texts.changes(changes.length)} look="flush">
          <DiffTable
            label={texts.changes(changes.length)}
            changes={changes}
            settings={wanted ?? current}
            language={language}
            before={texts.version(current.version)}
            after={texts.import.label}
          />
        </Panel>
      )}
      {impact && <ImpactPanel impact={impact} settings={current} language={language} toCall={`${clinicAddress(clinicOf(c))}/to-call`} />}
      {wanted && (
        <Savebar fact={texts.unsaved}>
          <button type="submit" class="btn go" name="do" value="save">
            {texts.import.save}
          </button>
        </Savebar>
      )}
    </form>
  )
}

async function download({ store }: SavingDeps, c: Ask): Promise<Response> {
  const settings = await store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!settings) return nowhere(c)
  return c.body(writeYaml(settings), 200, {
    'content-type': 'application/yaml; charset=utf-8',
    'content-disposition': `attachment; filename="${settings.clinic.id}-settings-${settings.version}.yaml"`,
  })
}

async function showOne(deps: SavingDeps, c: Ask): Promise<Response> {
  const version = countIn(c.req.param('version'), 0)
  const [current, settings, before] = await deps.store.read(async (tx) => [
    await tx.settings.current(clinicOf(c)),
    await tx.settings.at(clinicOf(c), version),
    await tx.settings.at(clinicOf(c), countIn(c.req.query('from'), version - 1)),
  ])
  if (!current || !settings) return nowhere(c)
  return versionPage(c, current, settings, before ?? settings, {})
}

function versionPage(
  c: Ask,
  current: Settings,
  settings: Settings,
  before: Settings,
  given: Pick<Import, 'impact' | 'seen' | 'errors'>,
): Response | Promise<Response> {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const address = `${clinicAddress(clinicOf(c))}/versions`
  const changes = diffSettings(before, settings)
  const toCurrent = withQuery(`${address}/${current.version}`, { from: settings.version })
  return consolePage(
    c,
    { title: texts.version(settings.version) },
    <>
      <ErrorSummary language={language} errors={given.errors ?? []} />
      <Head
        crumbs={[{ href: address, name: texts.title }]}
        title={
          <>
            {texts.version(settings.version)} {settings.version === current.version && <Tag tint="ok">{texts.inUse}</Tag>}
          </>
        }
        hint={texts.compared(before.version, settings.version)}
      >
        {settings.version !== current.version && (
          <a class="btn" href={toCurrent}>
            {texts.compared(settings.version, current.version)}
          </a>
        )}
      </Head>
      <form class="stack wide" method="post" action={`${address}/${settings.version}/rollback`}>
        <input type="hidden" name="version" value={current.version} />
        {given.seen !== undefined && <input type="hidden" name="seen" value={given.seen} />}
        <Panel id="changes" title={texts.changes(changes.length)} look="flush">
          {changes.length === 0 ? (
            <p>{texts.same}</p>
          ) : (
            <DiffTable
              label={texts.compared(before.version, settings.version)}
              changes={changes}
              settings={settings}
              language={language}
              before={texts.version(before.version)}
              after={texts.version(settings.version)}
            />
          )}
        </Panel>
        {given.impact && (
          <>
            <ImpactPanel impact={given.impact} settings={current} language={language} toCall={`${clinicAddress(clinicOf(c))}/to-call`} />
            <Note tint="warn" fact={texts.losing(given.impact.losing)} role="alert">
              {texts.losingRest}
            </Note>
          </>
        )}
        {settings.version !== current.version && mayWrite(c, current) && (
          <p class="row">
            <button type="submit" class="btn">
              {texts.rollBack(settings.version)}
            </button>
            <span class="hint">{texts.rollBackHint}</span>
          </p>
        )}
      </form>
    </>,
    given.impact || given.errors ? 422 : 200,
  )
}

async function take(deps: SavingDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const texts = versionsTexts[c.get('language')]
  const version = countIn(sent.one('version'))
  const [read, current] = await deps.store.read(async (tx) => [
    await tx.settings.at(clinicOf(c), version),
    await tx.settings.current(clinicOf(c)),
  ])
  if (!read || !current) return nowhere(c)
  const text = sent.one('document').replaceAll('\r\n', '\n')
  const document = readClinic(text, 'yaml', clinicOf(c), deps.hasSms)
  const faults = document.ok ? checkTemplates(document.settings, deps.publicUrl).faults : document.faults
  if (!document.ok || faults.length > 0) return listPage(deps, c, current, { text, errors: sayFaults(texts.faults, faults) })
  const { settings: wanted } = document
  if (sent.one('do') !== 'save') {
    if (diffSettings(read, wanted).length === 0) return listPage(deps, c, current, { text, said: texts.nothing })
    const impact = await deps.forecaster.of(read, wanted)
    return listPage(deps, c, read, { text, wanted, impact, seen: nameOfDraft(read, wanted) })
  }
  return finish(deps, c, { read, wanted: () => wanted, seen: sent.one('seen') }, (given) =>
    listPage(deps, c, read, { text, wanted, ...given }),
  )
}

/** As the API says them: where, and how to mend it. */
function sayFaults(title: string, faults: readonly Fault[]): readonly FieldError[] {
  return faults.map(({ path, message }) => ({ field: 'document', says: `${title} ${pointerOf(path)} ${message}` }))
}

async function rollBack(deps: SavingDeps, c: Ask): Promise<Response> {
  const sent = await sentBy(c)
  const to = countIn(c.req.param('version'), 0)
  const [read, past] = await deps.store.read(async (tx) => [
    await tx.settings.at(clinicOf(c), countIn(sent.one('version'))),
    await tx.settings.at(clinicOf(c), to),
  ])
  if (!read || !past) return nowhere(c)
  const wish: Wish = { read, wanted: () => past, seen: sent.one('seen'), source: `rollback:${to}` }
  return finish(deps, c, wish, (given) => versionPage(c, read, past, read, given))
}

async function finish(
  deps: SavingDeps,
  c: Ask,
  wish: Wish,
  again: (given: Pick<Import, 'impact' | 'seen' | 'errors'>) => Response | Promise<Response>,
): Promise<Response> {
  const texts = versionsTexts[c.get('language')]
  const saved = await saveForm(deps, c, wish)
  const address = `${clinicAddress(clinicOf(c))}/versions`
  switch (saved.kind) {
    case 'saved':
      return c.redirect(withQuery(address, { saved: saved.version }), 303)
    case 'unchanged':
      return c.redirect(address, 303)
    case 'shown':
      return again({ impact: saved.impact, seen: saved.seen })
    case 'invalid':
      return again({ errors: sayFaults(texts.faults, saved.faults) })
    case 'conflict':
      return settingsConflict(c, { read: wish.read, wanted: wish.wanted(wish.read), current: saved.current, address })
    case 'refused':
      return again({ errors: [{ says: texts.refused }] })
    default:
      return saved satisfies never
  }
}
