import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { ReadHints } from '../../../src/connectors/hl7v2/reader.ts'
import { findSegment, readMessage, valueAt } from '../../../src/connectors/hl7v2/reader.ts'

const text = (declared: string) => `MSH|^~\\&|EHR||||20260301||SIU^S12|1|P|2.5||||||${declared}\rPID|1||||Cœuret^Élodie\r`

describe('the bytes of a message (V2-ENC-6)', () => {
  it.each<[string, string, string, ReadHints, string[]]>([
    ['says nothing, is UTF-8', '', 'utf-8', {}, []],
    ['says nothing, is windows-1252', '', 'windows-1252', {}, []],
    ['says nothing, the connection knows', '', 'iso-8859-15', { otherwise: '8859/15' }, []],
    ['UNICODE UTF-8', 'UNICODE UTF-8', 'utf-8', {}, []],
    ['utf8, lower case', 'utf8', 'utf-8', {}, []],
    ['8859/1, whose euro and œ are those of Windows', '8859/1', 'windows-1252', {}, []],
    ['the first repetition counts', '8859/15~UNICODE UTF-8', 'iso-8859-15', {}, []],
    ['claims UTF-8, is not', 'UNICODE UTF-8', 'windows-1252', {}, ['W-CHARSET']],
    ['claims ASCII, is not', 'ASCII', 'utf-8', {}, ['W-CHARSET']],
    ['unknown', 'ISO IR 999', 'utf-8', {}, ['W-CHARSET']],
    ['DICOM’s name', 'ISO_IR 100', 'windows-1252', {}, []],
    ['claims Latin, is UTF-8: read as told, and reported', '8859/1', 'utf-8', {}, ['W-CHARSET', 'mojibake']],
    ['UNICODE UTF-16, is UTF-8', 'UNICODE UTF-16', 'utf-8', {}, ['W-CHARSET']],
    ['claims EUC-JP, is Latin', 'EUC-JP', 'windows-1252', {}, ['W-CHARSET']],
    ['Content-Type beats MSH-18', '8859/15', 'utf-8', { mediaType: 'utf-8' }, []],
    ['the connector’s word beats all', 'UNICODE UTF-8', 'iso-8859-15', { mediaType: 'utf-8', forced: 'iso-8859-15' }, []],
  ])('%s', (_, declared, encoding, hints, warnings) => {
    const message = readMessage(iconv.encode(text(declared), encoding), hints)
    if (!message) throw new Error('no message')
    const garbled = warnings.includes('mojibake')
    expect(valueAt(message, findSegment(message, 'PID'), 5, 1)).toBe(garbled ? 'CÅ“uret' : 'Cœuret')
    expect(valueAt(message, findSegment(message, 'PID'), 5, 2)).toBe(garbled ? 'Ã‰lodie' : 'Élodie')
    expect(message.warnings).toEqual(warnings.filter((warning) => warning !== 'mojibake'))
  })
})

describe('whole families of charsets', () => {
  const named = (declared: string, name: string) => `MSH|^~\\&|EHR||||20260301||SIU^S12|1|P|2.5||||||${declared}\rPID|1||||${name}\r`
  const nameIn = (bytes: Uint8Array) => {
    const message = readMessage(bytes)
    return message && { name: valueAt(message, findSegment(message, 'PID'), 5), warnings: message.warnings }
  }

  it.each([
    ['8859/2', 'iso-8859-2', 'Dvořák'],
    ['8859/5', 'iso-8859-5', 'Иванов'],
    ['8859/7', 'iso-8859-7', 'Παππάς'],
    ['WINDOWS-1251', 'windows-1251', 'Иванов'],
    ['GB 18030-2000', 'gb18030', '王伟'],
    ['KS X 1001', 'euc-kr', '김민수'],
    ['BIG-5', 'big5', '陳'],
    ['CNS 11643-1992', 'big5', '陳'],
    ['SHIFT_JIS', 'shift_jis', '山田'],
  ])('%s', (declared, encoding, name) => {
    expect(nameIn(iconv.encode(named(declared, name), encoding))).toEqual({ name, warnings: [] })
  })

  it.each([
    ['16 bits, by their mark', Buffer.concat([Buffer.of(0xff, 0xfe), iconv.encode(named('UNICODE UTF-16', 'Cœuret'), 'utf-16le')])],
    ['16 bits, the other way round', Buffer.concat([Buffer.of(0xfe, 0xff), iconv.encode(named('UNICODE UTF-16', 'Cœuret'), 'utf-16be')])],
    ['16 bits, without a mark', iconv.encode(named('UNICODE UTF-16', 'Cœuret'), 'utf-16le')],
    ['16 bits, the other way round, without a mark', iconv.encode(named('UNICODE UTF-16', 'Cœuret'), 'utf-16be')],
    ['32 bits, by their mark', Buffer.concat([Buffer.of(0xff, 0xfe, 0, 0), iconv.encode(named('UNICODE UTF-32', 'Cœuret'), 'utf-32le')])],
    ['32 bits, without a mark', iconv.encode(named('UNICODE UTF-32', 'Cœuret'), 'utf-32be')],
  ])('%s', (_, bytes) => {
    expect(nameIn(bytes)).toEqual({ name: 'Cœuret', warnings: [] })
  })

  it.each(['~ISO IR87', 'ASCII~ISO IR87', 'ISO IR87', 'ISO IR14', '~ISO 2022 IR 87'])(
    'Japanese that switches by escapes: %s',
    (declared) => {
      // ESC $ B, the two characters of Yamada, ESC ( B
      const yamada = Buffer.of(0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42)
      const body = Buffer.from(named(declared, yamada.toString('latin1')), 'latin1')
      expect(nameIn(body)).toEqual({ name: '山田', warnings: [] })
    },
  )

  it('V2-ENC-3: a switch by an HL7 escape is kept, and reported', () => {
    expect(nameIn(Buffer.from(named('', 'a\\C2842\\b')))).toEqual({ name: 'a\\C2842\\b', warnings: ['W-CHARSET-SWITCH'] })
    expect(nameIn(Buffer.from(named('', 'a\\M244205\\b')))).toMatchObject({ warnings: ['W-CHARSET-SWITCH'] })
    expect(nameIn(Buffer.from(named('', 'C:\\Cabinet\\b')))).toMatchObject({ warnings: [] })
  })
})
