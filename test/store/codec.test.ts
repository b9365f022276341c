import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { fromDocument, Misread, toDocument } from '../../src/store/codec.ts'
import { fromMicroseconds, readInstant, toMicroseconds, writeInstant } from '../../src/store/instant.ts'
import { appointmentRecord } from '../../src/store/records/appointment.ts'
import { notificationRecord } from '../../src/store/records/notification.ts'
import { settingsRecord } from '../../src/store/records/settings.ts'
import { anyAppointment, anyInstant, anySettings } from '../support/arbitraries.ts'
import { aNotification, anAppointment, at, someSettings } from './samples.ts'

describe('an instant', () => {
  const anyNanosecond = fc.bigInt({ min: -8_640_000_000_000_000_000_000n, max: 8_640_000_000_000_000_000_000n })

  test('is written as Temporal writes it, but for zeros at the end, and comes back to the nanosecond', () =>
    fc.assert(
      fc.property(anyNanosecond, (nanoseconds) => {
        const instant = Temporal.Instant.fromEpochNanoseconds(nanoseconds)
        expect(readInstant(writeInstant(instant)).epochNanoseconds).toBe(nanoseconds)
        expect(Temporal.Instant.from(writeInstant(instant)).epochNanoseconds).toBe(nanoseconds)
      }),
    ))

  test.each([
    ['2026-04-10T09:00:00Z', '2026-04-10T09:00:00.000Z'],
    ['2026-04-10T09:00:00.123456Z', '2026-04-10T09:00:00.123456Z'],
    ['2026-04-10T09:00:00.000001Z', '2026-04-10T09:00:00.000001Z'],
    ['2026-04-10T09:00:00.123456789Z', '2026-04-10T09:00:00.123456789Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ])('%s is written %s', (instant, written) => {
    expect(writeInstant(at(instant))).toBe(written)
  })

  test('keeps its order and its microseconds in a column', () =>
    fc.assert(
      fc.property(anyInstant, anyInstant, (a, b) => {
        expect(fromMicroseconds(toMicroseconds(a)).equals(a)).toBe(true)
        expect(Math.sign(toMicroseconds(a) - toMicroseconds(b))).toBe(Temporal.Instant.compare(a, b))
      }),
    ))

  test('finer than a column is rounded up, so that it is never due early', () => {
    expect(toMicroseconds(at('1970-01-01T00:00:00.000001001Z'))).toBe(2)
    expect(toMicroseconds(at('1969-12-31T23:59:59.999998999Z'))).toBe(-1)
  })
})

describe('a document', () => {
  test('comes back as it was, maps with any key included', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(fromDocument(settingsRecord, toDocument(settingsRecord, settings))).toEqual(settings)
      }),
    )
    fc.assert(
      fc.property(anyAppointment, (appointment) => {
        expect(fromDocument(appointmentRecord, toDocument(appointmentRecord, appointment))).toEqual(appointment)
      }),
    )
  })

  const damaged = (change: object) => JSON.stringify({ ...JSON.parse(toDocument(appointmentRecord, anAppointment('1'))), ...change })

  test.each([
    ['a missing field', damaged({ zone: undefined }), 'zone is missing'],
    ['a text where a number was', damaged({ revision: 'SECRET' }), 'revision is not a number'],
    ['a word that is none of ours', damaged({ status: 'SECRET' }), 'status is not a known word'],
    ['an inherited word', damaged({ status: 'toString' }), 'status is not a known word'],
    ['no instant', damaged({ start: 'SECRET' }), 'start is not an instant'],
    ['an instant that cannot be', damaged({ start: '2026-13-45T00:00:00.000Z' }), 'start is not an instant'],
    ['a fault deep inside', damaged({ said: { time: { at: 'SECRET' } } }), 'said time at is not an instant'],
    ['null where something was', damaged({ location: null }), 'location is not an object'],
    ['a list where an object was', damaged({ location: [] }), 'location is not an object'],
    ['an object where a list was', damaged({ holds: {} }), 'holds is not a list'],
  ])('with %s is refused, by place and without its value', (_, document, message) => {
    expect(() => fromDocument(appointmentRecord, document)).toThrow(new Misread(message))
  })

  test('holds each gate of a decision as its values, and is read where it holds them by name', () => {
    const yes = { gate: 1, name: 'manual', verdict: 'na', saw: 'automatic' } as const
    const no = { gate: 2, name: 'hold', verdict: 'no', saw: 'H-NO-TIME', reason: 'H-NO-TIME' } as const
    const noes = { ...no, others: ['H-NO-PATIENT'] }
    const { decision, ...rest } = aNotification('a')
    const notification = { ...rest, ...(decision && { decision: { ...decision, gates: [yes, no, noes] } }) }
    const document = toDocument(notificationRecord, notification)
    const values = '[1,"manual","na","automatic"],[2,"hold","no","H-NO-TIME","H-NO-TIME"]'
    expect(document).toContain(`"gates":[${values},[2,"hold","no","H-NO-TIME","H-NO-TIME",["H-NO-PATIENT"]]]`)
    expect(fromDocument(notificationRecord, document)).toEqual(notification)
    const byName = JSON.parse(document)
    byName.decision.gates = [yes, no, noes]
    expect(fromDocument(notificationRecord, JSON.stringify(byName))).toEqual(notification)
    byName.decision.gates = [['1', 'manual', 'na', 'SECRET']]
    expect(() => fromDocument(notificationRecord, JSON.stringify(byName))).toThrow(new Misread('decision gates gate is not a number'))
  })

  test('with an outcome of another kind is refused', () => {
    const document = toDocument(notificationRecord, aNotification('a')).replace('"kind":"send"', '"kind":"constructor"')
    expect(() => fromDocument(notificationRecord, document)).toThrow('decision outcome kind is not a known word')
  })

  test('with a field of a later program is read without it', () => {
    expect(fromDocument(settingsRecord, JSON.stringify({ ...JSON.parse(toDocument(settingsRecord, someSettings(1))), later: 1 }))).toEqual(
      someSettings(1),
    )
  })
})
