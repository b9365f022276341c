import type { Caller } from '../../core/access.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Job, Jobs, Working } from '../job.ts'
import { actorOf } from '../settings/edit-settings.ts'
import type { ReplayAsked, ReplayDeps, Replayed } from './replay.ts'
import { replay } from './replay.ts'

/** What a replay was asked for, and what it has come to. */
export interface ReplayJob extends Replayed {
  readonly dry: boolean
}

export function replayJob(jobs: Jobs, connectorId: ConnectorId): Job<ReplayJob> | undefined {
  return jobs.of<ReplayJob>(nameOf(connectorId))
}

const nameOf = (connectorId: ConnectorId): string => `replay ${connectorId}`

/** In the background, one of each connector at a time; who asked and what came of it is written down. False: one runs. */
export function startReplay(deps: ReplayDeps & { readonly jobs: Jobs }, asked: ReplayAsked, caller: Caller): boolean {
  const { store, clock, jobs } = deps
  const { connectorId, from, dry } = asked
  const [actor, now] = [actorOf(caller), clock.now()]
  // what it writes itself is not read a third time
  const until = asked.until.epochNanoseconds < now.epochNanoseconds ? asked.until : now
  const note = (action: string, detail: Readonly<Record<string, string | number | boolean>>) =>
    store.transact((tx) => tx.audit.append({ at: clock.now(), actor, action, subject: connectorId, detail }))
  return jobs.start<ReplayJob>(nameOf(connectorId), actor, async (working) => {
    await note('connector.replay', { dry, from: from.toString(), until: until.toString() })
    const told = await replay(deps, { ...asked, until }, marking(working, dry))
    await note('connector.replayed', { dry, looked: told.looked, read: told.read, unreadable: told.unreadable })
    return { ...told, dry }
  })
}

function marking({ tell, isGoing }: Working<ReplayJob>, dry: boolean): Working<Replayed> {
  return { tell: (progress, result) => tell(progress, { ...result, dry }), isGoing }
}
