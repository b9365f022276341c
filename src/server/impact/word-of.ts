import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../core/appointment.ts'
import type { AppointmentChange, PatientChange } from '../../core/change.ts'
import type { Patient } from '../../core/patient.ts'
import type { Heard } from '../../core/simulate.ts'

/** An appointment of the store as if its EHR said it at once, when it was first heard of: what a simulation can hear. */
export function wordOf(appointment: Appointment, patient: Patient | undefined): Heard {
  const { connectorId, clinicId, zone, firstSeenAt } = appointment
  return {
    at: firstSeenAt,
    source: { connectorId, clinicId, zone, cancelDebounce: Temporal.Duration.from({ seconds: 0 }) },
    change: changeOf(appointment, patient),
  }
}

function changeOf(appointment: Appointment, patient: Patient | undefined): AppointmentChange {
  const { ehrId, firstSeenAt, status, cancelKind, start, end, zone, agenda, agendas, motif, modality, joinUrl } = appointment
  const { practitioner, location, origin } = appointment
  return {
    ehrId,
    stamp: { at: firstSeenAt },
    status: { value: status, ...(cancelKind && { cancelKind }) },
    ...(start && { time: { start, ...(end && { end }) } }),
    zone,
    ...(agenda && { agenda }),
    ...(agendas && { agendas }),
    ...(motif && { motif }),
    modality: { value: modality, ...(joinUrl !== undefined && { joinUrl }) },
    ...(practitioner && { practitioner }),
    ...(location && { location }),
    origin,
    ...(patient && { patient: patientChange(patient) }),
    warnings: [],
  }
}

function patientChange({ ehrId, givenName, familyName, birthDate, language, contacts, deceased, relatives }: Patient): PatientChange {
  return {
    ehrId,
    name: { ...(givenName !== undefined && { given: givenName }), ...(familyName !== undefined && { family: familyName }) },
    ...(birthDate !== undefined && { birthDate }),
    ...(language !== undefined && { language }),
    contacts,
    deceased,
    ...(relatives && { relatives }),
  }
}
