import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { mayEnter } from '../../../core/access.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import { auditCsv } from '../../audit/csv.ts'
import type { AuditAsked, AuditDeps, AuditRow } from '../../audit/search.ts'
import { auditKinds, searchAudit } from '../../audit/search.ts'
import type { Verified } from '../../audit/verify.ts'
import { verifyAudit } from '../../audit/verify.ts'
import type { Clock } from '../../clock.ts'
import type { Source } from '../../intake/apply.ts'
import type { Jobs } from '../../job.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { actorOf } from '../../settings/edit-settings.ts'
import { installationFace } from '../technical-face.ts'
import type { AuditQuery } from './page.tsx'
import { auditPage } from './page.tsx'

export interface AuditPagesDeps extends Omit<AuditDeps, 'sources'> {
  readonly sources: ReadonlyMap<string, Source>
  readonly clock: Clock
  readonly jobs: Jobs
}

type Ask = Context<StaffEnv>

const pageSize = 50
const mostExported = 10_000
const job = 'audit'

/** Who did what (R31): searched, exported, verified. */
export function auditPages(deps: AuditPagesDeps): readonly StaffRoute[] {
  const page = { access: 'staff', least: ['admin'], clinicOf: 'each' } as const
  return [
    { ...page, method: 'GET', path: '/console/audit', handle: (c) => show(deps, c) },
    { ...page, method: 'GET', path: '/console/audit.csv', handle: (c) => exported(deps, c) },
    { ...page, method: 'POST', path: '/console/audit/verify', handle: (c) => verify(deps, c) },
  ]
}

function faceOf(deps: AuditPagesDeps, c: Ask): Clockface & { readonly language: Language } {
  const language = c.get('language')
  return { ...installationFace(deps, language), language }
}

async function show(deps: AuditPagesDeps, c: Ask): Promise<Response> {
  const [query, face] = [queryOf(c), faceOf(deps, c)]
  const before = /^\d{1,15}$/.exec(c.req.query('before') ?? '')?.[0]
  const found = await searchAudit(
    deps,
    { ...askedFor(query, face.zone), ...(before && { before: Number(before) }), limit: pageSize },
    c.get('caller'),
  )
  return auditPage(c, { query, rows: found.rows, next: found.next, job: deps.jobs.of<Verified>(job), face })
}

function queryOf(c: Ask): AuditQuery {
  const one = (name: string) => (c.req.query(name) ?? '').trim().slice(0, 200)
  const clinic = one('clinic')
  return {
    kind: auditKinds.find((each) => each === one('kind')) ?? '',
    actor: one('actor'),
    action: one('action'),
    subject: one('subject'),
    clinic: mayEnter(c.get('caller'), clinic) ? clinic : '',
    from: one('from'),
    until: one('until'),
  }
}

function askedFor({ kind, actor, action, subject, clinic, from, until }: AuditQuery, zone: string): Omit<AuditAsked, 'limit'> {
  const [start, end] = [dayIn(from, zone), dayIn(until, zone)?.add({ days: 1 })]
  return {
    ...(kind !== '' && { kind }),
    ...(actor !== '' && { actor }),
    ...(action !== '' && { action }),
    ...(subject !== '' && { subject }),
    ...(clinic !== '' && { clinicId: clinic }),
    ...(start && { from: start.toInstant() }),
    ...(end && { until: end.toInstant() }),
  }
}

function dayIn(text: string, zone: string): Temporal.ZonedDateTime | undefined {
  try {
    return text === '' ? undefined : Temporal.PlainDate.from(text).toZonedDateTime(zone)
  } catch {
    return undefined
  }
}

/** As many pages as the file may hold; who took it is written down. */
async function exported(deps: AuditPagesDeps, c: Ask): Promise<Response> {
  const { store, clock } = deps
  const asked = askedFor(queryOf(c), faceOf(deps, c).zone)
  const rows: AuditRow[] = []
  let before: number | undefined
  do {
    const found = await searchAudit(
      deps,
      { ...asked, ...(before !== undefined && { before }), limit: mostExported - rows.length },
      c.get('caller'),
    )
    rows.push(...found.rows)
    before = found.next
  } while (before !== undefined && rows.length < mostExported)
  const entry = { at: clock.now(), actor: actorOf(c.get('caller')), action: 'audit.exported', subject: 'audit' }
  await store.transact((tx) => tx.audit.append({ ...entry, detail: { rows: rows.length } }))
  return c.body(auditCsv(rows), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="audit.csv"',
  })
}

async function verify({ store, clock, jobs }: AuditPagesDeps, c: Ask): Promise<Response> {
  const actor = actorOf(c.get('caller'))
  jobs.start<Verified>(job, actor, async (working) => {
    const found = await verifyAudit(store, working)
    const detail = { looked: found.looked, faulty: found.faulty }
    await store.transact((tx) => tx.audit.append({ at: clock.now(), actor, action: 'audit.verified', subject: 'audit', detail }))
    return found
  })
  return c.redirect('/console/audit#chaine', 303)
}
