import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../../src/connectors/connector.ts'
import type { AckPolicy } from '../../../src/connectors/hl7v2/ack.ts'
import { ackCodes, acknowledge, defaultAckPolicy } from '../../../src/connectors/hl7v2/ack.ts'
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
const policy = defaultAckPolicy

describe('the codes a sender asks for', () => {
  it.each<[accept: string, application: string, success: string, refusal: string, error: string]>([
    ['', '', 'AA', 'AR', 'AE'],
    ['', 'AL', 'AA', 'AR', 'AE'],
    ['', 'NE', 'AA', 'AR', 'AE'],
    ['NE', '', 'AA', 'AR', 'AE'],
    ['NE', 'AL', 'AA', 'AR', 'AE'],
    ['??', '', 'AA', 'AR', 'AE'],
  ])('V2-ACK-1: original mode: MSH-15 %o, MSH-16 %o', (accept, application, success, refusal, error) => {
    const codes = [taken, unsupported, content].map((receipt) => ackCodes(receipt, accept, application, policy).join(' '))
    expect(codes).toEqual([success, refusal, error])
  })

  it.each<[accept: string, application: string, success: string, refusal: string, error: string]>([
    ['AL', '', 'CA', 'CR', 'CE'],
    ['AL', 'NE', 'CA', 'CR', 'CE'],
    ['AL', 'ER', 'CA', 'CR', 'CE'],
    ['AL', 'AL', 'CA AA', 'CR', 'CE'],
    ['AL', 'SU', 'CA AA', 'CR', 'CE'],
    ['ER', '', 'AA', 'CR', 'CE'],
    ['ER', 'AL', 'AA', 'CR', 'CE'],
    ['SU', '', 'CA', 'AR', 'AE'],
    ['SU', 'AL', 'CA AA', 'AR', 'AE'],
    ['NE', 'NE', '', '', ''],
  ])('V2-ACK-2: enhanced mode: MSH-15 %o, MSH-16 %o', (accept, application, success, refusal, error) => {
    const codes = [taken, unsupported, content].map((receipt) => ackCodes(receipt, accept, application, policy).join(' '))
    expect(codes).toEqual([success, refusal, error])
  })

  it.each<[Receipt['disposition'], string]>([
    ['applied', 'AA'],
    ['accepted', 'AA'],
    ['ignored', 'AA'],
    ['quarantined', 'AE'],
  ])('V2-ACK-3: %s is answered %s', (disposition, code) => {
    expect(ackCodes({ disposition, duplicate: false }, '', '', policy)).toEqual([code])
  })

  it.each<[string, Partial<AckPolicy>, accept: string, application: string, success: string]>([
    ['onEr: false is silent on success to a sender that asks for errors only', { onEr: false }, 'ER', '', ''],
    ['onEr: false leaves it what it asks for in MSH-16', { onEr: false }, 'ER', 'AL', 'AA'],
    ['force answers a sender that wants nothing', { force: true }, 'NE', 'NE', 'AA'],
    ['application: false sends no second answer', { application: false }, 'AL', 'AL', 'CA'],
    ['mode: original looks at neither field', { mode: 'original' }, 'AL', 'AL', 'AA'],
    ['mode: enhanced takes an empty MSH-15 for AL', { mode: 'enhanced' }, '', '', 'CA'],
    ['mode: enhanced takes one that is filled at its word', { mode: 'enhanced' }, 'NE', 'AL', 'AA'],
  ])('V2-ACK-2: a site’s own word: %s', (_, part, accept, application, success) => {
    expect(ackCodes(taken, accept, application, { ...policy, ...part }).join(' ')).toBe(success)
  })
})

const now = Temporal.Instant.from('2026-03-01T11:00:01Z')
const answer = (body: Uint8Array, receipt: Receipt) =>
  acknowledge(body, receipt, now, 'Europe/Paris', policy)[0]?.bytes.toString('latin1').split('\r') ?? []
const inbound = (version: string, rest = '') =>
  hl7(`MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|20260301120000+0100||SIU^S12^SIU_S12|MSG00012|P|${version}${rest}`)

describe('the answer itself', () => {
  it('V2-ACK-5: a success', () => {
    const [msh, msa, end] = answer(inbound('2.5.1'), taken)
    expect(msh).toMatch(/^MSH\|\^~\\&\|RAPPEL\|SITE1\|EHR\|HOSP\|20260301120001\+0100\|\|ACK\^S12\^ACK\|[0-9A-F]{20}\|P\|2\.5\.1$/)
    expect(msa).toBe('MSA|AA|MSG00012')
    expect(end).toBe('')
  })

  it.each<[string, string, string]>([
    ['2.5.1', 'ACK^S12^ACK', 'ERR||SCH^1^2|101^Required field missing^HL70357|E|||no appointment id in SCH-1 or SCH-2'],
    ['2.8', 'ACK^S12^ACK', 'ERR||SCH^1^2|101^Required field missing^HL70357|E|||no appointment id in SCH-1 or SCH-2'],
    ['2.4', 'ACK^S12^ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357'],
    ['2.3.1', 'ACK^S12^ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357'],
    ['2.3', 'ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357'],
    ['', 'ACK', 'ERR|SCH^1^2^101&Required field missing&HL70357'],
  ])('V2-ACK-6: an error in version %o', (version, type, err) => {
    const lines = answer(inbound(version), content)
    expect(lines[0]?.split('|')[8]).toBe(type)
    expect(lines[1]).toBe(err.startsWith('ERR||') ? 'MSA|AE|MSG00012' : 'MSA|AE|MSG00012|no appointment id in SCH-1 or SCH-2')
    expect(lines[2]).toBe(err)
  })

  it('V2-ACK-2: the application acknowledgement is a message of its own, that wants none', () => {
    const [accept, application] = acknowledge(inbound('2.5.1', '|||AL|AL'), taken, now, 'Europe/Paris', policy).map(({ code, bytes }) => {
      const fields = bytes
        .toString('latin1')
        .split('\r')
        .map((line) => line.split('|'))
      return { code, id: fields[0]?.[9], asks: fields[0]?.slice(14), msa: fields[1] }
    })
    expect(accept).toMatchObject({ code: 'CA', asks: [], msa: ['MSA', 'CA', 'MSG00012'] })
    expect(application).toMatchObject({ code: 'AA', asks: ['NE', 'NE'], msa: ['MSA', 'AA', 'MSG00012'] })
    expect(application?.id).not.toBe(accept?.id)
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
  ])('V2-ACK-4: never AA for %s', (_, body) => {
    const lines = answer(body, content)
    expect(lines[0]).toMatch(/^MSH\|/)
    expect(lines[1]).toMatch(/^MSA\|AE\|\|/)
  })

  it('cannot be made to break the frame', () => {
    const [ack] = acknowledge(Buffer.from('MSH|^~\\&|A\x1cB|\x0b|C|D|1||SIU^S12|1\x1c2|P|2.5\r'), taken, now, 'Europe/Paris', policy)
    expect(ack?.bytes.includes(0x0b) || ack?.bytes.includes(0x1c)).toBe(false)
  })
})
