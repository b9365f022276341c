import { diffSettings } from '../../../core/settings-diff.ts'
import { readClinic, writeYaml } from '../../config/clinic-document.ts'
import type { Fault } from '../../config/faults.ts'
import type { StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { pointerOf } from '../../settings/edit-settings.ts'
import { checkTemplates } from '../../templates/check.ts'
import { clinicAddress } from '../menu.ts'
import type { FieldError } from '../parts/errors.tsx'
import { countIn, sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import type { SavingDeps, Wish } from '../saving.ts'
import { nameOfDraft, saveForm } from '../saving.ts'
import { settingsConflict } from './conflict-page.tsx'
import { type Ask, clinicOf, type Import, listPage, versionPage } from './pages.tsx'
import { versionsTexts } from './texts.ts'

const base = '/console/clinics/:clinic/versions'
/** As the API takes it: a few thousand agendas, motifs and patients, and what a form makes of their signs. */
const maxBytes = 8 * 1024 * 1024
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

const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')

async function list(deps: SavingDeps, c: Ask): Promise<Response> {
  const current = await deps.store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!current) return nowhere(c)
  const texts = versionsTexts[c.get('language')]
  const isSaved = c.req.query('saved') === String(current.version)
  return listPage(deps, c, current, isSaved ? { said: texts.taken(current.version) } : {})
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
