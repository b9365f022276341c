import { Temporal } from 'temporal-polyfill'
import { aboutNothing } from '../../../core/explain/about-nothing.ts'
import { causeOf } from '../../../core/explain/reason-words.ts'
import type { Settings } from '../../../core/settings.ts'
import type { ToDo } from '../../../core/to-do.ts'
import type { Transaction } from '../../../store/store.ts'
import { answerReply, previewAnswer } from '../../inbound/answer-reply.ts'
import { finishToDo, reopenToDo } from '../../inbound/staff-inbox.ts'
import { settingsOf } from '../../intake/apply.ts'
import { clinicInPath, type StaffRoute } from '../../routes/route.ts'
import type { StaffFace } from '../appointments/timeline.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { withQuery } from '../parts/paging.tsx'
import { type Ask, backTo, clinicIdOf, faceOf, fieldOf, type WorkDeps } from '../work.ts'
import { InboxFlash, InboxPage, type LineShown, lineAddress, ThreadPage, type ThreadProps } from './pages.tsx'
import { inboxTexts } from './texts.ts'

const path = '/console/clinics/:clinic/inbox'

/** Replies in patients' own words, and what else only a person can see to: read, answered, done. */
export function inboxPagesRoutes(deps: WorkDeps): readonly StaffRoute[] {
  const act = { access: 'staff', least: ['appointments'] } as const
  const one = { ...act, clinicOf: lineInPath(deps) } as const
  return [
    { method: 'GET', path, ...act, clinicOf: clinicInPath, handle: (c) => list(deps, c) },
    { method: 'GET', path: `${path}/:id`, ...one, handle: (c) => thread(deps, c) },
    { method: 'POST', path: `${path}/:id/answer`, ...one, handle: (c) => answer(deps, c) },
    { method: 'POST', path: `${path}/:id/done`, ...one, handle: (c) => finish(deps, c) },
    { method: 'POST', path: `${path}/:id/undo`, ...one, handle: (c) => reopen(deps, c) },
  ]
}

const idOf = (c: Ask): string => c.req.param('id') ?? ''
const baseOf = (c: Ask): string => clinicAddress(clinicIdOf(c))
const textsOf = (c: Ask) => inboxTexts[c.get('language')]

/** Another clinic's line is nobody's. */
function lineInPath({ store }: WorkDeps) {
  return async (c: Ask) => {
    const line = await store.read((tx) => tx.toDo.find(idOf(c)))
    return line?.clinicId === clinicIdOf(c) ? line.clinicId : undefined
  }
}

const staffFace = (c: Ask, settings: Settings, now: Temporal.Instant): StaffFace => ({
  ...faceOf(c, settings, now),
  language: c.get('language'),
})

const perPage = 50

async function list({ store, clock }: WorkDeps, c: Ask): Promise<Response> {
  const { settings, lines, more } = await store.read(async (tx) => {
    const found = await tx.toDo.open(clinicIdOf(c), perPage + 1, placeIn(c))
    const lines = []
    for (const line of found.slice(0, perPage)) lines.push(await shown(tx, line))
    return { settings: await settingsOf(tx, clinicIdOf(c)), lines, more: found.length > perPage }
  })
  const last = more ? lines.at(-1)?.line : undefined
  const next = last && withQuery(`${baseOf(c)}/inbox`, { at: last.createdAt.toString(), after: last.id })
  return consolePage(
    c,
    { title: textsOf(c).title, active: 'inbox' },
    <InboxPage lines={lines} face={staffFace(c, settings, clock.now())} base={baseOf(c)} next={next} flash={flashOf(c)} />,
  )
}

function placeIn(c: Ask): Pick<ToDo, 'id' | 'createdAt'> | undefined {
  const { at = '', after } = c.req.query()
  try {
    return after ? { id: after, createdAt: Temporal.Instant.from(at) } : undefined
  } catch {
    return undefined
  }
}

async function shown(tx: Transaction, line: ToDo): Promise<LineShown> {
  const patient = line.patientId === undefined ? undefined : await tx.patients.find(line.patientId)
  const appointment = line.appointmentId === undefined ? undefined : await tx.appointments.find(line.appointmentId)
  return { line, ...(patient && { patient }), ...(appointment && { appointment }) }
}

function flashOf(c: Ask) {
  const { said = '', id } = c.req.query()
  const texts = textsOf(c)
  if (!Object.hasOwn(texts.flash, said)) return null
  const undo = said === 'done' && id ? `${lineAddress(baseOf(c), id)}/undo` : undefined
  return <InboxFlash said={said as keyof typeof texts.flash} texts={texts} {...(undo && { undo })} />
}

async function thread({ store, clock }: WorkDeps, c: Ask): Promise<Response> {
  return showThread(c, await load({ store, clock }, c))
}

async function load({ store, clock }: Pick<WorkDeps, 'store' | 'clock'>, c: Ask) {
  return store.read(async (tx) => {
    const line = await tx.toDo.find(idOf(c))
    const settings = await settingsOf(tx, clinicIdOf(c))
    return line && { ...(await shown(tx, line)), settings, face: staffFace(c, settings, clock.now()) }
  })
}

type Loaded = Awaited<ReturnType<typeof load>>

async function showThread(
  c: Ask,
  loaded: Loaded,
  more: Pick<ThreadProps, 'typed' | 'preview' | 'refused'> = {},
  status: 200 | 422 = 200,
): Promise<Response> {
  if (!loaded) return c.notFound()
  const { settings: _, ...props } = loaded
  // of the page, never of who wrote
  const options = { title: textsOf(c).one, active: 'inbox' } as const
  return consolePage(c, options, <ThreadPage {...props} {...more} base={baseOf(c)} flash={flashOf(c)} />, status)
}

async function answer(deps: WorkDeps, c: Ask): Promise<Response> {
  const typed = (await fieldOf(c, 'text')).slice(0, 600)
  if ((await fieldOf(c, 'step')) === 'preview') return preview(deps, c, typed)
  const after = Number(await fieldOf(c, 'after')) || 0
  const answered = await answerReply(deps, { id: idOf(c), typed, after, caller: c.get('caller') })
  if (answered?.kind !== 'refused') return backTo(c, lineAddress(baseOf(c), idOf(c)), answered ? { said: answered.kind } : {})
  const loaded = await load(deps, c)
  const refused = loaded ? whyNot(answered.reason, c, loaded.settings, deps.clock.now()) : ''
  return showThread(c, loaded, { typed, refused, ...(answered.says && { preview: answered.says }) }, 422)
}

async function preview(deps: WorkDeps, c: Ask, typed: string): Promise<Response> {
  const loaded = await load(deps, c)
  if (!loaded) return c.notFound()
  const says = await deps.store.read((tx) => previewAnswer(tx, loaded.line, typed, deps, deps.clock.now()))
  return showThread(c, loaded, { typed, preview: says })
}

/** In the words of this page, else of the decision and of delivery. */
function whyNot(reason: string, c: Ask, settings: Settings, now: Temporal.Instant): string {
  const { refusals } = textsOf(c)
  if (Object.hasOwn(refusals, reason)) return refusals[reason as keyof typeof refusals]
  const about = { kind: 'manual', channel: 'sms', appointment: aboutNothing(settings, now), settings } as const
  return causeOf(reason, [], about).because[c.get('language')]
}

async function finish({ store, clock, planned }: WorkDeps, c: Ask): Promise<Response> {
  const lift = (await fieldOf(c, 'lift')) === 'on'
  await store.transact((tx) => finishToDo(tx, { id: idOf(c), caller: c.get('caller'), lift, now: clock.now() }))
  planned()
  return backTo(c, `${baseOf(c)}/inbox`, { said: 'done', id: idOf(c) })
}

async function reopen({ store, clock }: WorkDeps, c: Ask): Promise<Response> {
  await store.transact((tx) => reopenToDo(tx, idOf(c), c.get('caller'), clock.now()))
  return backTo(c, lineAddress(baseOf(c), idOf(c)), { said: 'reopened' })
}
