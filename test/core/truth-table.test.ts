import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { AppointmentStatus, Origin } from '../../src/core/appointment.ts'
import { confirmationBasis } from '../../src/core/appointment.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import type { ReplyDecision, ReplyKind } from '../../src/core/reply.ts'
import { decideReply } from '../../src/core/reply.ts'
import type { MotifSettings, Settings } from '../../src/core/settings.ts'
import { motifOf } from '../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings, email, mobile, motifSettings, start } from '../support/clinic.ts'
import { story } from '../support/story.ts'

interface Row {
  readonly row: number
  readonly name: string
  readonly origin?: Origin
  readonly motif?: MotifSettings
  readonly sms?: boolean
  readonly email?: boolean
  readonly patient?: boolean
  readonly status?: AppointmentStatus
  readonly contacts?: readonly ContactPoint[]
  readonly settings?: Partial<Settings>
  /** Channels on which the reminder leaves. */
  readonly reminders: readonly string[]
  readonly reasons?: Readonly<Record<string, string>>
}

const off = motifSettings({ notify: false, listed: false })
const none = motifSettings({ type: 'none', notify: false })

const rows: readonly Row[] = [
  { row: 1, name: 'booked by staff, all on', origin: 'staff', reminders: ['email', 'sms'] },
  {
    row: 2,
    name: 'agenda SMS off',
    origin: 'staff',
    sms: false,
    reminders: ['email'],
    reasons: { 'previsit sms': 'suppressed: agenda_off' },
  },
  {
    row: 3,
    name: 'agenda SMS and e-mail off: nothing, push included',
    origin: 'staff',
    sms: false,
    email: false,
    reminders: [],
    reasons: { 'previsit email': 'suppressed: agenda_off', 'previsit sms': 'suppressed: agenda_off' },
  },
  {
    row: 4,
    name: 'the same, booked online by the patient',
    origin: 'patient_online',
    sms: false,
    email: false,
    reminders: ['email', 'sms'],
  },
  {
    row: 5,
    name: 'patient switch off',
    origin: 'staff',
    patient: false,
    reminders: [],
    reasons: { 'previsit email': 'suppressed: patient_off' },
  },
  { row: 6, name: 'patient switch off, booked online', origin: 'patient_online', patient: false, reminders: ['email', 'sms'] },
  {
    row: 7,
    name: 'motif off, booked online: nothing',
    origin: 'patient_online',
    motif: off,
    reminders: [],
    reasons: { 'previsit email': 'suppressed: motif_off' },
  },
  {
    row: 8,
    name: 'type Aucune, by staff',
    origin: 'staff',
    motif: none,
    reminders: [],
    reasons: { 'previsit email': 'suppressed: motif_silent' },
  },
  {
    row: 9,
    name: 'in the waiting room at the send',
    status: 'arrived',
    reminders: [],
    reasons: { 'previsit email': 'suppressed: status_at_send_time' },
  },
  {
    row: 20,
    name: 'no primary e-mail, SMS active',
    contacts: [mobile],
    reminders: ['sms'],
    reasons: { 'previsit email': 'suppressed: no_primary_email' },
  },
  {
    row: 21,
    name: 'clinic without SMS',
    settings: { smsActivated: false },
    reminders: ['email'],
    reasons: { 'previsit sms': 'suppressed: sms_not_activated' },
  },
  { row: 25, name: 'type Aucune, booked online', origin: 'patient_online', motif: none, reminders: [] },
]

function settingsOf(row: Row): Settings {
  return clinicSettings({
    agendas: { moreau: agendaSettings({ sms: row.sms ?? true, email: row.email ?? true }) },
    motifs: { CONSULT: row.motif ?? motifSettings() },
    patients: row.patient === false ? { 'ehr:P1': { notify: false } } : {},
    ...row.settings,
  })
}

/** rules.md section 5, row by row: what the reminder does. */
describe('section 5: the truth table', () => {
  it.each(rows.map((row) => [`row ${row.row}: ${row.name}`, row] as const))('%s', (_, row) => {
    const told = story({ settings: settingsOf(row) }).hear(
      bookedChange({
        ...(row.origin && { origin: row.origin }),
        patient: { ehrId: 'P1', contacts: row.contacts ?? [mobile, email] },
      }),
    )
    if (row.status) told.hear(bookedChange({ status: { value: row.status } }, 60))
    const reminders = told
      .until('2026-11-26T14:00:00Z')
      .sent()
      .filter((each) => each.startsWith('previsit'))
      .map((each) => each.split(' ')[1])
    expect(reminders).toEqual(row.reminders)
    expect(told.outcomes()).toMatchObject(row.reasons ?? {})
  })

  it.each([
    [7, off, false],
    [8, none, true],
    [25, none, true],
  ] as const)('row %i: in the patient’s list of upcoming appointments: %#', (_row, motif, listed) => {
    const settings = clinicSettings({ motifs: { CONSULT: motif } })
    const appointment = story({ settings }).hear(bookedChange()).appointment()
    expect(appointment && motifOf(settings, appointment).listed).toBe(listed)
  })

  it('row 10: Vu set, and removed before the send: sent (D28)', () => {
    const told = story()
      .hear(bookedChange())
      .hear(bookedChange({ status: { value: 'fulfilled' } }, 60))
    expect(told.outcomes()['previsit sms']).toBe('parked: status_at_send_time')
    told.hear(bookedChange({}, 120)).until('2026-11-26T14:00:00Z')
    expect(told.sent()).toEqual(expect.arrayContaining(['previsit email', 'previsit sms']))
  })

  it('row 11: Vu set, and removed after the send time: not sent (D28)', () => {
    const told = story()
      .hear(bookedChange())
      .hear(bookedChange({ status: { value: 'fulfilled' } }, 60))
      .until('2026-11-25T03:00:00Z')
      .hear(bookedChange({}, 120))
      .until('2026-11-26T14:00:00Z')
    expect(told.sent().filter((each) => each.startsWith('previsit'))).toEqual([])
    expect(told.outcomes()).toMatchObject({
      'previsit email': 'suppressed: status_at_send_time',
      'previsit sms': 'suppressed: status_at_send_time',
    })
  })

  it.each([
    [12, 'staff'],
    [13, 'patient_online'],
  ] as const)('row %i: SMS de rappel off, an absence cancels it, booked by %s: e-mail, no SMS (D12)', (_row, origin) => {
    const settings = clinicSettings({ agendas: { moreau: agendaSettings({ sms: false }) } })
    const told = story({ settings })
      .hear(bookedChange({ origin }))
      .until('2026-11-21T00:00:00Z')
      .hear(bookedChange({ origin, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 60 * 12))
      .until('2026-11-26T15:00:00Z')
    const cancellations = told.sent().filter((each) => each.startsWith('cancellation'))
    expect(cancellations).toEqual(['cancellation email'])
    expect(told.outcomes()['cancellation sms']).toBe('suppressed: agenda_sms_reminder_off')
  })
})

/** Rows 22 to 24: what a patient may do, to the second. */
describe('section 5: the windows of the answers', () => {
  interface Answer {
    readonly row: number
    readonly name: string
    readonly kind: ReplyKind
    readonly now: Temporal.Instant
    readonly outcome: ReplyDecision['kind']
    readonly reason?: string
  }
  const answers: readonly Answer[] = [
    { row: 22, name: 'cancelling at exactly 24 h', kind: 'cancel', now: start.subtract({ hours: 24 }), outcome: 'accepted' },
    {
      row: 22,
      name: 'cancelling 1 s later',
      kind: 'cancel',
      now: start.subtract({ hours: 24 }).add({ seconds: 1 }),
      outcome: 'refused',
      reason: 'too_late',
    },
    {
      row: 23,
      name: 'confirming 1 s before the 48 h',
      kind: 'confirm',
      now: start.subtract({ hours: 48 }).subtract({ seconds: 1 }),
      outcome: 'refused',
      reason: 'too_early',
    },
    { row: 23, name: 'confirming at 48 h', kind: 'confirm', now: start.subtract({ hours: 48 }), outcome: 'accepted' },
    {
      row: 24,
      name: 'arriving 1 s early',
      kind: 'arrive',
      now: start.subtract({ minutes: 30 }).subtract({ seconds: 1 }),
      outcome: 'refused',
      reason: 'too_early',
    },
    { row: 24, name: 'arriving at 30 min', kind: 'arrive', now: start.subtract({ minutes: 30 }), outcome: 'accepted' },
    { row: 24, name: 'arriving at the hour', kind: 'arrive', now: start, outcome: 'accepted' },
    {
      row: 24,
      name: 'arriving 1 s after the start',
      kind: 'arrive',
      now: start.add({ seconds: 1 }),
      outcome: 'refused',
      reason: 'too_late',
    },
  ]

  it.each(answers.map((row) => [`row ${row.row}: ${row.name}`, row] as const))('%s', (_, { kind, now, outcome, reason }) => {
    const appointment = story().hear(bookedChange()).appointment()
    if (!appointment) throw new Error('no appointment')
    const decision = decideReply({
      kind,
      appointment,
      patientEhrId: 'P1',
      settings: clinicSettings(),
      writeBacks: [],
      basis: confirmationBasis(appointment),
      writes: new Set(['confirm', 'cancel', 'arrive']),
      now,
    })
    expect(decision.kind).toBe(outcome)
    if (decision.kind === 'refused') {
      expect(decision.reason).toBe(reason)
      if (reason === 'too_early') expect(Temporal.Instant.compare(decision.window?.opensAt ?? now, now)).toBe(1)
    }
  })
})
