import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentId } from './appointment.ts'
import type { AppointmentShown } from './appointment-shown.ts'
import { showAppointment } from './appointment-shown.ts'
import type { Patient } from './patient.ts'
import { isCancelling } from './reply.ts'
import type { Settings } from './settings.ts'
import { modalityOf, motifOf } from './settings.ts'
import type { WriteBack } from './write-back.ts'

export interface UpcomingInput {
  readonly patient: Patient
  readonly settings: Settings
  /** Soonest first, each with its answers. */
  readonly appointments: readonly { readonly appointment: Appointment; readonly writeBacks: readonly WriteBack[] }[]
  /** The one whose page is open: it is no other. */
  readonly except: AppointmentId
  readonly now: Temporal.Instant
}

export interface Listed {
  readonly id: AppointmentId
  readonly shown: AppointmentShown
}

/**
 * The patient's other appointments, as they may be read. One whose motif is off is not among them (D21), nor one that a person has still to
 * look at, nor one the patient has just called off.
 */
export function listUpcoming({ patient, settings, appointments, except, now }: UpcomingInput): readonly Listed[] {
  return appointments.flatMap(({ appointment, writeBacks }) => {
    const { id, start, status, holds, clinicId } = appointment
    const isOwn = appointment.patientId === patient.id && clinicId === settings.clinic.id && id !== except
    if (!isOwn || !start || status !== 'booked' || holds.length > 0 || Temporal.Instant.compare(start, now) <= 0) return []
    if (!motifOf(settings, appointment).listed || isCancelling(appointment, writeBacks)) return []
    const shown = showAppointment({ appointment, patient, settings, start, modality: modalityOf(settings, appointment), now })
    return [{ id, shown }]
  })
}
