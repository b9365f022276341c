import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Origin } from '../../src/core/appointment.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { AgendaSettings, MotifSettings, Settings, SwitchColumn } from '../../src/core/settings.ts'
import { isSwitchedOn, motifOf, UNSET_MOTIF } from '../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings, motifSettings } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const cancelled: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'cancelled' } }
const evening = '2026-11-26T15:00:00Z'

/** Everything one appointment would be told: booked, reminded, and another one cancelled the day after the booking. */
function toldUnder(settings: Partial<Settings>, origin: Origin = 'staff', ends: 'kept' | 'cancelled' = 'kept'): readonly string[] {
  const told = story({ settings: clinicSettings(settings) }).hear(bookedChange({ origin }))
  if (ends === 'cancelled') told.until('2026-11-21T12:00:00Z').hear(bookedChange({ origin, ...cancelled }, 24 * 60))
  return [...told.until(evening).sent()].sort()
}

const everything = ['confirmation email', 'confirmation sms', 'previsit email', 'previsit sms']
const agendaOff = { agendas: { moreau: agendaSettings({ sms: false, email: false, push: false }) } }
const motifOff = { motifs: { CONSULT: motifSettings({ notify: false, listed: false }) } }
const patientOff = { patients: { 'ehr:P1': { notify: false } } }

describe('D2: what can be switched', () => {
  it.each<readonly [string, Partial<Settings>, readonly string[]]>([
    ['D2: nothing off: everything is told', {}, everything],
    ['D2: by agenda', agendaOff, []],
    ['D2: by agenda, one channel alone', { agendas: { moreau: agendaSettings({ sms: false }) } }, ['confirmation email', 'previsit email']],
    ['D2: by motif', motifOff, []],
    ['D2: by patient', patientOff, []],
    [
      'D2: another agenda’s, motif’s or patient’s switch changes nothing',
      {
        agendas: { moreau: agendaSettings(), ouellet: agendaSettings({ sms: false, email: false }) },
        motifs: { CONSULT: motifSettings(), SUIVI: motifSettings({ notify: false }) },
        patients: { 'ehr:P2': { notify: false } },
      },
      everything,
    ],
  ])('%s', (_, settings, expected) => {
    expect(toldUnder(settings)).toEqual(expected)
  })
})

describe('D7: the table of an agenda', () => {
  const columns: readonly SwitchColumn[] = ['confirmation', 'reminder', 'change']
  const cells = (['email', 'sms'] as const).flatMap((channel) => columns.map((column) => ({ channel, column })))

  it.each(cells)('D7: $channel × $column goes off by itself, and leaves every other cell as it was', ({ channel, column }) => {
    const { switches } = agendaSettings()
    const one: AgendaSettings['switches'] = { ...switches, [channel]: { ...switches[channel], [column]: false } }
    for (const cell of cells) expect(isSwitchedOn(one, cell.channel, cell.column)).toBe(cell.channel !== channel || cell.column !== column)
  })

  it('D7: e-mail and SMS are independent', () => {
    expect(toldUnder({ agendas: { moreau: agendaSettings({ email: false }) } })).toEqual(['confirmation sms', 'previsit sms'])
    expect(toldUnder({ agendas: { moreau: agendaSettings({ sms: false }) } })).toEqual(['confirmation email', 'previsit email'])
  })
})

describe('D10, D11: an agenda that is off', () => {
  it('D10: booked by staff: no notification on that channel, of any kind', () => {
    expect(toldUnder({ agendas: { moreau: agendaSettings({ sms: false }) } }, 'staff', 'cancelled')).toEqual([
      'cancellation email',
      'confirmation email',
    ])
    expect(toldUnder(agendaOff, 'staff', 'cancelled')).toEqual([])
  })

  it.each<Origin>(['staff', 'unknown', 'partner', 'kiosk'])('D10: %s counts as staff', (origin) => {
    expect(toldUnder(agendaOff, origin)).toEqual([])
  })

  it('D11: booked online by the patient: still notified', () => {
    expect(toldUnder(agendaOff, 'patient_online')).toEqual(everything)
  })

  it('D11: and stays so when staff change it, or the EHR no longer says who booked it', () => {
    const { origin: _, ...silent } = bookedChange({ practitioner: { name: 'Dr Samuel Ouellet' } }, 60)
    const told = story({ settings: clinicSettings(agendaOff) })
      .hear(bookedChange({ origin: 'patient_online' }))
      .hear(bookedChange({ origin: 'staff', practitioner: { name: 'Marc Petit' } }, 30))
      .hear(silent)
    expect(told.appointment()?.origin).toBe('patient_online')
    expect(told.until(evening).sent()).toEqual(expect.arrayContaining(['previsit email', 'previsit sms']))
  })
})

describe('D13, D16, D17: one switch of a motif', () => {
  it.each<Origin>(['staff', 'patient_online'])('D13, D17, D20: off, every channel and kind is, booked by %s', (origin) => {
    expect(toldUnder(motifOff, origin)).toEqual([])
    expect(toldUnder(motifOff, origin, 'cancelled')).toEqual([])
  })

  it.each(['moreau', 'ouellet', 'gauthier'])('D16: off for all agendas: %s', (key) => {
    const agendas = { moreau: agendaSettings(), ouellet: agendaSettings(), gauthier: agendaSettings() }
    const told = story({ settings: clinicSettings({ ...motifOff, agendas }) }).hear(bookedChange({ agenda: { key } }))
    expect(told.until(evening).sent()).toEqual([])
  })

  it('D9, D19: until it is saved nothing is other than it was; from then on what is still ahead is', () => {
    const told = story().hear(bookedChange()).until('2026-11-21T00:00:00Z')
    expect(told.sent()).toEqual(['confirmation email', 'confirmation sms'])
    expect(told.set(clinicSettings(motifOff)).until(evening).sent()).toEqual(['confirmation email', 'confirmation sms'])
  })

  it('D18: a motif that is off is told apart from one that is set to say nothing, and from one nobody has set', () => {
    const settings = clinicSettings({
      motifs: { OFF: motifSettings({ notify: false, listed: false }), NONE: motifSettings({ type: 'none', notify: false }) },
    })
    const shown = (key: string) => {
      const { type, notify, listed } = motifOf(settings, { ...appointmentOf(settings), motif: { key } })
      return { type, notify, listed }
    }
    expect(shown('OFF')).toEqual({ type: 'onsite', notify: false, listed: false })
    expect(shown('NONE')).toEqual({ type: 'none', notify: false, listed: true })
    expect(motifOf(settings, { ...appointmentOf(settings), motif: { key: 'NEW' } })).toBe(UNSET_MOTIF)
  })
})

describe('D21: what a motif that is off hides', () => {
  const listed = (motif: Partial<MotifSettings>) => {
    const settings = clinicSettings({ motifs: { CONSULT: motifSettings(motif) } })
    return motifOf(settings, appointmentOf(settings)).listed
  }

  it('D21: the appointment leaves the patient’s list, and is back when it is on again', () => {
    expect([listed({}), listed({ notify: false, listed: false }), listed({})]).toEqual([true, false, true])
  })

  it('D21: read when it is asked: nothing of the appointment itself changes', () => {
    const told = story().hear(bookedChange())
    const before = told.appointment()
    expect(told.set(clinicSettings(motifOff)).appointment()).toBe(before)
  })
})

describe('D22, D25: a patient that is off', () => {
  it.each(['moreau', 'ouellet'])('D22: nothing of what staff book, in any agenda: %s', (key) => {
    const agendas = { moreau: agendaSettings(), ouellet: agendaSettings() }
    const told = story({ settings: clinicSettings({ ...patientOff, agendas }) }).hear(bookedChange({ agenda: { key } }))
    expect(told.until(evening).sent()).toEqual([])
  })

  it('D25: what the patient books online is told all the same', () => {
    expect(toldUnder(patientOff, 'patient_online')).toEqual(everything)
  })
})

describe('O2, O3: the type of an appointment decides', () => {
  it.each<readonly [string, Partial<MotifSettings>, readonly string[]]>([
    ['O3: all its switches on', {}, ['cancellation email', 'cancellation sms', 'confirmation email', 'confirmation sms']],
    ['O3: its confirmations off', { confirmation: false }, ['cancellation email', 'cancellation sms']],
    ['O3: its changes off', { changes: false }, ['confirmation email', 'confirmation sms']],
    ['O3: Aucune communication automatisée', { type: 'none', notify: false }, []],
  ])('%s', (_, motif, expected) => {
    expect(toldUnder({ motifs: { CONSULT: motifSettings(motif) } }, 'staff', 'cancelled')).toEqual(expected)
  })

  it('O3: its reminders off', () => {
    expect(toldUnder({ motifs: { CONSULT: motifSettings({ reminder: false }) } })).toEqual(['confirmation email', 'confirmation sms'])
  })

  it('O3: the type at the send counts, not the one at the booking', () => {
    const motifs = { CONSULT: motifSettings(), PSY: motifSettings({ type: 'none', notify: false }) }
    const told = story({ settings: clinicSettings({ motifs }) })
      .hear(bookedChange())
      .until('2026-11-21T00:00:00Z')
      .hear(bookedChange({ motif: { key: 'PSY' } }, 12 * 60))
    expect(told.until(evening).sent()).toEqual(['confirmation email', 'confirmation sms'])
    expect(told.outcomes()).toMatchObject({ 'previsit sms': 'suppressed: motif_silent' })
  })
})

describe('O7: Communications automatisées', () => {
  it('O7: off, all is decided and recorded, and nothing leaves', () => {
    const told = story({ settings: clinicSettings({ communications: false }) })
      .hear(bookedChange())
      .until(evening)
    expect(told.sent()).toEqual([])
    expect(told.outcomes()).toMatchObject({
      'confirmation email': 'suppressed: communications_off',
      'previsit sms': 'suppressed: communications_off',
    })
  })

  it('O7: an agenda in shadow is decided and recorded too, and nothing of it leaves', () => {
    const told = story({ settings: clinicSettings({ agendas: { moreau: { ...agendaSettings(), live: false } } }) }).hear(bookedChange())
    expect(told.until(evening).sent()).toEqual([])
    expect(told.outcomes()).toMatchObject({ 'previsit email': 'shadow: agenda_not_live' })
  })
})

describe('section 4, opt-out: who wants no more', () => {
  const ends = (channel: 'sms' | 'email') =>
    story()
      .stop(channel)
      .hear(bookedChange())
      .until('2026-11-21T12:00:00Z')
      .hear(bookedChange(cancelled, 24 * 60))
      .until(evening)

  it('section 4, opt-out: STOP silences every text; what is urgent goes by e-mail', () => {
    expect(ends('sms').sent()).toEqual(['confirmation email', 'cancellation email'])
    expect(ends('sms').outcomes()).toMatchObject({ 'cancellation sms': 'suppressed: stop' })
  })

  it('section 4, opt-out: of e-mails, it stops confirmations and reminders; changes and cancellations still go', () => {
    expect(ends('email').sent()).toEqual(['confirmation sms', 'cancellation email', 'cancellation sms'])
    expect(ends('email').outcomes()).toMatchObject({ 'confirmation email': 'suppressed: opted_out' })
  })
})

describe('O19, O20, O22: texts', () => {
  it.each<readonly [string, Partial<Settings>, readonly string[]]>([
    ['O20: email_only', { channelPolicy: 'email_only' }, ['confirmation email', 'previsit email']],
    ['O20: email_and_sms', { channelPolicy: 'email_and_sms' }, everything],
    ['O20: sms_if_no_email, and there is one', { channelPolicy: 'sms_if_no_email' }, ['confirmation email', 'previsit email']],
    ['O20: patient_preference, of a patient who has not chosen', { channelPolicy: 'patient_preference' }, everything],
    ['O22: off until an operator activates them', { smsActivated: false }, ['confirmation email', 'previsit email']],
  ])('%s', (_, settings, expected) => {
    expect(toldUnder(settings)).toEqual(expected)
  })
})

function appointmentOf(settings: Settings) {
  const appointment = story({ settings, now: Temporal.Instant.from('2026-11-20T12:00:00Z').toString() })
    .hear(bookedChange())
    .appointment()
  if (!appointment) throw new Error('no appointment')
  return appointment
}
