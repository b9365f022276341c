import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { Receipt } from '../../../src/connectors/connector.ts'
import { acknowledge, defaultAckPolicy } from '../../../src/connectors/hl7v2/ack.ts'
import { frame, makeFramer } from '../../../src/connectors/hl7v2/mllp.ts'
import { fixtureConnector } from './support/expectation.ts'
import { envelopeOf } from './support/siu-text.ts'

const root = join(import.meta.dirname, '../../fixtures/hl7')
const samples = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.hl7'))
  .map((name) => readFileSync(join(root, name)))
  .filter((sample) => sample.length < 6000)

const nasty = fc.constantFrom(
  '|',
  '^',
  '~',
  '\\',
  '&',
  '\r',
  '\n',
  '""',
  '\\X0D\\',
  '\\X',
  '\x00',
  '\x1c',
  '\x0b',
  'MSH|',
  'SCH|',
  '99999999999999',
  '+9999',
  '\xff\xfe',
  '~~~~~~~~',
  '-1',
  '20269999',
)
type Mutation = (body: Buffer) => Buffer
const place = fc.nat(6000)
const insertion = fc.tuple(place, nasty, fc.integer({ min: 1, max: 50 })).map(([at, text, times]): Mutation => {
  return (body) => Buffer.concat([body.subarray(0, at), Buffer.from(text.repeat(times), 'latin1'), body.subarray(at)])
})
const deletion = fc.tuple(place, fc.integer({ min: 1, max: 200 })).map(([at, length]): Mutation => {
  return (body) => Buffer.concat([body.subarray(0, at), body.subarray(at + length)])
})
const flip = fc.tuple(place, fc.nat(255)).map(([at, byte]): Mutation => {
  return (body) => Buffer.concat([body.subarray(0, at), Buffer.of(byte), body.subarray(at + 1)])
})
const mutations = fc.array(fc.oneof(insertion, deletion, flip), { minLength: 1, maxLength: 6 })

it('three thousand broken messages: each is read or refused, and answered in one frame (R19)', () => {
  const now = Temporal.Instant.from('2026-03-01T11:00:01Z')
  fc.assert(
    fc.property(fc.constantFrom(...samples), mutations, (sample, changes) => {
      const body = changes.reduce<Buffer>((broken, change) => change(broken), sample)
      const envelope = envelopeOf(body)
      const read = fixtureConnector.read(envelope)
      expect(fixtureConnector.read(envelope)).toEqual(read)
      const disposition = read.kind === 'changes' ? 'applied' : read.kind === 'ignored' ? 'ignored' : 'quarantined'
      const receipt: Receipt = { disposition, duplicate: false, ...(read.kind === 'unreadable' && { fault: read.fault }) }
      const [ack] = acknowledge(body, receipt, now, 'Europe/Paris', { ...defaultAckPolicy, force: true })
      if (!ack) throw new Error('no answer')
      const frames = makeFramer({ maxFrameBytes: 1024 * 1024 }).push(frame(ack.bytes))
      expect(frames.map((event) => event.kind)).toEqual(['frame'])
      expect(ack.bytes.toString('latin1')).toMatch(/^MSH/)
    }),
    { numRuns: 3000 },
  )
}, 60_000)
