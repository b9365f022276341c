import type { Temporal } from 'temporal-polyfill'
import type { ToDo } from '../core/to-do.ts'
import { newToDo } from '../core/to-do.ts'
import type { Transaction } from '../store/store.ts'

/** Opens a line; one that is open already keeps its place and takes the newer words. */
export async function openToDo(tx: Transaction, line: Omit<ToDo, 'createdAt' | 'forgetAt'>, now: Temporal.Instant): Promise<void> {
  const before = await tx.toDo.find(line.id)
  const fresh = newToDo(line, now)
  const isOpen = before !== undefined && before.doneAt === undefined
  await tx.toDo.save(isOpen ? { ...fresh, createdAt: before.createdAt } : fresh)
  if (isOpen) return
  const subject = line.appointmentId ?? line.patientId ?? line.id
  await tx.audit.append({ at: now, actor: 'service', action: 'to-do.added', subject, detail: { kind: line.kind } })
}
