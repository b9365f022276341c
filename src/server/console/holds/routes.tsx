import type { ChannelKind } from '../../../core/patient.ts'
import { dropStopped, retryChannel } from '../../channel-stops.ts'
import { releaseShift } from '../../feed/release.ts'
import { releaseAppointment } from '../../holds.ts'
import { dropMassHold, releaseMassHold } from '../../mass-hold.ts'
import { settleRestoreHold } from '../../operations/restore-hold.ts'
import { clinicInPath, type StaffRoute } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { consoleRefusal } from '../refusal.tsx'
import { type Ask, backTo, clinicIdOf, faceOf, fieldOf, type WorkDeps } from '../work.ts'
import { lookAtHolds, whatMay } from './look.ts'
import { HoldsPage } from './page.tsx'
import { holdsTexts } from './texts.ts'
import type { HoldsFlash } from './texts-shape.ts'

const path = '/console/clinics/:clinic/holds'

/** What waits until a person has looked: a mass change (R8), a shifted clock, a restored backup (R9), a provider that refuses us (R21), an appointment in doubt (V2-ID-4). */
export function holdsRoutes(deps: WorkDeps): readonly StaffRoute[] {
  const post = { method: 'POST', access: 'staff', clinicOf: clinicInPath } as const
  return [
    { method: 'GET', path, access: 'staff', least: ['reader', 'integrator'], clinicOf: clinicInPath, handle: (c) => show(deps, c) },
    { ...post, path: `${path}/mass`, least: ['admin'], handle: (c) => decideMass(deps, c) },
    {
      ...post,
      path: `${path}/shift/:connector`,
      least: ['admin', 'integrator'],
      clinicOf: connectorInPath(deps),
      handle: (c) => decideShift(deps, c),
    },
    { ...post, path: `${path}/stopped/:channel`, least: ['admin'], handle: (c) => decideStopped(deps, c) },
    { ...post, path: `${path}/restored`, least: ['operator'], handle: (c) => decideRestored(deps, c) },
    {
      ...post,
      path: `${path}/appointments/:id`,
      least: ['appointments'],
      clinicOf: appointmentInPath(deps),
      handle: (c) => releaseOne(deps, c),
    },
  ]
}

function connectorInPath({ sources }: WorkDeps) {
  return (c: Ask) => {
    const clinicId = sources.get(c.req.param('connector') ?? '')?.clinicId
    return clinicId === clinicIdOf(c) ? clinicId : undefined
  }
}

function appointmentInPath({ store }: WorkDeps) {
  return async (c: Ask) => {
    const appointment = await store.read((tx) => tx.appointments.find(c.req.param('id') ?? ''))
    return appointment?.clinicId === clinicIdOf(c) ? appointment.clinicId : undefined
  }
}

async function show(deps: WorkDeps, c: Ask): Promise<Response> {
  const clinicId = clinicIdOf(c)
  const view = await deps.store.read((tx) => lookAtHolds(tx, clinicId, deps))
  const texts = holdsTexts[c.get('language')]
  const said = c.req.query('said') ?? ''
  return consolePage(
    c,
    { title: texts.title, active: 'holds' },
    <HoldsPage
      view={view}
      may={whatMay(c.get('caller'))}
      face={{ ...faceOf(c, view.settings, deps.clock.now()), language: c.get('language') }}
      base={clinicAddress(clinicId)}
      {...(Object.hasOwn(texts.flash, said) && { flash: said as HoldsFlash })}
    />,
  )
}

type Decision = 'released' | 'dropped'

/** What the form decided; undefined: nobody ticked that they had looked. */
async function decisionIn(c: Ask): Promise<Decision | undefined> {
  if ((await fieldOf(c, 'sure')) !== 'on') return undefined
  return (await fieldOf(c, 'decision')) === 'dropped' ? 'dropped' : 'released'
}

async function decideMass(deps: WorkDeps, c: Ask): Promise<Response> {
  const decision = await decisionIn(c)
  if (!decision) return back(c, 'unsure')
  const settle = decision === 'released' ? releaseMassHold : dropMassHold
  return done(deps, c, decision, await settle(deps, clinicIdOf(c), c.get('caller')))
}

async function decideShift(deps: WorkDeps, c: Ask): Promise<Response> {
  if (!(await decisionIn(c))) return back(c, 'unsure')
  return done(deps, c, 'released', await releaseShift(deps, c.req.param('connector') ?? '', clinicIdOf(c), c.get('caller')))
}

async function decideStopped(deps: WorkDeps, c: Ask): Promise<Response> {
  const channel = [...deps.channels.keys()].find((each): each is ChannelKind => each === c.req.param('channel'))
  if (!channel) return consoleRefusal(c, 404, 'missing')
  const decision = await decisionIn(c)
  if (!decision) return back(c, 'unsure')
  const act = { clinicId: clinicIdOf(c), channel, caller: c.get('caller') }
  const settled = decision === 'released' ? await retryChannel(deps, act) : await dropStopped(deps, act)
  return done(deps, c, decision === 'released' ? 'retried' : decision, settled)
}

async function decideRestored(deps: WorkDeps, c: Ask): Promise<Response> {
  const caller = c.get('caller')
  // it is a matter of every clinic
  if (!whatMay(caller).restored) return consoleRefusal(c, 403, 'role')
  const decision = await decisionIn(c)
  if (!decision) return back(c, 'unsure')
  return done(deps, c, decision, await settleRestoreHold(deps, decision, caller))
}

async function releaseOne({ store, clock, planned }: WorkDeps, c: Ask): Promise<Response> {
  const released = await store.transact((tx) => releaseAppointment(tx, c.req.param('id') ?? '', c.get('caller'), clock.now()))
  if (!released || released.before === released.after) return back(c, 'nothing')
  planned()
  return back(c, 'appointment')
}

function done({ planned, answered }: WorkDeps, c: Ask, decision: Decision | 'retried', settled: object | undefined): Response {
  if (!settled) return back(c, 'nothing')
  planned()
  answered()
  return back(c, decision)
}

function back(c: Ask, said: HoldsFlash): Response {
  return backTo(c, `${clinicAddress(clinicIdOf(c))}/holds`, { said })
}
