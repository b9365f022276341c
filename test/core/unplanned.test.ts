import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { doctolib } from '../../src/core/cadences.ts'
import { unplannedOf } from '../../src/core/explain/unplanned.ts'
import type { Settings } from '../../src/core/settings.ts'
import { bookedChange, clinicSettings, start } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const plain = (text = '') => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const hoursBefore = (hours: number) => start.subtract({ hours }).toString()

/** What `rappel why` would say is not planned of a story. */
function unplanned(run: ReturnType<typeof story>, settings: Settings = clinicSettings(), now = start.subtract({ hours: 1 })) {
  const appointment = run.appointment()
  if (!appointment) throw new Error('nothing was booked')
  return unplannedOf({ appointment, settings, existing: run.notifications(), now })
}
const inShort = (of: ReturnType<typeof unplanned>) => of.map(({ step, channel, reason }) => `${step} ${channel} ${reason}`)

describe('section 6: a step of the cadence that was never planned', () => {
  it('is none where every step has its messages, whatever became of them', () => {
    expect(unplanned(story().hear(bookedChange()))).toEqual([])
    expect(unplanned(story().hear(bookedChange()).until(hoursBefore(2)))).toEqual([])
  })

  it('O15: booked less than 36 h ahead: the confirmation says it', () => {
    const [line] = unplanned(story({ now: hoursBefore(20) }).hear(bookedChange()))
    expect(line).toMatchObject({ step: 'PT36H', kind: 'previsit', channel: 'email', reason: 'booked_too_late' })
    expect(plain(line?.sentence.fr)).toBe(
      'E-mail de rappel du mardi 24 novembre à 21 h 40 : non prévu, parce que le rendez-vous a été pris après cette heure : la confirmation le dit (O15).',
    )
    expect(plain(line?.sentence.en)).toBe(
      'Reminder e-mail of Tuesday 24 November at 9:40 pm: not planned, because the appointment was booked after that hour: the confirmation says it (O15).',
    )
  })

  it('O15: moved to less than 36 h ahead: the change says it', () => {
    const later = start.add({ hours: 48 })
    const run = story()
      .hear(bookedChange({ time: { start: later } }))
      .until(hoursBefore(20))
    run.hear(bookedChange({ stamp: { at: start.subtract({ hours: 20 }) } }))
    expect(inShort(unplanned(run))).toEqual(['PT36H email moved_too_late', 'PT36H sms moved_too_late'])
  })

  it('doctolib: the reminders that are for appointments booked sooner, or later', () => {
    const settings = clinicSettings({ cadence: doctolib })
    const soon = story({ settings, now: hoursBefore(72) }).hear(bookedChange())
    expect(inShort(unplanned(soon, settings))).toEqual([
      'D7T1400 email other_bookings',
      'D2T1300 sms other_bookings',
      'afterPT10M sms other_bookings',
    ])
  })

  it('one whose hour is after the visit', () => {
    const [step] = clinicSettings().cadence.steps
    if (!step) throw new Error('no step')
    const late = { ...step, name: 'D0T1500', when: { daysBefore: 0, at: Temporal.PlainTime.from('15:00') } }
    const settings = clinicSettings({ cadence: { ...clinicSettings().cadence, steps: [late] } })
    expect(inShort(unplanned(story({ settings }).hear(bookedChange()), settings))).toEqual([
      'D0T1500 email never_in_time',
      'D0T1500 sms never_in_time',
    ])
  })

  it('one that was set after its hour', () => {
    const without = clinicSettings({ cadence: { ...clinicSettings().cadence, steps: [] } })
    const run = story({ settings: without }).hear(bookedChange()).until(hoursBefore(20))
    expect(inShort(unplanned(run))).toEqual(['PT36H email known_too_late', 'PT36H sms known_too_late'])
  })

  it('of an appointment that is off nothing is said', () => {
    const run = story({ now: hoursBefore(20) }).hear(bookedChange())
    run.hear(bookedChange({ status: { value: 'cancelled' }, stamp: { at: start.subtract({ hours: 19 }) } }))
    expect(unplanned(run)).toEqual([])
  })

  it('each step has a message or a line, never both', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 12 }), fc.constantFrom('doctolib', 'ofys'), (hours, name) => {
        const settings = clinicSettings(name === 'doctolib' ? { cadence: doctolib } : {})
        const run = story({ settings, now: hoursBefore(hours) }).hear(bookedChange({ stamp: { at: start.subtract({ hours }) } }))
        const planned = run.notifications().filter(({ kind }) => kind === 'reminder' || kind === 'previsit')
        const lines = [...planned, ...unplanned(run, settings)].map(({ step, channel }) => `${step} ${channel}`)
        const wanted = settings.cadence.steps.flatMap(({ name: step, channels }) => channels.map((channel) => `${step} ${channel}`))
        expect(lines.sort()).toEqual(wanted.sort())
      }),
      { numRuns: 60 },
    )
  })
})
