import { describe, expect, it } from 'vitest'
import { messageLanguageFor, messageLanguages } from '../../src/core/words/catalogue.ts'
import { languageOf } from '../../src/core/words/language.ts'
import { catalogueContract } from '../contract/catalogue-contract.ts'
import { clinicSettings } from '../support/clinic.ts'

for (const language of messageLanguages) catalogueContract(language)

describe('in which language a patient is written to', () => {
  it('French and English at least, and in every language there are pages in', () => {
    expect(messageLanguages).toEqual(expect.arrayContaining(['fr', 'en']))
    for (const tag of ['fr', 'en']) expect(messageLanguages).toContain(languageOf(tag))
  })

  it.each([
    ['en-CA', 'fr', 'en'],
    ['FR_ca', 'en', 'fr'],
    ['qqq', 'en', 'en'],
    [undefined, 'qqq', 'fr'],
    ['constructor', 'en', 'en'],
  ])('a patient of %s at a clinic of %s: %s', (wish, language, expected) => {
    const settings = clinicSettings()
    expect(messageLanguageFor({ clinic: { ...settings.clinic, language } }, wish)).toBe(expected)
  })
})
