import type { Context } from 'hono'
import { z } from 'zod'
import type { Settings } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import { diffSettings, withPatient } from '../../core/settings-diff.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { DocumentForm } from '../config/clinic-document.ts'
import { readClinic, toDocument, writeYaml } from '../config/clinic-document.ts'
import type { SettingsAct, SettingsActed } from '../settings/edit-settings.ts'
import { editSettings, pointerOf } from '../settings/edit-settings.ts'
import type { TemplatesChecked } from '../templates/check.ts'
import { checkTemplates } from '../templates/check.ts'
import { invalid, readJson } from './body.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'

export interface SettingsDeps {
  readonly store: Store
  readonly clock: Clock
  /** Somebody carries texts. */
  readonly hasSms: boolean
  /** What patients' links begin with, without a slash at its end. */
  readonly publicUrl: string
  /** Called after a commit of new settings: what is ahead is planned again. */
  readonly changed: () => void
}

type Ask = Context<ApiEnv>

const base = '/api/v1/clinics/:clinic/settings'
/** A few thousand agendas, motifs and patients. */
const maxBytes = 4 * 1024 * 1024

/** The settings of a clinic as one versioned document: read, edited whole, compared, taken back (D1, D4–D8, D13–D19, D22–D24). */
export function settingsRoutes(deps: SettingsDeps): readonly ApiRoute[] {
  const anyStaff = { access: 'api', least: ['reader'], clinicOf: clinicInPath } as const
  // whoever may switch a patient may send the document: what else changed in it is refused by role
  const editor = { access: 'api', least: ['appointments'], clinicOf: clinicInPath } as const
  return [
    { method: 'GET', path: base, ...anyStaff, handle: (c) => show(deps, c) },
    { method: 'GET', path: `${base}/export`, ...anyStaff, handle: (c) => download(deps, c) },
    { method: 'GET', path: `${base}/versions`, ...anyStaff, handle: (c) => listVersions(deps, c) },
    { method: 'GET', path: `${base}/versions/:version`, ...anyStaff, handle: (c) => showVersion(deps, c) },
    { method: 'GET', path: `${base}/diff`, ...anyStaff, handle: (c) => showDiff(deps, c) },
    { method: 'PUT', path: base, ...editor, maxBytes, handle: (c) => replace(deps, c) },
    { method: 'POST', path: `${base}/rollback`, ...editor, handle: (c) => rollBack(deps, c) },
    { method: 'PUT', path: '/api/v1/clinics/:clinic/patients/:patient/notifications', ...editor, handle: (c) => switchPatient(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
const noClinic = (c: Ask) => problem(c, 404, 'no such clinic')

async function show({ store }: SettingsDeps, c: Ask): Promise<Response> {
  const settings = await store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!settings) return noClinic(c)
  const etag = tagOf(settings.version)
  if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, { etag })
  return document(c, settings, c.req.header('accept')?.includes('yaml') ? 'yaml' : 'json', { etag })
}

async function download({ store }: SettingsDeps, c: Ask): Promise<Response> {
  const settings = await store.read((tx) => tx.settings.current(clinicOf(c)))
  if (!settings) return noClinic(c)
  const filename = `${settings.clinic.id}-settings-${settings.version}.yaml`
  return document(c, settings, 'yaml', { etag: tagOf(settings.version), 'content-disposition': `attachment; filename="${filename}"` })
}

const page = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) })

async function listVersions({ store }: SettingsDeps, c: Ask): Promise<Response> {
  const query = page.safeParse(c.req.query())
  if (!query.success) return problem(c, 400, 'limit is 1 to 1000')
  const items = await store.read((tx) => tx.settings.history(clinicOf(c), query.data.limit))
  return items.length === 0 ? noClinic(c) : c.json({ items })
}

const versionNumber = z.coerce.number().int().min(1)

async function showVersion({ store }: SettingsDeps, c: Ask): Promise<Response> {
  const number = versionNumber.safeParse(c.req.param('version'))
  const settings = number.success ? await store.read((tx) => tx.settings.at(clinicOf(c), number.data)) : undefined
  return settings ? document(c, settings, 'json') : problem(c, 404, 'no such version')
}

async function showDiff({ store }: SettingsDeps, c: Ask): Promise<Response> {
  const span = z.object({ from: versionNumber, to: versionNumber }).safeParse(c.req.query())
  if (!span.success) return problem(c, 400, 'give from and to: the numbers of two versions')
  const { from, to } = span.data
  const [before, after] = await store.read(async (tx) => [await tx.settings.at(clinicOf(c), from), await tx.settings.at(clinicOf(c), to)])
  if (!before || !after) return problem(c, 404, `no version ${before ? to : from}`)
  return c.json({ from, to, changes: sayChanges(diffSettings(before, after)) })
}

async function replace(deps: SettingsDeps, c: Ask): Promise<Response> {
  const from = ifMatch(c)
  if (from === undefined) return versionRequired(c)
  const form = formOf(c.req.header('content-type'))
  if (!form) return problem(c, 415, 'send application/json or application/yaml')
  const read = readClinic(await c.req.text(), form, clinicOf(c), deps.hasSms)
  if (!read.ok) return invalid(c, read.faults)
  const { faults, warnings } = checkTemplates(read.settings, deps.publicUrl)
  if (faults.length > 0) return invalid(c, faults)
  return act(deps, c, { wanted: () => read.settings, from, source: 'api' }, warnings)
}

async function rollBack(deps: SettingsDeps, c: Ask): Promise<Response> {
  const from = ifMatch(c)
  if (from === undefined) return versionRequired(c)
  const body = await readJson(c, z.strictObject({ version: z.int().min(1) }))
  if (!body.ok) return body.response
  const { version } = body.value
  // words that were fit then may name a motif of now
  const past = await deps.store.read((tx) => tx.settings.at(clinicOf(c), version))
  const faults = past ? checkTemplates(past, deps.publicUrl).faults : []
  if (faults.length > 0) return invalid(c, faults)
  return act(deps, c, { to: version, from, source: `rollback:${version}` })
}

/** D24: one switch means the same on any version, so none is asked for. */
async function switchPatient(deps: SettingsDeps, c: Ask): Promise<Response> {
  const body = await readJson(c, z.strictObject({ notify: z.boolean() }))
  if (!body.ok) return body.response
  const id = c.req.param('patient') ?? ''
  const patient = await deps.store.read((tx) => tx.patients.find(id))
  if (patient?.clinicId !== clinicOf(c)) return problem(c, 404, 'no such patient: the id is connector:id-at-the-EHR')
  return act(deps, c, { wanted: (current) => withPatient(current, id, body.value.notify), source: 'api' })
}

type Wanted =
  | { readonly wanted: (current: Settings) => SettingsDraft; readonly to?: never }
  /** The version to take back. */
  | { readonly to: number; readonly wanted?: never }

async function act(
  { store, clock, changed }: SettingsDeps,
  c: Ask,
  ask: Wanted & Pick<SettingsAct, 'from' | 'source'>,
  warnings: TemplatesChecked['warnings'] = [],
): Promise<Response> {
  const { wanted, to, ...rest } = ask
  const clinicId = clinicOf(c)
  const acted = await store.transact((tx) =>
    editSettings(tx, {
      ...rest,
      clinicId,
      caller: c.get('caller'),
      wanted: (current) => (wanted ? wanted(current) : tx.settings.at(clinicId, to)),
      now: clock.now(),
    }),
  )
  if (!acted) return problem(c, 404, to === undefined ? 'no such clinic' : 'no such version')
  if (acted.kind === 'changed') changed()
  return answer(c, acted, warnings)
}

function answer(c: Ask, acted: SettingsActed, found: TemplatesChecked['warnings']): Response {
  const { version } = acted
  const warnings = found.map(({ path, finding }) => ({ pointer: pointerOf(path), ...finding }))
  const more = warnings.length > 0 ? { warnings } : {}
  c.header('etag', tagOf(version))
  switch (acted.kind) {
    case 'changed':
      return c.json({ version, changes: sayChanges(acted.changes), ...more })
    case 'unchanged':
      return c.json({ version, changes: [], ...more })
    case 'conflict':
      return problem(c, 412, `somebody was faster: read version ${version}, and edit that`, { type: 'version_conflict', version })
    case 'refused': {
      const { refusal } = acted
      if (refusal.type === 'plan_required')
        return problem(c, 403, 'the settings of this clinic are read-only: an operator opens them (settingsEnabled)', refusal)
      const pointer = pointerOf(refusal.path)
      return problem(c, 403, `the role ${refusal.role} is needed to change ${pointer}`, { type: refusal.type, role: refusal.role, pointer })
    }
    default:
      return acted satisfies never
  }
}

function sayChanges(changes: ReturnType<typeof diffSettings>) {
  return changes.map(({ path, ...values }) => ({ pointer: pointerOf(path), ...values }))
}

function document(c: Ask, settings: Settings, form: DocumentForm, headers: Record<string, string> = {}): Response {
  if (form === 'yaml') return c.body(writeYaml(settings), 200, { ...headers, 'content-type': 'application/yaml; charset=utf-8' })
  return c.json(toDocument(settings), 200, headers)
}

function formOf(contentType: string | undefined): DocumentForm | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (/^(application|text)\/(x-)?yaml$/.test(type)) return 'yaml'
  return type === 'application/json' ? 'json' : undefined
}

function tagOf(version: number): string {
  return `"${version}"`
}

/** A proxy that compresses weakens a tag; the version is the same. */
function ifMatch(c: Ask): number | undefined {
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(c.req.header('if-match')?.trim() ?? '')?.[1]
  return version === undefined ? undefined : Number(version)
}

function versionRequired(c: Ask): Response {
  return problem(c, 428, 'say which version you edited: If-Match with the ETag of GET', { type: 'version_required' })
}
