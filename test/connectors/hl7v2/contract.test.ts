import { Temporal } from 'temporal-polyfill'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { ConnectorTrial, EhrMood } from '../../contract/connector-contract.ts'
import { connectorContract } from '../../contract/connector-contract.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'
import type { Peer } from './support/sockets.ts'
import { framed, servePeers } from './support/sockets.ts'
import { writeBackOf } from './support/write-backs.ts'

const token = 'k8Jv3pQ2m0s7Zr5t1Xw9aB'
const body = hl7(
  msh('S12'),
  sch({ 2: 'F', 11: '^^^20260304090000^20260304093000', 25: 'Booked' }),
  'PID|1||1^^^HOSP^MR||Roy^Jeanne||19880818|||||418 555-0140',
)

/** Answers every message of this caller, as long as it calls. */
async function answerAll(peer: Peer, mood: () => EhrMood): Promise<void> {
  for (;;) {
    const heard = await peer.next().catch(() => undefined)
    if (heard === undefined) return
    if (mood() !== 'silent')
      peer.write(framed(`MSH|^~\\&|EHR||RAPPEL||1||ACK|9|P|2.5\rMSA|${mood() === 'takes' ? 'AA' : 'AE'}|${heard.split('|')[9]}\r`))
  }
}

connectorContract('hl7v2', async (): Promise<ConnectorTrial> => {
  const ehr = await servePeers()
  let mood: EhrMood = 'takes'
  void ehr.accept().then((peer) => answerAll(peer, () => mood))
  const envelope = envelopeOf(body)
  return {
    connector: hl7v2({
      id: envelope.connectorId,
      zone: 'Europe/Paris',
      region: 'CA',
      listen: { host: '127.0.0.1', port: 0 },
      http: { tokens: [token] },
      writeBack: {
        host: '127.0.0.1',
        port: ehr.port,
        ourApplication: 'RAPPEL',
        ourFacility: 'SITE1',
        theirApplication: 'EHR',
        theirFacility: 'HOSP',
        ackTimeoutMs: 100,
      },
      now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
    }),
    envelope,
    request(credentials, other = body) {
      const authorization = { good: `Bearer ${token}`, forged: `Bearer ${token}x`, anonymous: undefined }[credentials]
      const headers = { 'content-type': 'application/hl7-v2', ...(authorization && { authorization }) }
      return { request: new Request('http://rappel.test/hl7/tilleuls', { method: 'POST', headers, body: new Uint8Array(other) }), path: '' }
    },
    writeRequest: { writeBack: writeBackOf(), lastEnvelope: envelope },
    async behave(next) {
      mood = next
      if (next === 'gone') await ehr.close()
    },
    close: () => ehr.close(),
  }
})
