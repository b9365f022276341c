import { Temporal } from 'temporal-polyfill'
import { isCancelled } from '../../src/core/appointment.ts'
import { factsOf, sameFacts } from '../../src/core/told.ts'
import type { Chart } from './ehr.ts'
import type { World } from './world.ts'

/** What must be so once all is quiet; each fault names its promise. */
export async function judge(world: World): Promise<readonly string[]> {
  const faults: string[] = []
  for (const held of world.ehr.chart.values()) faults.push(...(await judgeOne(world, held)))
  for (const id of duplicatesOf(world)) faults.push(...(await judgeDuplicate(world, id)))
  faults.push(...judgeWriting(world))
  const { faults: breaks } = await world.store.read((tx) => tx.audit.verify(100_000))
  for (const each of breaks) faults.push(`R31: the chain is broken: ${JSON.stringify(each)}`)
  return faults
}

async function judgeOne(world: World, held: Chart): Promise<readonly string[]> {
  const id = `ehr:${held.id}`
  const [appointment, told, notifications] = await world.store.read((tx) =>
    Promise.all([tx.appointments.find(id), tx.told.find(id), tx.notifications.ofAppointment(id)]),
  )
  if (!appointment) return [`R1: ${id} was acknowledged and is not stored`]
  const faults: string[] = []
  if (isCancelled(appointment) !== (held.status === 'cancelled') || !appointment.start?.equals(held.start))
    faults.push(`R3: ${id} is ${appointment.status} ${appointment.start} and the EHR says ${held.status} ${held.start}`)
  for (const { id: name, state } of notifications)
    if (state === 'planned' || state === 'sending') faults.push(`R10: ${name} is ${state} for ever`)
  const comesAt = isCancelled(appointment) ? told?.facts.start : appointment.start
  const wasInTime = comesAt !== undefined && Temporal.Instant.compare(appointment.changedAt, comesAt) < 0
  const isListed = notifications.some(({ state }) => state === 'failed' || state === 'expired' || state === 'in_doubt')
  if (told && wasInTime && !isListed && !sameFacts(told.facts, factsOf(appointment)))
    faults.push(`R7: ${id}: told ${JSON.stringify(told.facts)}, true ${JSON.stringify(factsOf(appointment))}`)
  return isCancelled(appointment) ? [...faults, ...(await unsaid(world, id))] : faults
}

/** R7, R8: of a visit that is off, whoever was told in time that it stands was told in time that it does not; by what left, not by what we believe. */
async function unsaid({ store, taken }: World, id: string): Promise<readonly string[]> {
  const [appointment, attempts, notifications, writeBacks] = await store.read((tx) =>
    Promise.all([
      tx.appointments.find(id),
      tx.attempts.ofAppointment(id),
      tx.notifications.ofAppointment(id),
      tx.writeBacks.ofAppointment(id),
    ]),
  )
  const message = taken.findLast(({ notificationId }) => notificationId.startsWith(`${id}:`))
  const says = attempts.find((each) => each.id === message?.attemptId)?.says
  if (!appointment || !says?.stands || !says.start) return []
  // their own cancellation is no news to them; what failed, or is in doubt, is on somebody's list
  const theyKnow = writeBacks.some(({ kind, state }) => kind === 'cancel' && state !== 'withdrawn')
  const isListed = notifications.some(({ kind, state }) => kind === 'cancellation' && ['failed', 'in_doubt', 'expired'].includes(state))
  const inTime = Temporal.Instant.compare(appointment.changedAt.add({ hours: 12 }), says.start) < 0
  return theyKnow || isListed || !inTime ? [] : [`R7: ${id} is off, and who was told of ${says.start} was told no more`]
}

/** Notifications of which more than one message was taken. */
export function duplicatesOf({ taken }: World): readonly string[] {
  const counts = new Map<string, number>()
  for (const { notificationId } of taken) counts.set(notificationId, (counts.get(notificationId) ?? 0) + 1)
  return [...counts].flatMap(([id, count]) => (count > 1 ? [id] : []))
}

/** A text can be asked about; a mail that comes twice has one Message-ID, and somebody wrote down the doubt. */
async function judgeDuplicate({ store, taken }: World, id: string): Promise<readonly string[]> {
  const same = taken.filter(({ notificationId }) => notificationId === id)
  if (same[0]?.channel === 'sms') return [`R6: ${id} was texted ${same.length} times`]
  const attempts = await store.read(async (tx) => {
    const notification = await tx.notifications.find(id)
    return notification ? await tx.attempts.ofAppointment(notification.appointmentId) : []
  })
  const doubted = attempts.filter((each) => each.notificationId === id && each.outcome?.kind === 'unknown').length
  return same.length - 1 > doubted ? [`R6: ${id} was mailed ${same.length} times, and only ${doubted} were in doubt`] : []
}

/** R12: one answer once, and never an older one after a newer. */
function judgeWriting({ ehr }: World): readonly string[] {
  return ehr.written.flatMap((each, index) => {
    const before = ehr.written.slice(0, index).filter(({ appointment }) => appointment === each.appointment)
    const isLate = before.some(({ answeredAt }) => Temporal.Instant.compare(answeredAt, each.answeredAt) > 0)
    const isTwice = before.some(({ kind, answeredAt }) => kind === each.kind && answeredAt.equals(each.answeredAt))
    return [
      ...(isLate ? [`R12: ${each.id} was written after a newer answer`] : []),
      ...(isTwice ? [`R12: ${each.id} was written twice`] : []),
    ]
  })
}
