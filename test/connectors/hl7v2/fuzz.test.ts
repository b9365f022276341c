import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { Receipt } from '../../../src/connectors/connector.ts'
import { acknowledge, defaultAckPolicy } from '../../../src/connectors/hl7v2/ack.ts'
import { splitBatch } from '../../../src/connectors/hl7v2/batch.ts'
import { frame, makeFramer } from '../../../src/connectors/hl7v2/mllp.ts'
import { fixtureConnector } from './support/expectation.ts'
import { mutate, mutations } from './support/mutations.ts'
import { envelopeOf } from './support/siu-text.ts'

/** `PROVE=1` breaks a hundred thousand. */
const RUNS = process.env.PROVE ? 100_000 : 2_000

const root = join(import.meta.dirname, '../../fixtures/hl7')
const samples = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.hl7'))
  .map((name) => readFileSync(join(root, name)))
  .filter((sample) => sample.length < 9000)

it('broken messages: each is read or refused, the same way twice, cut up without a loss, and answered in one frame (R19)', () => {
  const now = Temporal.Instant.from('2026-03-01T11:00:01Z')
  const seen = { changes: 0, news: 0, ignored: 0, unreadable: 0, hint: 0 }
  fc.assert(
    fc.property(fc.constantFrom(...samples), mutations, (sample, changes) => {
      const body = mutate(sample, changes)
      const envelope = envelopeOf(body)
      const read = fixtureConnector.read(envelope)
      seen[read.kind === 'changes' && read.news ? 'news' : read.kind] += 1
      expect(fixtureConnector.read(envelope)).toEqual(read)
      const { messages } = splitBatch(body)
      expect(messages.reduce((length, message) => length + message.length, 0)).toBeLessThanOrEqual(body.length * 2)
      const disposition = read.kind === 'changes' ? 'applied' : read.kind === 'ignored' ? 'ignored' : 'quarantined'
      const receipt: Receipt = { disposition, duplicate: false, ...(read.kind === 'unreadable' && { fault: read.fault }) }
      const [ack] = acknowledge(body, receipt, now, 'Europe/Paris', { ...defaultAckPolicy, force: true })
      if (!ack) throw new Error('no answer')
      const frames = makeFramer({ maxFrameBytes: 1024 * 1024 }).push(frame(ack.bytes))
      expect(frames.map((event) => event.kind)).toEqual(['frame'])
      expect(ack.bytes.toString('latin1')).toMatch(/^MSH/)
    }),
    { numRuns: RUNS },
  )
  // Broken too much, they would prove nothing.
  for (const kind of ['changes', 'news', 'unreadable'] as const) expect(seen[kind]).toBeGreaterThan(RUNS / 50)
}, 1_800_000)
