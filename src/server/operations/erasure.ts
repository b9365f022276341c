import { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { Caller } from '../../core/access.ts'
import type { Appointment } from '../../core/appointment.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Patient } from '../../core/patient.ts'
import type { Archive } from '../../store/port/archive.ts'
import type { Erasure } from '../../store/port/forgetting.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import type { Work } from '../loop.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { names, type Sought, soughtFor, speaksOf } from './mentions.ts'

export interface ErasureAsked {
  readonly erasure: Erasure
  /** What would go. */
  readonly appointments: number
  /** Of those, still ahead: nobody is told of them any more. */
  readonly ahead: number
}

/** The first of two steps: says what would go. Undefined: no such patient. */
export async function askErasure(
  tx: Transaction,
  { patientId, caller, now }: { readonly patientId: string; readonly caller: Caller; readonly now: Temporal.Instant },
): Promise<ErasureAsked | undefined> {
  const patient = await tx.patients.find(await tx.patients.survivorOf(patientId))
  if (!patient) return undefined
  const { appointments } = await recordsOf(tx, patient.id)
  const id = timeOrderedId(now)
  const erasure: Erasure = {
    id,
    clinicId: patient.clinicId,
    patientId: patient.id,
    patientHash: sha256(`${id}\n${patient.id}`),
    state: 'asked',
    askedAt: now,
    askedBy: actorOf(caller),
    appointments: 0,
    envelopes: 0,
  }
  await tx.erasures.save(erasure)
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'erasure.asked', subject: id })
  const ahead = appointments.filter(({ start }) => start && Temporal.Instant.compare(start, now) > 0).length
  return { erasure, appointments: appointments.length, ahead }
}

const confirmWithin = { hours: 24 }

/** The second step: from now on it is carried out, and cannot be undone. Undefined: nothing was asked by that name, or too long ago. */
export async function confirmErasure(
  tx: Transaction,
  { id, caller, now }: { readonly id: string; readonly caller: Caller; readonly now: Temporal.Instant },
): Promise<Erasure | undefined> {
  const asked = await tx.erasures.find(id)
  if (asked?.state !== 'asked' || Temporal.Instant.compare(now, asked.askedAt.add(confirmWithin)) > 0) return undefined
  const confirmed: Erasure = { ...asked, state: 'confirmed', confirmedBy: actorOf(caller) }
  await tx.erasures.save(confirmed)
  await tx.audit.append({ at: now, actor: actorOf(caller), action: 'erasure.confirmed', subject: id })
  return confirmed
}

export interface ErasingDeps {
  readonly store: Store
  readonly archive: Archive
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'read'>>
  readonly clock: Clock
}

const batch = 100
const lookAgain = { minutes: 5 }

/**
 * Carries out what was confirmed (R39): looks through everything that was ever received, then forgets the patient in one transaction, then leaves
 * nothing of it in the files. After a stop it goes on where it was.
 */
export function createErasing(deps: ErasingDeps): Work {
  const { store, clock } = deps
  return {
    name: 'erasing',
    async step(signal) {
      const [erasure] = await store.read((tx) => tx.erasures.confirmed(1))
      if (!erasure) return false
      const more = await lookThrough(deps, erasure, signal)
      if (signal.aborted) return false
      if (more) return true
      const isDone = await store.transact((tx) => forget(tx, erasure.id, clock.now()))
      if (isDone) await store.scrub()
      return true
    },
    nextDueAt: async () => clock.now().add(lookAgain),
  }
}

/** True where there is more to look through. */
async function lookThrough({ store, archive, connectors }: ErasingDeps, { id }: Erasure, signal: AbortSignal): Promise<boolean> {
  const found = await store.read(async (tx) => {
    const erasure = await tx.erasures.find(id)
    if (erasure?.patientId === undefined) return undefined
    const { connectorId, sought } = await recordsOf(tx, erasure.patientId)
    return { erasure, connectorId, sought, rows: await tx.forgetting.envelopesAfter(erasure.after ?? '', batch) }
  })
  if (!found || found.rows.length === 0) return false
  const { erasure, connectorId, sought, rows } = found
  const gone: string[] = []
  for (const { row, pinned } of rows) {
    if (signal.aborted) return true
    const body = row.archived ? await archive.get(row.id) : row.envelope.body
    if (!body || body.length === 0) continue
    const envelope = { ...row.envelope, body }
    const isTheirs = row.envelope.connectorId === connectorId && speaksOf(connectors.get(connectorId)?.read(envelope), sought)
    // of somebody else's appointment, as it last was: a relative who is named in it is theirs to keep
    if (!isTheirs && (pinned || !names(body, sought))) continue
    if (row.archived) await archive.remove(row.id)
    gone.push(row.id)
  }
  const after = rows.at(-1)?.row.id ?? ''
  await store.transact(async (tx) => {
    for (const each of gone) await tx.forgetting.forgetEnvelope(each)
    await tx.erasures.save({ ...erasure, after, envelopes: erasure.envelopes + gone.length })
  })
  return true
}

/** False where something came meanwhile that is to be looked through first. */
async function forget(tx: Transaction, id: string, now: Temporal.Instant): Promise<boolean> {
  const erasure = await tx.erasures.find(id)
  if (erasure?.state !== 'confirmed' || erasure.patientId === undefined) return true
  if ((await tx.forgetting.envelopesAfter(erasure.after ?? '', 1)).length > 0) return false
  const { patients, ids, appointments } = await recordsOf(tx, erasure.patientId)
  const contacts = new Set(patients.flatMap((patient) => patient.contacts.flatMap(({ value }) => value ?? [])))
  const appointmentIds = new Set(appointments.map((appointment) => appointment.id))
  await tx.forgetting.forgetToDo(
    ({ patientId, appointmentId, contact }) =>
      (patientId !== undefined && ids.includes(patientId)) ||
      (appointmentId !== undefined && appointmentIds.has(appointmentId)) ||
      (contact !== undefined && contacts.has(contact)),
  )
  for (const contact of contacts) {
    const others = (await tx.patients.sharing(erasure.clinicId, contact, 10)).filter(({ id: other }) => !ids.includes(other))
    // a household's STOP is the others' too
    if (others.length === 0) await tx.forgetting.forgetContact(erasure.clinicId, contact)
  }
  for (const appointment of appointmentIds) await tx.forgetting.forgetAppointment(appointment)
  for (const patient of ids) await tx.forgetting.forgetPatient(patient)
  const { patientId: _patientId, after: _after, ...rest } = erasure
  await tx.erasures.save({ ...rest, state: 'done', appointments: appointments.length, doneAt: now })
  const detail = { appointments: appointments.length, envelopes: erasure.envelopes }
  await tx.audit.append({ at: now, actor: 'erasing', action: 'erasure.done', subject: id, detail })
  return true
}

interface Records {
  readonly connectorId: ConnectorId
  readonly patients: readonly Patient[]
  readonly ids: readonly string[]
  readonly appointments: readonly Appointment[]
  readonly sought: Sought
}

/** Every record of one person, merged ones too, and every appointment of theirs. */
async function recordsOf(tx: Transaction, patientId: string): Promise<Records> {
  const ids = [patientId, ...(await tx.forgetting.priorIdsOf(patientId))]
  const [patients, appointments]: [Patient[], Appointment[]] = [[], []]
  for (const id of ids) {
    const patient = await tx.patients.find(id)
    if (patient) patients.push(patient)
    for (const each of await tx.forgetting.appointmentsOf(id)) {
      const appointment = await tx.appointments.find(each)
      if (appointment) appointments.push(appointment)
    }
  }
  const connectorId = patients[0]?.connectorId ?? ''
  const ehrIds = ids.map((id) => id.slice(id.indexOf(':') + 1))
  return { connectorId, patients, ids, appointments, sought: soughtFor(patients, ehrIds, appointments) }
}
