import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Appointment, HoldCode } from '../../src/core/appointment.ts'
import { decide } from '../../src/core/decide.ts'
import type { GateInput } from '../../src/core/gates.ts'
import { evaluateGates } from '../../src/core/gates.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { ChannelKind, Patient } from '../../src/core/patient.ts'
import type { ChannelChoice } from '../../src/core/preferences.ts'
import type { AgendaSettings, Settings } from '../../src/core/settings.ts'
import { factsOf } from '../../src/core/told.ts'
import { agendaSettings, clinicSettings, email, landline, mobile, motifSettings, start } from '../support/clinic.ts'
import { anAppointment, aPatient } from '../support/screens.ts'

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
const now = start.subtract({ hours: 36 })
const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }
const nine = Temporal.PlainTime.from('09:00')
const siteOn = { name: 'Site principal', patientMayCancel: true, patientMayArrive: true, communications: true }
const siteOff = { ...siteOn, communications: false }
const nobody = motifSettings({ notify: false, listed: false })
const none = motifSettings({ type: 'none', notify: false })

const person = (overrides: Partial<Patient>): Patient => ({ ...aPatient, ...overrides })

/** A reminder by SMS that nothing stops. */
function asked(overrides: Partial<GateInput> = {}): GateInput {
  return {
    kind: 'reminder',
    channel: 'sms',
    notAfter: start.subtract({ hours: 1 }),
    appointment: anAppointment(),
    patient: person({ contacts: [mobile, email] }),
    settings: clinicSettings(),
    optedOut: false,
    twinOfTold: false,
    now,
    ...overrides,
  }
}

const withAgenda = (agenda: AgendaSettings, overrides: Partial<Settings> = {}) =>
  clinicSettings({ agendas: { moreau: agenda }, ...overrides })
const online = anAppointment({ origin: 'patient_online' })
const cancelled = anAppointment({ status: 'cancelled', cancelKind: 'cancelled' })
const excused = anAppointment({ status: 'cancelled', cancelKind: 'excused' })
const held = (...holds: HoldCode[]) => anAppointment({ holds })
const smsOff = withAgenda(agendaSettings({ sms: false }))
const allOff = withAgenda(agendaSettings({ sms: false, email: false }))
const patientOff = clinicSettings({ patients: { 'tilleuls:P1': { notify: false } } })
const byPatient = clinicSettings({ channelPolicy: 'patient_preference' })
const chose = (channels: ChannelChoice, contacts = [mobile, email]) => person({ contacts, preferences: { channels } })
const told = (appointment: Appointment) => ({ facts: factsOf(appointment), version: 1, by: 'confirmation:notice:0', at: now })

/** Gate by gate: what is asked, and what the gate says. `reason` is of a no, or of what a patient who booked online is spared. */
const rows: readonly (readonly [string, string, Partial<GateInput>, string, string?])[] = [
  ['O7 communications off', 'live', { settings: clinicSettings({ communications: false }) }, 'no', 'communications_off'],
  [
    'O7 communications off, booked online',
    'live',
    { settings: clinicSettings({ communications: false }), appointment: online },
    'no',
    'communications_off',
  ],
  ['O7 an agenda in shadow', 'live', { settings: withAgenda({ ...agendaSettings(), live: false }) }, 'no', 'agenda_not_live'],
  ['O4 an agenda nobody has set', 'live', { appointment: anAppointment({ agenda: { key: 'new' } }) }, 'no', 'agenda_not_live'],
  [
    'O7 the site’s communications off',
    'live',
    { settings: clinicSettings({ sites: { main: siteOff } }), appointment: online },
    'no',
    'site_communications_off',
  ],
  ['O7 another site’s off', 'live', { settings: clinicSettings({ sites: { main: siteOn, other: siteOff } }) }, 'yes'],
  [
    'O7 the site’s on, in a clinic that is off',
    'live',
    { settings: clinicSettings({ communications: false, sites: { main: siteOn } }) },
    'no',
    'communications_off',
  ],
  ['O6, O7 by hand, the site off', 'live', { kind: 'manual', settings: clinicSettings({ sites: { main: siteOff } }) }, 'na'],
  ['section 4 no-show messages off', 'live', { kind: 'no_show' }, 'no', 'no_show_off'],
  ['section 4 no-show messages on', 'live', { kind: 'no_show', settings: clinicSettings({ noShow: { at: nine } }) }, 'yes'],
  ['O6, O7 by hand', 'live', { kind: 'manual', settings: clinicSettings({ communications: false }) }, 'na'],
  ['O6 by hand', 'manual', { kind: 'manual' }, 'yes'],
  ['O6 automatic', 'manual', {}, 'na'],

  ['gate 2 ahead', 'future', {}, 'yes'],
  ['gate 2 at the start itself', 'future', { now: start }, 'no', 'appointment_past'],
  ['gate 2 at its notAfter', 'future', { now: start.subtract({ hours: 1 }) }, 'yes'],
  ['gate 2 past its notAfter', 'future', { now: start.subtract({ minutes: 59 }) }, 'no', 'not_after'],
  ['gate 2 a missed appointment is past', 'future', { kind: 'no_show', now: start.add({ hours: 20 }) }, 'na'],
  ['O6 by hand, afterwards', 'future', { kind: 'manual', now: start.add({ hours: 20 }) }, 'na'],
  ['O13 a change of the past', 'future', { kind: 'change', now: start.add({ hours: 1 }) }, 'no', 'appointment_past'],

  ['MOD-3 no doubt', 'hold', {}, 'yes'],
  ['MOD-3 a doubt about the time', 'hold', { appointment: held('H-TIME-CONFLICT') }, 'no', 'H-TIME-CONFLICT'],
  ['MOD-3 a cancellation in spite of it', 'hold', { kind: 'cancellation', appointment: held('H-TIME-CONFLICT', 'H-NO-TIME') }, 'yes'],
  [
    'MOD-3 no cancellation to somebody else',
    'hold',
    { kind: 'cancellation', appointment: held('H-NO-TIME', 'H-PATIENT-CHANGED') },
    'no',
    'H-PATIENT-CHANGED',
  ],
  ['O6 by hand, in spite of a doubt', 'hold', { kind: 'manual', appointment: held('H-TIME-CONFLICT') }, 'na'],

  ['D27 À venir', 'status', {}, 'yes'],
  ['D27 Salle d’attente', 'status', { appointment: anAppointment({ status: 'arrived' }) }, 'no', 'status_at_send_time'],
  ['D27 Vu', 'status', { appointment: anAppointment({ status: 'fulfilled' }) }, 'no', 'status_at_send_time'],
  ['D27 not known to the connector', 'status', { appointment: anAppointment({ status: 'unknown' }) }, 'no', 'status_at_send_time'],
  ['D27 set, booked online', 'status', { appointment: { ...online, status: 'fulfilled' } }, 'no', 'status_at_send_time'],
  ['D27 a cancellation is an event', 'status', { kind: 'cancellation', appointment: cancelled }, 'na'],
  ['D27 a move is an event', 'status', { kind: 'change', appointment: anAppointment({ status: 'arrived' }) }, 'na'],
  ['D27 Absent excusé is silent', 'status', { kind: 'cancellation', appointment: excused }, 'no', 'status_at_send_time'],
  ['D27 excused once, booked now', 'status', { appointment: anAppointment({ cancelKind: 'excused' }) }, 'yes'],
  ['row 19 by hand, any status', 'status', { kind: 'manual', appointment: excused }, 'na'],

  ['O2 a type that speaks', 'motif', {}, 'yes'],
  ['O4 Aucune', 'motif', { settings: clinicSettings({ motifs: { CONSULT: none } }) }, 'no', 'motif_silent'],
  [
    'O4 Aucune with its switch left on',
    'motif',
    { settings: clinicSettings({ motifs: { CONSULT: motifSettings({ type: 'none' }) } }) },
    'no',
    'motif_silent',
  ],
  ['O4 a type nobody has set', 'motif', { settings: clinicSettings({ motifs: {} }) }, 'no', 'motif_silent'],
  ['D20 motif off', 'motif', { settings: clinicSettings({ motifs: { CONSULT: nobody } }) }, 'no', 'motif_off'],
  [
    'D20 motif off, booked online',
    'motif',
    { settings: clinicSettings({ motifs: { CONSULT: nobody } }), appointment: online },
    'no',
    'motif_off',
  ],
  [
    'O2 reminders of the type off',
    'motif',
    { settings: clinicSettings({ motifs: { CONSULT: motifSettings({ reminder: false }) } }) },
    'no',
    'motif_kind_off',
  ],
  [
    'O2 changes of the type off',
    'motif',
    { kind: 'cancellation', settings: clinicSettings({ motifs: { CONSULT: motifSettings({ changes: false }) } }) },
    'no',
    'motif_kind_off',
  ],
  ['row 19 by hand, Aucune', 'motif', { kind: 'manual', settings: clinicSettings({ motifs: { CONSULT: none } }) }, 'na'],

  ['D10 agenda SMS off, by staff', 'agenda', { settings: smsOff }, 'no', 'agenda_off'],
  [
    'D10 origin not known: as by staff',
    'agenda',
    { settings: smsOff, appointment: anAppointment({ origin: 'unknown' }) },
    'no',
    'agenda_off',
  ],
  ['D10 by a partner: as by staff', 'agenda', { settings: smsOff, appointment: anAppointment({ origin: 'partner' }) }, 'no', 'agenda_off'],
  ['D10 the e-mail is another switch', 'agenda', { settings: smsOff, channel: 'email' }, 'yes'],
  ['D11 agenda SMS off, booked online', 'agenda', { settings: smsOff, appointment: online }, 'spared', 'agenda_off'],
  ['D12 a move by SMS', 'agenda', { settings: smsOff, kind: 'change' }, 'no', 'agenda_sms_reminder_off'],
  [
    'D12 a cancellation by SMS, booked online',
    'agenda',
    { settings: smsOff, kind: 'cancellation', appointment: online },
    'no',
    'agenda_sms_reminder_off',
  ],
  ['D12 the e-mail of it', 'agenda', { settings: smsOff, kind: 'cancellation', channel: 'email' }, 'yes'],
  ['D7a push, e-mail and SMS off', 'agenda', { settings: allOff, channel: 'push' }, 'no', 'agenda_off'],
  ['D7a push, only SMS off', 'agenda', { settings: smsOff, channel: 'push' }, 'yes'],
  ['row 19 by hand, agenda off', 'agenda', { kind: 'manual', settings: allOff }, 'na'],

  ['D25 patient off, by staff', 'patient', { settings: patientOff }, 'no', 'patient_off'],
  ['D25 patient off, push', 'patient', { settings: patientOff, channel: 'push' }, 'no', 'patient_off'],
  ['D25 patient off, booked online', 'patient', { settings: patientOff, appointment: online }, 'spared', 'patient_off'],
  ['D22 another patient is off', 'patient', { settings: clinicSettings({ patients: { 'tilleuls:P2': { notify: false } } }) }, 'yes'],
  ['row 19 by hand, patient off', 'patient', { kind: 'manual', settings: patientOff }, 'na'],

  ['gate 7 STOP', 'consent', { optedOut: true }, 'no', 'stop'],
  ['gate 7 STOP of a cancellation', 'consent', { optedOut: true, kind: 'cancellation' }, 'no', 'stop'],
  ['O6 STOP by hand', 'consent', { optedOut: true, kind: 'manual' }, 'no', 'stop'],
  ['gate 7 STOP, booked online', 'consent', { optedOut: true, appointment: online }, 'no', 'stop'],
  ['e-mail opt-out of a reminder', 'consent', { optedOut: true, channel: 'email' }, 'no', 'opted_out'],
  ['e-mail opt-out of a confirmation', 'consent', { optedOut: true, channel: 'email', kind: 'confirmation' }, 'no', 'opted_out'],
  ['e-mail opt-out of a change', 'consent', { optedOut: true, channel: 'email', kind: 'change' }, 'yes'],
  ['e-mail opt-out of a cancellation', 'consent', { optedOut: true, channel: 'email', kind: 'cancellation' }, 'yes'],
  ['e-mail opt-out of a missed appointment', 'consent', { optedOut: true, channel: 'email', kind: 'no_show' }, 'no', 'opted_out'],
  [
    'e-mail opt-out of a change, consent withdrawn',
    'consent',
    { optedOut: true, channel: 'email', kind: 'change', around: { consent: 'withdrawn' } },
    'no',
    'no_consent',
  ],
  ['e-mail opt-out by hand', 'consent', { optedOut: true, channel: 'email', kind: 'manual' }, 'yes'],
  ['V2-PID-5 the dead', 'consent', { patient: person({ deceased: true }) }, 'no', 'patient_inactive'],
  ['V2-PID-5 the dead, by hand', 'consent', { kind: 'manual', patient: person({ deceased: true }) }, 'no', 'patient_inactive'],

  ['D26 a mobile', 'contact', {}, 'yes'],
  ['D26 a landline', 'contact', { patient: person({ contacts: [landline] }) }, 'no', 'landline_only'],
  ['O1 no e-mail', 'contact', { channel: 'email', patient: person({ contacts: [mobile] }) }, 'no', 'no_primary_email'],
  ['O6 no mobile by hand', 'contact', { kind: 'manual', patient: person({ contacts: [] }) }, 'no', 'no_mobile'],

  ['O22 SMS not activated', 'sms', { settings: clinicSettings({ smsActivated: false }) }, 'no', 'sms_not_activated'],
  ['O22 not asked of an e-mail', 'sms', { channel: 'email', settings: clinicSettings({ smsActivated: false }) }, 'na'],
  ['O22 by hand', 'sms', { kind: 'manual', settings: clinicSettings({ smsActivated: false }) }, 'na'],
  ['O20 e-mail only', 'sms', { settings: clinicSettings({ channelPolicy: 'email_only' }) }, 'no', 'policy_email_only'],
  [
    'O20 SMS if no e-mail, and there is one',
    'sms',
    { settings: clinicSettings({ channelPolicy: 'sms_if_no_email' }) },
    'no',
    'policy_email_on_file',
  ],
  [
    'row 14 SMS if no e-mail, and there is none',
    'sms',
    { settings: clinicSettings({ channelPolicy: 'sms_if_no_email' }), patient: person({ contacts: [mobile] }) },
    'yes',
  ],
  ['O20 no choice: as the clinic has it', 'preference', { settings: byPatient }, 'na'],
  ['O20 chose e-mail: no text', 'preference', { settings: byPatient, patient: chose('email') }, 'no', 'patient_preference'],
  [
    'O20 chose e-mail: no text of a move',
    'preference',
    { settings: byPatient, patient: chose('email'), kind: 'change' },
    'no',
    'patient_preference',
  ],
  ['O20 chose e-mail: e-mail', 'preference', { settings: byPatient, patient: chose('email'), channel: 'email' }, 'yes'],
  [
    'O20 chose texts: no e-mail',
    'preference',
    { settings: byPatient, patient: chose('sms'), channel: 'email' },
    'no',
    'patient_preference',
  ],
  [
    'O20 chose texts: a cancellation by e-mail too',
    'preference',
    { settings: byPatient, patient: chose('sms'), channel: 'email', kind: 'cancellation' },
    'yes',
  ],
  ['O20 chose both', 'preference', { settings: byPatient, patient: chose('both'), channel: 'email' }, 'yes'],
  ['O20 chose e-mail, and has none', 'preference', { settings: byPatient, patient: chose('email', [mobile]) }, 'yes'],
  [
    'O20 chose texts, and has no mobile',
    'preference',
    { settings: byPatient, patient: chose('sms', [landline, email]), channel: 'email' },
    'yes',
  ],
  [
    'O20, O22 chose texts, and the clinic has none',
    'preference',
    { settings: { ...byPatient, smsActivated: false }, patient: chose('sms'), channel: 'email' },
    'yes',
  ],
  ['O20 a device is a choice of its own', 'preference', { settings: byPatient, patient: chose('email'), channel: 'push' }, 'yes'],
  ['O20 chose e-mail, and the clinic decides', 'preference', { patient: chose('email') }, 'na'],
  ['O6, O20 by hand', 'preference', { settings: byPatient, patient: chose('email'), kind: 'manual' }, 'na'],
  ['O20 the patient’s preference, not known', 'sms', { settings: clinicSettings({ channelPolicy: 'patient_preference' }) }, 'yes'],

  ['section 7 by day', 'quiet', { settings: clinicSettings({ quietHours: night }), now: start }, 'yes'],
  ['section 7 at night', 'quiet', { settings: clinicSettings({ quietHours: night }) }, 'no', 'quiet_hours'],
  ['section 7 the e-mail at night', 'quiet', { settings: clinicSettings({ quietHours: night }), channel: 'email' }, 'na'],
  ['section 7 push at night', 'quiet', { settings: clinicSettings({ quietHours: night }), channel: 'push' }, 'no', 'quiet_hours'],
  [
    'section 7 a confirmation at night, by staff',
    'quiet',
    { settings: clinicSettings({ quietHours: night }), kind: 'confirmation' },
    'no',
    'quiet_hours',
  ],
  [
    'section 7 the patient just booked online',
    'quiet',
    { settings: clinicSettings({ quietHours: night }), kind: 'confirmation', appointment: online },
    'yes',
  ],
  ['O6 by hand at night', 'quiet', { settings: clinicSettings({ quietHours: night }), kind: 'manual' }, 'na'],
  [
    'section 7 urgent at 22:00',
    'quiet',
    { settings: clinicSettings({ quietHours: night }), kind: 'change', now: start.subtract({ hours: 11, minutes: 40 }) },
    'yes',
  ],
  [
    'section 7 urgent at 23:00',
    'quiet',
    { settings: clinicSettings({ quietHours: night }), kind: 'change', now: start.subtract({ hours: 10, minutes: 40 }) },
    'no',
    'to_call',
  ],

  ['belief: never told', 'news', { kind: 'confirmation' }, 'yes'],
  ['belief: told the same', 'news', { kind: 'change', told: told(anAppointment()) }, 'no', 'nothing_new'],
  ['belief: told another hour', 'news', { kind: 'change', told: told(anAppointment({ start: start.add({ hours: 1 }) })) }, 'yes'],
  ['belief: told the same by the other channel', 'news', { kind: 'confirmation', told: told(anAppointment()), twinOfTold: true }, 'yes'],
  [
    'belief: taken to know, and never told',
    'news',
    { kind: 'confirmation', told: { ...told(anAppointment()), assumed: 'motif_silent' } },
    'yes',
  ],
  ['belief: a reminder says nothing new', 'news', { told: told(anAppointment()) }, 'na'],
]

describe('section 4: each gate, asked alone', () => {
  it.each(rows.map(([name, gate, input, verdict, reason]) => [name, gate, input, verdict, reason] as const))(
    '%s (%s)',
    (_name, asking, overrides, verdict, reason) => {
      const gate = evaluateGates(asked(overrides)).find(({ name }) => name === asking)
      expect([gate?.verdict, gate?.reason]).toEqual([verdict, reason])
    },
  )
})

const anyInput: fc.Arbitrary<GateInput> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    channel: fc.constantFrom<ChannelKind>('email', 'sms', 'push'),
    appointment: fc.constantFrom(anAppointment(), cancelled, excused, held('H-NO-TIME'), anAppointment({ status: 'arrived' })),
    patient: fc.constantFrom(
      person({ contacts: [mobile, email] }),
      person({ contacts: [landline] }),
      person({ contacts: [], deceased: true }),
    ),
    agenda: fc.record({ sms: fc.boolean(), email: fc.boolean(), push: fc.boolean() }),
    live: fc.boolean(),
    motif: fc.constantFrom(motifSettings(), nobody, none, motifSettings({ changes: false })),
    patientOn: fc.boolean(),
    quiet: fc.boolean(),
    optedOut: fc.boolean(),
    communications: fc.boolean(),
    hours: fc.integer({ min: -2, max: 60 }),
  })
  .map(({ kind, channel, appointment, patient, agenda, live, motif, patientOn, quiet, optedOut, communications, hours }) =>
    asked({
      kind,
      channel,
      appointment,
      patient,
      optedOut,
      now: start.subtract({ hours }),
      settings: clinicSettings({
        communications,
        agendas: { moreau: { ...agendaSettings(agenda), live } },
        motifs: { CONSULT: motif },
        patients: { 'tilleuls:P1': { notify: patientOn } },
        ...(quiet && { quietHours: night }),
      }),
    }),
  )

describe('section 4: the gates together', () => {
  it('all gates are evaluated and recorded, in the same order, whatever the first of them says', () => {
    const order = evaluateGates(asked()).map(({ gate, name }) => `${gate} ${name}`)
    expect(order).toEqual([...order].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)))
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(evaluateGates(input).map(({ gate, name }) => `${gate} ${name}`)).toEqual(order)
      }),
    )
  })

  it('D30: a no has a reason, a yes has none', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const { verdict, reason } of evaluateGates(input)) expect(reason !== undefined).toBe(verdict === 'no' || verdict === 'spared')
      }),
    )
  })

  it('D11, D25: to have booked online never turns a yes into a no, and spares at gates 5 and 6 alone', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const byStaff = evaluateGates(input)
        const byPatient = evaluateGates({ ...input, appointment: { ...input.appointment, origin: 'patient_online' } })
        for (const [index, { gate, verdict }] of byPatient.entries()) {
          if (verdict === 'no') expect(byStaff[index]?.verdict).toBe('no')
          if (verdict === 'spared') expect([5, 6]).toContain(gate)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('O6: by hand, only gates 7 and 8 can say no', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const stopped = evaluateGates({ ...input, kind: 'manual' }).filter(({ verdict }) => verdict === 'no')
        for (const { gate } of stopped) expect([7, 8]).toContain(gate)
      }),
      { numRuns: 1_000 },
    )
  })

  it('row 19: by hand, with everything off', () => {
    const settings = clinicSettings({
      communications: false,
      smsActivated: false,
      channelPolicy: 'email_only',
      agendas: {},
      motifs: {},
      patients: { 'tilleuls:P1': { notify: false } },
      quietHours: night,
    })
    expect(decide('send', asked({ kind: 'manual', settings, appointment: excused })).outcome).toEqual({ kind: 'send' })
  })
})

/** What the first no makes of it: before the send, and at it. */
describe('D9, D28, D30: the decision', () => {
  it.each([
    ['nothing in the way', {}, { kind: 'send' }, { kind: 'send' }],
    [
      'D28 a status',
      { appointment: anAppointment({ status: 'fulfilled' }) },
      { kind: 'parked', reason: 'status_at_send_time' },
      { kind: 'suppressed', reason: 'status_at_send_time' },
    ],
    ['D9 a switch', { settings: smsOff }, { kind: 'parked', reason: 'agenda_off' }, { kind: 'suppressed', reason: 'agenda_off' }],
    ['MOD-3 a doubt', { appointment: held('H-NO-TIME') }, { kind: 'held', reason: 'H-NO-TIME' }, { kind: 'held', reason: 'H-NO-TIME' }],
    [
      'R10 too late',
      { now: start.subtract({ minutes: 30 }) },
      { kind: 'expired', reason: 'not_after' },
      { kind: 'expired', reason: 'not_after' },
    ],
    [
      'R10 a doubt, and too late',
      { appointment: held('H-TIME-CONFLICT'), now: start },
      { kind: 'expired', reason: 'appointment_past' },
      { kind: 'expired', reason: 'appointment_past' },
    ],
    [
      'belief: nothing new',
      { kind: 'change', told: told(anAppointment()) },
      { kind: 'withdrawn', reason: 'nothing_new' },
      { kind: 'withdrawn', reason: 'nothing_new' },
    ],
    [
      'section 7 at night',
      { settings: clinicSettings({ quietHours: night }) },
      { kind: 'send' },
      { kind: 'delayed', until: Temporal.Instant.from('2026-11-25T13:00:00Z'), reason: 'quiet_hours' },
    ],
    [
      'section 7 the morning is too late',
      { settings: clinicSettings({ quietHours: night }), notAfter: now.add({ hours: 1 }) },
      { kind: 'send' },
      { kind: 'expired', reason: 'quiet_hours' },
    ],
    [
      'section 7 the to-call list',
      { settings: clinicSettings({ quietHours: night }), kind: 'change', now: start.subtract({ hours: 10 }) },
      { kind: 'suppressed', reason: 'to_call' },
      { kind: 'suppressed', reason: 'to_call' },
    ],
    [
      'the first no names it',
      { settings: allOff, optedOut: true },
      { kind: 'parked', reason: 'agenda_off' },
      { kind: 'suppressed', reason: 'agenda_off' },
    ],
  ] satisfies [string, Partial<GateInput>, object, object][])('%s', (_name, overrides, planned, sent) => {
    expect(decide('plan', asked(overrides)).outcome).toEqual(planned)
    expect(decide('send', asked(overrides)).outcome).toEqual(sent)
  })

  it('section 6: it says which settings it read', () => {
    expect(decide('send', asked({ settings: clinicSettings({ version: 7 }) }))).toMatchObject({
      settingsVersion: 7,
      channel: 'sms',
      kind: 'reminder',
    })
  })
})

describe('section 6: every reason of a gate is written down, the one that names it first', () => {
  it.each<[string, string, Partial<GateInput>, string, readonly string[] | undefined]>([
    ['one doubt', 'hold', { appointment: held('H-NO-TIME') }, 'H-NO-TIME', undefined],
    ['two doubts', 'hold', { appointment: held('H-TIME-CONFLICT', 'H-PATIENT-CHANGED') }, 'H-TIME-CONFLICT', ['H-PATIENT-CHANGED']],
    [
      'clinic, site and agenda off',
      'live',
      {
        settings: clinicSettings({
          communications: false,
          sites: { main: siteOff },
          agendas: { moreau: { ...agendaSettings(), live: false } },
        }),
      },
      'communications_off',
      ['site_communications_off', 'agenda_not_live'],
    ],
    [
      'the motif off, without communication, its reminders off',
      'motif',
      { settings: clinicSettings({ motifs: { CONSULT: motifSettings({ listed: false, notify: false, reminder: false }) } }) },
      'motif_off',
      ['motif_silent', 'motif_kind_off'],
    ],
    ['dead, and STOP', 'consent', { patient: person({ deceased: true }), optedOut: true }, 'patient_inactive', ['stop']],
    [
      'not activated, and the budget used up',
      'sms',
      { settings: clinicSettings({ smsActivated: false }), around: { budgetSpent: true } },
      'sms_not_activated',
      ['budget_spent'],
    ],
    ['both caps', 'cap', { around: { kindSentToday: true, sentToday: 9 } }, 'kind_cap', ['daily_cap']],
  ])('%s', (_, name, given, reason, others) => {
    const gate = evaluateGates(asked(given)).find((each) => each.name === name)
    expect([gate?.reason, gate?.others]).toEqual([reason, others])
  })
})
