import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { contactFor, devicesFor, languageOfPatient } from '../../src/core/patient.ts'
import type { Device } from '../../src/core/preferences.ts'
import { joinPreferences, mostDevices, withDevice, withoutDevices } from '../../src/core/preferences.ts'
import { aPatient } from '../support/screens.ts'

const at = Temporal.Instant.from('2026-11-25T15:00:00Z')
const device = (name: string): Device => ({ endpoint: `https://push.example/${name}`, p256dh: 'p', auth: 'a', registeredAt: at })
const [phone, tablet] = [device('phone'), device('tablet')]

test.each([
  ['as they chose', 'en', 'fr', 'en'],
  ['as the EHR says', undefined, 'fr-CA', 'fr-CA'],
  ['nobody said', undefined, undefined, undefined],
])('the language of a patient: %s', (_, chosen, language, expected) => {
  expect(languageOfPatient({ preferences: chosen ? { language: chosen } : {}, ...(language && { language }) })).toBe(expected)
})

describe('devices', () => {
  test('the newest stands last, once', () => {
    const preferences = withDevice(withDevice(withDevice({ language: 'en' }, phone), tablet), phone)
    expect(preferences).toEqual({ language: 'en', devices: [tablet, phone] })
  })

  test('the oldest makes room', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const { devices } = names.map(device).reduce(withDevice, {})
    expect(devices?.map(({ endpoint }) => endpoint.at(-1))).toEqual(names.slice(-mostDevices))
  })

  test('one that is gone leaves the others; the last leaves nothing', () => {
    const both = { channels: 'sms', devices: [phone, tablet] } as const
    expect(withoutDevices(both, new Set([phone.endpoint]))).toEqual({ channels: 'sms', devices: [tablet] })
    expect(withoutDevices(both, 'all')).toEqual({ channels: 'sms' })
  })
})

describe('two records of one person', () => {
  test('what the survivor chose stays, and what only the other chose is taken', () => {
    expect(joinPreferences({ language: 'en', devices: [phone] }, { language: 'fr', channels: 'sms', devices: [tablet, phone] })).toEqual({
      language: 'en',
      channels: 'sms',
      devices: [tablet, phone],
    })
    expect(joinPreferences(undefined, { channels: 'email' })).toEqual({ channels: 'email' })
  })
})

describe('MOD-12: the devices of a minor', () => {
  const visit = { start: Temporal.Instant.from('2026-11-26T14:40:00Z'), firstSeenAt: at, zone: 'America/Toronto' }
  const born = (birthDate: string, registeredAt: string) => ({
    ...aPatient,
    birthDate,
    preferences: { devices: [{ ...phone, registeredAt: Temporal.Instant.from(registeredAt) }] },
  })
  const quebec = { smsToUnknown: true, minors: 'guardian', privacyAge: 14 } as const
  test.each([
    ['a parent’s, of a child', born('2016-05-01', '2026-11-01T12:00:00Z'), quebec, true],
    ['a parent’s, of a child who now decides', born('2012-05-01', '2026-04-01T12:00:00Z'), quebec, false],
    ['their own, of a minor who decides', born('2012-05-01', '2026-06-01T12:00:00Z'), quebec, true],
    ['a parent’s, of who is of age now', born('2008-05-01', '2021-06-01T12:00:00Z'), quebec, false],
    ['an adult’s', born('1979-04-12', '2020-06-01T12:00:00Z'), quebec, true],
    ['whose birth date nobody knows', { ...born('', '2020-06-01T12:00:00Z') }, quebec, true],
    ['where the record alone counts', born('2012-05-01', '2026-04-01T12:00:00Z'), { smsToUnknown: true }, true],
  ])('%s', (_, patient, rules, told) => {
    expect(devicesFor(patient, rules, visit)).toHaveLength(told ? 1 : 0)
    expect(contactFor(patient, 'push', rules, visit)).toEqual(
      told ? { kind: 'found', value: 'tilleuls:P1' } : { kind: 'missing', reason: 'no_device' },
    )
  })
})
