import type { Context } from 'hono'
import { z } from 'zod'
import type { ChannelStopDeps, ChannelStopSettled } from '../channel-stops.ts'
import { dropStopped, retryChannel } from '../channel-stops.ts'
import { apiRoute } from './api-route.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { anyChannel } from './shapes.ts'

export interface ChannelStopRouteDeps extends ChannelStopDeps {
  /** Called after a commit: messages are due. */
  readonly planned: () => void
}

/** What waits for a provider that takes nothing of us (R21), tried at once or given up; `GET …/holds` lists it. */
export function channelStopRoutes(deps: ChannelStopRouteDeps): readonly ApiRoute[] {
  const path = '/api/v1/clinics/:clinic/channels/:channel'
  const judge = {
    method: 'POST',
    least: ['admin'],
    clinicOf: clinicInPath,
    params: z.object({ clinic: z.string().min(1).max(500), channel: anyChannel }),
    responses: { 200: z.object({ channel: anyChannel, count: z.int() }) },
    problems: ['nothing_held'],
  } as const
  return [
    apiRoute({
      ...judge,
      path: `${path}/retry`,
      summary: 'Try a stopped channel now',
      description: 'The account is in order: one message goes at once, and what waits follows if it is taken.',
      sends: true,
      handle: async (c, { params: { clinic, channel } }) => {
        const settled = await retryChannel(deps, { clinicId: clinic, channel, caller: c.get('caller') })
        if (settled) deps.planned()
        return answer(c, settled)
      },
    }),
    apiRoute({
      ...judge,
      path: `${path}/drop`,
      summary: 'Drop what waits for a stopped channel',
      description: 'What waits is withdrawn, and a person telephones where the visit is ahead.',
      handle: async (c, { params: { clinic, channel } }) =>
        answer(c, await dropStopped(deps, { clinicId: clinic, channel, caller: c.get('caller') })),
    }),
  ]
}

function answer(c: Context<ApiEnv>, settled: ChannelStopSettled | undefined): Response {
  return settled ? c.json(settled) : problem(c, 409, 'nothing waits', { type: 'nothing_held' })
}
