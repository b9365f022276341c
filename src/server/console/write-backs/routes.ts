import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { mayReach } from '../../../core/access.ts'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { Store } from '../../../store/store.ts'
import type { Clock } from '../../clock.ts'
import type { Source } from '../../intake/apply.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { clinicInPath } from '../../routes/route.ts'
import { giveUpWriteBack, retryWriteBack } from '../../write-back-acts.ts'
import { clinicAddress } from '../menu.ts'
import { sentBy } from '../parts/form.ts'
import { withQuery } from '../parts/paging.tsx'
import { consoleRefusal } from '../refusal.tsx'
import { countsOf, ledgerPage } from './ledger.ts'
import { ledgerView } from './page.tsx'
import { shownAs } from './page-texts.ts'
import { writeBacksTexts } from './texts.ts'

export interface WriteBackPagesDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly clock: Clock
  /** Called after a commit: an answer waits for its EHR. */
  readonly answered: () => void
}

type Ask = Context<StaffEnv>

const path = '/console/clinics/:clinic/write-backs'
const pageSize = 50
const mayAct = ['appointments', 'integrator'] as const

/** What patients answered, on its way to the chart: seen by state, tried again, or given to a person. */
export function writeBackPages(deps: WriteBackPagesDeps): readonly StaffRoute[] {
  const page = { path, access: 'staff', clinicOf: clinicInPath } as const
  return [
    { ...page, method: 'GET', least: ['reader', 'integrator'], handle: (c) => show(deps, c) },
    { ...page, method: 'POST', least: mayAct, handle: (c) => act(deps, c) },
  ]
}

const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''

async function show({ store, sources, clock }: WriteBackPagesDeps, c: Ask): Promise<Response> {
  const clinicId = clinicOf(c)
  const shown = shownAs.find((each) => each === c.req.query('state')) ?? 'failed'
  const own = [...sources].filter(([, source]) => source.clinicId === clinicId).map(([id]) => id)
  const found = await store.read(async (tx) => {
    const settings = await tx.settings.current(clinicId)
    const counts = await countsOf(tx, own)
    const page = await ledgerPage(tx, own, shown, { limit: pageSize, before: placeIn(c.req.query('before')) })
    return settings && { zone: settings.clinic.zone, counts, page }
  })
  if (!found) return consoleRefusal(c, 404, 'missing')
  const { zone, counts, page } = found
  const language = c.get('language')
  const said = (['retried', 'given_up', 'not_so', 'gone'] as const).find((each) => each === c.req.query('done'))
  return ledgerView(c, {
    clinicId,
    shown,
    counts,
    rows: page.rows,
    next: page.next && withQuery(`${clinicAddress(clinicId)}/write-backs`, { state: shown, before: placeOf(page.next) }),
    mayAct: mayReach(c.get('caller'), mayAct),
    done: said && writeBacksTexts[language].done[said],
    face: { zone, language, now: clock.now() },
  })
}

/** Where a page begins: opaque, for it holds an id. */
function placeOf({ id, answeredAt }: { readonly id: string; readonly answeredAt: Temporal.Instant }): string {
  return Buffer.from(`${answeredAt} ${id}`).toString('base64url')
}

function placeIn(text: string | undefined) {
  const [at = '', ...id] = Buffer.from(text?.slice(0, 2_000) ?? '', 'base64url')
    .toString('utf8')
    .split(' ')
  try {
    return { answeredAt: Temporal.Instant.from(at), id: id.join(' ') }
  } catch {
    return undefined
  }
}

async function act({ store, sources, clock, answered }: WriteBackPagesDeps, c: Ask): Promise<Response> {
  const [clinicId, sent] = [clinicOf(c), await sentBy(c)]
  const [id, caller, now] = [sent.one('id'), c.get('caller'), clock.now()]
  const isRetry = sent.one('do') === 'retry'
  const acted = await store.transact(async (tx) => {
    const found = await tx.writeBacks.find(id)
    if (!found || sources.get(found.connectorId)?.clinicId !== clinicId) return undefined
    return isRetry ? retryWriteBack(tx, id, caller, now) : giveUpWriteBack(tx, id, caller, now)
  })
  if (acted?.kind === 'done') answered()
  const done = !acted ? 'gone' : acted.kind === 'not_so' ? 'not_so' : isRetry ? 'retried' : 'given_up'
  const state = sent.one('state') === 'queued' ? 'waiting' : 'failed'
  return c.redirect(withQuery(`${clinicAddress(clinicId)}/write-backs`, { state, done }), 303)
}
