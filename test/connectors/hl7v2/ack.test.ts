import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../../src/connectors/connector.ts'
import { ackCode, acknowledge } from '../../../src/connectors/hl7v2/ack.ts'
import type { Fault } from '../../../src/core/envelope.ts'
import { hl7 } from './support/siu-text.ts'

const taken: Receipt = { disposition: 'applied', duplicate: false }
const noId: Fault = { kind: 'content', code: '101', at: 'SCH-2', text: 'no appointment id in SCH-1 or SCH-2' }
const content: Receipt = { disposition: 'quarantined', duplicate: false, fault: noId }
const unsupported: Receipt = {
  disposition: 'quarantined',
  duplicate: false,
  fault: { kind: 'unsupported', code: '201', at: 'MSH-9', text: 'event not supported' },
}
const policy = { onEr: true, force: false }

describe('the code a sender asks for (V2-ACK-2)', () => {
  it.each<[accept: string, application: string, string | undefined, string | undefined, string | undefined]>([
    ['', '', 'AA', 'AR', 'AE'],
    ['', 'AL', 'AA', 'AR', 'AE'],
    ['', 'NE', 'AA', 'AR', 'AE'],
    ['NE', 'AL', 'AA', 'AR', 'AE'],
    ['AL', '', 'CA', 'CR', 'CE'],
    ['AL', 'NE', 'CA', 'CR', 'CE'],
    ['ER', '', 'AA', 'CR', 'CE'],
    ['SU', '', 'CA', 'AR', 'AE'],
    ['NE', 'NE', undefined, undefined, undefined],
    ['??', '', 'AA', 'AR', 'AE'],
  ])('MSH-15 %o, MSH-16 %o', (accept, application, success, refusal, error) => {
    expect([taken, unsupported, content].map((receipt) => ackCode(receipt, accept, application, policy))).toEqual([success, refusal, error])
  })

  it.each<[Receipt['disposition'], string]>([
    ['applied', 'AA'],
    ['accepted', 'AA'],
    ['ignored', 'AA'],
    ['quarantined', 'AE'],
  ])('%s is answered %s', (disposition, code) => {
    expect(ackCode({ disposition, duplicate: false }, '', '', policy)).toBe(code)
  })

  it('is silent on success to a sender that asks for errors only, where the site wants it so', () => {
    expect(ackCode(taken, 'ER', '', { onEr: false, force: false })).toBeUndefined()
  })

  it('answers a sender that wants none, where the site knows better', () => {
    expect(ackCode(taken, 'NE', 'NE', { onEr: true, force: true })).toBe('AA')
  })
})

const now = Temporal.Instant.from('2026-03-01T11:00:01Z')
const answer = (body: Uint8Array, receipt: Receipt) =>
  acknowledge(body, receipt, now, 'Europe/Paris', policy)?.toString('latin1').split('\r') ?? []
const inbound = (version: string, rest = '') =>
  hl7(`MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|20260301120000+0100||SIU^S12^SIU_S12|MSG00012|P|${version}${rest}`)

describe('the answer itself (V2-ACK-5, V2-ACK-6)', () => {
  it('a success', () => {
    const [msh, msa, end] = answer(inbound('2.5.1'), taken)
    expect(msh).toMatch(/^MSH\|\^~\\&\|RAPPEL\|SITE1\|EHR\|HOSP\|20260301120001\+0100\|\|ACK\^S12\^ACK\|[0-9A-F]{20}\|P\|2\.5\.1$/)
    expect(msa).toBe('MSA|AA|MSG00012')
    expect(end).toBe('')
  })

  it.each<[string, string, string, string]>([
    ['2.5.1', 'ACK^S12^ACK', 'ERR||SCH^1^2|101^Required field missing^HL70357|E|||no appointment id in SCH-1 or SCH-2', ''],
    ['2.8', 'ACK^S12^ACK', 'ERR||SCH^1^2|101^Required field missing^HL70357|E|||no appointment id in SCH-1 or SCH-2', ''],
    ['2.4', 'ACK^S12^ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357', ''],
    ['2.3.1', 'ACK^S12^ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357', ''],
    ['2.3', 'ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357', ''],
    ['', 'ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357', ''],
  ])('an error in version %o', (version, type, err) => {
    const lines = answer(inbound(version), content)
    expect(lines[0]?.split('|')[8]).toBe(type)
    expect(lines[1]).toBe('MSA|AE|MSG00012')
    expect(lines[2]).toBe(err)
  })

  it.each<[string, Buffer, string]>([
    ['blanks', hl7('MSH|^~\\&|A|B|C|D|1||SIU^S12| 12 |P|2.5'), ' 12 '],
    ['other characters', Buffer.from('MSH|^~\\&|A|B|C|D|1||SIU^S12|é1|P|2.5\r', 'latin1'), 'é1'],
    ['escapes', hl7('MSH|^~\\&|A|B|C|D|1||SIU^S12|1\\T\\2|P|2.5'), '1\\T\\2'],
    ['components', hl7('MSH|^~\\&|A|B|C|D|1||SIU^S12|1^2~3|P|2.5'), '1^2~3'],
  ])('gives MSH-10 back byte for byte: %s', (_, body, controlId) => {
    expect(answer(body, taken)[1]).toBe(`MSA|AA|${controlId}`)
  })

  it('uses the delimiters of the sender', () => {
    const [msh, msa, err] = answer(hl7('MSH#!@%*#EHR#HOSP#RAPPEL##20260301##SIU!S12#7#P#2.5'), content)
    expect(msh).toMatch(/^MSH#!@%\*#RAPPEL##EHR#HOSP#/)
    expect(msa).toBe('MSA#AE#7')
    expect(err).toBe('ERR##SCH!1!2#101!Required field missing!HL70357#E###no appointment id in SCH-1 or SCH-2')
  })

  it('names the charset of the sender, whose bytes it gives back', () => {
    expect(answer(inbound('2.5', '||||||8859/15'), taken)[0]?.split('|')[17]).toBe('8859/15')
  })

  it.each<[string, Uint8Array]>([
    ['no bytes', Buffer.alloc(0)],
    ['no MSH', hl7('PID|1')],
    ['half an MSH', Buffer.from('MSH|^~')],
    ['noise', Buffer.from([0, 255, 13, 10, 0x0b, 0x1c])],
  ])('answers %s', (_, body) => {
    const lines = answer(body, content)
    expect(lines[0]).toMatch(/^MSH\|/)
    expect(lines[1]).toBe('MSA|AE|')
  })

  it('cannot be made to break the frame', () => {
    const ack = acknowledge(Buffer.from('MSH|^~\\&|A\x1cB|\x0b|C|D|1||SIU^S12|1\x1c2|P|2.5\r'), taken, now, 'Europe/Paris', policy)
    expect(ack?.includes(0x0b) || ack?.includes(0x1c)).toBe(false)
  })
})
