import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { languageOfPatient } from '../../src/core/patient.ts'
import type { Device } from '../../src/core/preferences.ts'
import { joinPreferences, mostDevices, withDevice, withoutDevices } from '../../src/core/preferences.ts'

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
