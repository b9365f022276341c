import type { Context } from 'hono'
import { z } from 'zod'
import { verdicts } from '../../core/rollout-compare.ts'
import type { LogImport } from '../../core/rollout-log.ts'
import type { Settings } from '../../core/settings.ts'
import { rolloutSchema } from '../config/clinic-rollout.ts'
import type { Forecaster } from '../impact/impact.ts'
import { apiRoute } from '../routes/api-route.ts'
import { page, pageOf, pageQuery } from '../routes/paging.ts'
import type { ApiEnv, ApiRoute } from '../routes/route.ts'
import { clinicInPath, problem } from '../routes/route.ts'
import { anInstant, anyChannel, bilingual } from '../routes/shapes.ts'
import { actorOf } from '../settings/edit-settings.ts'
import type { Comparison } from './comparison.ts'
import { compareWithLog, linesOf } from './comparison.ts'
import { csvHeaders, toCsv } from './comparison-csv.ts'
import { rolloutBefore, setRollout, withRollout } from './going-live.ts'
import { sayReason } from './reason-words.ts'
import type { SpanAsked } from './span.ts'
import { readSpan } from './span.ts'
import type { TakeLogDeps } from './take-log.ts'
import { mostLogBytes, takeLog } from './take-log.ts'

export interface ShadowRouteDeps extends TakeLogDeps {
  readonly forecaster: Forecaster
  /** Called after a commit of new settings: what is ahead is planned again. */
  readonly changed: () => void
}

const base = '/api/v1/clinics/:clinic'
const reader = { least: ['reader'], clinicOf: clinicInPath } as const
const admin = { least: ['admin'], clinicOf: clinicInPath } as const

/** How a clinic comes over from its former system: how far it is, what either system said, and the next step. */
export function shadowRoutes(deps: ShadowRouteDeps): readonly ApiRoute[] {
  return [...rolloutRoutes(deps), ...logRoutes(deps), ...comparisonRoutes(deps)]
}

const kind = z.enum(['confirmation', 'reminder', 'change', 'cancellation', 'no_show'])
const wanted = z.union([rolloutSchema, z.null()])
const side = z.object({ at: anInstant, channel: anyChannel })
const line = z.object({
  verdict: z.enum(verdicts),
  kind,
  appointmentId: z.string().optional(),
  patientId: z.string().optional(),
  we: side.extend({ notificationId: z.string() }).optional(),
  they: side.optional(),
  reason: z.string().optional(),
  said: bilingual.optional(),
})
const file = z.object({
  id: z.string(),
  at: anInstant,
  by: z.string(),
  taken: z.int(),
  known: z.int(),
  refused: z.int(),
  faults: z.array(z.object({ line: z.int(), reason: z.string(), column: z.string().optional() })),
})

function rolloutRoutes(deps: ShadowRouteDeps): readonly ApiRoute[] {
  const { store, forecaster } = deps
  return [
    apiRoute({
      method: 'GET',
      path: `${base}/rollout`,
      ...reader,
      summary: 'Read how far the clinic has come over',
      description: 'O7, gate 0: in shadow, live by agenda or share of patients, or wholly. The ETag names the version of the settings.',
      responses: {
        200: z.object({ version: z.int(), rollout: wanted, before: z.object({ version: z.int(), rollout: wanted }).optional() }),
      },
      handle: async (c, { params: { clinic } }) => {
        const found = await store.read(async (tx) => {
          const settings = await tx.settings.current(clinic)
          return settings && { settings, before: await rolloutBefore(tx, settings) }
        })
        if (!found) return noClinic(c)
        const { settings, before } = found
        c.header('etag', `"${settings.version}"`)
        return c.json({ version: settings.version, rollout: settings.rollout ?? null, ...(before && { before }) })
      },
    }),
    apiRoute({
      method: 'PUT',
      path: `${base}/rollout`,
      ...admin,
      summary: 'Take a step of going live, or back',
      description: 'Nobody is told of the past by it: what the chart says counts as told, and reminders still ahead go.',
      body: wanted,
      responses: { 200: z.object({ version: z.int(), rollout: wanted }) },
      problems: ['plan_required', 'version_conflict', 'version_required', 'invalid'],
      ifMatch: 'required',
      handle: async (c, { params: { clinic }, body }) => {
        const from = versionIn(c)
        if (from === undefined) return problem(c, 428, 'say which version you edited: If-Match with the ETag of GET')
        const acted = await setRollout(deps, { clinicId: clinic, caller: c.get('caller'), source: 'api', from, rollout: body })
        if (!acted) return noClinic(c)
        c.header('etag', `"${acted.version}"`)
        if (acted.kind === 'conflict') return problem(c, 412, `somebody was faster: read version ${acted.version}, and edit that`)
        if (acted.kind === 'refused') return problem(c, 403, 'the settings of this clinic are not yours to change', acted.refusal)
        return c.json({ version: acted.version, rollout: body })
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${base}/rollout/impact`,
      ...reader,
      summary: 'Ask what a step would send',
      description: 'The next 30 days of the store’s own appointments through both settings; nothing is kept of it.',
      body: wanted,
      responses: { 200: z.looseObject({ sms: z.looseObject({}), email: z.looseObject({}) }) },
      problems: ['invalid'],
      handle: async (c, { params: { clinic }, body }) => {
        const current = await store.read((tx) => tx.settings.current(clinic))
        if (!current) return noClinic(c)
        const { span, computedAt, ...figures } = await forecaster.of(current, withRollout(current, body))
        return c.json({ version: current.version, computedAt, from: span.from, until: span.until, ...figures })
      },
    }),
  ]
}

function logRoutes(deps: ShadowRouteDeps): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'POST',
      path: `${base}/shadow/log`,
      least: ['admin', 'integrator'],
      clinicOf: clinicInPath,
      maxBytes: mostLogBytes,
      summary: 'Import what the former system sent',
      description:
        'A CSV file; the settings say how it is read (`incumbentLog`). Rows that are not understood are counted and named by their line. A file may be given again. No contact is kept, only its hash, and each line for a time.',
      bodyTypes: ['text/csv'],
      responses: { 200: file.extend({ ignored: z.int() }) },
      problems: ['invalid'],
      handle: async (c, { params: { clinic } }) => {
        const taken = await takeLog(deps, clinic, new Uint8Array(await c.req.arrayBuffer()), c.get('caller'))
        if (taken.kind === 'taken') return c.json({ ...shownFile(taken.file), ignored: taken.ignored })
        const { reason } = taken
        switch (reason) {
          case 'no_clinic':
            return noClinic(c)
          case 'empty':
            return problem(c, 422, 'a line of names, and below it a line for each message')
          case 'too_many_rows':
            return problem(c, 422, `${taken.most} rows at most: give it in parts`)
          case 'column_missing':
            return problem(c, 422, `the first line must name the columns; "${taken.column}" is missing`, { column: taken.column })
          default:
            return reason satisfies never
        }
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${base}/shadow/log`,
      ...reader,
      summary: 'List the imported logs',
      query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
      responses: { 200: z.object({ items: z.array(file) }) },
      handle: async (c, { params: { clinic }, query: { limit } }) => {
        const files = await deps.store.read((tx) => tx.shadow.imports(clinic, limit))
        return c.json({ items: files.map(shownFile) })
      },
    }),
  ]
}

function shownFile({ clinicId: _, forgetAt: __, ...shown }: LogImport) {
  return shown
}

/** Seven days back, unless told. */
const span = {
  from: z.iso.datetime({ offset: true }).optional().describe('ISO 8601; seven days before `until` unless given'),
  until: z.iso.datetime({ offset: true }).optional().describe('ISO 8601; now unless given. At most 31 days after `from`'),
  within: z.coerce.number().int().min(0).max(1_440).default(30).describe('Minutes apart that are still the same time'),
}
const filter = { verdict: z.enum(verdicts).optional(), kind: kind.optional(), reason: z.string().max(60).optional() }

function comparisonRoutes({ store, clock }: ShadowRouteDeps): readonly ApiRoute[] {
  const compared = async (
    c: Context<ApiEnv>,
    clinic: string,
    query: SpanAsked,
  ): Promise<{ comparison: Comparison; settings: Settings } | Response> => {
    const asked = readSpan(query, clock.now())
    if (!asked) return problem(c, 400, 'from is before until, and no more than 31 days')
    const settings = await store.read((tx) => tx.settings.current(clinic))
    if (!settings) return noClinic(c)
    return { comparison: await compareWithLog(store, { clinicId: clinic, ...asked }), settings }
  }
  return [
    apiRoute({
      method: 'GET',
      path: `${base}/shadow/comparison`,
      ...reader,
      summary: 'Compare what was decided with what the former system sent',
      description: 'By appointment and kind; differences are counted by their reason, ours being those of the decision record.',
      query: z.object(span),
      responses: {
        200: z.object({
          from: anInstant,
          until: anInstant,
          verdicts: z.record(z.string(), z.int()),
          reasons: z.array(
            z.object({ verdict: z.string(), kind, reason: z.string().optional(), count: z.int(), said: bilingual.optional() }),
          ),
          cut: z.boolean(),
        }),
      },
      handle: async (c, { params: { clinic }, query }) => {
        const found = await compared(c, clinic, query)
        if (found instanceof Response) return found
        const { comparison, settings } = found
        const { span, verdicts: counts, reasons, cut } = comparison
        return c.json({ ...span, verdicts: counts, reasons: reasons.map((each) => withWords(each, settings)), cut })
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${base}/shadow/comparison/lines`,
      least: ['appointments'],
      clinicOf: clinicInPath,
      summary: 'List what differs',
      description: 'What both say is left out unless `verdict` is `both`.',
      query: z.object({ ...span, ...filter, ...pageQuery(z.int().min(0), { most: 500, usual: 100 }) }),
      responses: { 200: pageOf(line) },
      handle: async (c, { params: { clinic }, query }) => {
        const found = await compared(c, clinic, query)
        if (found instanceof Response) return found
        const all = linesOf(found.comparison, query)
        const after = (query.cursor ?? 0) + query.limit
        const items = all.slice(query.cursor ?? 0, after).map((each) => withWords(each, found.settings))
        return page(c, items, after < all.length ? after : undefined)
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${base}/shadow/comparison/export`,
      ...admin,
      summary: 'Download what differs as CSV',
      description: 'Ids and codes only; no cell that a spreadsheet takes for a formula (R24). The download is written into the audit.',
      query: z.object({ ...span, ...filter }),
      responses: { 200: 'text/csv' },
      handle: async (c, { params: { clinic }, query }) => {
        const found = await compared(c, clinic, query)
        if (found instanceof Response) return found
        const lines = linesOf(found.comparison, query)
        const entry = { at: clock.now(), actor: actorOf(c.get('caller')), action: 'shadow.exported', subject: clinic }
        await store.transact((tx) => tx.audit.append({ ...entry, detail: { lines: lines.length } }))
        return c.body(toCsv(lines), 200, csvHeaders(clinic))
      },
    }),
  ]
}

function withWords<T extends { readonly reason?: string }>(each: T, settings: Settings) {
  return { ...each, ...(each.reason !== undefined && { said: sayReason(each.reason, settings) }) }
}

function versionIn(c: Context<ApiEnv>): number | undefined {
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(c.req.header('if-match')?.trim() ?? '')?.[1]
  return version === undefined ? undefined : Number(version)
}

function noClinic(c: Context<ApiEnv>): Response {
  return problem(c, 404, 'no such clinic')
}
