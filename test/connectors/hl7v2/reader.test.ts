import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Delimiters } from '../../../src/connectors/hl7v2/delimiters.ts'
import { encodingCharacters, STANDARD_DELIMITERS } from '../../../src/connectors/hl7v2/delimiters.ts'
import { escapeText, unescapeText } from '../../../src/connectors/hl7v2/escape.ts'
import { parsePath, valueAtPath } from '../../../src/connectors/hl7v2/path.ts'
import type { Message } from '../../../src/connectors/hl7v2/reader.ts'
import { findSegment, readMessage, repetitions, textOf, valueAt } from '../../../src/connectors/hl7v2/reader.ts'
import { hl7 } from './support/siu-text.ts'

function read(body: Uint8Array): Message {
  const message = readMessage(body)
  if (!message) throw new Error('no message')
  return message
}

const header = 'MSH|^~\\&|EHR|HOSP|||20260301||SIU^S12|1|P|2.5'
const at = (path: string, ...lines: string[]) => valueAtPath(read(hl7(header, ...lines)), parsePath(path))

describe('paths', () => {
  it.each([
    ['a field', 'SCH-2', 'B'],
    ['its first component, said so', 'SCH-3.1', 'x'],
    ['another component', 'SCH-3.2', 'y'],
    ['a repetition', 'SCH-4[2]', 'q'],
    ['a component of a repetition', 'SCH-4[2].2', 'r'],
    ['a subcomponent', 'SCH-5.1.2', 'n'],
    ['a Z segment', 'ZCH-4', 'video'],
    ['the separator itself', 'MSH-1', '|'],
    ['the field after the encoding characters', 'MSH-3', 'EHR'],
    ['deleted', 'SCH-6', null],
    ['empty', 'SCH-7', undefined],
    ['beyond the end', 'SCH-99', undefined],
    ['a segment that is not there', 'PV1-2', undefined],
    ['the first segment of that name that holds something', 'AIS-3', 'CONSULT'],
  ])('%s', (_, path, value) => {
    expect(at(path, 'SCH|A|B|x^y|p~q^r|m&n|""||', 'AIS|1||', 'AIS|2||CONSULT', 'ZCH|1|||video')).toBe(value)
  })

  it.each(['SCH', 'SCH-', 'SCH-0x', 'sch-2', 'SCH-2.', 'SCH-2[].1', '', 'SCH-2.1.1.1'])('refuses %o', (path) => {
    expect(() => parsePath(path)).toThrow('not an HL7 path')
  })
})

describe('segment ends (V2-ENC-2)', () => {
  it.each([
    ['carriage returns', '\r'],
    ['line feeds', '\n'],
    ['both', '\r\n'],
    ['blank lines between', '\r\r\n\n'],
    ['blanks at the end of a line', ' \r'],
  ])('%s', (_, end) => {
    const message = read(Buffer.from([header, 'SCH|A|B', 'PID|1'].join(end)))
    expect(message.segments.map((segment) => segment.name)).toEqual(['MSH', 'SCH', 'PID'])
  })

  it.each([
    ['a byte order mark', Buffer.from(`\ufeff${header}\rSCH|A|B\r`)],
    ['framing bytes left around it', Buffer.concat([Buffer.of(0x0b), hl7(header, 'SCH|A|B'), Buffer.of(0x1c, 0x0d)])],
    ['blank lines before it', Buffer.from(`\r\n\n${header}\rSCH|A|B`)],
    ['UTF-16 with its mark', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(`${header}\rSCH|A|B\r`, 'utf16le')])],
  ])('reads through %s', (_, body) => {
    expect(valueAt(read(body), findSegment(read(body), 'SCH'), 2)).toBe('B')
  })

  it.each(['', 'PID|1', 'MSH', 'MSHA^~', 'EVN|A01\rMSH|^~\\&|A', '\x00\x00'])('finds no message in %o', (text) => {
    expect(readMessage(Buffer.from(text))).toBeUndefined()
  })
})

describe('delimiters (V2-ENC-1)', () => {
  it.each([
    ['the usual', 'MSH|^~\\&|', '|^~\\&'],
    ['unusual', 'MSH#!@%*#', '#!@%*'],
    ['too few: the rest are the usual', 'MSH|^~|', '|^~\\&'],
    ['none', 'MSH|', '|^~\\&'],
    ['with a truncation character', 'MSH|^~\\&#|', '|^~\\&#'],
    ['a letter parts nothing', 'MSH|A~\\&|', '|^~\\&'],
    ['a caret between fields', 'MSH^~|\\&^', '^~|\\&'],
  ])('%s', (_, start, all) => {
    const { delimiters } = read(Buffer.from(`${start}EHR`))
    expect(delimiters.field + encodingCharacters(delimiters)).toBe(all)
  })
})

describe('escapes (V2-ENC-3)', () => {
  const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
  it.each([
    ['delimiters', '\\F\\\\S\\\\R\\\\E\\\\T\\', '|^~\\&'],
    ['truncation', 'end\\P\\', 'end#'],
    ['hex bytes, in the charset of the message', 'caf\\XE9\\', 'café'],
    ['a line break', 'a\\.br\\b', 'a\nb'],
    ['a line break followed by another escape', 'a\\.br\\b\\X0D\\c', 'a\nb\rc'],
    ['two blank lines', 'a\\.sp2\\b', 'a\n\nb'],
    ['indents and fills', '\\.in+4\\a\\.ti-2\\b\\.fi\\c\\.nf\\d\\.ce\\e', 'abcde'],
    ['highlighting', '\\H\\now\\N\\', 'now'],
    ['a local escape stays', 'a\\Z99\\b', 'a\\Z99\\b'],
    ['a charset switch stays', '\\C2842\\\\M824041\\', '\\C2842\\\\M824041\\'],
    ['a lone mark stays', 'C:\\temp', 'C:\\temp'],
    ['a path is not an escape, what follows it is', 'C:\\dir\\F\\x', 'C:\\dir|x'],
    ['half a byte is no hex', '\\X0\\', '\\X0\\'],
    ['no hex at all', '\\XGG\\', '\\XGG\\'],
  ])('%s', (_, raw, text) => {
    expect(unescapeText(raw, STANDARD_DELIMITERS, decode)).toBe(text)
  })

  it('takes time in proportion to the text, whatever is in it', () => {
    // read again for each sign that follows, these would outlast the test's time many times over
    for (const text of ['\\'.repeat(500_000), '\\X'.repeat(250_000), '\\a'.repeat(250_000)])
      expect(unescapeText(text, STANDARD_DELIMITERS, decode).length).toBeLessThanOrEqual(text.length)
  })
})

describe('what is written reads back the same (R24)', () => {
  const marks = fc.uniqueArray(fc.constantFrom(...'|^~\\&#!@%*$;:?/<>{}+='), { minLength: 5, maxLength: 6 })
  const delimiters = marks.map(([field = '', component = '', repetition = '', mark = '', subcomponent = '', truncation]): Delimiters => {
    return { field, component, repetition, escape: mark, subcomponent, ...(truncation !== undefined && { truncation }) }
  })
  const nasty = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'|^~\\&#"\r\n\x0b\x1c\x00EFSRTX0Dé.br'), maxLength: 40 }),
    fc.constantFrom('""', '', '\r', 'MSH|^~\\&|', '\\X0D\\', '\x1c\r\x0bMSH'),
  )

  it('any text, any delimiters: one frame, the same segments, the same words', () => {
    fc.assert(
      fc.property(nasty, delimiters, (text, chosen) => {
        const { field } = chosen
        const line = ['NTE', '1', '', escapeText(text, chosen), 'P'].join(field)
        const body = Buffer.from([`MSH${field}${encodingCharacters(chosen)}${field}`, line, `PID${field}1`].join('\r'))
        expect(body.includes(0x0b) || body.includes(0x1c)).toBe(false)
        const message = read(body)
        expect(message.segments.map((segment) => segment.name)).toEqual(['MSH', 'NTE', 'PID'])
        const nte = findSegment(message, 'NTE')
        expect(nte?.fields).toHaveLength(5)
        expect(textOf(message, nte?.fields[3] ?? '') ?? '').toBe(text)
        expect(nte?.fields[4]).toBe('P')
      }),
      { numRuns: 3000 },
    )
  })
})

describe('repetitions (V2-ENC-4)', () => {
  it('leaves out the empty ones', () => {
    const message = read(hl7(header, 'PID|1||A~~B~~'))
    expect(repetitions(message, findSegment(message, 'PID'), 3)).toEqual(['A', 'B'])
  })
})

describe('plain text', () => {
  it('is read by the short way as by the long one', () => {
    const characters = ['a', 'Z', 'é', '\u00a0', '\u200b', '\u0085', '×', ' ', '\t', '"', '&', '\\', '#', '.', '\x7f', 'ﷺ']
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 8 }), (text) => {
        fc.pre(text.split('&')[0]?.trim() !== '""' && !text.includes('\\H\\'))
        // highlighting on means nothing, but takes the long way
        expect(at('NTE-3', `NTE|1||${text}`) ?? '').toBe(at('NTE-3', `NTE|1||\\H\\${text}`) ?? '')
      }),
      { numRuns: 2_000 },
    )
  })
})
