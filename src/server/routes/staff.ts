import type { Context } from 'hono'
import { z } from 'zod'
import type { Channel } from '../../channels/channel.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { releaseAppointment } from '../holds.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import { markCalled, recordConsent, recordOptOut, sendByHand, usageOf } from '../staff-acts.ts'
import { readJson } from './body.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'

export interface StaffDeps {
  readonly store: Store
  readonly clock: Clock
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  /** Called after a commit: a message is due. */
  readonly planned: () => void
}

type Ask = Context<ApiEnv>

/** What staff do about one patient, and what it cost: messages by hand (O6), holds (V2-ID-4), calls (D12), consent and opt-outs (gate 7), usage (O21). */
export function staffRoutes(deps: StaffDeps): readonly ApiRoute[] {
  const { store } = deps
  const ofAppointment = async (c: Ask) => (await store.read((tx) => tx.appointments.find(c.req.param('id') ?? '')))?.clinicId
  const ofPatient = async (c: Ask) => (await store.read((tx) => tx.patients.find(c.req.param('id') ?? '')))?.clinicId
  const clinic = '/api/v1/clinics/:clinic'
  const see = { access: 'api', least: ['reader'], clinicOf: clinicInPath } as const
  const act = { access: 'api', least: ['appointments'] } as const
  return [
    { method: 'POST', path: '/api/v1/appointments/:id/messages', ...act, clinicOf: ofAppointment, handle: (c) => send(deps, c) },
    { method: 'POST', path: '/api/v1/appointments/:id/holds/release', ...act, clinicOf: ofAppointment, handle: (c) => release(deps, c) },
    { method: 'PUT', path: '/api/v1/patients/:id/consent', ...act, clinicOf: ofPatient, handle: (c) => consent(deps, c) },
    {
      method: 'POST',
      path: '/api/v1/patients/:id/opt-outs/:channel',
      ...act,
      clinicOf: ofPatient,
      handle: (c) => optOut(deps, c, 'stopped'),
    },
    {
      method: 'DELETE',
      path: '/api/v1/patients/:id/opt-outs/:channel',
      ...act,
      clinicOf: ofPatient,
      handle: (c) => optOut(deps, c, 'lifted'),
    },
    { method: 'GET', path: `${clinic}/to-call`, ...see, handle: (c) => listCalls(deps, c) },
    { method: 'POST', path: `${clinic}/to-call/:id/done`, ...act, clinicOf: clinicInPath, handle: (c) => called(deps, c) },
    { method: 'GET', path: `${clinic}/usage`, ...see, handle: (c) => usage(deps, c) },
  ]
}

const channel = z.enum(['email', 'sms'])

async function send({ store, clock, channels, planned }: StaffDeps, c: Ask): Promise<Response> {
  const body = await readJson(c, z.strictObject({ channel }))
  if (!body.ok) return body.response
  const now = clock.now()
  const key = c.req.header('idempotency-key')
  const sent = await store.transact((tx) =>
    sendByHand(tx, {
      appointmentId: c.req.param('id') ?? '',
      channel: body.value.channel,
      key: key === undefined ? timeOrderedId(now) : sha256(key).slice(0, 32),
      hasProvider: channels.has(body.value.channel),
      caller: c.get('caller'),
      now,
    }),
  )
  if (!sent) return problem(c, 404, 'no such appointment')
  if (sent.kind === 'refused') return problem(c, 409, `not sent: ${sent.reason}`, { type: sent.reason })
  if (sent.kind === 'planned') planned()
  const { id, state } = sent.notification
  return c.json({ id, state }, sent.kind === 'planned' ? 202 : 200)
}

/** V2-ID-4: what a person has looked at is told again, as it now stands. */
async function release({ store, clock, planned }: StaffDeps, c: Ask): Promise<Response> {
  const released = await store.transact((tx) => releaseAppointment(tx, c.req.param('id') ?? '', c.get('caller'), clock.now()))
  if (!released) return problem(c, 404, 'no such appointment')
  const { before, after } = released
  if (before === after) return problem(c, 409, 'nothing holds it that a person may release', { type: 'nothing_held' })
  planned()
  return c.json({ released: before.holds.filter((code) => !after.holds.includes(code)), holds: after.holds })
}

async function consent({ store, clock }: StaffDeps, c: Ask): Promise<Response> {
  const body = await readJson(c, z.strictObject({ channel, state: z.enum(['given', 'withdrawn']) }))
  if (!body.ok) return body.response
  const patientId = c.req.param('id') ?? ''
  const recorded = await store.transact((tx) => recordConsent(tx, { ...body.value, patientId, caller: c.get('caller'), now: clock.now() }))
  if (!recorded) return problem(c, 404, 'no such patient')
  if (typeof recorded === 'string') return problem(c, 409, `no contact to record it for: ${recorded}`, { type: recorded })
  return c.json({ channel: body.value.channel, ...recorded })
}

async function optOut({ store, clock }: StaffDeps, c: Ask, state: 'stopped' | 'lifted'): Promise<Response> {
  const asked = channel.safeParse(c.req.param('channel'))
  if (!asked.success) return problem(c, 404, 'a channel is email or sms')
  const act = { patientId: c.req.param('id') ?? '', channel: asked.data, state, caller: c.get('caller'), now: clock.now() }
  const recorded = await store.transact((tx) => recordOptOut(tx, act))
  if (!recorded) return problem(c, 404, 'no such patient')
  if (recorded !== state) return problem(c, 409, `no contact to record it for: ${recorded}`, { type: recorded })
  return c.json({ channel: asked.data, state })
}

const page = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) })

async function listCalls({ store }: StaffDeps, c: Ask): Promise<Response> {
  const query = page.safeParse(c.req.query())
  if (!query.success) return problem(c, 400, 'limit is 1 to 500')
  return c.json({ items: await store.read((tx) => tx.toCall.open(c.req.param('clinic') ?? '', query.data.limit)) })
}

async function called({ store, clock, planned }: StaffDeps, c: Ask): Promise<Response> {
  const done = await store.transact(async (tx) => {
    const id = c.req.param('id') ?? ''
    const entry = await tx.toCall.find(id)
    return entry?.clinicId === c.req.param('clinic') ? markCalled(tx, id, c.get('caller'), clock.now()) : undefined
  })
  if (!done) return problem(c, 404, 'nobody is to be called by that id')
  planned()
  return c.json(done)
}

const month = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional(),
})

async function usage({ store, clock }: StaffDeps, c: Ask): Promise<Response> {
  const query = month.safeParse(c.req.query())
  if (!query.success) return problem(c, 400, 'month is a month: 2026-11')
  const sums = await store.read((tx) => usageOf(tx, c.req.param('clinic') ?? '', query.data.month, clock.now()))
  return sums ? c.json(sums) : problem(c, 404, 'no such clinic')
}
