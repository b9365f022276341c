import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../core/appointment.ts'
import { diffSettings, touchedBy } from '../core/settings-diff.ts'
import type { Store, Transaction } from '../store/store.ts'
import { StoreUnavailable } from '../store/store.ts'
import { replanAppointment } from './apply.ts'
import { eachAtOnce } from './at-once.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Work } from './loop.ts'

export interface ReplanningDeps {
  readonly store: Store
  readonly clinics: readonly string[]
  readonly clock: Clock
  readonly log: Log
  /** Called after a batch: reminders may be due sooner. */
  readonly planned: () => void
}

/** One walk through what is ahead of a clinic. */
interface Pass {
  /** The version it was begun for; settings that change meanwhile are used at once, and walked for again. */
  readonly version: number
  /** Whom it concerns: `all`, or those patients whose switch changed. */
  readonly whose: 'all' | readonly string[]
  readonly from: Temporal.Instant
  after?: AppointmentId
  count: number
}

const batch = 100
const atOnce = 8
/** Of one patient: daily for a year, and some. */
const mostOfPatient = 500

/**
 * Plans what is ahead again after the settings have changed: reminders move, and nobody gets a notice of it (rules.md, Told). How far it has come is
 * known in memory; which version was walked for last stands in the audit, so that after a stop it begins again, and without a change not at all.
 */
export function createReplanning(deps: ReplanningDeps): Work {
  const { store, clinics, clock } = deps
  const passes = new Map<string, Pass>()

  async function passOf(clinicId: string): Promise<Pass | undefined> {
    const known = passes.get(clinicId)
    if (known) return known
    const begun = await store.read((tx) => begin(tx, clinicId, clock.now()))
    if (begun) passes.set(clinicId, begun)
    return begun
  }

  return {
    name: 'replanning',
    async step(signal) {
      for (const clinicId of clinics) {
        const pass = await passOf(clinicId)
        if (!pass) continue
        if (await walk(deps, clinicId, pass, signal)) {
          await store.transact((tx) => finish(tx, clinicId, pass, clock.now()))
          passes.delete(clinicId)
        }
        return !signal.aborted
      }
      return false
    },
    nextDueAt: async () => undefined,
  }
}

const subjectOf = (clinicId: string): string => `replanning:${clinicId}`

/** Undefined: what is ahead was planned by the settings that hold. */
async function begin(tx: Transaction, clinicId: string, now: Temporal.Instant): Promise<Pass | undefined> {
  const current = await tx.settings.current(clinicId)
  const last = (await tx.audit.of(subjectOf(clinicId), 1))[0]?.detail?.version
  if (!current || current.version === last) return undefined
  const whose = typeof last === 'number' ? await touchedSince(tx, clinicId, last, current.version) : 'all'
  return { version: current.version, whose, from: now, count: 0 }
}

/** So many switches in a row are looked at one by one; after more, everybody's. */
const mostVersions = 50

/** Version by version: what was heard while one of them held was planned by it, though the next took it back. */
async function touchedSince(tx: Transaction, clinicId: string, last: number, current: number): Promise<Pass['whose']> {
  if (current - last > mostVersions) return 'all'
  const patients = new Set<string>()
  let before = await tx.settings.at(clinicId, last)
  for (let version = last + 1; version <= current; version += 1) {
    const after = await tx.settings.at(clinicId, version)
    const touched = before && after ? touchedBy(diffSettings(before, after)) : 'all'
    if (touched === 'all') return touched
    for (const patient of touched) patients.add(patient)
    before = after
  }
  return [...patients]
}

async function finish(tx: Transaction, clinicId: string, { version, count }: Pass, now: Temporal.Instant): Promise<void> {
  await tx.audit.append({
    at: now,
    actor: 'replanning',
    action: 'settings.replanned',
    subject: subjectOf(clinicId),
    detail: { version, count },
  })
}

/** One batch; true when there is no more. */
async function walk(deps: ReplanningDeps, clinicId: string, pass: Pass, signal: AbortSignal): Promise<boolean> {
  const ids = await deps.store.read((tx) => nextOf(tx, clinicId, pass))
  await eachAtOnce(ids, atOnce, signal, (id) => planAgain(deps, id))
  if (signal.aborted) return false
  pass.count += ids.length
  const last = ids.at(-1)
  if (last !== undefined) pass.after = last
  deps.planned()
  return pass.whose !== 'all' || ids.length < batch
}

async function nextOf(tx: Transaction, clinicId: string, { whose, from, after }: Pass): Promise<readonly AppointmentId[]> {
  if (whose === 'all') return (await tx.appointments.ahead(clinicId, from, after, batch)).map(({ id }) => id)
  const ids: AppointmentId[] = []
  for (const patientId of whose) for (const { id } of await tx.appointments.ofPatient(patientId, from, mostOfPatient)) ids.push(id)
  return ids
}

/** One that cannot be planned is a bug; its notifications are decided at their send all the same (D9), and the others go on. */
async function planAgain({ store, clock, log }: ReplanningDeps, id: AppointmentId): Promise<void> {
  try {
    await store.transact(async (tx) => {
      const appointment = await tx.appointments.find(id)
      if (appointment) await replanAppointment(tx, appointment, clock.now(), 'settings')
    })
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error('replan_failed', { ref: id, error })
  }
}
