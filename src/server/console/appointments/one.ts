import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../../core/appointment.ts'
import type { ChannelKind, Patient } from '../../../core/patient.ts'
import { contactFor } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import { zoneOf } from '../../../core/settings.ts'
import { factsOf, sameFacts, type Told } from '../../../core/told.ts'
import type { Transaction } from '../../../store/store.ts'
import type { AppointmentExplained } from '../../explain/explain.ts'
import { explainAppointment } from '../../explain/explain.ts'
import { optedOut, settingsOf } from '../../intake/apply.ts'
import { type StoryLine, storyOf } from './story.ts'

export interface Reach {
  readonly channel: ChannelKind
  /** Absent: `missing` says why there is none. */
  readonly contact?: string
  readonly missing?: string
  /** The contact said STOP, or opted out. */
  readonly stopped: boolean
}

export interface AppointmentView {
  readonly appointment: Appointment
  readonly patient?: Patient
  readonly settings: Settings
  readonly explained: AppointmentExplained
  readonly story: readonly StoryLine[]
  readonly told?: Told
  /** What the patient was told is what is true. */
  readonly isTold: boolean
  readonly reach: readonly Reach[]
  readonly zone: string
}

/** All that a page says of one appointment; undefined: there is none. */
export async function viewAppointment(
  tx: Transaction,
  id: string,
  channels: ReadonlySet<ChannelKind>,
  now: Temporal.Instant,
): Promise<AppointmentView | undefined> {
  const appointment = await tx.appointments.find(id)
  const explained = appointment && (await explainAppointment(tx, id, channels, now))
  if (!appointment || !explained) return undefined
  const settings = await settingsOf(tx, appointment.clinicId)
  const patient = appointment.patientId === undefined ? undefined : await tx.patients.find(appointment.patientId)
  const { told } = explained
  const stopped = await optedOut(tx, patient, settings, appointment)
  return {
    appointment,
    ...(patient && { patient }),
    settings,
    explained,
    story: await storyOf(tx, explained, now),
    ...(told && { told }),
    isTold: told !== undefined && sameFacts(told.facts, factsOf(appointment)),
    reach: patient
      ? (['email', 'sms', 'push'] as const).map((channel) => reachOf(patient, channel, { settings, appointment, stopped }))
      : [],
    zone: zoneOf(settings, appointment),
  }
}

interface Around {
  readonly settings: Settings
  readonly appointment: Appointment
  readonly stopped: ReadonlySet<ChannelKind>
}

function reachOf(patient: Patient, channel: ChannelKind, { settings, appointment, stopped }: Around): Reach {
  const choice = contactFor(patient, channel, settings, appointment)
  return {
    channel,
    ...(choice.kind === 'found' ? { contact: choice.value } : { missing: choice.reason }),
    stopped: stopped.has(channel),
  }
}
