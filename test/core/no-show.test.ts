import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { Settings } from '../../src/core/settings.ts'
import { nextWorkingMorning } from '../../src/core/timing.ts'
import { agendaSettings, bookedChange, clinicSettings, motifSettings, night, start } from '../support/clinic.ts'
import { story } from '../support/story.ts'

const nine = Temporal.PlainTime.from('09:00')
const noShow = { at: nine }
const marked = (hoursAfter: number, overrides: Partial<AppointmentChange> = {}): AppointmentChange =>
  bookedChange({ status: { value: 'noshow' }, ...overrides }, 60 * 24 * 6 + 160 + 60 * hoursAfter)

/** Booked, told, visited by nobody: Thursday 26 November 2026 at 9:40 in Québec; marked so many hours after the start. */
function missed(settings: Partial<Settings> = {}, hoursAfter = 8) {
  const run = story({ settings: clinicSettings({ noShow, ...settings }) })
  run.hear(bookedChange()).until(start.toString())
  return run.until(start.add({ hours: hoursAfter }).toString()).hear(marked(hoursAfter))
}

const said = (run: ReturnType<typeof story>) => run.sent().filter((each) => each.startsWith('no_show'))
const planned = (run: ReturnType<typeof story>) =>
  run
    .notifications()
    .filter(({ kind }) => kind === 'no_show')
    .map(({ channel, state, dueAt }) => `${channel} ${state} ${dueAt}`)
    .sort()

describe('section 4, no-show: a message to whoever did not come', () => {
  it('is off by default: nothing is planned', () => {
    const run = story({ settings: clinicSettings() })
    run
      .hear(bookedChange())
      .until(start.add({ hours: 8 }).toString())
      .hear(marked(8))
    expect(planned(run)).toEqual([])
  })

  it('on, it leaves the next working morning at nine, by e-mail and text', () => {
    const run = missed()
    expect(planned(run)).toEqual(['email planned 2026-11-27T14:00:00Z', 'sms planned 2026-11-27T14:00:00Z'])
    run.until('2026-11-27T14:00:00Z')
    expect(said(run).sort()).toEqual(['no_show email', 'no_show sms'])
  })

  it('V2 quirk 21: marked at the end of the day or in the night, it is still the next morning', () => {
    expect(planned(missed({}, 13))[0]).toBe('email planned 2026-11-27T14:00:00Z')
    expect(planned(missed({}, 20))[0]).toBe('email planned 2026-11-27T14:00:00Z')
  })

  it('unsaid before that morning, it is withdrawn; said again, it is planned again, and leaves once', () => {
    const run = missed()
    run.hear(marked(9, { status: { value: 'fulfilled' } }))
    expect(planned(run)).toEqual(['email withdrawn 2026-11-27T14:00:00Z', 'sms withdrawn 2026-11-27T14:00:00Z'])
    run.hear(marked(10)).until('2026-11-27T15:00:00Z')
    run.hear(marked(26, { status: { value: 'fulfilled' } })).hear(marked(27))
    run.until('2026-12-05T00:00:00Z')
    expect(said(run)).toHaveLength(2)
  })

  it.each<[string, Partial<Settings>, readonly string[]]>([
    ['the motif’s changes off: nobody', { motifs: { CONSULT: motifSettings({ changes: false }) } }, []],
    ['texts of the agenda off: the e-mail alone', { agendas: { moreau: agendaSettings({ sms: false }) } }, ['no_show email']],
    ['the patient’s switch off', { patients: { 'ehr:P1': { notify: false } } }, []],
    ['communications off', { communications: false }, []],
  ])('%s', (_, settings, expected) => {
    const run = missed(settings)
    run.until('2026-12-05T00:00:00Z')
    expect(said(run)).toEqual(expected)
  })

  it('turned off before the morning, it does not leave; turned on later, nobody of before is written to (D9, Told)', () => {
    const off = missed()
    off.set(clinicSettings()).until('2026-12-05T00:00:00Z')
    expect(said(off)).toEqual([])
    const late = story({ settings: clinicSettings() })
    late
      .hear(bookedChange())
      .until(start.add({ hours: 8 }).toString())
      .hear(marked(8))
    late.set(clinicSettings({ noShow })).until('2026-12-05T00:00:00Z')
    expect(said(late)).toEqual([])
  })

  it('a chart that is tidied up eight days later writes to nobody', () => {
    expect(planned(missed({}, 24 * 8))).toEqual([])
  })

  it('quiet hours that reach into the morning put the text off, and not the e-mail', () => {
    const run = missed({ quietHours: { ...night, until: Temporal.PlainTime.from('10:00') } })
    run.until('2026-11-27T14:30:00Z')
    expect(said(run)).toEqual(['no_show email'])
    run.until('2026-11-27T15:00:00Z')
    expect(said(run)).toEqual(['no_show email', 'no_show sms'])
  })

  it('whoever opted out of e-mails is not written to by e-mail', () => {
    const run = missed()
    run.stop('email').until('2026-12-05T00:00:00Z')
    expect(said(run)).toEqual(['no_show sms'])
  })
})

describe('the next working morning', () => {
  const at = (text: string) => Temporal.Instant.from(text)
  it.each<[string, string, string, string, string]>([
    ['Tuesday, marked at once', 'America/Toronto', '2026-11-24T08:30-05:00', '2026-11-24T08:50-05:00', '2026-11-25T09:00-05:00'],
    ['Tuesday, marked in the night', 'America/Toronto', '2026-11-24T08:30-05:00', '2026-11-25T03:00-05:00', '2026-11-25T09:00-05:00'],
    [
      'Tuesday, marked on Wednesday at nine',
      'America/Toronto',
      '2026-11-24T08:30-05:00',
      '2026-11-25T09:00-05:00',
      '2026-11-26T09:00-05:00',
    ],
    ['Friday', 'America/Toronto', '2026-11-27T08:30-05:00', '2026-11-27T18:00-05:00', '2026-11-30T09:00-05:00'],
    ['Saturday', 'Europe/Paris', '2026-11-28T08:30+01:00', '2026-11-28T18:00+01:00', '2026-11-30T09:00+01:00'],
    ['Sunday', 'Europe/Paris', '2026-11-29T08:30+01:00', '2026-11-29T18:00+01:00', '2026-11-30T09:00+01:00'],
    ['into summer time', 'Europe/Paris', '2026-03-27T08:30+01:00', '2026-03-27T18:00+01:00', '2026-03-30T09:00+02:00'],
    ['of the place, not of Greenwich', 'Asia/Kathmandu', '2026-11-25T00:30+05:45', '2026-11-25T02:00+05:45', '2026-11-26T09:00+05:45'],
  ])('%s (%s)', (_, zone, began, now, morning) => {
    expect(nextWorkingMorning(at(began), at(now), nine, zone).toString()).toBe(at(morning).toString())
  })
})
