import { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../../core/access.ts'
import { mayReach } from '../../../core/access.ts'
import type { Appointment } from '../../../core/appointment.ts'
import type { ConnectorId } from '../../../core/envelope.ts'
import { TIME_SHIFT } from '../../../core/feed/time-shift.ts'
import { MASS_CHANGE } from '../../../core/mass-hold.ts'
import type { Notification } from '../../../core/notification.ts'
import type { ChannelKind, Patient } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import { CHANNEL_STOPPED, type StoppedChannel, stoppedFor } from '../../../core/stopped-channel.ts'
import type { MassHold, RestoreHold } from '../../../store/port/holds.ts'
import type { Transaction } from '../../../store/store.ts'
import { findShiftHold, type ShiftHold } from '../../feed/kept.ts'
import { settingsOf } from '../../intake/apply.ts'
import type { Stoppages } from '../../sending/stoppages.ts'

export interface Example {
  readonly notification: Notification
  readonly appointment?: Appointment
  readonly patient?: Patient
}

/** A channel whose provider takes nothing of us; `stopped` is absent where another node found out. */
export interface StoppedView {
  readonly channel: ChannelKind
  readonly stopped?: StoppedChannel
  readonly count: number
  /** What is too late first, of the nearest appointments. */
  readonly examples: readonly Example[]
}

export interface HoldsView {
  readonly settings: Settings
  readonly mass?: { readonly hold: MassHold; readonly count: number; readonly examples: readonly Example[] }
  readonly shifts: readonly { readonly connectorId: ConnectorId; readonly hold: ShiftHold; readonly count: number }[]
  readonly restored?: RestoreHold
  readonly stops: readonly StoppedView[]
  readonly appointments: readonly { readonly appointment: Appointment; readonly patient?: Patient }[]
  /** What waits by itself, by reason: it leaves when its time comes. */
  readonly others: readonly { readonly reason: string; readonly count: number }[]
}

/** As many as a person looks through. */
const examples = 20
const most = 100

/** Where it is looked, beside the store. */
export interface HoldsLook {
  readonly sources: ReadonlyMap<ConnectorId, { readonly clinicId: string }>
  readonly channels: ReadonlyMap<ChannelKind, unknown>
  readonly stoppages: Pick<Stoppages, 'stopped'>
}

/** All that waits for a person in one clinic, and why. */
export async function lookAtHolds(tx: Transaction, clinicId: string, deps: HoldsLook): Promise<HoldsView> {
  const connectors = [...deps.sources].flatMap(([id, source]) => (source.clinicId === clinicId ? [id] : []))
  const settings = await settingsOf(tx, clinicId)
  const { sendsHeld } = await tx.statistics.waiting(clinicId)
  const mass = await tx.massHolds.open(clinicId)
  const restored = await tx.restoreHolds.latest()
  return {
    settings,
    ...(mass && {
      mass: { hold: mass, count: sendsHeld[MASS_CHANGE] ?? 0, examples: await examplesOf(tx, await firstHeld(tx, clinicId)) },
    }),
    shifts: await shiftsOf(tx, connectors, sendsHeld[TIME_SHIFT] ?? 0),
    ...(restored?.state === 'held' && { restored }),
    stops: await stopsOf(tx, clinicId, sendsHeld, deps),
    appointments: await heldAppointments(tx, clinicId),
    others: Object.entries(sendsHeld).flatMap(([reason, count]) => (isAct(reason) ? [] : [{ reason, count }])),
  }
}

/** A hold code is of the appointment, which stands in its own list. */
function isAct(reason: string): boolean {
  return reason === MASS_CHANGE || reason === TIME_SHIFT || reason.startsWith(CHANNEL_STOPPED) || reason.startsWith('H-')
}

function firstHeld(tx: Transaction, clinicId: string): Promise<readonly Notification[]> {
  return tx.notifications.heldFor(clinicId, MASS_CHANGE, examples)
}

/** Among how many of the nearest appointments what expires first is looked for. */
const mostLooked = 500

async function stopsOf(
  tx: Transaction,
  clinicId: string,
  sendsHeld: Readonly<Record<string, number>>,
  { channels, stoppages }: HoldsLook,
): Promise<readonly StoppedView[]> {
  const stops: StoppedView[] = []
  for (const channel of channels.keys()) {
    const [stopped, count] = [stoppages.stopped(channel), sendsHeld[stoppedFor(channel)] ?? 0]
    if (count === 0 && stopped?.isWell !== false) continue
    const nearest = count > 0 ? await tx.notifications.heldFor(clinicId, stoppedFor(channel), mostLooked) : []
    const first = nearest.toSorted((a, b) => Temporal.Instant.compare(a.notAfter, b.notAfter)).slice(0, examples)
    stops.push({ channel, ...(stopped && { stopped }), count, examples: await examplesOf(tx, first) })
  }
  return stops
}

async function examplesOf(tx: Transaction, notifications: readonly Notification[]): Promise<readonly Example[]> {
  const found = []
  for (const notification of notifications) {
    const appointment = await tx.appointments.find(notification.appointmentId)
    const patient = await tx.patients.find(notification.patientId)
    found.push({ notification, ...(appointment && { appointment }), ...(patient && { patient }) })
  }
  return found
}

async function shiftsOf(tx: Transaction, connectors: readonly ConnectorId[], count: number): Promise<HoldsView['shifts']> {
  const shifts = []
  for (const connectorId of connectors) {
    const hold = await findShiftHold(tx, connectorId)
    if (hold?.state === 'held') shifts.push({ connectorId, hold, count })
  }
  return shifts
}

async function heldAppointments(tx: Transaction, clinicId: string): Promise<HoldsView['appointments']> {
  const rows = []
  for (const appointment of await tx.appointments.held(clinicId, most)) {
    const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
    rows.push({ appointment, ...(patient && { patient }) })
  }
  return rows
}

export interface MayHold {
  readonly mass: boolean
  readonly shift: boolean
  readonly stopped: boolean
  /** Of every clinic: whoever sees one alone may not. */
  readonly restored: boolean
  readonly appointments: boolean
}

/** As the API has it. */
export function whatMay(caller: Caller): MayHold {
  return {
    mass: mayReach(caller, ['admin']),
    shift: mayReach(caller, ['admin', 'integrator']),
    stopped: mayReach(caller, ['admin']),
    restored: mayReach(caller, ['operator']) && caller.clinics === undefined,
    appointments: mayReach(caller, ['appointments']),
  }
}
