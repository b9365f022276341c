import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBatch } from '../../../src/connectors/hl7v2/batch.ts'
import { findSegment, readMessage, stringAt } from '../../../src/connectors/hl7v2/reader.ts'

const root = join(import.meta.dirname, '../../fixtures/hl7/edge')
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const message = (id: number | string) => `MSH|^~\\&|EHR||||||SIU^S12|${id}|P|2.5\rSCH|1|${id}\r`

function split(body: string | Uint8Array) {
  const { messages, ...rest } = splitBatch(typeof body === 'string' ? Buffer.from(body, 'latin1') : body)
  return { ...rest, ids: messages.map((each) => idOf(each)) }
}

function idOf(bytes: Uint8Array): string | undefined {
  const read = readMessage(bytes)
  return read && stringAt(read, findSegment(read, 'MSH'), 10)
}

describe('batches and files (§1.12)', () => {
  it.each<[string, string, object]>([
    ['one message', message(1), { ids: ['1'], isBatch: false, warnings: [] }],
    ['one after the other', message(1) + message(2), { ids: ['1', '2'], isBatch: true, warnings: [] }],
    ['a batch of one', `BHS|^~\\&\r${message(1)}BTS|1\r`, { ids: ['1'], isBatch: true, warnings: [] }],
    ['without counts', `FHS|^~\\&\rBHS|^~\\&\r${message(1)}BTS\rFTS\r`, { ids: ['1'], isBatch: true, warnings: [] }],
    [
      'line feeds and blank lines',
      `\n\n${message(1)}${message(2)}`.replaceAll('\r', '\r\n\r\n'),
      { ids: ['1', '2'], isBatch: true, warnings: [] },
    ],
    ['frames in a file', `\x0b${message(1)}\x1c\r\x0b${message(2)}\x1c\r`, { ids: ['1', '2'], isBatch: true, warnings: [] }],
    ['a byte order mark', `\xef\xbb\xbf${message(1)}${message(2)}`, { ids: ['1', '2'], isBatch: true, warnings: [] }],
    ['other separators', `BHS#!@%*\r${message(1)}MSH$^~\\&$EHR$$$$$SIU$2\rBTS#2\r`, { isBatch: true, warnings: [] }],
    ['a word that begins like a header', `${message(1)}MSHX|2\rMSH\rBTSX\r`, { ids: ['1'], isBatch: false, warnings: [] }],
    ['a wrong count', `BHS|^~\\&\r${message(1)}BTS|2\r`, { ids: ['1'], isBatch: true, warnings: ['W-BATCH-COUNT'] }],
    ['a wrong count of batches', `FHS|^~\\&\rBHS|^~\\&\r${message(1)}BTS|1\rFTS|2\r`, { warnings: ['W-BATCH-COUNT'] }],
    ['lines of no message', `hello\r${message(1)}BTS|1\rPID|1\r`, { ids: ['1'], warnings: ['W-BATCH-STRAY'] }],
    ['no message', 'PID|1\r', { ids: [], isBatch: false, warnings: ['W-BATCH-STRAY'] }],
    ['nothing', '', { ids: [], isBatch: false, warnings: [] }],
  ])('%s', (_, body, expected) => {
    expect(split(body)).toMatchObject(expected)
  })

  it('in UTF-16', () => {
    expect(split(Buffer.from(`\ufeff${message(1)}${message(2)}`, 'utf16le'))).toMatchObject({ ids: ['1', '2'], isBatch: true })
  })

  it.each<[string, number, string[]]>([
    ['single-batch', 2, []],
    ['multi-batch-file', 3, []],
    ['count-mismatch', 2, ['W-BATCH-COUNT']],
    ['malformed-mid-batch', 3, []],
    ['bare-message', 1, []],
  ])('cosyte %s', (name, count, warnings) => {
    const { messages, warnings: found } = splitBatch(readFileSync(join(root, `cosyte_batch_${name}.hl7`)))
    expect([messages.length, found]).toEqual([count, warnings])
  })

  it('copies nothing and loses nothing: messages put one after the other come out as they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { minLength: 1, maxLength: 30 }), (texts) => {
        const sent = texts.map((each, n) => `${message(n)}NTE|1||${each}\r`)
        const body = Buffer.from(sent.join(''), 'latin1')
        const { messages } = splitBatch(body)
        expect(messages.map(text)).toEqual(sent)
        expect(messages.every(({ buffer }) => buffer === body.buffer)).toBe(true)
      }),
    )
  })
})
