import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TemplateValues } from '../../../src/core/template/values.ts'
import { parseTemplate } from '../../../src/server/templates/render.ts'

const values: TemplateValues = { 'clinic.name': 'Tilleuls', 'clinic.phone': null, when: 'jeu. 26/11 9h40', asks: true, confirmed: false }

function rendered(source: string): string | undefined {
  const parsed = parseTemplate(source)
  return parsed.ok ? parsed.render(values) : `refused: ${parsed.said}`
}

describe('a clinic’s template decides and prints', () => {
  it.each([
    ['a value', '{{ clinic.name }} {{ when }}', 'Tilleuls jeu. 26/11 9h40'],
    ['nothing for what is not known', 'a{{ clinic.phone }}b', 'ab'],
    ['what is not known is a no', '{% if clinic.phone %}y{% else %}n{% endif %}', 'n'],
    ['a flag', '{% if asks %}y{% endif %}{% unless confirmed %}n{% endunless %}', 'yn'],
    ['a filter of the five', '{{ clinic.phone | default: "–" }} {{ clinic.name | upcase }}', '– TILLEULS'],
    ['a comment', 'a{% comment %}nobody reads this{% endcomment %}b', 'ab'],
    ['one brace is a brace', '{link} { } }}', '{link} { } }}'],
  ])('%s', (_, source, expected) => {
    expect(rendered(source)).toBe(expected)
  })

  it.each([
    ['a loop', '{% for a in (1..9) %}x{% endfor %}'],
    ['a file', '{% include "/etc/passwd" %}'],
    ['a partial', '{% render "x" %}'],
    ['a layout', '{% layout "x" %}'],
    ['an assignment', '{% assign a = 1 %}'],
    ['a capture', '{% capture a %}x{% endcapture %}'],
    ['raw text', '{% raw %}{{ when }}{% endraw %}'],
    ['lines of Liquid', '{% liquid echo when %}'],
    ['a filter of the others', '{{ when | append: "x" }}'],
    ['a date of its own', '{{ "now" | date: "%Y" }}'],
    ['a tag that does not end', '{% if asks %}'],
    ['an open variable', 'a {{ when'],
  ])('refuses %s, and says where', (_, source) => {
    expect(parseTemplate(source)).toMatchObject({ ok: false, said: expect.stringMatching(/^[^\n]{3,200}$/), line: 1 })
  })

  it.each(['{{ nobody }}', '{{ clinic.secret }}', '{{ clinic.constructor }}', '{{ __proto__ }}', '{% if x %}{% endif %}'])(
    'writes nothing with a name it was not given: %s',
    (source) => {
      expect(rendered(source)).toBeUndefined()
    },
  )

  it('names every variable it asks for', () => {
    const parsed = parseTemplate('{{ clinic.name }}{% if asks %}{{ when | default: day }}{% endif %}{{ x["y"] }}')
    expect(parsed.ok && [...parsed.variables].sort()).toEqual(['asks', 'clinic.name', 'day', 'when', 'x.y'])
  })

  it('never throws, whatever is written', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '{{',
        '}}',
        '{%',
        '%}',
        ' if ',
        'endif',
        'asks',
        'when',
        '|',
        ':',
        '[',
        ']',
        '.',
        '"',
        'case',
        'else',
        '-',
        '(1..999999999)',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const parsed = parseTemplate(pieces.join(''))
        if (parsed.ok) expect(typeof (parsed.render(values) ?? '')).toBe('string')
        else expect(parsed.said).not.toContain('\n')
      }),
    )
  })
})
