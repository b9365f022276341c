import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { doctolib } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { planManual } from '../../src/core/manual.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { Going } from '../../src/core/simulate/run.ts'
import type { Heard } from '../../src/core/simulate.ts'
import { simulate } from '../../src/core/simulate.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, motifSettings, start } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const until = Temporal.Instant.from('2026-11-27T00:00:00Z')
const cancelled: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'cancelled' } }

interface Booking extends Partial<AppointmentChange> {
  readonly who: string
  readonly contacts?: readonly ContactPoint[]
}

/** A word of the EHR about somebody's appointment, so many minutes after noon UTC on 20 November 2026. */
function said(
  { who, contacts = [mobile, { ...email, value: `${who.toLowerCase()}@example.org` }], ...change }: Booking,
  minute = 0,
): Heard {
  const word = bookedChange(
    { ehrId: `A-${who}`, patient: { ehrId: who, name: { given: who }, language: 'fr', contacts }, ...change },
    minute,
  )
  const source = { connectorId: 'ehr', clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }
  return { at: word.stamp.at, change: word, source }
}

/** What becomes of the reminders: `sms sent` → how many; and whom each text names. */
function reminders(words: readonly Heard[], settings: Partial<Settings> = {}) {
  const named: string[][] = []
  const textOf = ({ notification, patient, companions }: Going) => {
    if (notification.kind === 'previsit')
      named.push([patient, ...companions.map((each) => each.patient)].map((each) => each.givenName ?? '').sort())
    return ''
  }
  const all = { agendas: { moreau: agendaSettings(), ouellet: agendaSettings() }, ...settings }
  const { outcomes } = simulate(words, clinicSettings(all), until, { textOf })
  const counts: Record<string, number> = {}
  for (const { channel, kind, state, reason, messages } of outcomes)
    if (kind === 'previsit') counts[[channel, state, reason].filter(Boolean).join(' ')] = messages
  return { ...counts, named }
}

const at = (hours: number): Pick<AppointmentChange, 'time'> => ({
  time: { start: start.add({ hours }), end: start.add({ hours: hours + 1 }) },
})
const anne = said({ who: 'Anne' })
const paul = (change: Partial<Booking> = {}) => said({ who: 'Paul', ...at(1), ...change }, 1)

describe('section 5: the truth table, of a household', () => {
  it('row 15: patient and relative, same day, same agenda: 1 SMS that names both, 2 e-mails', () => {
    expect(reminders([anne, paul()])).toEqual({ 'sms sent': 1, 'sms merged_into': 1, 'email sent': 2, named: [['Anne', 'Paul']] })
  })

  it('row 16: the same in different agendas: 2 SMS', () => {
    expect(reminders([anne, paul({ agenda: { key: 'ouellet' } })])).toEqual({ 'sms sent': 2, 'email sent': 2, named: [['Anne'], ['Paul']] })
  })

  it('row 17: the same, the relative’s motif off: 1 SMS that does not name the relative', () => {
    const motifs = { CONSULT: motifSettings(), PSY: motifSettings({ notify: false, listed: false }) }
    expect(reminders([anne, paul({ motif: { key: 'PSY' } })], { motifs })).toEqual({
      'sms sent': 1,
      'sms suppressed motif_off': 1,
      'email sent': 1,
      'email suppressed motif_off': 1,
      named: [['Anne']],
    })
  })

  it('row 18: the same, the patient’s switch off and the relative’s on, both booked by staff: 1 SMS for the relative alone', () => {
    expect(reminders([anne, paul()], { patients: { 'ehr:Anne': { notify: false } } })).toMatchObject({
      'sms sent': 1,
      'sms suppressed patient_off': 1,
      named: [['Paul']],
    })
  })

  it('D29, row 15: one of the two cancelled before the send: the SMS is the other’s', () => {
    expect(reminders([anne, paul(), said({ who: 'Anne', ...cancelled }, 60)])).toMatchObject({ 'sms sent': 1, named: [['Paul']] })
  })

  it('D29, row 15: the second one booked after the SMS left has its own', () => {
    // hers leaves at 21:40 the evening before last; his of that same day is booked at 1:00, and due at 5:40
    const late = said({ who: 'Paul', ...at(8) }, (4 * 24 + 18) * 60)
    expect(reminders([anne, late])).toMatchObject({ 'sms sent': 2, named: [['Anne'], ['Paul']] })
    const early = said({ who: 'Paul', ...at(8) }, 60)
    expect(reminders([anne, early])).toMatchObject({ 'sms sent': 1, named: [['Anne', 'Paul']] })
  })
})

describe('section 5: the truth table, of an absence', () => {
  const absence = (contacts: readonly ContactPoint[]) => {
    const booked = Array.from({ length: 6 }, (_, index) => index)
    const one = (index: number, change: Partial<AppointmentChange>, minute: number) =>
      said({ who: `P${index}`, contacts: contacts.map((each) => unique(each, index)), ...change }, minute)
    const words = [...booked.map((index) => one(index, {}, 0)), ...booked.map((index) => one(index, cancelled, 24 * 60))]
    const { outcomes } = simulate(words, clinicSettings({ cadence: doctolib }), until, { textOf: () => '' })
    return Object.fromEntries(
      outcomes
        .filter(({ kind }) => kind === 'cancellation')
        .map(({ channel, state, reason, messages }) => [[channel, state, reason].filter(Boolean).join(' '), messages]),
    )
  }
  const unique = (contact: ContactPoint, index: number): ContactPoint => ({
    ...contact,
    value: contact.kind === 'email' ? `p${index}@example.org` : `+1418555${2000 + index}`,
  })

  it('row 14: agenda SMS on, an absence cancels it: e-mail, and no SMS to whoever has one (doctolib)', () => {
    expect(absence([mobile, email])).toEqual({ 'email sent': 6, 'sms suppressed absence_email_on_file': 6 })
  })

  it('row 14: SMS to whoever has no e-mail (doctolib)', () => {
    expect(absence([mobile])).toEqual({ 'email suppressed no_primary_email': 6, 'sms sent': 6 })
  })
})

describe('section 5: the truth table, of what staff send by hand', () => {
  const everythingOff: Partial<Settings> = {
    communications: false,
    agendas: { moreau: { ...agendaSettings({ sms: false, email: false, push: false }), live: false } },
    motifs: { CONSULT: motifSettings({ type: 'none', notify: false, listed: false }) },
    patients: { 'ehr:P1': { notify: false } },
  }

  const byHand = (contacts: readonly ContactPoint[], optedOut = false) => {
    const settings = clinicSettings(everythingOff)
    const appointment = story({ settings })
      .hear(bookedChange({ status: { value: 'fulfilled' } }))
      .appointment()
    if (!appointment) throw new Error('no appointment')
    const patient = { id: 'ehr:P1', clinicId: 'tilleuls', connectorId: 'ehr', ehrId: 'P1', contacts, deceased: false, said: {} }
    const planned = planManual({ appointment, patient, settings, channel: 'sms', optedOut, key: 'k1', now: start.subtract({ hours: 24 }) })
    return planned.kind === 'planned' ? 'sent' : planned.reason
  }

  it.each<readonly [string, readonly ContactPoint[], boolean, string]>([
    ['row 19: manual SMS, type Aucune, everything off: sent', [mobile], false, 'sent'],
    ['row 19: unless the number said STOP', [mobile], true, 'stop'],
    ['row 19: or there is no mobile', [landline], false, 'landline_only'],
    ['row 19: or no number at all', [email], false, 'no_mobile'],
  ])('%s', (_, contacts, optedOut, expected) => {
    expect(byHand(contacts, optedOut)).toBe(expected)
  })
})

describe('section 5: the truth table, of a change taken back', () => {
  const there = bookedChange({ time: { start: start.add({ hours: 1 }) } }, 2)
  const back = bookedChange({}, 4)
  const changes = (grace: string) => {
    const told = story({ settings: clinicSettings({ grace: Temporal.Duration.from(grace) }) }).hear(bookedChange())
    told.until('2026-11-20T12:01:00Z')
    if (grace !== 'PT0S') told.until('2026-11-20T13:00:00Z').setClock('2026-11-20T13:02:00Z')
    else told.setClock('2026-11-20T12:02:00Z')
    told.hear(there)
    if (grace === 'PT0S') told.until('2026-11-20T12:04:00Z')
    return told
      .hear(back)
      .until('2026-11-20T20:00:00Z')
      .sent()
      .filter((each) => each.startsWith('change'))
  }

  it('row 26: A→B→A inside the grace: nothing', () => {
    expect(changes('PT10M')).toEqual([])
  })

  it('row 26: with grace 0: two notices by each channel', () => {
    expect(changes('PT0S')).toEqual(['change email', 'change sms', 'change email', 'change sms'])
  })
})
