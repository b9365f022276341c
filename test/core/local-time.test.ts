import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { isSameDay, sayClock, sayDay, sayDayAndHour, sayHour, saySmsDay, saySmsHour, toLocalText } from '../../src/core/local-time.ts'
import type { Language } from '../../src/core/words/language.ts'

const toronto = 'America/Toronto'
const now = Temporal.Instant.from('2026-11-20T12:00:00Z')

/** The spaces that do not break, as a reader sees them. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const instant = (text: string) => Temporal.Instant.from(text)
const face = (language: Language, zone = toronto) => ({ zone, language, now })

describe('the day', () => {
  it.each([
    ['a day of this year', '2026-11-26T14:40:00Z', toronto, 'jeudi 26 novembre', 'Thursday 26 November'],
    ['a day of next year', '2027-01-04T14:40:00Z', toronto, 'lundi 4 janvier 2027', 'Monday 4 January 2027'],
    ['the first of the month', '2026-12-01T14:40:00Z', toronto, 'mardi 1er décembre', 'Tuesday 1 December'],
    ['late evening, already tomorrow in UTC', '2026-11-27T03:30:00Z', toronto, 'jeudi 26 novembre', 'Thursday 26 November'],
    ['the same instant in Paris', '2026-11-27T03:30:00Z', 'Europe/Paris', 'vendredi 27 novembre', 'Friday 27 November'],
    ['New Year’s Eve at home, next year in UTC', '2027-01-01T02:00:00Z', toronto, 'jeudi 31 décembre', 'Thursday 31 December'],
  ])('%s', (_, at, zone, french, english) => {
    expect(sayDay(instant(at), face('fr', zone))).toBe(french)
    expect(sayDay(instant(at), face('en', zone))).toBe(english)
  })
})

describe('the hour', () => {
  it.each([
    ['minutes', '2026-11-26T14:40:00Z', toronto, '9 h 40', '9:40 am', '9h40', '9:40am'],
    ['minutes under ten', '2026-11-26T14:05:00Z', toronto, '9 h 05', '9:05 am', '9h05', '9:05am'],
    ['a full hour', '2026-11-26T19:00:00Z', toronto, '14 h', '2 pm', '14h', '2pm'],
    ['noon', '2026-11-26T17:00:00Z', toronto, '12 h', '12 noon', '12h', '12 noon'],
    ['half past noon', '2026-11-26T17:30:00Z', toronto, '12 h 30', '12:30 pm', '12h30', '12:30pm'],
    ['midnight', '2026-11-26T05:00:00Z', toronto, '0 h', '12 midnight', '0h', '12 midnight'],
    ['half past midnight', '2026-11-26T05:30:00Z', toronto, '0 h 30', '12:30 am', '0h30', '12:30am'],
    ['the half hour of Newfoundland', '2026-11-26T14:40:00Z', 'America/St_Johns', '11 h 10', '11:10 am', '11h10', '11:10am'],
    ['three quarters of Nepal', '2026-11-26T14:40:00Z', 'Asia/Kathmandu', '20 h 25', '8:25 pm', '20h25', '8:25pm'],
    ['the last minute before summer time', '2026-03-08T06:59:00Z', toronto, '1 h 59', '1:59 am', '1h59', '1:59am'],
    ['the first minute of summer time', '2026-03-08T07:00:00Z', toronto, '3 h', '3 am', '3h', '3am'],
    ['the last hour of summer time', '2026-11-01T05:30:00Z', toronto, '1 h 30', '1:30 am', '1h30', '1:30am'],
    ['the same hour again, in winter time', '2026-11-01T06:30:00Z', toronto, '1 h 30', '1:30 am', '1h30', '1:30am'],
  ])('%s', (_, at, zone, french, english, sms, englishSms) => {
    expect(plain(sayHour(instant(at), { zone, language: 'fr' }))).toBe(french)
    expect(plain(sayHour(instant(at), { zone, language: 'en' }))).toBe(english)
    expect(saySmsHour(instant(at), { zone, language: 'fr' })).toBe(sms)
    expect(saySmsHour(instant(at), { zone, language: 'en' })).toBe(englishSms)
  })

  it('does not break between its parts', () => {
    expect(sayHour(instant('2026-11-26T14:40:00Z'), face('fr'))).toBe('9\u00a0h\u00a040')
    expect(sayHour(instant('2026-11-26T14:40:00Z'), face('en'))).toBe('9:40\u00a0am')
  })
})

describe('together', () => {
  it('day and hour', () => {
    expect(plain(sayDayAndHour(instant('2026-11-26T14:40:00Z'), face('fr')))).toBe('jeudi 26 novembre à 9 h 40')
    expect(plain(sayDayAndHour(instant('2026-11-26T14:40:00Z'), face('en')))).toBe('Thursday 26 November at 9:40 am')
  })

  it.each([
    ['2026-11-26T14:40:00Z', 'jeu. 26/11', 'Thu 26 Nov'],
    ['2026-12-01T14:40:00Z', 'mar. 1/12', 'Tue 1 Dec'],
    ['2027-05-03T14:40:00Z', 'lun. 3/05/2027', 'Mon 3 May 2027'],
  ])('in a text message, %s', (at, french, english) => {
    expect(saySmsDay(instant(at), face('fr'))).toBe(french)
    expect(saySmsDay(instant(at), face('en'))).toBe(english)
  })

  it('for machines', () => {
    expect(toLocalText(instant('2026-11-26T14:40:30Z'), toronto)).toBe('2026-11-26T09:40-05:00')
    expect(toLocalText(instant('2026-07-01T12:10:00Z'), 'America/St_Johns')).toBe('2026-07-01T09:40-02:30')
  })

  it.each([
    ['2026-11-26T05:00:00Z', '2026-11-27T04:59:00Z', true],
    ['2026-11-26T04:59:00Z', '2026-11-26T05:00:00Z', false],
  ])('%s and %s are one day in Toronto: %s', (a, b, same) => {
    expect(isSameDay(instant(a), instant(b), toronto)).toBe(same)
  })
})

describe('whose clock it is', () => {
  it.each([
    ['America/Toronto', 'heure de Toronto', 'Toronto time'],
    ['America/Edmonton', 'heure d’Edmonton', 'Edmonton time'],
    ['America/St_Johns', 'heure de Terre-Neuve', 'Newfoundland time'],
    ['America/Argentina/Buenos_Aires', 'heure de Buenos Aires', 'Buenos Aires time'],
    ['Europe/London', 'heure de Londres', 'London time'],
    ['UTC', 'heure UTC', 'UTC'],
  ])('%s', (zone, french, english) => {
    expect(sayClock(zone, 'fr')).toBe(french)
    expect(sayClock(zone, 'en')).toBe(english)
  })
})

it('reads back as the hour it was said of', () => {
  const zones = ['America/Toronto', 'Europe/Paris', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu']
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4_000_000_000 }), (zone, second) => {
      const at = Temporal.Instant.fromEpochMilliseconds(second * 1000)
      const [hour, minute = '0'] = saySmsHour(at, { zone, language: 'fr' }).split('h')
      const local = at.toZonedDateTimeISO(zone)
      expect([Number(hour), Number(minute || 0)]).toEqual([local.hour, local.minute])
    }),
  )
})
