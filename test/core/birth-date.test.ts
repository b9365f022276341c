import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBirthDate } from '../../src/core/birth-date.ts'

test.each([
  ['12', '4', '1979', '1979-04-12'],
  ['05', '04', '1979', '1979-04-05'],
  [' 5 ', '4', '1979 ', '1979-04-05'],
  ['29', '2', '2024', '2024-02-29'],
  ['29', '2', '2023', undefined],
  ['29', '2', '1900', undefined],
  ['31', '4', '1979', undefined],
  ['12', '13', '1979', undefined],
  ['0', '4', '1979', undefined],
  ['12', '4', '79', undefined],
  ['douze', 'avril', '1979', undefined],
  ['', '', '', undefined],
  ['1e1', '4', '1979', undefined],
])('%s %s %s is %s', (day, month, year, expected) => {
  expect(readBirthDate({ day, month, year })).toBe(expected)
})

test('every day of a calendar is read as it is, and whatever is read is one', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1880-01-01'), max: new Date('2100-12-31'), noInvalidDate: true }), (date) => {
      const iso = date.toISOString().slice(0, 10)
      const [year = '', month = '', day = ''] = iso.split('-')
      expect(readBirthDate({ day: String(Number(day)), month, year })).toBe(iso)
    }),
  )
  fc.assert(
    fc.property(fc.nat(40), fc.nat(15), fc.integer({ min: 1000, max: 9999 }), (day, month, year) => {
      const read = readBirthDate({ day: String(day), month: String(month), year: String(year) })
      if (read !== undefined) expect(new Date(`${read}T00:00:00Z`).toISOString().slice(0, 10)).toBe(read)
    }),
  )
})
