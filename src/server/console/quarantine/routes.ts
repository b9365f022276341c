import type { Context } from 'hono'
import { mayEnter } from '../../../core/access.ts'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { InboxRow } from '../../../store/port/inbox.ts'
import type { Source } from '../../intake/apply.ts'
import type { Jobs } from '../../job.ts'
import type { QuarantineDeps } from '../../quarantine/acts.ts'
import { bodyOf, discard, discardReasons, isDiscarded, retryOne, takeBack } from '../../quarantine/acts.ts'
import { faultOf, isOfFault, retryJob, startRetry } from '../../quarantine/retry-many.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { sentBy } from '../parts/form.ts'
import { consoleRefusal } from '../refusal.tsx'
import { installationFace } from '../technical-face.ts'
import { quarantinePage } from './list-page.tsx'
import { envelopePage } from './one-page.tsx'
import { quarantineTexts } from './texts.ts'

export interface QuarantinePagesDeps extends QuarantineDeps {
  readonly sources: ReadonlyMap<ConnectorId, Source>
  readonly jobs: Jobs
}

type Ask = Context<StaffEnv>

const one = '/console/quarantine/:id'
const pageSize = 25

/** What could not be read: looked at, read again, put aside (issue: mapping fixes). */
export function quarantinePages(deps: QuarantinePagesDeps): readonly StaffRoute[] {
  const clinicOf = async (c: Ask) => {
    const row = await rowOf(deps, c)
    return row && clinicOfRow(deps, row)
  }
  const see = { method: 'GET', access: 'staff', least: ['integrator'] } as const
  return [
    { ...see, path: '/console/quarantine', clinicOf: 'each', handle: (c) => list(deps, c) },
    { ...see, path: one, clinicOf, handle: (c) => show(deps, c) },
    { ...see, path: `${one}/download`, clinicOf, handle: (c) => download(deps, c) },
    { ...see, method: 'POST', path: one, clinicOf, handle: (c) => act(deps, c) },
    {
      ...see,
      method: 'POST',
      path: '/console/connectors/:connector/quarantine',
      clinicOf: (c) => deps.sources.get(connectorIn(c))?.clinicId,
      handle: (c) => retryAll(deps, c),
    },
  ]
}

const connectorIn = (c: Ask): string => c.req.param('connector') ?? ''
const idOf = (c: Ask): string => c.req.param('id') ?? ''
const rowOf = ({ store }: QuarantinePagesDeps, c: Ask) => store.read((tx) => tx.inbox.find(idOf(c)))

/** A connector that is configured no more is of no clinic: only who may see all of them sees what it sent. */
function clinicOfRow({ sources }: QuarantinePagesDeps, { envelope }: InboxRow): string {
  return sources.get(envelope.connectorId)?.clinicId ?? ''
}

function faceOf(deps: QuarantinePagesDeps, c: Ask): Clockface & { readonly language: Language } {
  const language = c.get('language')
  return { ...installationFace(deps, language), language }
}

const outcomes = ['applied', 'ignored', 'quarantined', 'accepted', 'gone', 'discarded', 'back'] as const

function saidIn(c: Ask): string | undefined {
  const texts = quarantineTexts[c.get('language')]
  const done = c.req.query('done')
  return outcomes.flatMap((each) => (each === done ? [texts.done[each]] : []))[0]
}

async function list(deps: QuarantinePagesDeps, c: Ask): Promise<Response> {
  const before = c.req.query('before')
  const found = await visible(deps, c, before === undefined ? undefined : before.slice(0, 64))
  const text = saidIn(c)
  const undo = /^[0-9a-f]{32}$/.exec(c.req.query('of') ?? '')?.[0]
  const own = [...deps.sources].flatMap(([id, { clinicId }]) => (mayEnter(c.get('caller'), clinicId) ? [id] : []))
  return quarantinePage(c, {
    ...found,
    connectors: own.map((id) => {
      const job = retryJob(deps.jobs, id)
      return { id, ...(job && { job }) }
    }),
    said:
      text === undefined
        ? undefined
        : { text, ...(c.req.query('done') === 'discarded' && undo && { undo: `/console/quarantine/${undo}` }) },
    face: faceOf(deps, c),
  })
}

/** Those of the caller's clinics; a page looks through four of its size at most. */
async function visible({ store, ...deps }: QuarantinePagesDeps, c: Ask, start: string | undefined) {
  const rows: InboxRow[] = []
  let before = start
  for (let turn = 0; turn < 4; turn++) {
    const page = await store.read((tx) => tx.inbox.quarantined({ limit: pageSize, ...(before !== undefined && { before }) }))
    for (const row of page) {
      if (rows.length === pageSize) return { rows, next: `/console/quarantine?before=${before}` }
      if (mayEnter(c.get('caller'), clinicOfRow({ store, ...deps }, row))) rows.push(row)
      before = row.id
    }
    if (page.length < pageSize) return { rows, next: undefined }
  }
  return { rows, next: before === undefined ? undefined : `/console/quarantine?before=${before}` }
}

async function show(deps: QuarantinePagesDeps, c: Ask): Promise<Response> {
  const row = await rowOf(deps, c)
  if (!row || !(row.state === 'quarantined' || isDiscarded(row))) return consoleRefusal(c, 404, 'missing')
  const alike = row.state === 'quarantined' ? await alikeTo(deps, row) : 0
  return envelopePage(c, { row, body: await bodyOf(row, deps.archive), alike, said: saidIn(c), face: faceOf(deps, c) })
}

async function download(deps: QuarantinePagesDeps, c: Ask): Promise<Response> {
  const row = await rowOf(deps, c)
  const body = row && (await bodyOf(row, deps.archive))
  if (!row || !body || body.length === 0) return consoleRefusal(c, 404, 'missing')
  const kind = row.envelope.mediaType.includes('json') ? 'json' : 'hl7'
  return c.body(new Uint8Array(body), 200, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="quarantine-${row.id}.${kind}"`,
  })
}

const mostAlike = 500
const portion = 100

/** How many have the same fault of the same connector, of the newest that wait. */
async function alikeTo({ store }: QuarantinePagesDeps, like: InboxRow): Promise<number> {
  const { connectorId, ...fault } = faultOf(like)
  let [alike, before]: [number, string | undefined] = [0, undefined]
  for (let looked = 0; looked < mostAlike; looked += portion) {
    const rows = await store.read((tx) => tx.inbox.quarantined({ limit: portion, ...(before !== undefined && { before }) }))
    alike += rows.filter((row) => row.envelope.connectorId === connectorId && isOfFault(row, fault)).length
    before = rows.at(-1)?.id
    if (rows.length < portion) break
  }
  return alike
}

async function act(deps: QuarantinePagesDeps, c: Ask): Promise<Response> {
  const [id, caller, sent, row] = [idOf(c), c.get('caller'), await sentBy(c), await rowOf(deps, c)]
  const { store, clock } = deps
  const to = (path: string) => c.redirect(`/console/quarantine${path}`, 303)
  switch (sent.one('do')) {
    case 'retry': {
      const receipt = await retryOne(deps, id, caller)
      return to(`?done=${receipt?.disposition ?? 'gone'}`)
    }
    case 'alike': {
      if (row?.state === 'quarantined') startRetry(deps, faultOf(row), caller)
      return to('#relance')
    }
    case 'discard': {
      const reason = discardReasons.find((each) => each === sent.one('why')) ?? 'other'
      const done = await store.transact((tx) => discard(tx, id, reason, caller, clock.now()))
      return to(done ? `?done=discarded&of=${id}` : '?done=gone')
    }
    case 'back': {
      const done = await store.transact((tx) => takeBack(tx, id, caller, clock.now()))
      return to(done ? `/${id}?done=back` : '?done=gone')
    }
    default:
      return to('')
  }
}

async function retryAll(deps: QuarantinePagesDeps, c: Ask): Promise<Response> {
  startRetry(deps, { connectorId: connectorIn(c) }, c.get('caller'))
  return c.redirect('/console/quarantine#relance', 303)
}
