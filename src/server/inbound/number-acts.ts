import type { Temporal } from 'temporal-polyfill'
import type { Transaction } from '../../store/store.ts'
import { contactHash } from '../sending/usage.ts'
import type { Household } from './find-asked.ts'

/** What somebody says of their number is so in every clinic that texts from here: one number of ours serves them all (MOD-13). */
export interface NumberAct {
  /** E.164. */
  readonly contact: string
  readonly clinics: readonly string[]
  readonly households: readonly Household[]
  readonly now: Temporal.Instant
}

/** R27: from this commit on nothing is texted there; what waits is decided anew at its hour. */
export async function optOut(tx: Transaction, act: NumberAct): Promise<void> {
  for (const clinicId of act.clinics) await tx.optOuts.add(clinicId, 'sms', act.contact, act.now)
  await note(tx, act, 'opt-out.stopped')
}

/** By their own word they may be texted again, and the number is theirs after all. */
export async function optIn(tx: Transaction, act: NumberAct): Promise<void> {
  for (const clinicId of act.clinics) {
    await tx.optOuts.remove(clinicId, 'sms', act.contact)
    await tx.wrongNumbers.lift(clinicId, act.contact)
  }
  await note(tx, act, 'opt-out.lifted')
}

export async function markWrongNumber(tx: Transaction, act: NumberAct): Promise<void> {
  for (const { clinicId } of act.households) await tx.wrongNumbers.mark(clinicId, act.contact, act.now)
  await note(tx, act, 'number.wrong')
}

/** One row for each whose number it is; of a number that nobody has, one by its hash. */
async function note(tx: Transaction, { contact, households, now }: NumberAct, action: string): Promise<void> {
  const patients = households.flatMap((household) => household.patients.map(({ id }) => id))
  const subjects = patients.length > 0 ? patients : [`sms:${contactHash('sms', contact)}`]
  for (const subject of subjects)
    await tx.audit.append({ at: now, actor: 'patient', action, subject, detail: { channel: 'sms', by: 'sms' } })
}
