import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import type { MotifSettings } from '../../src/core/settings.ts'
import { bookedChange, clinicSettings, email, mobile, motifSettings, start } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const minutes = (count: number) => Temporal.Duration.from({ minutes: count })
const cancelled: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'cancelled' } }
const excused: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'excused' } }
const movedTo = (hours: number): Partial<AppointmentChange> => ({
  time: { start: start.add({ hours }), end: start.add({ hours }).add({ minutes: 30 }) },
})

const none = motifSettings({ type: 'none', notify: false })
const motifs: Readonly<Record<string, MotifSettings>> = { CONSULT: motifSettings(), AUCUNE: none }
const aucune: Partial<AppointmentChange> = { motif: { key: 'AUCUNE' } }

/** Half an hour after the first word of the EHR. */
const soon = '2026-11-20T12:30:00Z'
const evening = '2026-11-20T22:00:00Z'
const afterTheStart = '2026-11-26T20:00:00Z'

/** Told, by both channels, of an appointment on 26 November. */
const toldOfIt = (options: Parameters<typeof story>[0] = {}) => story(options).hear(bookedChange()).until(soon)
const confirmations = ['confirmation email', 'confirmation sms']

describe('what the patient was told, and what they are told next', () => {
  it('O8: a confirmation by each channel, at once', () => {
    const told = story().hear(bookedChange())
    expect(told.until('2026-11-20T12:00:00Z').sent()).toEqual(confirmations)
  })

  it('O13: moved after the confirmation: one change notice by each channel', () => {
    const told = toldOfIt()
      .hear(bookedChange(movedTo(2), 40))
      .until(evening)
    expect(told.sent()).toEqual([...confirmations, 'change email', 'change sms'])
  })

  it('a second word of the EHR does not lose the SMS that quiet hours put off, nor send the e-mail twice', () => {
    const night = clinicSettings({ quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') } })
    const told = story({ settings: night }).hear(bookedChange())
    expect(told.until('2026-11-20T12:10:00Z').sent()).toEqual(['confirmation email'])
    told.hear(bookedChange({ warnings: ['W-UNIT-GUESSED'] }, 10)).set(night)
    expect(told.until('2026-11-20T12:59:00Z').sent()).toEqual(['confirmation email'])
    expect(told.until('2026-11-20T13:00:00Z').sent()).toEqual(confirmations)
  })

  it('moved and moved back while the SMS waits for the morning: the SMS of the confirmation still goes', () => {
    const settings = clinicSettings({
      grace: minutes(10),
      quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') },
    })
    const told = story({ settings }).hear(bookedChange()).until('2026-11-20T12:10:00Z')
    told
      .hear(bookedChange(movedTo(2), 12))
      .until('2026-11-20T12:15:00Z')
      .hear(bookedChange({}, 15))
    expect(told.until(evening).sent()).toEqual(confirmations)
  })

  it('row 26: A→B→A inside the grace: nothing', () => {
    const told = story({ settings: clinicSettings({ grace: minutes(10) }) })
      .hear(bookedChange())
      .until(soon)
      .hear(bookedChange(movedTo(2), 40))
      .until('2026-11-20T12:35:00Z')
      .hear(bookedChange({}, 45))
      .until(evening)
    expect(told.sent()).toEqual(confirmations)
  })

  it('row 26: A→B→A with no grace: two notices by each channel', () => {
    const told = toldOfIt()
      .hear(bookedChange(movedTo(2), 40))
      .until('2026-11-20T13:00:00Z')
      .hear(bookedChange({}, 70))
      .until(evening)
    expect(told.sent().slice(2)).toEqual(['change email', 'change sms', 'change email', 'change sms'])
  })

  it('O8: a confirmation inside the grace tells the last word only', () => {
    const told = story({ settings: clinicSettings({ grace: minutes(10) }) })
      .hear(bookedChange())
      .hear(bookedChange(movedTo(2), 1))
    expect(told.until(soon).sent()).toEqual(confirmations)
    expect(told.told()?.facts.start?.toString()).toBe(start.add({ hours: 2 }).toString())
  })

  it('O13: cancelled: told once by each channel, and the reminders are withdrawn (MOD-11)', () => {
    const told = toldOfIt().hear(bookedChange(cancelled, 40)).hear(bookedChange(cancelled, 41)).until(afterTheStart)
    expect(told.sent()).toEqual([...confirmations, 'cancellation email', 'cancellation sms'])
    expect(told.outcomes()).toMatchObject({ 'previsit email': 'withdrawn: appointment_off', 'previsit sms': 'withdrawn: appointment_off' })
  })

  it('R7: cancelled, and put into the past in the same breath: who was told of an hour still to come is told that it is off', () => {
    const told = toldOfIt()
      .hear(bookedChange({ ...cancelled, ...movedTo(-24 * 8) }, 40))
      .until(afterTheStart)
    expect(told.sent()).toEqual([...confirmations, 'cancellation email', 'cancellation sms'])
  })

  it('cancelled and told: what the EHR then does to its hour or place is nobody’s business', () => {
    const told = toldOfIt()
      .hear(bookedChange(cancelled, 40))
      .until('2026-11-20T13:00:00Z')
      .hear(bookedChange({ ...cancelled, ...movedTo(2), location: null }, 70))
    expect(told.until(afterTheStart).sent()).toEqual([...confirmations, 'cancellation email', 'cancellation sms'])
  })

  it('V2-ORD-4: cancelled and booked again before the cancellation left: nothing', () => {
    const told = toldOfIt({ cancelDebounce: 'PT5M' })
      .hear(bookedChange(cancelled, 40))
      .until('2026-11-20T12:33:00Z')
      .hear(bookedChange({}, 43))
      .until(evening)
    expect(told.sent()).toEqual(confirmations)
  })

  it('O8: a cancellation within 24 h of the start waits for no rebooking', () => {
    const told = toldOfIt({ cancelDebounce: 'PT5M' })
      .until('2026-11-26T00:00:00Z')
      .hear(bookedChange(cancelled, 60 * 24 * 6))
    expect(told.until('2026-11-26T00:00:00Z').sent().slice(-2)).toEqual(['cancellation email', 'cancellation sms'])
  })

  it('V2-ORD-2: booked again after the cancellation was told: one correction by each channel', () => {
    const told = toldOfIt().hear(bookedChange(cancelled, 40)).until('2026-11-20T13:00:00Z').hear(bookedChange({}, 70)).until(evening)
    expect(told.sent().slice(2)).toEqual(['cancellation email', 'cancellation sms', 'correction email', 'correction sms'])
  })

  it('never told of, and cancelled: nothing', () => {
    const told = story({ settings: clinicSettings({ grace: minutes(10) }) })
      .hear(bookedChange())
      .hear(bookedChange(cancelled, 1))
    expect(told.until(afterTheStart).sent()).toEqual([])
  })

  it('a cancellation of which nothing was ever known: nothing', () => {
    expect(story().hear(bookedChange(cancelled)).until(afterTheStart).sent()).toEqual([])
  })

  it('O13: a change of an appointment that is past: nothing', () => {
    const told = toldOfIt().until(afterTheStart)
    const before = told.sent().length
    told.hear(bookedChange({ practitioner: { name: 'Marc Petit' } }, 60 * 24 * 7)).until('2026-11-28T20:00:00Z')
    expect(told.sent()).toHaveLength(before)
  })

  it('a change that no rule lets out is taken to be known: it does not come out late, when the rule is gone', () => {
    const silentChanges = clinicSettings({ motifs: { CONSULT: motifSettings({ changes: false }) } })
    const told = story({ settings: silentChanges })
      .hear(bookedChange())
      .until(soon)
      .hear(bookedChange(movedTo(2), 40))
      .until(evening)
    expect(told.outcomes()['change email']).toBe('suppressed: motif_kind_off')
    told.set(clinicSettings()).hear(bookedChange({ ...movedTo(2), warnings: ['W-UNIT-GUESSED'] }, 700))
    expect(told.until('2026-11-21T12:00:00Z').sent()).toEqual(confirmations)
  })
})

describe('O13: which changes are the patient’s business', () => {
  const video = { value: 'video' as const, joinUrl: 'https://video.example/1' }
  it.each([
    ['another practitioner', { practitioner: { key: 'petit', name: 'Marc Petit' } }, true],
    ['another place', { location: { key: 'annexe', name: 'Annexe' } }, true],
    ['by video instead', { modality: video }, true],
    ['another hour', movedTo(1), true],
    ['longer, from the same start', { time: { start, end: start.add({ hours: 2 }) } }, false],
    ['its end unknown', { time: { start } }, false],
    ['less than a minute later (MOD-10)', { time: { start: start.add({ seconds: 59 }), end: start.add({ minutes: 30 }) } }, false],
    ['another agenda with the same practitioner and place', { agenda: { key: 'second' } }, false],
    ['the same place under another name', { location: { key: 'main', name: 'Les Tilleuls' } }, false],
    ['confirmed at the counter', { confirmation: 'confirmed' }, false],
  ] satisfies [string, Partial<AppointmentChange>, boolean][])('%s: %#', (_name, change, told) => {
    const settings = clinicSettings({ agendas: { ...clinicSettings().agendas, second: clinicSettings().agendas.moreau ?? never() } })
    const after = toldOfIt({ settings }).hear(bookedChange(change, 40)).until(evening).sent().slice(2)
    expect(after).toEqual(told ? ['change email', 'change sms'] : [])
  })
})

describe('D27, D28: statuses and the belief', () => {
  it('D27: Absent excusé is silent', () => {
    expect(toldOfIt().hear(bookedChange(excused, 40)).until(afterTheStart).sent()).toEqual(confirmations)
  })

  it('D28: Absent excusé taken back before the reminder: the reminder goes, and nothing else', () => {
    const told = toldOfIt().hear(bookedChange(excused, 40))
    expect(told.outcomes()['previsit sms']).toBe('parked: status_at_send_time')
    told.until(evening).hear(bookedChange({}, 700)).until(afterTheStart)
    expect(told.sent()).toEqual([...confirmations, 'previsit email', 'previsit sms'])
  })

  it('D28: Absent excusé taken back after the reminder’s hour: nothing', () => {
    const told = toldOfIt().hear(bookedChange(excused, 40)).until('2026-11-25T03:00:00Z').hear(bookedChange({}, 6_000)).until(afterTheStart)
    expect(told.sent()).toEqual(confirmations)
    expect(told.outcomes()['previsit sms']).toBe('suppressed: status_at_send_time')
  })

  it('section 4, last told: cancelled and told, then excused, then booked again: one correction', () => {
    const told = toldOfIt().hear(bookedChange(cancelled, 40)).until('2026-11-20T13:00:00Z').hear(bookedChange(excused, 70))
    told.until('2026-11-20T14:00:00Z').hear(bookedChange({}, 130)).until(evening)
    expect(told.sent().slice(4)).toEqual(['correction email', 'correction sms'])
  })

  it('D28: a status set and removed inside the grace: the confirmation goes at its hour', () => {
    const told = story({ settings: clinicSettings({ grace: minutes(10) }) })
      .hear(bookedChange())
      .hear(bookedChange({ status: { value: 'checked-in' } }, 1))
    expect(told.outcomes()['confirmation sms']).toBe('parked: status_at_send_time')
    told.until('2026-11-20T12:05:00Z').hear(bookedChange({}, 5))
    expect(told.until('2026-11-20T12:09:00Z').sent()).toEqual([])
    expect(told.until('2026-11-20T12:10:00Z').sent()).toEqual(confirmations)
  })

  it('D28: removed only after the confirmation’s hour: nothing but the reminders', () => {
    const told = story({ settings: clinicSettings({ grace: minutes(10) }) })
      .hear(bookedChange())
      .hear(bookedChange({ status: { value: 'checked-in' } }, 1))
      .until(soon)
      .hear(bookedChange({}, 40))
      .until(afterTheStart)
    expect(told.sent()).toEqual(['previsit email', 'previsit sms'])
  })

  it('D27: a status the connector does not know parks what is planned', () => {
    const told = toldOfIt().hear(bookedChange({ status: { value: 'unknown', raw: 'XYZ' } }, 40))
    expect(told.outcomes()['previsit email']).toBe('parked: status_at_send_time')
    expect(told.until(afterTheStart).sent()).toEqual(confirmations)
  })

  it('O8: proposed first: the confirmation goes when it is booked, settings saved in between or not', () => {
    const told = story()
      .hear(bookedChange({ status: { value: 'proposed' } }))
      .set(clinicSettings())
    expect(told.until(soon).sent()).toEqual([])
    expect(told.hear(bookedChange({}, 40)).until(evening).sent()).toEqual(confirmations)
  })

  it('MOD-3: a held appointment tells nobody until the doubt is lifted', () => {
    const told = story()
      .hear(bookedChange({ time: { start, end: start.add({ minutes: 30 }), conflict: true } }))
      .until(soon)
    expect(told.sent()).toEqual([])
    expect(told.outcomes()['confirmation email']).toBe('held: H-TIME-CONFLICT')
    expect(told.hear(bookedChange({}, 40)).until(soon).sent()).toEqual(confirmations)
  })

  it('MOD-3: a hold that nobody lifts ends with the appointment', () => {
    const told = story()
      .hear(bookedChange({ time: { start, conflict: true } }))
      .until(afterTheStart)
    expect(told.sent()).toEqual([])
    expect(new Set(told.notifications().map(({ state }) => state))).toEqual(new Set(['expired']))
  })

  it('MOD-3: whoever was told a time is told it is off, in spite of a doubt about the time', () => {
    const told = toldOfIt()
      .hear(bookedChange({ time: { start: start.add({ hours: 1 }), conflict: true } }, 40))
      .until('2026-11-20T13:00:00Z')
    expect(told.sent()).toEqual(confirmations)
    const { time: _time, ...timeless } = bookedChange(cancelled, 70)
    expect(told.hear(timeless).until(evening).sent().slice(2)).toEqual(['cancellation email', 'cancellation sms'])
  })

  it('H-PATIENT-CHANGED holds even a cancellation', () => {
    const told = toldOfIt()
      .hear(bookedChange({ ...cancelled, patient: { ehrId: 'P2', contacts: [mobile, email] } }, 40))
      .until(evening)
    expect(told.sent()).toEqual(confirmations)
  })
})

describe('the patient’s own answers', () => {
  it('V2-ORD-5: a patient cancels, the EHR takes it and echoes it: nobody is told', () => {
    const told = toldOfIt().answer('cancel').until('2026-11-20T12:36:00Z').settle({ kind: 'applied', verified: false })
    expect(told.hear(bookedChange(cancelled, 37)).until(afterTheStart).sent()).toEqual(confirmations)
  })

  it('the echo comes before the EHR’s acknowledgement: nobody is told', () => {
    const told = toldOfIt().answer('cancel').until('2026-11-20T12:36:00Z').hear(bookedChange(cancelled, 36))
    expect(told.settle({ kind: 'applied', verified: true }).until(afterTheStart).sent()).toEqual(confirmations)
  })

  it('the EHR refuses it: one correction by each channel, and the reminders are back', () => {
    const told = toldOfIt().answer('cancel')
    expect(told.outcomes()['previsit email']).toBe('withdrawn: appointment_off')
    told.until('2026-11-20T12:36:00Z').settle({ kind: 'refused', reason: 'AR' }).until(afterTheStart)
    expect(told.sent().slice(2)).toEqual(['correction email', 'correction sms', 'previsit email', 'previsit sms'])
  })

  it('the patient restores it within the undo window: nobody is told, and the reminders are back', () => {
    const told = toldOfIt().answer('cancel').until('2026-11-20T12:33:00Z').answer('restore').until(afterTheStart)
    expect(told.sent().slice(2)).toEqual(['previsit email', 'previsit sms'])
  })

  it('WB-1: the EHR moves it while the cancellation waits: it stands at another hour, and the patient is told', () => {
    const told = toldOfIt()
      .answer('cancel')
      .hear(bookedChange(movedTo(2), 40))
      .until(evening)
    expect(told.sent().slice(2)).toEqual(['correction email', 'correction sms'])
  })

  it('staff book it again after the patient’s cancellation: one correction', () => {
    const told = toldOfIt().answer('cancel').until('2026-11-20T12:36:00Z').settle({ kind: 'applied', verified: true })
    told.until('2026-11-20T14:00:00Z').hear(bookedChange({}, 125)).until(evening)
    expect(told.sent().slice(2)).toEqual(['correction email', 'correction sms'])
  })
})

describe('section 4, told: what settings, imports and types change', () => {
  it('O8: a type that was Aucune, changed in the EHR: a confirmation', () => {
    const told = story({ settings: clinicSettings({ motifs }) })
      .hear(bookedChange(aucune))
      .until(soon)
    expect(told.sent()).toEqual([])
    expect(told.outcomes()['confirmation email']).toBe('suppressed: motif_silent')
    expect(told.hear(bookedChange({}, 40)).until(evening).sent()).toEqual(confirmations)
  })

  it('O8: changed from Aucune and moved by the same word: a confirmation, not a move of what was never told', () => {
    const told = story({ settings: clinicSettings({ motifs }) })
      .hear(bookedChange(aucune))
      .until(soon)
    expect(
      told
        .hear(bookedChange(movedTo(2), 40))
        .until(evening)
        .sent(),
    ).toEqual(confirmations)
  })

  it('O8: changed from Aucune, and the EHR speaks again within the grace: the confirmation still goes', () => {
    const told = story({ settings: clinicSettings({ motifs, grace: minutes(10) }) })
      .hear(bookedChange(aucune))
      .until(soon)
    told.hear(bookedChange({}, 40)).until('2026-11-20T12:35:00Z').hear(bookedChange({}, 41))
    expect(told.until(evening).sent()).toEqual(confirmations)
  })

  it('O4: to another type that is silent: nothing', () => {
    const told = story({ settings: clinicSettings({ motifs }) })
      .hear(bookedChange(aucune))
      .until(soon)
    expect(
      told
        .hear(bookedChange({ motif: { key: 'NOBODY-SET-IT' } }, 40))
        .until(afterTheStart)
        .sent(),
    ).toEqual([])
  })

  it('a type switched on in the settings: no confirmation, the reminders ahead go', () => {
    const told = story({ settings: clinicSettings({ motifs: { CONSULT: none } }) })
      .hear(bookedChange())
      .until(soon)
    told.set(clinicSettings()).until(evening)
    expect(told.sent()).toEqual([])
    expect(told.until(afterTheStart).sent()).toEqual(['previsit email', 'previsit sms'])
  })

  it('going live: no confirmation, the reminders ahead go, and a later move is told', () => {
    const told = story({ settings: clinicSettings({ communications: false }) })
      .hear(bookedChange())
      .until(soon)
    expect(told.set(clinicSettings()).until(evening).sent()).toEqual([])
    told.hear(bookedChange(movedTo(2), 700)).until(afterTheStart)
    expect(told.sent()).toEqual(['change email', 'change sms', 'previsit email', 'previsit sms'])
  })

  it('D9: settings saved while a confirmation is in its grace: it goes all the same', () => {
    const settings = clinicSettings({ grace: minutes(10) })
    const told = story({ settings }).hear(bookedChange()).until('2026-11-20T12:05:00Z').set(settings)
    expect(told.until(soon).sent()).toEqual(confirmations)
  })

  it('D9: settings saved while a change is in its grace: it goes all the same', () => {
    const settings = clinicSettings({ grace: minutes(10) })
    const told = story({ settings })
      .hear(bookedChange())
      .until(soon)
      .hear(bookedChange(movedTo(2), 31))
      .set(settings)
    expect(told.until(evening).sent().slice(2)).toEqual(['change email', 'change sms'])
  })

  it('V2-ORD-6: an initial load: only the reminders ahead', () => {
    expect(story().load(bookedChange()).until(afterTheStart).sent()).toEqual(['previsit email', 'previsit sms'])
  })

  it('V2-ORD-6: loaded, then moved by a live word: the move is told', () => {
    expect(
      story()
        .load(bookedChange())
        .until(soon)
        .hear(bookedChange(movedTo(2), 40))
        .until(evening)
        .sent(),
    ).toEqual(['change email', 'change sms'])
  })

  it('V2-ORD-6: a load that finds another hour than was told: nothing, then or at the next word of the EHR', () => {
    const told = toldOfIt()
      .load(bookedChange(movedTo(2), 40))
      .until('2026-11-20T13:00:00Z')
    told.hear(bookedChange({ ...movedTo(2), warnings: ['W-UNIT-GUESSED'] }, 70)).until(evening)
    expect(told.sent()).toEqual(confirmations)
  })

  it('V2-ORD-6: loaded with one type, changed in the EHR to another that speaks as well: nothing', () => {
    const told = story({ settings: clinicSettings({ motifs: { CONSULT: motifSettings(), AUTRE: motifSettings() } }) })
    told
      .load(bookedChange())
      .until(soon)
      .hear(bookedChange({ motif: { key: 'AUTRE' } }, 40))
    expect(told.until(evening).sent()).toEqual([])
  })

  it('V2-ORD-6, O8: loaded as Aucune, changed in the EHR to a type that speaks: a confirmation', () => {
    const told = story({ settings: clinicSettings({ motifs }) })
      .load(bookedChange(aucune))
      .until(soon)
    expect(told.hear(bookedChange({}, 40)).until(evening).sent()).toEqual(confirmations)
  })

  it('V2-ORD-6: loaded while only proposed, then booked: a confirmation', () => {
    const told = story()
      .load(bookedChange({ status: { value: 'pending' } }))
      .until(soon)
    expect(told.hear(bookedChange({}, 40)).until(evening).sent()).toEqual(confirmations)
  })
})

/** Whatever the EHR says, in the end the patient knows what is true, and was told no more often than there was news. */
describe('R7, R3: the belief follows the truth', () => {
  const word: fc.Arbitrary<Partial<AppointmentChange>> = fc.oneof(
    fc.integer({ min: 0, max: 3 }).map(movedTo),
    fc.constantFrom(cancelled, { status: { value: 'booked' as const } }, { practitioner: { name: 'Marc Petit' } }, {}),
  )
  const contacts: fc.Arbitrary<readonly ContactPoint[]> = fc.constantFrom([mobile], [email], [mobile, email])

  it('once the waits are over, what was told is what is true, and no channel repeats itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.integer({ min: 0, max: 30 })), { maxLength: 8 }),
        contacts,
        fc.constantFrom(0, 10),
        (words, who, grace) => {
          const told = story({ settings: clinicSettings({ grace: minutes(grace) }), cancelDebounce: 'PT5M' })
          told.hear(bookedChange({ patient: { ehrId: 'P1', contacts: who } }))
          let minute = 0
          for (const [change, wait] of words) {
            minute += 1 + wait
            const heard = bookedChange({ ...change, patient: { ehrId: 'P1', contacts: who } }, minute)
            told.until(heard.stamp.at.toString()).hear(heard).hear(heard)
          }
          told.until(evening)
          const { facts } = told.told() ?? {}
          const appointment = told.appointment()
          const stands = appointment?.status === 'booked'
          if (facts) expect(facts.stands).toBe(stands)
          else expect(stands).toBe(false)
          if (facts?.stands && appointment)
            expect([facts.start?.toString(), facts.practitioner]).toEqual([appointment.start?.toString(), appointment.practitioner?.name])
          expect(told.notifications().filter(({ state }) => state === 'sent')).toHaveLength(told.sent().length)
        },
      ),
      { numRuns: 500 },
    )
  })
})

function never(): never {
  throw new Error('the invented clinic has lost its agenda')
}
