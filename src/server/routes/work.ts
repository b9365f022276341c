import type { Context } from 'hono'
import { z } from 'zod'
import { type AnswerDeps, answerReply } from '../inbound/answer-reply.ts'
import { reopenToDo } from '../inbound/staff-inbox.ts'
import { undoCalled } from '../staff-acts.ts'
import { apiRoute } from './api-route.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { toCall, toDo } from './shapes.ts'

type Ask = Context<ApiEnv>

/** What staff take back, and what they answer by text: as the console's pages do. */
export function workRoutes(deps: AnswerDeps): readonly ApiRoute[] {
  const { store, clock } = deps
  const ofLine = async (c: Ask) => (await store.read((tx) => tx.toDo.find(c.req.param('id') ?? '')))?.clinicId
  const ofEntry = async (c: Ask) => {
    const entry = await store.read((tx) => tx.toCall.find(c.req.param('id') ?? ''))
    return entry?.clinicId === c.req.param('clinic') ? entry?.clinicId : undefined
  }
  const act = { least: ['appointments'] } as const
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/clinics/:clinic/to-call/:id/undo',
      ...act,
      clinicOf: ofEntry,
      summary: 'Take back that somebody was called',
      description: 'The patient is taken to know what they knew before, unless they have been told since.',
      responses: { 200: toCall },
      handle: async (c, { params: { id = '' } }) => {
        const entry = await store.transact((tx) => undoCalled(tx, String(id), c.get('caller'), clock.now()))
        return entry ? c.json(entry) : problem(c, 404, 'nobody is to be called by that id')
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/inbox/:id/undo',
      ...act,
      clinicOf: ofLine,
      summary: 'Take back that somebody has seen to it',
      responses: { 200: toDo },
      handle: async (c, { params: { id = '' } }) => {
        const line = await store.transact((tx) => reopenToDo(tx, String(id), c.get('caller'), clock.now()))
        return line ? c.json(line) : problem(c, 404, 'nothing of that id is to be done')
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/api/v1/inbox/:id/answer',
      ...act,
      clinicOf: ofLine,
      summary: 'Answer a reply by text',
      description:
        'Goes in the clinic’s name, whatever is switched off (O6). A STOP, a wrong number, a word of health or an address of others stops it (R28); `after` is how many answers the line had when this one was written, so that the same is sent once.',
      sends: true,
      body: z.strictObject({ text: z.string().min(1).max(600), after: z.int().min(0) }),
      responses: { 200: toDo },
      problems: ['not_sent'],
      handle: async (c, { params: { id = '' }, body: { text, after } }) => {
        const answered = await answerReply(deps, { id: String(id), typed: text, after, caller: c.get('caller') })
        if (!answered) return problem(c, 404, 'nobody wrote by that id')
        if (answered.kind === 'refused')
          return problem(c, 409, `not sent: ${answered.reason}`, {
            type: 'not_sent',
            reason: answered.reason,
            ...(answered.says && { findings: answered.says.findings.map(({ code, says }) => ({ code, says })) }),
          })
        return c.json(answered.line)
      },
    }),
  ]
}
