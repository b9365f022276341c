import { mayReach } from '../../../core/access.ts'
import type { ToCall } from '../../../store/port/staff-lists.ts'
import type { Transaction } from '../../../store/store.ts'
import { settingsOf } from '../../intake/apply.ts'
import { clinicInPath, type StaffRoute } from '../../routes/route.ts'
import { markCalled, undoCalled } from '../../staff-acts.ts'
import { maySeePhones } from '../appointments/contacts.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { type Ask, backTo, clinicIdOf, faceOf, type WorkDeps } from '../work.ts'
import { listCalls } from './list.ts'
import { CallsPage } from './page.tsx'
import { toCallTexts } from './texts.ts'

const path = '/console/clinics/:clinic/to-call'

/** Whom no channel can reach (D12). */
export function toCallRoutes(deps: WorkDeps): readonly StaffRoute[] {
  const act = { access: 'staff', least: ['appointments'], clinicOf: entryInPath(deps) } as const
  return [
    { method: 'GET', path, access: 'staff', least: ['reader'], clinicOf: clinicInPath, handle: (c) => show(deps, c) },
    { method: 'POST', path: `${path}/:id/done`, ...act, handle: (c) => change(deps, c, markCalled, 'called') },
    { method: 'POST', path: `${path}/:id/undo`, ...act, handle: (c) => change(deps, c, undoCalled, 'reopened') },
  ]
}

/** Another clinic's entry is nobody's. */
function entryInPath({ store }: WorkDeps) {
  return async (c: Ask) => {
    const entry = await store.read((tx) => tx.toCall.find(c.req.param('id') ?? ''))
    return entry?.clinicId === clinicIdOf(c) ? entry.clinicId : undefined
  }
}

async function show({ store, clock }: WorkDeps, c: Ask): Promise<Response> {
  const now = clock.now()
  const reason = c.req.query('reason') || undefined
  const { settings, list } = await store.read(async (tx) => {
    const settings = await settingsOf(tx, clinicIdOf(c))
    return { settings, list: await listCalls(tx, settings, reason, now) }
  })
  const caller = c.get('caller')
  const said = c.req.query('said')
  return consolePage(
    c,
    { title: toCallTexts[c.get('language')].title, active: 'toCall' },
    <CallsPage
      list={list}
      settings={settings}
      face={{ ...faceOf(c, settings, now), language: c.get('language') }}
      reason={reason}
      base={clinicAddress(clinicIdOf(c))}
      mayAct={mayReach(caller, ['appointments'])}
      seesPhones={maySeePhones(caller)}
      {...((said === 'called' || said === 'reopened') && { flash: { said, id: c.req.query('id') ?? '' } })}
    />,
  )
}

async function change(
  { store, clock, planned }: WorkDeps,
  c: Ask,
  act: (
    tx: Transaction,
    id: string,
    caller: ReturnType<typeof callerOf>,
    now: ReturnType<WorkDeps['clock']['now']>,
  ) => Promise<ToCall | undefined>,
  said: 'called' | 'reopened',
): Promise<Response> {
  const id = c.req.param('id') ?? ''
  await store.transact((tx) => act(tx, id, callerOf(c), clock.now()))
  planned()
  return backTo(c, `${clinicAddress(clinicIdOf(c))}/to-call`, { said, id })
}

const callerOf = (c: Ask) => c.get('caller')
