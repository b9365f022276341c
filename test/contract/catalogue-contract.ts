import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Modality } from '../../src/core/appointment.ts'
import { smsSegments, toGsm7 } from '../../src/core/gsm7.ts'
import { cellKinds } from '../../src/core/template/cell.ts'
import { samplesFor } from '../../src/core/template/samples.ts'
import type { MessageLanguage } from '../../src/core/words/catalogue.ts'
import { phrasesIn } from '../../src/core/words/catalogue.ts'
import { languageOf } from '../../src/core/words/language.ts'
import type { News } from '../../src/core/words/phrases.ts'
import { wordsFor } from '../../src/core/words.ts'
import { clinicSettings } from '../support/clinic.ts'

const modalities: readonly Modality[] = ['onsite', 'video', 'phone', 'home', 'unknown']
const allNews: readonly News[] = ['booked', 'reminder', 'changed', 'restored', 'cancelled', 'missed', 'manual']
const link = 'https://rdv.example/k7Qm2xV9bT4nR8wYc3Lp6Z'

/** What a language is held to before anybody is written to in it. A sentence that lacks does not compile; this finds those that say nothing, or cost. */
export function catalogueContract(language: MessageLanguage): void {
  const phrases = phrasesIn(language)
  const { sms, dates } = phrases

  describe(`the words of ${language}`, () => {
    it('say something of every news, however the patient comes', () => {
      const said = allNews.flatMap((news) => [
        ...[true, false].map((asks) => phrases.subject(news, asks, 'W')),
        ...modalities.flatMap((modality) => (['day', 'hour', undefined] as const).map((moved) => phrases.title(news, modality, moved))),
        ...[true, false].map((asks) => sms.link(news, asks)),
        ...modalities.map((modality) => sms.head(news, modality, undefined)),
      ])
      const whole = [
        phrases.seeAndConfirm,
        phrases.see,
        phrases.allConfirmed,
        phrases.answerAgain,
        phrases.copyAddress,
        phrases.stopHint,
        sms.stop,
      ]
      const ofPhone = [undefined, '418'].flatMap((phone) => [
        phrases.cancelUntil('W', phone),
        phrases.callInstead(phone),
        phrases.callForAnother(phone),
        phrases.automatic(phone),
        sms.another(phone),
      ])
      for (const text of [...said, ...whole, ...ofPhone]) {
        expect(text.trim()).not.toBe('')
        expect(text).not.toMatch(/undefined|null|\{|\[object/)
      }
      for (const news of allNews) expect(phrases.subject(news, false, 'W')).toContain('W')
    })

    it.each(cellKinds)('a %s is one text message in GSM-7, with one link and how to stop', (kind) => {
      for (const modality of modalities)
        for (const { name, input } of samplesFor({ kind, channel: 'sms', modality, language }, clinicSettings())) {
          const words = wordsFor(input)
          const text = words.sms.replace('{link}', link)
          expect([words.language, words.sms.split('{link}').length, text.includes('STOP')]).toEqual([language, 2, true])
          const size = smsSegments(text)
          expect([modality, name, size.encoding, name === 'usual' ? size.segments : 1, toGsm7(text) === text]).toEqual([
            modality,
            name,
            'gsm7',
            1,
            true,
          ])
        }
    })

    it('tell every day, month and hour from every other', () => {
      const everyDay = Array.from({ length: 7 }, (_, index) => ({ dayOfWeek: index + 1, day: 9, month: 3 }))
      const everyMonth = Array.from({ length: 12 }, (_, index) => ({ dayOfWeek: 4, day: 9, month: index + 1 }))
      for (const say of [dates.day, dates.shortDay]) {
        expect(new Set(everyDay.map(say)).size).toBe(7)
        expect(new Set(everyMonth.map(say)).size).toBe(12)
        expect(say({ dayOfWeek: 4, day: 26, month: 11, year: 2027 })).toContain('2027')
        expect(say({ dayOfWeek: 4, day: 26, month: 11 })).not.toMatch(/undefined|20\d\d/)
      }
      const minutes = Array.from({ length: 1440 }, (_, index) => [Math.floor(index / 60), index % 60] as const)
      for (const say of [dates.hour, dates.shortHour]) expect(new Set(minutes.map((time) => say(...time))).size).toBe(1440)
      for (const time of minutes) expect(smsSegments(dates.shortHour(...time)).encoding).toBe('gsm7')
      expect(dates.dayAndHour('D', 'H')).toMatch(/D.*H|H.*D/)
      for (const zone of Object.keys(dates.places)) expect(() => Temporal.Now.zonedDateTimeISO(zone)).not.toThrow()
    })

    it('say that the page can be read in another language there are pages in', () => {
      const other = phrases.otherLanguage
      expect([languageOf(other.language), other.language === language, other.text.trim() === '']).toEqual([other.language, false, false])
    })
  })
}
