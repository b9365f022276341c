import type { Context } from 'hono'
import { z } from 'zod'
import type { Settings } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import { diffSettings, withPatient } from '../../core/settings-diff.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { clinicSchema } from '../config/clinic.ts'
import type { DocumentForm } from '../config/clinic-document.ts'
import { readClinic, toDocument, writeYaml } from '../config/clinic-document.ts'
import type { SettingsAct, SettingsActed } from '../settings/edit-settings.ts'
import { editSettings, pointerOf } from '../settings/edit-settings.ts'
import type { TemplatesChecked } from '../templates/check.ts'
import { checkTemplates } from '../templates/check.ts'
import { apiRoute } from './api-route.ts'
import { invalid } from './body.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { anInstant, change, clinicId, finding } from './shapes.ts'

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

const anyStaff = { least: ['reader'], clinicOf: clinicInPath } as const
// whoever may switch a patient may send the document: what else changed in it is refused by role
const editor = { least: ['appointments'], clinicOf: clinicInPath } as const
const acted = z.object({ version: z.int(), changes: z.array(change), warnings: z.array(finding).optional() })
const written = { responses: { 200: acted }, problems: ['plan_required', 'version_conflict', 'version_required', 'invalid'] } as const

/** The settings of a clinic as one versioned document: read, edited whole, compared, taken back (D1, D4–D8, D13–D19, D22–D24). */
export function settingsRoutes(deps: SettingsDeps): readonly ApiRoute[] {
  return [...readRoutes(deps), ...versionRoutes(deps), ...editRoutes(deps)]
}

const noClinic = (c: Ask) => problem(c, 404, 'no such clinic')

function readRoutes({ store }: SettingsDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: base,
      ...anyStaff,
      summary: 'Read the settings',
      description: 'As JSON, or as YAML where `Accept` asks for it; the ETag names their version. Every key is written out, defaults too.',
      responses: { 200: clinicSchema, 304: 'nothing' },
      handle: async (c, { params: { clinic } }) => {
        const settings = await store.read((tx) => tx.settings.current(clinic))
        if (!settings) return noClinic(c)
        const etag = tagOf(settings.version)
        if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, { etag })
        return document(c, settings, c.req.header('accept')?.includes('yaml') ? 'yaml' : 'json', { etag })
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${base}/export`,
      ...anyStaff,
      summary: 'Download the settings as YAML',
      description: 'What stands below `clinics` in the configuration.',
      responses: { 200: 'application/yaml' },
      handle: async (c, { params: { clinic } }) => {
        const settings = await store.read((tx) => tx.settings.current(clinic))
        if (!settings) return noClinic(c)
        const filename = `${settings.clinic.id}-settings-${settings.version}.yaml`
        return document(c, settings, 'yaml', { etag: tagOf(settings.version), 'content-disposition': `attachment; filename="${filename}"` })
      },
    }),
  ]
}

const version = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

function versionRoutes({ store }: SettingsDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: `${base}/versions`,
      ...anyStaff,
      summary: 'List the versions of the settings',
      description: 'Newest first; `source` names what each came from: `configuration:<hash>`, `api`, `rollback:3`.',
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
      responses: { 200: z.object({ items: z.array(z.object({ version: z.int(), at: anInstant, source: z.string().optional() })) }) },
      handle: async (c, { params: { clinic }, query }) => {
        const items = await store.read((tx) => tx.settings.history(clinic, query.limit))
        return items.length === 0 ? noClinic(c) : c.json({ items })
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${base}/versions/:version`,
      ...anyStaff,
      params: z.object({ clinic: clinicId, version }),
      summary: 'Read one version of the settings',
      responses: { 200: clinicSchema },
      handle: async (c, { params }) => {
        const settings = await store.read((tx) => tx.settings.at(params.clinic, params.version))
        return settings ? document(c, settings, 'json') : problem(c, 404, 'no such version')
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${base}/diff`,
      ...anyStaff,
      summary: 'Compare two versions of the settings',
      query: z.object({ from: version, to: version }),
      responses: { 200: z.object({ from: z.int(), to: z.int(), changes: z.array(change) }) },
      handle: async (c, { params: { clinic }, query: { from, to } }) => {
        const [before, after] = await store.read(async (tx) => [await tx.settings.at(clinic, from), await tx.settings.at(clinic, to)])
        if (!before || !after) return problem(c, 404, `no version ${before ? to : from}`)
        return c.json({ from, to, changes: sayChanges(diffSettings(before, after)) })
      },
    }),
  ]
}

function editRoutes(deps: SettingsDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'PUT',
      path: base,
      ...editor,
      maxBytes,
      summary: 'Replace the settings',
      description: 'The whole document, all edits together or none (D6). Which role each change needs: D4, D14, D23.',
      ifMatch: 'required',
      bodyTypes: ['application/json', 'application/yaml'],
      bodyHolds: clinicSchema,
      ...written,
      handle: (c, { params }) => replace(deps, c, params.clinic),
    }),
    apiRoute({
      method: 'POST',
      path: `${base}/rollback`,
      ...editor,
      summary: 'Take an earlier version of the settings back',
      description: 'As a new version.',
      ifMatch: 'required',
      body: z.strictObject({ version: z.int().min(1) }),
      ...written,
      handle: (c, { params, body }) => rollBack(deps, c, params.clinic, body.version),
    }),
    apiRoute({
      method: 'PUT',
      path: '/api/v1/clinics/:clinic/patients/:patient/notifications',
      ...editor,
      summary: 'Switch a patient’s notifications',
      description: 'D24: off, nothing is told of what staff book. It means the same on any version of the settings, so none is asked for.',
      body: z.strictObject({ notify: z.boolean() }),
      responses: { 200: acted },
      problems: ['plan_required'],
      handle: async (c, { params: { clinic, patient: id }, body }) => {
        const patient = await deps.store.read((tx) => tx.patients.find(id))
        if (patient?.clinicId !== clinic) return problem(c, 404, 'no such patient: the id is connector:id-at-the-EHR')
        return act(deps, c, clinic, { wanted: (current) => withPatient(current, id, body.notify), source: 'api' })
      },
    }),
  ]
}

async function replace(deps: SettingsDeps, c: Ask, clinic: string): Promise<Response> {
  const from = ifMatch(c)
  if (from === undefined) return versionRequired(c)
  const form = formOf(c.req.header('content-type'))
  if (!form) return problem(c, 415, 'send application/json or application/yaml')
  const read = readClinic(await c.req.text(), form, clinic, deps.hasSms)
  if (!read.ok) return invalid(c, read.faults)
  const { faults, warnings } = checkTemplates(read.settings, deps.publicUrl)
  if (faults.length > 0) return invalid(c, faults)
  return act(deps, c, clinic, { wanted: () => read.settings, from, source: 'api' }, warnings)
}

async function rollBack(deps: SettingsDeps, c: Ask, clinic: string, to: number): Promise<Response> {
  const from = ifMatch(c)
  if (from === undefined) return versionRequired(c)
  // words that were fit then may name a motif of now
  const past = await deps.store.read((tx) => tx.settings.at(clinic, to))
  const faults = past ? checkTemplates(past, deps.publicUrl).faults : []
  if (faults.length > 0) return invalid(c, faults)
  return act(deps, c, clinic, { to, from, source: `rollback:${to}` })
}

type Wanted =
  | { readonly wanted: (current: Settings) => SettingsDraft; readonly to?: never }
  /** The version to take back. */
  | { readonly to: number; readonly wanted?: never }

async function act(
  { store, clock, changed }: SettingsDeps,
  c: Ask,
  clinicId: string,
  ask: Wanted & Pick<SettingsAct, 'from' | 'source'>,
  warnings: TemplatesChecked['warnings'] = [],
): Promise<Response> {
  const { wanted, to, ...rest } = ask
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
