import { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import { diffSettings, touchedBy } from '../../core/settings-diff.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { replanAppointment } from '../intake/apply.ts'
import { eachAtOnce } from '../intake/at-once.ts'
import type { Log } from '../log.ts'
import type { Work } from '../loop.ts'

export interface ReplanningDeps {
  readonly store: Store
  readonly clinics: readonly string[]
  readonly clock: Clock
  readonly log: Log
  /** Version of the time-zone data (`2026a`): wall times fall on other instants with another. */
  readonly zoneData: string
  /** Called after a batch: reminders may be due sooner. */
  readonly planned: () => void
}

/** One walk through what is ahead of a clinic. */
interface Pass {
  /** The version of the settings it was begun for; settings that change meanwhile are used at once, and walked for again. */
  readonly version: number
  /** Whom it concerns: `all`, or those patients whose switch changed. */
  readonly whose: 'all' | readonly string[]
  readonly from: Temporal.Instant
  /** Not for the settings alone: other time-zone data (R13), or a clock that had been ahead. */
  readonly because?: 'zone_data' | 'clock'
  after?: AppointmentId
  count: number
}

const batch = 100
const atOnce = 8
/** Of one patient: daily for a year, and some. */
const mostOfPatient = 500

/** A clock that is put right by less than this changes nothing that is planned. */
const tolerated = { minutes: 10 }

/**
 * Plans what is ahead again after the settings or the time-zone data have changed (R13), or the clock was put back: reminders move, and nobody gets
 * a notice of it (rules.md, Told). How far it has come is known in memory; what was walked for last is kept, so that after a stop it begins again,
 * and without a change not at all.
 */
export function createReplanning(deps: ReplanningDeps): Work {
  const { store, clinics, clock, zoneData } = deps
  const passes = new Map<string, Pass>()
  /** Clinics to be walked for because the clock was put back. */
  const misjudged = new Set<string>()
  let latest = clock.now()

  function watchClock(): void {
    const now = clock.now()
    if (Temporal.Instant.compare(latest, now.add(tolerated)) > 0) for (const clinicId of clinics) misjudged.add(clinicId)
    latest = now
  }

  async function passOf(clinicId: string): Promise<Pass | undefined> {
    const known = passes.get(clinicId)
    if (known) return known
    const begun = await store.read((tx) => begin(tx, clinicId, zoneData, misjudged.has(clinicId), clock.now()))
    if (begun) passes.set(clinicId, begun)
    return begun
  }

  return {
    name: 'replanning',
    async step(signal) {
      watchClock()
      for (const clinicId of clinics) {
        const pass = await passOf(clinicId)
        if (!pass) continue
        if (await walk(deps, clinicId, pass, signal)) {
          await store.transact((tx) => finish(tx, clinicId, pass, zoneData, clock.now()))
          passes.delete(clinicId)
          misjudged.delete(clinicId)
        }
        return !signal.aborted
      }
      return false
    },
    nextDueAt: async () => undefined,
  }
}

const ZONE_DATA = 'zone-data'

const subjectOf = (clinicId: string): string => `replanning:${clinicId}`

/** Undefined: what is ahead was planned by what holds now. */
async function begin(
  tx: Transaction,
  clinicId: string,
  zoneData: string,
  isMisjudged: boolean,
  now: Temporal.Instant,
): Promise<Pass | undefined> {
  const current = await tx.settings.current(clinicId)
  if (!current) return undefined
  const pass = { version: current.version, from: now, count: 0 }
  const entry = (await tx.audit.of(subjectOf(clinicId), 1))[0]
  const last = entry?.detail?.version
  if (!entry || typeof last !== 'number') return { ...pass, whose: 'all' }
  if ((await tx.marks.find(subjectOf(clinicId), ZONE_DATA)) !== zoneData) return { ...pass, whose: 'all', because: 'zone_data' }
  if (isMisjudged || Temporal.Instant.compare(entry.at, now.add(tolerated)) > 0) return { ...pass, whose: 'all', because: 'clock' }
  return current.version === last ? undefined : { ...pass, whose: await touchedSince(tx, clinicId, last, current.version) }
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

async function finish(
  tx: Transaction,
  clinicId: string,
  { version, count, because }: Pass,
  zoneData: string,
  now: Temporal.Instant,
): Promise<void> {
  await tx.marks.save(subjectOf(clinicId), ZONE_DATA, zoneData, now)
  await tx.audit.append({
    at: now,
    actor: 'replanning',
    action: 'settings.replanned',
    subject: subjectOf(clinicId),
    detail: { version, count, ...(because && { because }) },
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
