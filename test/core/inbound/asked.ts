import type { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../../src/core/appointment.ts'
import { evolve } from '../../../src/core/evolve.ts'
import { evolvePatient } from '../../../src/core/evolve-patient.ts'
import type { Asked } from '../../../src/core/inbound/asked.ts'
import type { Patient } from '../../../src/core/patient.ts'
import { factsOf } from '../../../src/core/told.ts'
import { bookedChange, clinicSettings, start as usualStart } from '../../support/clinic.ts'

interface AskedOptions {
  readonly now: Temporal.Instant
  readonly ehrId?: string
  readonly start?: Temporal.Instant
  readonly appointment?: Partial<Appointment>
  readonly patient?: Partial<Patient>
}

/** An appointment of the invented clinic of which this number had a text an hour ago, and all of it is still so. */
export function anAsked({ now, ehrId = 'A1', start = usualStart, appointment, patient }: AskedOptions, change: Partial<Asked> = {}): Asked {
  const said = bookedChange({ ehrId, time: { start } })
  const arrival = { connectorId: 'tilleuls', clinicId: 'tilleuls', zone: 'America/Toronto', now }
  const booked: Appointment = { ...evolve(undefined, said, arrival).appointment, ...appointment }
  const named = evolvePatient(undefined, said.patient ?? { ehrId: 'P1' }, said.stamp, arrival)
  return {
    appointment: booked,
    patient: { ...named, ...patient },
    settings: clinicSettings(),
    writeBacks: [],
    writes: new Set(['confirm', 'cancel', 'arrive']),
    says: factsOf(booked),
    textedAt: now.subtract({ hours: 1 }),
    ...change,
  }
}
