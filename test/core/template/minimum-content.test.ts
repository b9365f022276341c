import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarEntry, writeCalendar } from '../../../src/core/calendar.ts'
import { cellKey, cellKinds, readCell } from '../../../src/core/template/cell.ts'
import { isRefused, lintTemplate } from '../../../src/core/template/lint.ts'
import { ownWords } from '../../../src/core/template/own-words.ts'
import { valuesOf } from '../../../src/core/template/values.ts'
import { templateVariables, variablesIn } from '../../../src/core/template/variables.ts'
import { householdSms } from '../../../src/core/words/household.ts'
import type { WordsInput } from '../../../src/core/words/story.ts'
import { storyOf } from '../../../src/core/words/story.ts'
import { wordsBy } from '../../../src/core/words.ts'
import { parseTemplate } from '../../../src/server/templates/render.ts'
import { clinicSettings, start } from '../../support/clinic.ts'
import { anyInput, channels, secret, spots } from './any-input.ts'

describe('R28: the minimum, whatever an EHR and a clinic say', () => {
  it('R28: no built-in message says why somebody comes, or who it is, in any channel or language', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const story = storyOf(input)
        for (const channel of channels) expect(JSON.stringify(wordsBy(channel, story))).not.toContain(secret)
        const { settings, now } = input
        const members = [{ start, modality: story.modality, asks: input.askToConfirm }]
        expect(householdSms({ members, settings, zone: 'UTC', namesClock: false, now })).not.toContain(secret)
        const { modality, clinic, face } = story
        const { appointment } = input
        const about = { uid: 'x', appointment, start, off: story.off, modality, clinic: { name: clinic }, language: face.language, now }
        expect(writeCalendar(calendarEntry(about), 'PUBLISH')).not.toContain(secret)
      }),
    )
  })

  it('R28: a clinic’s template is given the words of the list, of its place, and nothing else', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const spot of spots) {
          const values = valuesOf(input, storyOf(input), spot)
          expect(Object.keys(values)).toEqual(variablesIn(spot).map(({ name }) => name))
          expect(JSON.stringify(values)).not.toContain(secret)
        }
      }),
    )
  })

  it('R28: on a locked screen there is neither a video’s address nor a place', () => {
    for (const spot of ['subject', 'push'] as const)
      expect(variablesIn(spot).map(({ name }) => name)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/joinLink|address|place|link/)]),
      )
  })

  it('every word of the list has its meaning in both languages', () => {
    for (const { means } of templateVariables) expect([means.fr.trim() !== '', means.en.trim() !== '']).toEqual([true, true])
    expect(new Set(templateVariables.map(({ name }) => name)).size).toBe(templateVariables.length)
  })
})

/** Liquid as people write it, and as they should not. */
const anyTemplate = fc
  .array(
    fc.oneof(
      fc.constantFrom(...templateVariables).map(({ name }) => `{{ ${name} }}`),
      fc.constantFrom(...templateVariables).map(({ name }) => `{% if ${name} %}oui {{ ${name} | upcase }}{% else %}non{% endif %}`),
      fc.constantFrom(...templateVariables).map(({ name }) => `{{ ${name} | default: "…" }}`),
      fc.constantFrom(
        '{{ link }}',
        '{{ when }}',
        ' STOP ',
        '\n\n',
        'Bonjour, ',
        'ê',
        '{link}',
        '{link2}',
        '{{ motif }}',
        '{% for x in y %}',
        '{{',
        '%}',
        '{{ clinic }}',
      ),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 10 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))
  .filter((body) => body !== '')

const anyCell = fc
  .tuple(
    fc.constantFrom(...cellKinds),
    fc.constantFrom(...channels),
    fc.constantFrom('onsite', 'video', 'phone', 'home', 'unknown', '*'),
    fc.constantFrom('fr', 'en'),
  )
  .map((parts) => readCell(parts.join('.')))
  .filter((cell) => cell !== undefined)

const anyOwn = fc
  .record({ cell: anyCell, subject: fc.option(anyTemplate, { nil: undefined }), body: anyTemplate })
  .map(({ cell, subject, body }) => ({
    cell,
    template: { body, ...(subject !== undefined && cell.channel !== 'sms' && { subject }) },
  }))

describe('whatever a clinic writes', () => {
  const lint = ({
    cell,
    template,
  }: {
    readonly cell: NonNullable<ReturnType<typeof readCell>>
    readonly template: { readonly body: string }
  }) => lintTemplate({ cell, template, settings: clinicSettings(), parse: parseTemplate, publicUrl: 'https://rdv.example' })

  it('is found good or refused, with a sentence in both languages; nothing throws', () => {
    fc.assert(
      fc.property(anyOwn, (own) => {
        const report = lint(own)
        for (const { says, field } of report.findings)
          expect([says.fr !== '', says.en !== '', ['subject', 'body'].includes(field)]).toEqual([true, true, true])
        expect(report.worst !== undefined).toBe(
          own.cell.channel === 'sms' && !report.findings.some(({ severity, code }) => severity === 'error' && code !== 'health_word'),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('and is found good, it has its link once at least, and no more in it than the list gives', () => {
    fc.assert(
      fc.property(anyOwn, anyInput, ({ cell, template }, input) => {
        fc.pre(!isRefused(lint({ cell, template })))
        const written = ownWords(withOwn(input, cell, template), storyOf(input), cell.channel, parseTemplate)
        if (!written || 'failed' in written) return
        expect(JSON.stringify(written.words)).not.toContain(secret)
        if (cell.channel === 'sms') expect(written.words.sms).toContain('{link}')
      }),
    )
  })

  it('whether saved or not, a message leaves: the clinic’s words whole, or ours', () => {
    fc.assert(
      fc.property(anyOwn, anyInput, ({ cell, template }, given) => {
        const input = withOwn(given, cell, template)
        const story = storyOf(input)
        const own = ownWords(input, story, cell.channel, parseTemplate)
        const words = { ...wordsBy(cell.channel, story), ...(own && 'words' in own ? own.words : {}) }
        expect(words.sms).toContain('{link}')
        expect([words.subject.trim() !== '', words.preheader.includes('\n'), words.lines.some((line) => /\n/.test(line))]).toEqual([
          true,
          false,
          false,
        ])
        expect(JSON.stringify(words)).not.toContain(secret)
      }),
      { numRuns: 300 },
    )
  })
})

/** In every cell the input could take. */
function withOwn(input: WordsInput, cell: NonNullable<ReturnType<typeof readCell>>, template: { readonly body: string }): WordsInput {
  const templates = Object.fromEntries(
    cellKinds.flatMap((kind) => (['fr', 'en'] as const).map((language) => [cellKey({ ...cell, kind, language, modality: '*' }), template])),
  )
  return { ...input, settings: { ...input.settings, templates } }
}
