import { Temporal } from 'temporal-polyfill'
import { findPostgresAuditFaults } from '../../../src/store/postgres/audit.ts'
import { connectPostgres } from '../../../src/store/postgres/connection.ts'
import type { Store } from '../../../src/store/store.ts'
import type { Server } from './database.ts'
import type { Answers, Given } from './patients.ts'
import type { Acked, Charted, Peers, Taken } from './peers.ts'
import { attemptOf } from './troubles.ts'

export interface Fleet {
  readonly peers: Peers
  readonly server: Server
  readonly database: string
}

interface Verdict {
  /** Each begins with the promise it breaks. */
  readonly faults: readonly string[]
  readonly figure: string
}

/** Others' accounts against the store, and against each other; nothing the service counts of itself is asked. `late`: attempts that must never have been made. */
export async function judge(fleet: Fleet, store: Store, { given, cancelling }: Answers, late: ReadonlySet<string>): Promise<Verdict> {
  const { peers, server, database } = fleet
  const [acked, taken, charted] = [peers.acked(), peers.taken(), peers.charted()]
  const said = charted.filter((each) => each.event === 'said')
  const rows = await server.query(
    database,
    `select attempts.id, notification_id, appointment_id, state from attempts join notifications on notifications.id = notification_id`,
  )
  const attempts = new Map(
    rows.map((row) => [
      String(row.id),
      { notification: String(row.notification_id), appointment: String(row.appointment_id), state: String(row.state) },
    ]),
  )
  const faults: string[] = []

  for (const { appointment, code } of acked) if (code !== 'AA') faults.push(`R1: ${appointment} was answered ${code}`)
  for (const [id, { isOff, start }] of lastWords(acked, said)) {
    const found = await store.read((tx) => tx.appointments.find(id))
    const isAsSaid = found !== undefined && found.start?.equals(start) === true && (found.status === 'cancelled') === isOff
    const wasCancelledByPatient =
      found?.status === 'cancelled' &&
      !isOff &&
      taken.some(({ to, ...text }) => cancelling.has(to) && attempts.get(attemptOf({ to, ...text }))?.appointment === id)
    if (!isAsSaid && !wasCancelledByPatient)
      faults.push(`R1: ${id} was acknowledged ${isOff ? 'off' : 'on'} at ${start}, and is ${found?.status} at ${found?.start}`)
  }
  faults.push(...twice(taken, attempts))
  faults.push(...answersLost(charted, given, acked, addresseesOf(taken, attempts)))
  const inDoubt = [...attempts.values()].filter(({ state }) => state === 'in_doubt').length
  faults.push(
    ...taken
      .filter((text) => late.has(attemptOf(text)))
      .map((text) => `R15: ${attemptOf(text)} was sent by a node that had been taken for dead`),
  )
  const connection = await connectPostgres({ url: server.addressOf(database) }, 'judge')
  faults.push(...(await findPostgresAuditFaults(connection.openScope().db)).map(({ seq, fault }) => `R31: ${seq} is ${fault}`))
  await connection.close()
  return {
    faults,
    figure: `${acked.length} SIU and ${said.length} hooks acknowledged, 0 lost; ${taken.length} texts, none twice, ${inDoubt} in doubt; ${given.length} answers`,
  }
}

/** What each appointment was last acknowledged to be, by the ids that the service gives them. */
function lastWords(acked: readonly Acked[], said: readonly Extract<Charted, { event: 'said' }>[]) {
  const last = new Map<string, { readonly isOff: boolean; readonly start: Temporal.Instant }>()
  for (const { appointment, trigger, start } of acked) last.set(`ehr:${appointment}`, { isOff: trigger === 'S15', start: instantOf(start) })
  for (const { appointment, status, start } of said)
    last.set(`chart:${appointment}`, { isOff: status === 'cancelled', start: Temporal.Instant.from(start) })
  return last
}

/** `20261124093000+0100`. */
function instantOf(text: string): Temporal.Instant {
  const [, year, month, day, hour, minute, second, offset] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-]\d{4})$/.exec(text) ?? []
  return Temporal.Instant.from(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
}

function twice(taken: readonly Taken[], attempts: ReadonlyMap<string, { readonly notification: string }>): readonly string[] {
  const [made, told, faults] = [new Set<string>(), new Set<string>(), [] as string[]]
  for (const text of taken) {
    const id = attemptOf(text)
    const notification = attempts.get(id)?.notification
    if (notification === undefined) faults.push(`R6: the provider took ${id}, which was never written down`)
    else if (made.has(id)) faults.push(`R5: ${id} was made twice`)
    else if (told.has(notification)) faults.push(`R6: ${notification} was told twice`)
    made.add(id)
    if (notification !== undefined) told.add(notification)
  }
  return faults
}

/** Whose number is whose: here every appointment has a patient of its own. */
function addresseesOf(
  taken: readonly Taken[],
  attempts: ReadonlyMap<string, { readonly appointment: string }>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const text of taken) {
    const appointment = attempts.get(attemptOf(text))?.appointment
    if (appointment !== undefined) found.set(text.to, appointment)
  }
  return found
}

/** R12: what patients answered is in the EHR's account, once and in their order; unless the EHR had changed the appointment itself, which comes first. */
function answersLost(
  charted: readonly Charted[],
  given: readonly Given[],
  acked: readonly Acked[],
  addressees: ReadonlyMap<string, string>,
): readonly string[] {
  const faults: string[] = []
  const heard = new Map<string, string[]>()
  const controls = new Set<string>()
  for (const each of charted) {
    if (each.event === 'said') continue
    // the same message again, since the answer to it was lost
    if (each.event === 'heard' && controls.size === controls.add(each.control).size) continue
    const id = `${each.event === 'heard' ? 'ehr' : 'chart'}:${each.appointment}`
    const word = /cancel/i.test(each.status) ? 'cancel' : 'confirm'
    heard.set(id, [...(heard.get(id) ?? []), word])
  }
  for (const [id, words] of heard) {
    const isOnceInOrder = ['confirm', 'cancel', 'confirm cancel'].includes(words.join(' '))
    if (!isOnceInOrder) faults.push(`R12: ${id} was told ${words.join(', ')}`)
  }
  const saidTimes = (id: string) =>
    [
      ...acked.map(({ appointment }) => `ehr:${appointment}`),
      ...charted.filter(({ event }) => event === 'said').map(({ appointment }) => `chart:${appointment}`),
    ].filter((each) => each === id).length
  for (const { to, kind } of given) {
    const id = addressees.get(to) ?? ''
    const words = heard.get(id) ?? []
    if (!words.includes(kind) && !words.includes('cancel') && saidTimes(id) < 2) faults.push(`R12: ${kind} of ${id} never reached the EHR`)
  }
  return faults
}
