import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitMessages } from '../../../src/server/commands/hl7/split.ts'

const split = (text: string) => splitMessages(Buffer.from(text, 'latin1')).map((part) => Buffer.from(part).toString('latin1'))

describe('the messages of a file', () => {
  test.each([
    ['one message', 'MSH|1\rSCH|1\r', ['MSH|1\rSCH|1\r']],
    ['several in a row', 'MSH|1\rSCH|1\rMSH|2\rSCH|2', ['MSH|1\rSCH|1\r', 'MSH|2\rSCH|2']],
    ['several with newlines', 'MSH|1\r\nSCH|1\r\n\r\nMSH|2\n', ['MSH|1\r\nSCH|1\r\n\r\n', 'MSH|2\n']],
    ['a batch in a file', 'FHS|^~\\&\rBHS|^~\\&\rMSH|1\rSCH|1\rMSH|2\rBTS|2\rFTS|1\r', ['MSH|1\rSCH|1\r', 'MSH|2\r']],
    ['MLLP frames', '\x0bMSH|1\rSCH|1\r\x1c\r\x0bMSH|2\r\x1c\r', ['MSH|1\rSCH|1\r', 'MSH|2\r']],
    ['the letters MSH inside a field', 'MSH|1\rNTE|1||MSH|x\r', ['MSH|1\rNTE|1||MSH|x\r']],
    ['no message at all', 'dear diary', ['dear diary']],
  ])('%s', (_, text, expected) => {
    expect(split(text)).toEqual(expected)
  })

  test('however many there are, each comes back as it was', () => {
    const line = fc.string({ unit: fc.constantFrom('A', '|', '^', '1', ' '), maxLength: 12 }).map((text) => `Z${text}`)
    const message = fc.array(line, { maxLength: 5 }).map((lines) => ['MSH|^~\\&', ...lines].join('\r').concat('\r'))
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        expect(split(messages.join(''))).toEqual(messages)
      }),
    )
  })
})
