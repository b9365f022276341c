import { describe, expect, it } from 'vitest'
import { cellKey, cellKinds, kindSaid, readCell, templateFor } from '../../../src/core/template/cell.ts'

describe('the name of a cell of the catalogue', () => {
  it.each([
    ['reminder.sms.onsite.fr', { kind: 'reminder', channel: 'sms', modality: 'onsite', language: 'fr' }],
    ['confirmation.email.*.en', { kind: 'confirmation', channel: 'email', modality: '*', language: 'en' }],
    ['no_show.push.unknown.fr', { kind: 'no_show', channel: 'push', modality: 'unknown', language: 'fr' }],
  ])('%s', (key, cell) => {
    expect(readCell(key)).toEqual(cell)
    const read = readCell(key)
    expect(read && cellKey(read)).toBe(key)
  })

  it.each([
    ['', 'empty'],
    ['reminder.sms.onsite', 'without a language'],
    ['reminder.sms.onsite.fr.x', 'with more'],
    ['reminder.letter.onsite.fr', 'no channel of that name'],
    ['recall.sms.onsite.fr', 'no kind of that name'],
    ['*.sms.onsite.fr', 'every kind is none'],
    ['reminder.sms.onsite.fr-CA', 'a language is two letters'],
    ['reminder.sms.onsite.de', 'no words in German'],
    ['constructor.sms.onsite.fr', 'no kind of that name'],
  ])('%s is none: %s', (key) => {
    expect(readCell(key)).toBeUndefined()
  })
})

describe('which of the clinic’s templates a message takes', () => {
  const templates = {
    'reminder.sms.*.fr': { body: 'any' },
    'reminder.sms.video.fr': { body: 'video' },
    'previsit.sms.phone.fr': { body: 'phone' },
  }
  const at = { channel: 'sms', language: 'fr' } as const
  it.each([
    ['its own way to come first', { ...at, kind: 'reminder', modality: 'video' }, 'video'],
    ['however one comes, where that has none', { ...at, kind: 'reminder', modality: 'home' }, 'any'],
    ['a pre-visit its own', { ...at, kind: 'previsit', modality: 'phone' }, 'phone'],
    ['a pre-visit without its own the reminder’s (SMS de rappel)', { ...at, kind: 'previsit', modality: 'video' }, 'video'],
    ['a reminder never the pre-visit’s', { ...at, kind: 'reminder', modality: 'phone' }, 'any'],
    ['not another channel’s', { ...at, kind: 'reminder', modality: 'video', channel: 'email' }, undefined],
    ['not another language’s', { ...at, kind: 'reminder', modality: 'video', language: 'en' }, undefined],
    ['not another kind’s', { ...at, kind: 'confirmation', modality: 'video' }, undefined],
  ] as const)('%s', (_, cell, body) => {
    expect(templateFor(templates, cell)?.template.body).toBe(body)
    expect(templateFor(undefined, cell)).toBeUndefined()
  })

  it('a message takes the words of what it says: a correction may call off, move or restore', () => {
    expect(kindSaid('cancelled', 'correction')).toBe('cancellation')
    expect(kindSaid('changed', 'correction')).toBe('change')
    expect(kindSaid('restored', 'correction')).toBe('correction')
    const said = (['booked', 'reminder', 'changed', 'restored', 'cancelled', 'missed', 'manual'] as const).map((news) =>
      kindSaid(news, 'reminder'),
    )
    expect(new Set([...said, kindSaid('reminder', 'previsit')])).toEqual(new Set(cellKinds))
  })
})
