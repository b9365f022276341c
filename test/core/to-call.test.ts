import { describe, expect, it } from 'vitest'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { Notification, NotificationState } from '../../src/core/notification.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import { toCallReason } from '../../src/core/to-call.ts'
import { start } from '../support/clinic.ts'

const now = start.subtract({ hours: 30 })

/** What became of one channel: `suppressed no_mobile`. */
function ended(channel: ChannelKind, outcome: string, overrides: Partial<Notification> = {}): Notification {
  const [state, reason] = outcome.split(' ')
  return {
    id: `tilleuls:A1:cancellation:notice:1:${channel}:tilleuls:P1`,
    clinicId: 'tilleuls',
    appointmentId: 'tilleuls:A1',
    patientId: 'tilleuls:P1',
    kind: 'cancellation',
    step: 'notice',
    basis: '1',
    channel,
    state: state as NotificationState,
    ...(reason !== undefined && { reason }),
    dueAt: now,
    notAfter: start,
    attempts: 0,
    plannedAt: now,
    changedAt: now,
    ...overrides,
  }
}

/** What became of the e-mail, what of the text, and for what reason a person telephones: `-` nobody does. */
const rows: readonly (readonly [string, string, string, string])[] = [
  ['one still waits', 'suppressed no_primary_email', 'planned', '-'],
  ['one is parked by a status', 'suppressed no_primary_email', 'parked status_at_send_time', '-'],
  ['one waits for a person', 'suppressed no_primary_email', 'held mass_change', '-'],
  ['one is on its way', 'suppressed no_primary_email', 'sending', '-'],
  ['one may have arrived', 'suppressed no_primary_email', 'in_doubt twilio_timeout', '-'],
  ['the e-mail went', 'sent', 'suppressed agenda_sms_reminder_off', '-'],
  ['the text went', 'suppressed no_primary_email', 'delivered', '-'],
  ['it is no longer true', 'withdrawn superseded', 'suppressed no_mobile', '-'],
  ['another text says it', 'suppressed no_primary_email', 'merged_into x', '-'],

  ['no contact at all', 'suppressed no_primary_email', 'suppressed no_mobile', 'no_primary_email'],
  [
    'D12: SMS de rappel off, and no e-mail on file',
    'suppressed no_primary_email',
    'suppressed agenda_sms_reminder_off',
    'no_primary_email',
  ],
  ['D12: SMS de rappel off, and the e-mail refused', 'failed smtp_550', 'suppressed agenda_sms_reminder_off', 'smtp_550'],
  ['R27: STOP, and no e-mail', 'suppressed no_primary_email', 'suppressed stop', 'no_primary_email'],
  ['R27: STOP, and the agenda mails nothing', 'suppressed agenda_off', 'suppressed stop', 'stop'],
  ['no consent to either', 'suppressed no_consent', 'suppressed no_consent', 'no_consent'],
  ['O21: the budget is used up, and no e-mail', 'suppressed no_primary_email', 'suppressed budget_spent', 'no_primary_email'],
  ['O22: a clinic without texts, and no e-mail', 'suppressed no_primary_email', 'suppressed sms_not_activated', 'no_primary_email'],
  ['too late to wait, too early to ring', 'suppressed no_primary_email', 'suppressed to_call', 'no_primary_email'],
  ['the agenda mails nothing, and the number is a landline', 'suppressed agenda_off', 'suppressed landline_only', 'landline_only'],
  ['both providers refuse', 'failed smtp_550', 'failed twilio_21211', 'smtp_550'],
  ['put off beyond its worth', 'failed smtp_550', 'expired twilio_503', 'smtp_550'],
  ['no provider at all', 'suppressed no_channel', 'suppressed no_channel', 'no_channel'],
  ['an absence is mailed, and the mail refused', 'failed smtp_550', 'suppressed absence_email_on_file', 'smtp_550'],

  ['O7: communications off', 'suppressed communications_off', 'suppressed communications_off', '-'],
  ['an agenda in shadow', 'suppressed agenda_not_live', 'suppressed agenda_not_live', '-'],
  ['another system tells them', 'suppressed other_sender', 'suppressed other_sender', '-'],
  ['D20: motif off', 'suppressed motif_off', 'suppressed motif_off', '-'],
  ['O4: Aucune', 'suppressed motif_silent', 'suppressed motif_silent', '-'],
  ['O2: changes of the type off', 'suppressed motif_kind_off', 'suppressed motif_kind_off', '-'],
  ['D10: the agenda off, both', 'suppressed agenda_off', 'suppressed agenda_sms_reminder_off', '-'],
  ['O20: e-mail only, and the agenda mails nothing', 'suppressed agenda_off', 'suppressed policy_email_only', '-'],
  ['O20: text if no e-mail, there is one, and the agenda mails nothing', 'suppressed agenda_off', 'suppressed policy_email_on_file', '-'],
  ['D25: patient off', 'suppressed patient_off', 'suppressed patient_off', '-'],
  ['D25: patient off, and SMS de rappel off', 'suppressed patient_off', 'suppressed agenda_sms_reminder_off', '-'],
  ['the dead', 'suppressed patient_inactive', 'suppressed patient_inactive', '-'],
  ['it is past', 'expired appointment_past', 'expired appointment_past', '-'],
  ['D27: Absent excusé', 'suppressed status_at_send_time', 'suppressed status_at_send_time', '-'],
]

describe('D12, section 4: whom a person calls', () => {
  it.each(rows)('%s: e-mail %s, text %s → %s', (_, email, sms, reason) => {
    const [mail, text] = [ended('email', email), ended('sms', sms)]
    const expected = reason === '-' ? undefined : reason
    // whichever comes to its end last: the same is called, or nobody
    for (const [last, first] of [
      [mail, text],
      [text, mail],
    ] as const)
      expect(toCallReason(last, [mail, text]) === undefined, `${last.channel} after ${first.channel}`).toBe(expected === undefined)
    expect(toCallReason(mail, [mail, text])).toBe(expected)
  })

  it.each<[NotificationKind, boolean]>([
    ['change', true],
    ['cancellation', true],
    ['correction', true],
    ['confirmation', false],
    ['reminder', false],
    ['previsit', false],
    ['no_show', false],
    ['manual', false],
  ])('a %s: %s', (kind, called) => {
    const lost = ended('sms', 'suppressed no_mobile', { kind })
    expect(toCallReason(lost, [lost]) !== undefined).toBe(called)
  })

  it('what became of other news says nothing of this', () => {
    const [mail, text] = [ended('email', 'sent', { basis: '0' }), ended('sms', 'suppressed no_mobile')]
    expect(toCallReason(text, [mail, text])).toBe('no_mobile')
  })

  it('D12: where a text was the only way, SMS de rappel off is a call; not for a patient who is off', () => {
    const off = ended('sms', 'suppressed agenda_sms_reminder_off')
    const patient = { gate: 6, name: 'patient', verdict: 'no', saw: 'off', reason: 'patient_off' } as const
    const decision = { kind: 'cancellation', channel: 'sms', at: now, settingsVersion: 1, outcome: { kind: 'send' } } as const
    expect(toCallReason(off, [off])).toBe('agenda_sms_reminder_off')
    const patientOff = { ...off, decision: { ...decision, gates: [patient] } }
    expect(toCallReason(patientOff, [patientOff])).toBeUndefined()
    const spared = { ...off, decision: { ...decision, gates: [{ ...patient, verdict: 'spared' as const }] } }
    expect(toCallReason(spared, [spared]), 'booked online (D25)').toBe('agenda_sms_reminder_off')
  })
})
