import { expect, test } from 'vitest'
import type { Receipt } from '../../src/connectors/connector.ts'
import { hl7Connector } from '../../src/server/compose-hl7v2.ts'
import { parseConfig } from '../../src/server/config/config.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { dial, framed } from '../connectors/hl7v2/support/sockets.ts'
import { promised } from '../support/fakes.ts'

const text = `
server: { port: 0, publicUrl: http://localhost:8080 }
store: { path: rappel.db }
archive: { directory: archive }
clinics: [{ id: c, name: C, zone: Europe/Paris }]
connectors:
  - id: ehr
    protocol: hl7v2
    clinic: c
    zone: Europe/Paris
    region: FR
    listen: { port: 0 }
    sources: [{ application: EHR, facility: HOSP }, { name: lab, application: LAB }]
`

test('R37: each source has its counts, its codes and the time of its last message, and a stranger none of his own', async () => {
  const result = parseConfig(text, { env: {}, readFile: () => '' })
  const [config] = result.ok ? result.config.connectors : []
  if (config?.protocol !== 'hl7v2') throw new Error('no connector')
  const metrics = createMetrics()
  const listening = promised<number>()
  const stopping = new AbortController()
  const connector = hl7Connector(config, metrics, (_, port) => listening.keep(port))
  const done = connector.listen((envelope): Promise<Receipt> => {
    const read = connector.read(envelope)
    const fault =
      read.kind === 'unreadable' ? { disposition: 'quarantined' as const, fault: read.fault } : { disposition: 'applied' as const }
    return Promise.resolve({ ...fault, duplicate: false })
  }, stopping.signal)
  const peer = await dial(await listening.promise)
  for (const [n, from] of ['EHR|HOSP', 'EHR|HOSP', 'LAB|X', 'Roy Jeanne|4185550177'].entries()) {
    peer.write(framed(`MSH|^~\\&|${from}|RAPPEL||20260301||SIU^S12|${n}|P|2.5\rSCH||F${n}`))
    await peer.next()
  }
  stopping.abort()
  await done
  const said = await metrics.registry.metrics()
  expect(said.split('\n').filter((line) => /^rappel_hl7_(messages|answers)/.test(line))).toEqual([
    'rappel_hl7_messages_total{connector="ehr",source="EHR/HOSP"} 2',
    'rappel_hl7_messages_total{connector="ehr",source="lab"} 1',
    'rappel_hl7_messages_total{connector="ehr",source="unlisted"} 1',
    'rappel_hl7_answers_total{connector="ehr",source="EHR/HOSP",code="AA"} 2',
    'rappel_hl7_answers_total{connector="ehr",source="lab",code="AA"} 1',
    'rappel_hl7_answers_total{connector="ehr",source="unlisted",code="AR"} 1',
  ])
  expect(said, 'what a stranger calls itself is no label (R25)').not.toMatch(/Jeanne|4185550177/)
})
