import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { sayings } from '../../src/demo/cast.ts'
import { startIn } from '../../src/demo/demo-time.ts'

const zone = 'America/Toronto'
const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant()

test.each([
  ['an hour and minutes', '2026-11-26T09:40', 'jeudi 26 novembre à 9 h 40', '26/11 9h40'],
  ['minutes under ten', '2026-11-26T09:05', 'jeudi 26 novembre à 9 h 05', '26/11 9h05'],
  ['a round hour', '2026-11-26T14:00', 'jeudi 26 novembre à 14 h', '26/11 14h'],
  ['the first of a month', '2026-12-01T08:10', 'mardi 1er décembre à 8 h 10', '1/12 8h10'],
  ['another year', '2027-01-02T08:10', 'samedi 2 janvier 2027 à 8 h 10', '2/01/2027 8h10'],
])('%s', (_, local, subject, sms) => {
  expect(sayings(at(local), at('2026-11-24T13:20'), zone)).toEqual({ subject, sms })
})

test.each([
  ['2026-11-24T13:20', 'PT20M', '2026-11-24T13:40'],
  ['2026-11-24T13:20:00.001', 'PT20M', '2026-11-24T13:45'],
  ['2026-11-24T13:24', 'PT30H', '2026-11-25T19:25'],
  ['2026-11-24T13:24', 'P3D', '2026-11-27T13:25'],
])('at %s, in %s is %s', (now, ahead, expected) => {
  expect(startIn(at(now), ahead).equals(at(expected))).toBe(true)
})
