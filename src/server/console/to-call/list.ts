import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../../core/appointment.ts'
import { aboutNothing } from '../../../core/explain/about-nothing.ts'
import { causeOf } from '../../../core/explain/reason-words.ts'
import type { Bilingual } from '../../../core/explain/words.ts'
import type { Patient } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import type { ToCall } from '../../../store/port/staff-lists.ts'
import type { Transaction } from '../../../store/store.ts'

export interface Call {
  readonly entry: ToCall
  readonly appointment?: Appointment
  readonly patient?: Patient
  /** A clause: no channel brings it, because… */
  readonly why: Bilingual
}

export interface CallList {
  readonly calls: readonly Call[]
  /** Of all that are open, each with an example to say it by. */
  readonly reasons: readonly { readonly code: string; readonly why: Bilingual }[]
  readonly hasMore: boolean
}

/** As many as are looked through, and of these as many as one page holds. */
const looked = 1_000
const shown = 100

/** Whom to telephone, the soonest appointment first; of one reason only, where one is named. */
export async function listCalls(tx: Transaction, settings: Settings, reason: string | undefined, now: Temporal.Instant): Promise<CallList> {
  const open = await tx.toCall.open(settings.clinic.id, looked)
  const wanted = reason === undefined ? open : open.filter((entry) => entry.reason === reason)
  const calls = []
  for (const entry of wanted.slice(0, shown)) calls.push(await callOf(tx, settings, entry))
  const codes = [...new Set(open.map((entry) => entry.reason))].sort()
  return {
    calls,
    reasons: codes.map((code) => ({ code, why: whyOf(code, undefined, settings, now) })),
    hasMore: wanted.length > shown,
  }
}

async function callOf(tx: Transaction, settings: Settings, entry: ToCall): Promise<Call> {
  const appointment = await tx.appointments.find(entry.appointmentId)
  const patient = await tx.patients.find(entry.patientId)
  return {
    entry,
    ...(appointment && { appointment }),
    ...(patient && { patient }),
    why: whyOf(entry.reason, appointment, settings, entry.createdAt),
  }
}

/** In the words of the decision itself. */
function whyOf(code: string, appointment: Appointment | undefined, settings: Settings, now: Temporal.Instant): Bilingual {
  const about = appointment ?? aboutNothing(settings, now)
  return causeOf(code, [], { kind: 'cancellation', channel: 'sms', appointment: about, settings }).because
}
