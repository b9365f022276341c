import type { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { InboundText } from '../../core/inbound/inbound-text.ts'
import type { Turn } from '../../core/inbound/turn.ts'
import type { ToDo } from '../../core/to-do.ts'
import type { Transaction } from '../../store/store.ts'
import { contactHash } from '../sending/usage.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { openToDo } from '../to-do.ts'
import type { Household } from './find-asked.ts'

export interface TextToDo {
  readonly toDo: NonNullable<Turn['toDo']>
  readonly text: InboundText
  readonly clinicId: string
  readonly households: readonly Household[]
  readonly now: Temporal.Instant
}

/** The longest text there is: ten segments. */
const longest = 1600

/** Puts a text before the staff. Each reply is a line of its own; the rest has one line for each number or appointment, with what was written last. */
export async function keepToDo(tx: Transaction, { toDo, text, clinicId, households, now }: TextToDo): Promise<void> {
  const { kind, asked, reason } = toDo
  const [only, ...others] = households.find((each) => each.clinicId === clinicId)?.patients ?? []
  const patientId = asked?.patient.id ?? (others.length === 0 ? only?.id : undefined)
  await openToDo(
    tx,
    {
      id: idOf(kind, text, clinicId, asked?.appointment.id),
      clinicId,
      kind,
      ...(asked && { appointmentId: asked.appointment.id }),
      ...(patientId !== undefined && { patientId }),
      contact: text.from,
      text: text.text.slice(0, longest),
      ...(text.media ? { reason: 'picture' } : reason !== undefined && { reason }),
    },
    now,
  )
}

function idOf(kind: ToDo['kind'], { id, from }: InboundText, clinicId: string, appointmentId: string | undefined): string {
  if (kind === 'reply') return `reply:${id}`
  if (kind === 'cancel_asked' && appointmentId !== undefined) return `${kind}:${appointmentId}`
  return `${kind}:${clinicId}:${contactHash('sms', from)}`
}

/** Somebody has seen to it; once. `lift`: the number is right after all. Undefined: there is no such line. */
export async function finishToDo(
  tx: Transaction,
  { id, caller, lift, now }: { readonly id: string; readonly caller: Caller; readonly lift: boolean; readonly now: Temporal.Instant },
): Promise<ToDo | undefined> {
  const line = await tx.toDo.find(id)
  if (!line || line.doneAt) return line
  const done = { ...line, doneAt: now, doneBy: actorOf(caller) }
  await tx.toDo.save(done)
  const isLifted = lift && line.kind === 'wrong_number' && line.contact !== undefined
  if (isLifted && line.contact !== undefined) await tx.wrongNumbers.lift(line.clinicId, line.contact)
  await tx.audit.append({
    at: now,
    actor: actorOf(caller),
    action: 'to-do.done',
    subject: line.appointmentId ?? line.patientId ?? id,
    detail: { kind: line.kind, ...(isLifted && { lifted: true }) },
  })
  return done
}

/** It was put away by mistake: it waits again, as it was. Undefined: there is no such line. */
export async function reopenToDo(tx: Transaction, id: string, caller: Caller, now: Temporal.Instant): Promise<ToDo | undefined> {
  const line = await tx.toDo.find(id)
  if (!line?.doneAt) return line
  const { doneAt: _, doneBy: __, ...open } = line
  await tx.toDo.save(open)
  const subject = line.appointmentId ?? line.patientId ?? id
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'to-do.reopened', subject, detail: { kind: line.kind } })
  return open
}

/** The patient has said which: nobody need ask them. */
export async function settleAmbiguous(tx: Transaction, clinics: readonly string[], contact: string, now: Temporal.Instant): Promise<void> {
  for (const clinicId of clinics) {
    const line = await tx.toDo.find(`ambiguous:${clinicId}:${contactHash('sms', contact)}`)
    if (line && !line.doneAt) await tx.toDo.save({ ...line, doneAt: now, doneBy: 'patient' })
  }
}
