import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../core/access.ts'
import type { WriteBack } from '../core/write-back.ts'
import type { Transaction } from '../store/store.ts'
import { actorOf } from './settings/edit-settings.ts'
import { openToDo } from './to-do.ts'

/** Why one may not be tried again, or given up: what it is now. */
export type WriteBackActed =
  | { readonly kind: 'done'; readonly writeBack: WriteBack }
  | { readonly kind: 'not_so'; readonly state: WriteBack['state'] }

/** What the EHR refused is brought to it again, with the same id, from the first wait of the list on; what waits is tried at once. */
export async function retryWriteBack(
  tx: Transaction,
  id: string,
  caller: Caller,
  now: Temporal.Instant,
): Promise<WriteBackActed | undefined> {
  const before = await tx.writeBacks.find(id)
  if (!before) return undefined
  if (before.state !== 'failed' && before.state !== 'queued') return { kind: 'not_so', state: before.state }
  const { reason: _, ...rest } = before
  const writeBack: WriteBack = { ...rest, state: 'queued', attempts: before.state === 'failed' ? 0 : before.attempts, nextTryAt: now }
  await tx.writeBacks.save(writeBack)
  const line = before.state === 'failed' ? await tx.toDo.find(`write_back:${id}`) : undefined
  if (line && !line.doneAt) await tx.toDo.save({ ...line, doneAt: now, doneBy: actorOf(caller) })
  await note(tx, 'write-back.retried', before, caller, now)
  return { kind: 'done', writeBack }
}

/** What waits is not brought any more: a line of the staff's inbox asks a person to write it into the chart. One that is being brought is left alone. */
export async function giveUpWriteBack(
  tx: Transaction,
  id: string,
  caller: Caller,
  now: Temporal.Instant,
): Promise<WriteBackActed | undefined> {
  const before = await tx.writeBacks.find(id)
  if (!before) return undefined
  if (before.state !== 'queued') return { kind: 'not_so', state: before.state }
  const writeBack: WriteBack = { ...before, state: 'failed', reason: 'given_up' }
  await tx.writeBacks.save(writeBack)
  const appointment = await tx.appointments.find(before.appointmentId)
  if (appointment) {
    const { clinicId, patientId } = appointment
    const line = { id: `write_back:${id}`, clinicId, kind: 'write_back' as const, appointmentId: appointment.id }
    await openToDo(tx, { ...line, reason: `${before.kind} given_up`, ...(patientId !== undefined && { patientId }) }, now)
  }
  await note(tx, 'write-back.given-up', before, caller, now)
  return { kind: 'done', writeBack }
}

function note(tx: Transaction, action: string, { id, kind, state }: WriteBack, caller: Caller, now: Temporal.Instant): Promise<void> {
  return tx.audit.append({ at: now, actor: actorOf(caller), action, subject: id, detail: { kind, state } })
}
