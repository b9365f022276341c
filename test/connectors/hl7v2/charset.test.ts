import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { findSegment, readMessage, valueAt } from '../../../src/connectors/hl7v2/reader.ts'

const text = (declared: string) => `MSH|^~\\&|EHR||||20260301||SIU^S12|1|P|2.5||||||${declared}\rPID|1||||Cœuret^Élodie\r`

describe('the bytes of a message (V2-ENC-6)', () => {
  it.each([
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
    ['Content-Type beats MSH-18', '8859/15', 'utf-8', { mediaType: 'utf-8' }, []],
    ['the connector’s word beats all', 'UNICODE UTF-8', 'iso-8859-15', { mediaType: 'utf-8', forced: 'iso-8859-15' }, []],
  ])('%s', (_, declared, encoding, hints, warnings) => {
    const message = readMessage(iconv.encode(text(declared), encoding), hints)
    if (!message) throw new Error('no message')
    expect(valueAt(message, findSegment(message, 'PID'), 5, 1)).toBe('Cœuret')
    expect(valueAt(message, findSegment(message, 'PID'), 5, 2)).toBe('Élodie')
    expect(message.warnings).toEqual(warnings)
  })
})
