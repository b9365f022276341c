import { describe, expect, test } from 'vitest'
import { withPush } from '../../src/core/cadences.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import { choicesFor, decideChoice } from '../../src/core/patient-choices.ts'
import type { Preferences } from '../../src/core/preferences.ts'
import type { Settings } from '../../src/core/settings.ts'
import { clinicSettings, email, landline, mobile } from '../support/clinic.ts'
import { anAppointment, aPatient } from '../support/screens.ts'

const byPatient = clinicSettings({ channelPolicy: 'patient_preference' })
const both = [mobile, email]

function offer(
  settings: Settings,
  contacts: readonly ContactPoint[] = both,
  preferences?: Preferences,
  stopped: readonly ('email' | 'sms')[] = [],
) {
  const patient = { ...aPatient, contacts, ...(preferences && { preferences }) }
  return choicesFor({ appointment: anAppointment(), patient, settings, optedOut: new Set(stopped) })
}

describe('O20: e-mail, text or both is asked', () => {
  test.each([
    ['where the clinic leaves it to the patient', byPatient, both, 'both'],
    ['not where the clinic decides', clinicSettings(), both, undefined],
    ['not without an e-mail address', byPatient, [mobile], undefined],
    ['not without a mobile', byPatient, [landline, email], undefined],
    ['not where the clinic sends no texts', { ...byPatient, smsActivated: false }, both, undefined],
  ])('%s', (_, settings, contacts, channels) => {
    expect(offer(settings, contacts).channels).toBe(channels)
  })

  test('not after a STOP, which only START undoes (R27)', () => {
    expect(offer(byPatient, both, undefined, ['sms'])).toMatchObject({ texted: false })
    expect(offer(byPatient, both, undefined, ['sms'])).not.toHaveProperty('channels')
  })

  test('as it was chosen before', () => {
    expect(offer(byPatient, both, { channels: 'sms', language: 'en' })).toMatchObject({ channels: 'sms', language: 'en' })
  })

  test('a device is offered where the cadence writes to browsers at all', () => {
    expect(offer(clinicSettings())).not.toHaveProperty('devices')
    const pushed = clinicSettings({ cadence: withPush(clinicSettings().cadence) })
    expect(offer(pushed).devices).toBe(0)
  })
})

describe('what was chosen', () => {
  const offered = offer(byPatient)

  test('left as it was changes nothing: a robot that sends the form back does no harm (R26)', () => {
    expect(decideChoice(offered, undefined, { language: 'fr', channels: 'both', reminders: 'on' })).toEqual({})
    expect(decideChoice(offered, undefined, {})).toEqual({})
  })

  test.each([
    ['a language', { language: 'en' }, { preferences: { language: 'en' } }],
    ['a channel', { channels: 'sms' }, { preferences: { channels: 'sms' } }],
    ['no more reminders by e-mail', { reminders: 'off' }, { email: 'stopped' }],
    ['a language nobody has words for', { language: 'xx' }, {}],
    ['a channel there is not', { channels: 'fax' }, {}],
    ['an answer there is not', { reminders: 'maybe' }, {}],
  ] as const)('%s', (_, chosen, expected) => {
    expect(decideChoice(offered, undefined, chosen)).toEqual(expected)
  })

  test('what was not offered is not taken', () => {
    expect(decideChoice(offer(clinicSettings(), [mobile]), undefined, { channels: 'sms', reminders: 'off' })).toEqual({})
  })

  test('reminders may come again, and the rest stays', () => {
    const stopped = offer(byPatient, both, { channels: 'sms' }, ['email'])
    expect(decideChoice(stopped, { channels: 'sms' }, { language: 'en', channels: 'sms', reminders: 'on' })).toEqual({
      preferences: { channels: 'sms', language: 'en' },
      email: 'lifted',
    })
  })
})
