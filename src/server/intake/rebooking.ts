import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import { appointmentId, isCancelled } from '../../core/appointment.ts'
import type { Known, Rebooking } from '../../core/rebooking.ts'
import { mayBeMove, movedFrom, movedTo, rebook } from '../../core/rebooking.ts'
import type { Transaction } from '../../store/store.ts'

export interface Paired {
  /** As it is to be saved. */
  readonly appointment: Appointment
  /** The new one, already saved, that a cancelled one turns out to have been moved to: what is owed of it has changed. */
  readonly successor?: Appointment
  readonly mayBeMove: boolean
  /** The two are one move: what the patient knows of it, and what was planned, has changed with that. */
  readonly isMove: boolean
}

export function unpaired(appointment: Appointment): Paired {
  return { appointment, mayBeMove: false, isMove: false }
}

/** A patient's appointments ahead that are looked at. */
const most = 12

/** V2-ORD-4: a cancellation and a booking of one patient that are one move; what the patient knows goes from the old one to the new one. */
export async function pairRebooking(
  tx: Transaction,
  before: Appointment | undefined,
  appointment: Appointment,
  within: Temporal.Duration,
  now: Temporal.Instant,
): Promise<Paired> {
  if (appointment.patientId === undefined || (within.blank && appointment.replaces === undefined && before === undefined))
    return unpaired(appointment)
  if (!before) {
    const others = await othersOf(tx, appointment, now)
    const old = movedFrom(appointment, others, within)
    const pair = old && rebook(appointment, old, now)
    if (!pair) return { ...unpaired(appointment), mayBeMove: mayBeMove(appointment, others, within) }
    await savePair(tx, pair, now)
    await tx.appointments.save(pair.old)
    return { ...unpaired(pair.fresh), isMove: true }
  }
  if (isCancelled(before) || !isCancelled(appointment)) return unpaired(appointment)
  return pairCancelled(tx, appointment, within, now)
}

async function pairCancelled(tx: Transaction, appointment: Appointment, within: Temporal.Duration, now: Temporal.Instant): Promise<Paired> {
  const old = await knownOf(tx, appointment)
  const fresh = movedTo(old, await othersOf(tx, appointment, now), within, now)
  const pair = fresh && rebook(fresh.appointment, old, now)
  if (!pair) return unpaired(appointment)
  await savePair(tx, pair, now)
  await tx.appointments.save(pair.fresh)
  return { appointment: pair.old, successor: pair.fresh, mayBeMove: false, isMove: true }
}

async function othersOf(tx: Transaction, appointment: Appointment, now: Temporal.Instant): Promise<readonly Known[]> {
  const { id, patientId, replaces, connectorId } = appointment
  const ahead = patientId === undefined ? [] : await tx.appointments.ofPatient(patientId, now, most)
  const named = replaces === undefined ? undefined : await tx.appointments.find(appointmentId(connectorId, replaces))
  const others = [...ahead, ...(named && !ahead.some((each) => each.id === named.id) ? [named] : [])].filter((each) => each.id !== id)
  const known: Known[] = []
  for (const each of others) known.push(await knownOf(tx, each))
  return known
}

async function knownOf(tx: Transaction, appointment: Appointment): Promise<Known> {
  const told = await tx.told.find(appointment.id)
  return { appointment, ...(told && { told }), notifications: await tx.notifications.ofAppointment(appointment.id) }
}

async function savePair(
  tx: Transaction,
  { fresh, old, toldOfFresh, toldOfOld, withdrawn }: Rebooking,
  now: Temporal.Instant,
): Promise<void> {
  await tx.told.save(fresh.id, toldOfFresh)
  await tx.told.save(old.id, toldOfOld)
  for (const notification of withdrawn) await tx.notifications.save(notification)
  await tx.audit.append({
    at: now,
    actor: `connector:${fresh.connectorId}`,
    action: 'appointment.rebooked',
    subject: old.id,
    detail: { to: fresh.id },
  })
}
