import type { Context } from 'hono'
import { z } from 'zod'
import type { Channel } from '../../channels/channel.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { ToCall } from '../../store/port/staff-lists.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { releaseAppointment } from '../holds.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { markCalled, recordConsent, recordOptOut, sendByHand, undoCalled, usageOf } from '../staff-acts.ts'
import { apiRoute } from './api-route.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { anInstant, anyChannel, channel, channelInPath, toCall } from './shapes.ts'

export interface StaffDeps {
  readonly store: Store
  readonly clock: Clock
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  /** Called after a commit: a message is due. */
  readonly planned: () => void
}

type Ask = Context<ApiEnv>

const act = { least: ['appointments'] } as const
const clinic = '/api/v1/clinics/:clinic'

/** What staff do about one patient, and what it cost: messages by hand (O6), holds (V2-ID-4), calls (D12), consent and opt-outs (gate 7), usage (O21). */
export function staffRoutes(deps: StaffDeps): readonly ApiRoute[] {
  return [...ofAppointments(deps), ...ofPatients(deps), ...ofClinics(deps)]
}

function ofAppointments({ store, clock, channels, planned }: StaffDeps): readonly ApiRoute[] {
  const clinicOf = async (c: Ask) => (await store.read((tx) => tx.appointments.find(c.req.param('id') ?? '')))?.clinicId
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/appointments/:id/messages',
      ...act,
      clinicOf,
      summary: 'Send a message by hand',
      description: 'Whatever is switched off, at any hour (O6); only a STOP, a missing contact or the want of a provider stops it.',
      sends: true,
      body: z.strictObject({ channel }),
      responses: { 200: z.object({ id: z.string(), state: z.string() }), 202: z.object({ id: z.string(), state: z.string() }) },
      problems: ['not_sent'],
      handle: async (c, { params, body }) => {
        const now = clock.now()
        const caller = c.get('caller')
        const key = c.req.header('idempotency-key')
        const sent = await store.transact((tx) =>
          sendByHand(tx, {
            appointmentId: params.id,
            channel: body.channel,
            // one that a crash cut off and that is asked for again is the same message
            key: key === undefined ? timeOrderedId(now) : sha256(`${actorOf(caller)}|${key}`).slice(0, 32),
            hasProvider: channels.has(body.channel),
            caller,
            now,
          }),
        )
        if (!sent) return problem(c, 404, 'no such appointment')
        if (sent.kind === 'refused') return problem(c, 409, `not sent: ${sent.reason}`, { type: 'not_sent', reason: sent.reason })
        if (sent.kind === 'planned') planned()
        const { id, state } = sent.notification
        return c.json({ id, state }, sent.kind === 'planned' ? 202 : 200)
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/appointments/:id/holds/release',
      ...act,
      clinicOf,
      summary: 'Release an appointment that was held',
      description: 'What a person has looked at is told again, as it now stands (V2-ID-4).',
      sends: true,
      responses: { 200: z.object({ released: z.array(z.string()), holds: z.array(z.string()) }) },
      problems: ['nothing_held'],
      handle: async (c, { params }) => {
        const released = await store.transact((tx) => releaseAppointment(tx, params.id, c.get('caller'), clock.now()))
        if (!released) return problem(c, 404, 'no such appointment')
        const { before, after } = released
        if (before === after) return problem(c, 409, 'nothing holds it that a person may release', { type: 'nothing_held' })
        planned()
        return c.json({ released: before.holds.filter((code) => !after.holds.includes(code)), holds: after.holds })
      },
    }),
  ]
}

function ofPatients({ store, clock }: StaffDeps): readonly ApiRoute[] {
  const clinicOf = async (c: Ask) => (await store.read((tx) => tx.patients.find(c.req.param('id') ?? '')))?.clinicId
  const optOut = async (c: Ask, params: z.output<typeof channelInPath>, state: 'stopped' | 'lifted') => {
    const recorded = await store.transact((tx) =>
      recordOptOut(tx, { patientId: params.id, channel: params.channel, state, caller: c.get('caller'), now: clock.now() }),
    )
    if (!recorded) return problem(c, 404, 'no such patient')
    if (recorded !== state) return noContact(c, recorded)
    return c.json({ channel: params.channel, state })
  }
  const ofChannel = {
    path: '/api/v1/patients/:id/opt-outs/:channel',
    ...act,
    clinicOf,
    params: channelInPath,
    responses: { 200: z.object({ channel, state: z.enum(['stopped', 'lifted']) }) },
    problems: ['no_contact'],
  } as const
  return [
    apiRoute({
      method: 'PUT',
      path: '/api/v1/patients/:id/consent',
      ...act,
      clinicOf,
      summary: 'Record a consent, or its withdrawal',
      description: 'Of the contact that messages would go to now (gate 7).',
      body: z.strictObject({ channel, state: z.enum(['given', 'withdrawn']) }),
      responses: { 200: z.object({ channel, state: z.enum(['given', 'withdrawn']), at: anInstant, by: z.string() }) },
      problems: ['no_contact'],
      handle: async (c, { params, body }) => {
        const recorded = await store.transact((tx) =>
          recordConsent(tx, { ...body, patientId: params.id, caller: c.get('caller'), now: clock.now() }),
        )
        if (!recorded) return problem(c, 404, 'no such patient')
        return typeof recorded === 'string' ? noContact(c, recorded) : c.json({ channel: body.channel, ...recorded })
      },
    }),
    apiRoute({
      method: 'POST',
      ...ofChannel,
      summary: 'Record a STOP at the patient’s word',
      handle: (c, { params }) => optOut(c, params, 'stopped'),
    }),
    apiRoute({
      method: 'DELETE',
      ...ofChannel,
      summary: 'Lift a STOP at the patient’s word',
      handle: (c, { params }) => optOut(c, params, 'lifted'),
    }),
  ]
}

/** What the patient knew before the call is ours. */
function withoutTold({ toldBefore: _, ...entry }: ToCall): Omit<ToCall, 'toldBefore'> {
  return entry
}

function noContact(c: Ask, reason: string): Response {
  return problem(c, 409, `no contact to record it for: ${reason}`, { type: 'no_contact', reason })
}

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month: 2026-11')

const sum = z.object({
  channel: anyChannel,
  automatic: z.boolean(),
  refused: z.boolean(),
  messages: z.int(),
  segments: z.int(),
  price: z.int().describe('In ten-thousandths of the currency'),
  currency: z.string(),
})

function ofClinics({ store, clock, planned }: StaffDeps): readonly ApiRoute[] {
  const see = { least: ['reader'], clinicOf: clinicInPath } as const
  return [
    apiRoute({
      method: 'GET',
      path: `${clinic}/to-call`,
      ...see,
      summary: 'List whom to call',
      description: 'Whom no channel can reach, and why (D12): the soonest appointment first.',
      query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
      responses: { 200: z.object({ items: z.array(toCall) }) },
      handle: async (c, { params, query }) =>
        c.json({ items: (await store.read((tx) => tx.toCall.open(params.clinic, query.limit))).map(withoutTold) }),
    }),
    apiRoute({
      method: 'POST',
      path: `${clinic}/to-call/:id/done`,
      ...act,
      clinicOf: clinicInPath,
      summary: 'Say that somebody was called',
      description: 'Once; what was said need not be said again by a message.',
      responses: { 200: toCall },
      handle: async (c, { params: { clinic: clinicId, id } }) => {
        const done = await store.transact(async (tx) => {
          const entry = await tx.toCall.find(id)
          return entry?.clinicId === clinicId ? markCalled(tx, id, c.get('caller'), clock.now()) : undefined
        })
        if (!done) return problem(c, 404, 'nobody is to be called by that id')
        planned()
        return c.json(withoutTold(done))
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${clinic}/to-call/:id/reopen`,
      ...act,
      clinicOf: clinicInPath,
      summary: 'Take back that somebody was called',
      description: 'It was said by mistake: the patient knows what they knew before, unless they have been told since.',
      responses: { 200: toCall },
      handle: async (c, { params: { clinic: clinicId, id } }) => {
        const open = await store.transact(async (tx) => {
          const entry = await tx.toCall.find(id)
          return entry?.clinicId === clinicId ? undoCalled(tx, id, c.get('caller'), clock.now()) : undefined
        })
        if (!open) return problem(c, 404, 'nobody is to be called by that id')
        planned()
        return c.json(withoutTold(open))
      },
    }),
    apiRoute({
      method: 'GET',
      path: `${clinic}/usage`,
      ...see,
      summary: 'Sum up what a month was sent, and cost',
      description: 'O21: by channel, automatic and manual apart; the current month unless told.',
      query: z.object({ month: month.optional() }),
      responses: { 200: z.object({ month, zone: z.string(), items: z.array(sum) }) },
      handle: async (c, { params, query }) => {
        const sums = await store.read((tx) => usageOf(tx, params.clinic, query.month, clock.now()))
        return sums ? c.json(sums) : problem(c, 404, 'no such clinic')
      },
    }),
  ]
}
