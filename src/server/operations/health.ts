import type { Caller } from '../../core/access.ts'
import { mayEnter } from '../../core/access.ts'
import type { LoopBook, LoopStep } from '../loop-book.ts'
import { connectorIn } from '../loop-book.ts'
import type { Alarm, Alarms } from './alarms.ts'
import type { DeadLetterDeps, DeadLetters } from './dead-letters.ts'
import { findDeadLetters } from './dead-letters.ts'

export interface HealthDeps extends DeadLetterDeps {
  readonly clinics: readonly string[]
  /** Absent: nobody looks for alarms. */
  readonly alarms?: Pick<Alarms, 'look'>
  /** Absent: nobody asks what they did last. */
  readonly loops?: Pick<LoopBook, 'last'>
}

export interface Health {
  readonly alarms: readonly Alarm[]
  readonly deadLetters: readonly DeadLetters[]
  readonly loops: readonly LoopStep[]
}

/** What is wrong, what goes no further, and what the loops did last: of the clinics one may see, and of the installation (R37). */
export async function healthFor(deps: HealthDeps, caller: Pick<Caller, 'clinics'>): Promise<Health> {
  const { clinics, alarms, loops, sources } = deps
  const isOwn = (clinicId: string | undefined) => clinicId === undefined || mayEnter(caller, clinicId)
  const ofConnector = (name: string | undefined) => (name === undefined ? undefined : sources.get(name)?.clinicId)
  const own = clinics.filter((id) => mayEnter(caller, id))
  return {
    alarms: ((await alarms?.look()) ?? []).filter(({ clinicId }) => isOwn(clinicId)),
    deadLetters: await findDeadLetters(deps, own, caller.clinics === undefined),
    loops: (loops?.last() ?? []).filter(({ name }) => isOwn(ofConnector(connectorIn(name)))),
  }
}
