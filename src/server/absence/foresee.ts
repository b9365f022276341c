import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from '../../core/appointment.ts'
import { isCancelled } from '../../core/appointment.ts'
import { decide } from '../../core/decide.ts'
import type { Decision } from '../../core/decision.ts'
import type { Notification } from '../../core/notification.ts'
import { isPending } from '../../core/notification.ts'
import type { ChannelKind, Patient } from '../../core/patient.ts'
import { contactFor } from '../../core/patient.ts'
import { plan } from '../../core/plan.ts'
import { withhold } from '../../core/progress.ts'
import type { Settings } from '../../core/settings.ts'
import { toCallReason } from '../../core/to-call.ts'
import type { Transaction } from '../../store/store.ts'
import { optedOut } from '../intake/apply.ts'

export interface AbsenceAsked {
  readonly agendaKey: string
  readonly from: Temporal.Instant
  /** Not included. */
  readonly until: Temporal.Instant
}

/** What one patient would be told of an absence. */
export interface Foreseen {
  readonly appointment: Appointment
  readonly patient?: Patient
  /** By channel; none: there is nothing to tell, since they were told of nothing. */
  readonly decisions: readonly Decision[]
  /** Why a person must telephone; absent: nobody must. */
  readonly toCall?: string
}

export interface AbsenceForeseen {
  readonly items: readonly Foreseen[]
  /** There are more appointments in that time than were looked at. */
  readonly more: boolean
  /** So many notices of one agenda are one absence (D12). */
  readonly isAbsence: boolean
}

/** A month of a full diary. */
const most = 500
const slice = 100

/** What an absence would tell whom if its appointments were cancelled in the EHR now: by the functions that plan and decide, nothing kept (D12). */
export async function foreseeAbsence(
  tx: Transaction,
  settings: Settings,
  asked: AbsenceAsked,
  now: Temporal.Instant,
): Promise<AbsenceForeseen> {
  const found = await appointmentsIn(tx, settings.clinic.id, asked)
  const concerned = found.filter((appointment) => !isCancelled(appointment) && isAhead(appointment, now))
  const isAbsence = concerned.length >= settings.absence.least
  const items: Foreseen[] = []
  for (const appointment of concerned.slice(0, most)) items.push(await foresee(tx, settings, appointment, isAbsence, now))
  return { items, more: concerned.length > most, isAbsence }
}

function isAhead({ start }: Appointment, now: Temporal.Instant): boolean {
  return start !== undefined && Temporal.Instant.compare(start, now) > 0
}

async function appointmentsIn(
  tx: Transaction,
  clinicId: string,
  { agendaKey, from, until }: AbsenceAsked,
): Promise<readonly Appointment[]> {
  const found: Appointment[] = []
  let after: { readonly id: AppointmentId; readonly start: Temporal.Instant } | undefined
  while (found.length <= most) {
    const page = await tx.appointments.starting(clinicId, { agendaKey, from, until, limit: slice, ...(after && { after }) })
    found.push(...page)
    const last = page.at(-1)
    if (page.length < slice || !last?.start) break
    after = { id: last.id, start: last.start }
  }
  return found
}

async function foresee(
  tx: Transaction,
  settings: Settings,
  known: Appointment,
  absence: boolean,
  now: Temporal.Instant,
): Promise<Foreseen> {
  const patient = known.patientId === undefined ? undefined : await tx.patients.find(known.patientId)
  const told = await tx.told.find(known.id)
  const stopped = await optedOut(tx, patient, settings, known)
  const appointment: Appointment = { ...known, status: 'cancelled', cancelKind: 'cancelled', revision: known.revision + 1, changedAt: now }
  const planned = plan({
    appointment,
    ...(patient && { patient }),
    settings,
    ...(told && { told }),
    existing: await tx.notifications.ofAppointment(known.id),
    changed: ['status'],
    cause: 'ehr',
    cancelDebounce: Temporal.Duration.from({ seconds: 0 }),
    cancelling: false,
    optedOut: stopped,
    now,
  })
  const notices = planned.save.filter((each) => each.kind === 'cancellation' && isPending(each))
  const belief = planned.told ?? told
  const decided = await Promise.all(
    notices.map(async (notice) => {
      const around = { absence, ...(await choicesOf(tx, settings, patient, notice.channel, known)) }
      const { kind, channel, notAfter } = notice
      const facts = { kind, channel, notAfter, appointment, settings, optedOut: stopped.has(channel), twinOfTold: false, around, now }
      const decision = decide('send', { ...facts, ...(patient && { patient }), ...(belief && { told: belief }) })
      return { notice, decision }
    }),
  )
  const toCall = reasonToCall(decided, now)
  return { appointment: known, ...(patient && { patient }), decisions: decided.map(({ decision }) => decision), ...(toCall && { toCall }) }
}

/** What a person recorded of the contact (gate 7), and whose number it is (gate 8). */
async function choicesOf(
  tx: Transaction,
  { clinic, ...rules }: Settings,
  patient: Patient | undefined,
  channel: ChannelKind,
  visit: Appointment,
): Promise<{ readonly consent?: 'given' | 'withdrawn'; readonly wrongNumber?: boolean }> {
  const contact = patient && contactFor(patient, channel, rules, visit)
  if (contact?.kind !== 'found') return {}
  const consent = await tx.consents.find(clinic.id, channel, contact.value)
  const wrongNumber = channel === 'sms' && (await tx.wrongNumbers.has(clinic.id, contact.value))
  return { ...(consent && { consent: consent.state }), ...(wrongNumber && { wrongNumber }) }
}

/** As at the send: once every channel has said no for good. */
function reasonToCall(
  decided: readonly { readonly notice: Notification; readonly decision: Decision }[],
  now: Temporal.Instant,
): string | undefined {
  const after = decided.map(({ notice, decision }) => {
    const { outcome } = decision
    return outcome.kind === 'send' ? notice : { ...withhold(notice, outcome, now), decision }
  })
  for (const each of after) {
    const reason = toCallReason(each, after)
    if (reason !== undefined) return reason
  }
  return undefined
}
