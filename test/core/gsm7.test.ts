import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsSegments, toGsm7 } from '../../src/core/gsm7.ts'

describe('the same words inside GSM-7', () => {
  it.each([
    ['what is inside stays', 'é è à ù Ç ñ ß Ø @ € [ok]', 'é è à ù Ç ñ ß Ø @ € [ok]'],
    [
      'French',
      'Hôpital Notre-Dame-de-la-Paix, bâtiment où ça tourne, œdème',
      'Hopital Notre-Dame-de-la-Paix, batiment où ca tourne, oedème',
    ],
    ['typeset French', '«\u00a0Oui\u00a0» c’est prêt\u202f! 9\u00a0h\u00a040', '"Oui" c\'est pret ! 9 h 40'],
    ['dashes and dots', 'Lundi – mardi… 5\u2011A', 'Lundi - mardi... 5-A'],
    ['Polish, Turkish, Vietnamese', 'Łukasz Çağlar Nguyễn Đức', 'Lukasz Çaglar Nguyen Duc'],
    ['letters taken apart (NFD)', 'e\u0301tablissement', 'établissement'],
    ['another script is left out', 'Dr 王 Petit', 'Dr Petit'],
    ['an emoji is left out', 'Merci 🙂.', 'Merci .'],
  ])('%s', (_, text, expected) => {
    expect(toGsm7(text)).toBe(expected)
  })

  it('is always GSM-7, and touches nothing that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = toGsm7(text)
        expect(smsSegments(once).encoding).toBe('gsm7')
        expect(toGsm7(once)).toBe(once)
      }),
    )
  })
})

describe('what a text costs', () => {
  it.each([
    ['nothing', '', 'gsm7', 0, 0],
    ['160 letters', 'a'.repeat(160), 'gsm7', 160, 1],
    ['161 letters', 'a'.repeat(161), 'gsm7', 161, 2],
    ['306 letters', 'a'.repeat(306), 'gsm7', 306, 2],
    ['307 letters', 'a'.repeat(307), 'gsm7', 307, 3],
    ['80 euro signs', '€'.repeat(80), 'gsm7', 160, 1],
    ['81 euro signs: none is cut in two', '€'.repeat(81), 'gsm7', 162, 2],
    ['153 septets that end with half a euro', `${'a'.repeat(152)}${'€'.repeat(77)}`, 'gsm7', 306, 3],
    ['one ê', 'ê', 'ucs2', 1, 1],
    ['70 of them', 'ê'.repeat(70), 'ucs2', 70, 1],
    ['71 of them', 'ê'.repeat(71), 'ucs2', 71, 2],
    ['35 emoji', '🙂'.repeat(35), 'ucs2', 70, 1],
    ['67 emoji: none is cut in two', '🙂'.repeat(67), 'ucs2', 134, 3],
  ] as const)('%s', (_, text, encoding, units, segments) => {
    expect(smsSegments(text)).toEqual({ encoding, units, segments })
  })
})
