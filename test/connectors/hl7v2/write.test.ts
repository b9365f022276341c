import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Envelope } from '../../../src/core/envelope.ts'
import type { WriteBack } from '../../../src/core/write-back.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'
import type { PeerServer } from './support/sockets.ts'
import { framed, servePeers } from './support/sockets.ts'
import { writeBackOf } from './support/write-backs.ts'

const never = new AbortController().signal
const lastEnvelope = envelopeOf(hl7(msh('S12'), sch({ 2: 'F', 11: '^^^20260304090000^20260304093000' }), 'PID|1||1'))
let ehr: PeerServer
let connector: Connector

beforeEach(async () => {
  ehr = await servePeers()
  connector = hl7v2({
    id: 'tilleuls',
    zone: 'Europe/Paris',
    region: 'FR',
    now: () => Temporal.Instant.from('2026-03-03T17:13:00Z'),
    writeBack: {
      host: '127.0.0.1',
      port: ehr.port,
      ourApplication: 'RAPPEL',
      ourFacility: 'SITE1',
      theirApplication: 'EHR',
      theirFacility: 'HOSP',
      ackTimeoutMs: 100,
    },
  })
})
afterEach(() => ehr.close())

/** Answers the next message; `undefined`: with silence. */
async function answerWith(code: string | undefined, more = ''): Promise<string> {
  const peer = await ehr.accept()
  const heard = await peer.next()
  if (code !== undefined) peer.write(framed(`MSH|^~\\&|EHR||RAPPEL||1||ACK|9|P|2.5\rMSA|${code}|${heard.split('|')[9]}${more}\r`))
  return heard
}

describe('what becomes of an answer brought back (MLLP-7)', () => {
  it.each<[string | undefined, string, object]>([
    ['AA', '', { kind: 'applied', verified: false }],
    ['CA', '', { kind: 'applied', verified: false }],
    ['AE', '', { kind: 'refused', reason: 'acknowledged with AE' }],
    ['CE', '\rERR||SCH^1^2|204|E', { kind: 'refused', reason: 'acknowledged with CE 204' }],
    ['AR', '\rERR|||207|E', { kind: 'deferred', reason: 'acknowledged with AR 207' }],
    ['CR', '', { kind: 'deferred', reason: 'acknowledged with CR' }],
    ['??', '', { kind: 'refused', reason: 'acknowledged with ??' }],
    [undefined, '', { kind: 'unknown', reason: 'no answer in time' }],
  ])('%s%s', async (code, more, outcome) => {
    const [result] = await Promise.all([connector.write({ writeBack: writeBackOf(), lastEnvelope }, never), answerWith(code, more)])
    expect(result).toEqual(outcome)
  })

  it('the EHR is not there', async () => {
    await ehr.close()
    expect(await connector.write({ writeBack: writeBackOf(), lastEnvelope }, never)).toEqual({
      kind: 'deferred',
      reason: 'cannot connect: ECONNREFUSED',
    })
    ehr = await servePeers()
  })

  it('sends the same bytes again after silence', async () => {
    const send = async () => {
      const [, heard] = await Promise.all([connector.write({ writeBack: writeBackOf(), lastEnvelope }, never), answerWith(undefined)])
      return heard
    }
    expect(await send()).toBe(await send())
  })
})

describe('what is not sent at all', () => {
  it.each<[string, Partial<WriteBack>, Envelope | undefined, object]>([
    [
      'the appointment moved (WB-1)',
      { start: Temporal.Instant.from('2026-03-04T09:00:00Z') },
      lastEnvelope,
      { kind: 'conflict', reason: 'moved since it was answered' },
    ],
    ['nothing to echo', {}, undefined, { kind: 'refused', reason: 'no message of the EHR to echo' }],
    [
      'the message of another appointment',
      { ehrId: 'G' },
      lastEnvelope,
      { kind: 'refused', reason: 'the last message is not of this appointment' },
    ],
    ['answers to a questionnaire', { kind: 'answers' }, lastEnvelope, { kind: 'refused', reason: 'this EHR takes no such answer' }],
  ])('%s', async (_, part, envelope, outcome) => {
    expect(await connector.write({ writeBack: writeBackOf(part), ...(envelope && { lastEnvelope: envelope }) }, never)).toEqual(outcome)
  })

  it('an EHR that takes nothing back says so', async () => {
    const silent = hl7v2({ id: 'silent', zone: 'Europe/Paris', region: 'FR', now: () => Temporal.Instant.from('2026-03-03T17:13:00Z') })
    expect([...silent.writes]).toEqual([])
    expect([...connector.writes]).toEqual(['confirm', 'cancel', 'arrive'])
    expect(await silent.write({ writeBack: writeBackOf(), lastEnvelope }, never)).toMatchObject({ kind: 'refused' })
  })
})
