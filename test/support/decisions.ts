import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentStatus, Origin } from '../../src/core/appointment.ts'
import type { GateInput } from '../../src/core/gates.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { ChannelKind, ContactPoint } from '../../src/core/patient.ts'
import { contactFor } from '../../src/core/patient.ts'
import type { ChannelChoice } from '../../src/core/preferences.ts'
import type { AgendaSettings, MotifSettings, Settings } from '../../src/core/settings.ts'
import { factsOf } from '../../src/core/told.ts'
import { clinicSettings, email, landline, mobile, start } from './clinic.ts'
import { anAppointment, aPatient } from './screens.ts'

const kinds: readonly NotificationKind[] = [
  'confirmation',
  'reminder',
  'previsit',
  'change',
  'cancellation',
  'correction',
  'no_show',
  'manual',
]
const statuses: readonly AppointmentStatus[] = [
  'booked',
  'arrived',
  'fulfilled',
  'noshow',
  'cancelled',
  'proposed',
  'pending',
  'waitlist',
  'unknown',
]
const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }
const invalid: ContactPoint = { kind: 'phone', mobile: 'yes' }
const noEmail: ContactPoint = { kind: 'email' }

const columns = fc.record({ confirmation: fc.boolean(), reminder: fc.boolean(), change: fc.boolean() })
const anAgenda: fc.Arbitrary<AgendaSettings> = fc.record({
  live: fc.boolean(),
  siteId: fc.constant('main'),
  switches: fc.record({ email: columns, sms: columns, push: columns }),
})
const aMotif: fc.Arbitrary<MotifSettings> = fc.record({
  type: fc.constantFrom('none', 'onsite', 'video'),
  notify: fc.boolean(),
  listed: fc.boolean(),
  confirmation: fc.boolean(),
  changes: fc.boolean(),
  reminder: fc.boolean(),
})

const someSettings: fc.Arbitrary<Settings> = fc
  .record({
    communications: fc.boolean(),
    smsActivated: fc.boolean(),
    channelPolicy: fc.constantFrom('email_only', 'email_and_sms', 'sms_if_no_email', 'patient_preference'),
    consent: fc.constantFrom('implied', 'explicit'),
    agendas: fc.option(anAgenda, { nil: undefined }),
    motifs: fc.option(aMotif, { nil: undefined }),
    patientOn: fc.boolean(),
    quiet: fc.boolean(),
    noShow: fc.boolean(),
    site: fc.constantFrom(true, false, undefined),
    otherSender: fc.boolean(),
    absenceSms: fc.constantFrom('always', 'if_no_email'),
  })
  .map(({ agendas, motifs, patientOn, quiet, noShow, site, otherSender, absenceSms, ...rest }) => {
    const base = clinicSettings()
    return clinicSettings({
      ...rest,
      cadence: { ...base.cadence, absenceSms },
      agendas: agendas ? { moreau: agendas } : {},
      motifs: motifs ? { CONSULT: motifs } : {},
      patients: patientOn ? {} : { 'tilleuls:P1': { notify: false } },
      senders: otherSender ? [{ sender: 'portail' }] : [],
      ...(quiet && { quietHours: night }),
      ...(noShow && { noShow: { at: Temporal.PlainTime.from('09:00') } }),
      sites: {
        main: {
          name: 'Site principal',
          patientMayCancel: true,
          patientMayArrive: true,
          ...(site !== undefined && { communications: site }),
        },
      },
    })
  })

const someAppointment: fc.Arbitrary<Appointment> = fc
  .record({
    status: fc.constantFrom(...statuses),
    excused: fc.boolean(),
    origin: fc.constantFrom<Origin>('staff', 'patient_online', 'unknown'),
    holds: fc.subarray<Appointment['holds'][number]>(['H-TIME-CONFLICT', 'H-NO-TIME', 'H-PATIENT-CHANGED']),
    hasAgenda: fc.boolean(),
  })
  .map(({ excused, hasAgenda, ...rest }) => {
    const { agenda, ...others } = anAppointment({
      ...rest,
      ...(rest.status === 'cancelled' && excused && { cancelKind: 'excused' as const }),
    })
    return { ...others, ...(hasAgenda && agenda && { agenda }) }
  })

function withoutPatient({ patientId: _, ...appointment }: Appointment): Appointment {
  return appointment
}

/** Whatever a decision may be asked, in a clinic where every switch may be off. */
export const someInput: fc.Arbitrary<GateInput> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    channel: fc.constantFrom<ChannelKind>('email', 'sms', 'push'),
    appointment: someAppointment,
    settings: someSettings,
    contacts: fc.subarray([mobile, landline, email, invalid, noEmail]),
    hasPatient: fc.boolean(),
    chosen: fc.constantFrom<ChannelChoice | undefined>(undefined, 'email', 'sms', 'both'),
    deceased: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    optedOut: fc.boolean(),
    isTold: fc.boolean(),
    minutes: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 90, max: 3_600 }) },
      { weight: 1, arbitrary: fc.integer({ min: -300, max: 60 }) },
    ),
    around: fc.record(
      {
        consent: fc.constantFrom('given', 'withdrawn'),
        absence: fc.boolean(),
        sentToday: fc.nat(8),
        kindSentToday: fc.boolean(),
        budgetSpent: fc.boolean(),
        massHold: fc.boolean(),
        timeShift: fc.boolean(),
        mergedInto: fc.constant('tilleuls:A2:previsit:x:sms:tilleuls:P2'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ contacts, hasPatient, chosen, deceased, appointment, optedOut, isTold, minutes, ...rest }) => {
    const patient = hasPatient ? { ...aPatient, contacts, deceased, ...(chosen && { preferences: { channels: chosen } }) } : undefined
    return {
      ...rest,
      appointment: patient ? appointment : withoutPatient(appointment),
      ...(patient && { patient }),
      // an opt-out is of a contact
      optedOut: optedOut && patient !== undefined && contactFor(patient, rest.channel, rest.settings, appointment).kind === 'found',
      ...(isTold && {
        told: { facts: factsOf(anAppointment()), version: 1, by: 'confirmation:notice:0', at: start.subtract({ hours: 90 }) },
      }),
      notAfter: start.subtract({ hours: 1 }),
      twinOfTold: false,
      now: start.subtract({ minutes }),
    }
  })
