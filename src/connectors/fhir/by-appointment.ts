import { setTimeout as pause } from 'node:timers/promises'
import type { WriteBack } from '../../core/write-back.ts'
import type { Failed } from './client.ts'
import { applied, type CurrentOptions, readCurrent, verify } from './current.ts'
import type { Changer } from './resource-change.ts'
import { type Attempt, isRace, isRule, outcomeOfWrite } from './write-outcome.ts'

export interface ByAppointmentOptions extends CurrentOptions {
  readonly change: Changer
  readonly conflictPauseMs: number
}

const maxTries = 3

/** In the appointment itself: read, judge, change only what was answered, read back (WB-1). */
export async function byAppointment(writeBack: WriteBack, options: ByAppointmentOptions, signal: AbortSignal): Promise<Attempt> {
  let refused: { readonly failed: Failed; readonly etag: string | undefined } | undefined
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const current = await readCurrent(writeBack, options, signal)
    if (current.kind !== 'current') return current
    const { judgement, appointment, participant, etag } = current
    if (judgement.kind === 'conflict') return judgement
    if (judgement.kind === 'satisfied') return applied(current)
    if (judgement.kind === 'no place') return { kind: 'no way', reason: 'the EHR has no place for it in the appointment' }
    // Refused although nobody has changed it since: not a race, but a rule of theirs.
    if (refused && isRule(refused.failed) && refused.etag === etag) return { kind: 'refused', reason: refused.failed.reason }
    const actor = participant === undefined ? [] : [['participant', participant, 'actor', 'reference']]
    const sent = await options.change({ resource: appointment, etag, edits: judgement.edits, pins: [...actor, ['start']] }, signal)
    if (sent.kind === 'no way') return sent
    if (sent.kind === 'answered') return await verify(writeBack, options, signal)
    if (!isRule(sent) && !isRace(sent)) return outcomeOfWrite(sent)
    refused = { failed: sent, etag }
    await pause(options.conflictPauseMs * 2 ** attempt, undefined, { signal }).catch(() => undefined)
  }
  return { kind: 'deferred', reason: refused?.failed.reason ?? 'conflict' }
}
