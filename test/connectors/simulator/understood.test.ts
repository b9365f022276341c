import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { fhir } from '../../../src/connectors/fhir/fhir.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Simulator } from '../../../src/connectors/simulator/simulator.ts'
import { openSimulator } from '../../../src/connectors/simulator/simulator.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import type { Envelope } from '../../../src/core/envelope.ts'
import type { WriteBack, WriteBackKind } from '../../../src/core/write-back.ts'

const now = () => Temporal.Instant.from('2026-11-24T18:20:00Z')
const start = Temporal.Instant.from('2026-11-26T05:00:00Z')
const zone = 'America/Toronto'
const stop = new AbortController()

let simulator: Simulator
let received: Envelope[]

beforeEach(async () => {
  received = []
  simulator = await openSimulator({ now, zone, fhirToken: 't' })
})

afterEach(() => simulator.close())

const receive = async (envelope: Envelope) => {
  received.push(envelope)
  return { disposition: 'applied' as const, duplicate: false }
}

function writeBack(kind: WriteBackKind, ehrId: string, connectorId: string): WriteBack {
  const stamps = { answeredAt: now(), dueAt: now(), nextTryAt: now() }
  const ids = {
    id: `${connectorId}:${ehrId}:${kind}`,
    appointmentId: `${connectorId}:${ehrId}`,
    connectorId,
    ehrId,
    patientEhrId: '004417',
  }
  return { ...ids, ...stamps, kind, start, state: 'sending', attempts: 1 }
}

function changesOf(connector: Connector, envelope: Envelope | undefined): readonly AppointmentChange[] {
  const read = envelope && connector.read(envelope)
  return read?.kind === 'changes' ? read.changes : []
}

const booked = {
  status: { value: 'booked' },
  time: { start },
  agenda: { key: 'MOREAU' },
  motif: { key: 'CONSULT' },
  modality: { value: 'onsite' },
  practitioner: { name: 'Dre Claire Moreau' },
  patient: { ehrId: '004417', language: 'fr', contacts: [{ value: '+14185550177', mobile: 'yes' }, { value: 'elise.gagnon@example.org' }] },
  warnings: [],
}

async function hl7Connection() {
  let listening: (port: number) => void = () => undefined
  const bound = new Promise<number>((resolve) => {
    listening = resolve
  })
  const site = { ourApplication: 'RAPPEL', ourFacility: 'TILLEULS', theirApplication: 'MEDIPLAN', theirFacility: 'TILLEULS' }
  const connector = hl7v2({
    id: 'hl7',
    zone,
    region: 'CA',
    listen: { host: '127.0.0.1', port: 0 },
    mapping: { modalityRules: [{ path: 'PV1-18', equals: 'PRES', value: 'onsite' }] },
    writeBack: { host: '127.0.0.1', port: simulator.mllpPort, ...site },
    now,
    onListening: ({ port }) => listening(port),
  })
  const closing = new AbortController()
  const ended = connector.listen(receive, closing.signal)
  simulator.pointAt({ hl7: { host: '127.0.0.1', port: await bound } })
  const close = (): Promise<void> => {
    closing.abort()
    return ended
  }
  return { connector, close }
}

test('the HL7 connector reads what this EHR sends, and this EHR what it writes', async () => {
  const { connector, close } = await hl7Connection()
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  await vi.waitFor(() => expect(simulator.journal.exchanges()[0]?.state).toBe('accepted'))
  expect(changesOf(connector, received[0])).toMatchObject([{ ...booked, ehrId: id, location: { key: 'TILLEULS/SITE1' } }])

  const [lastEnvelope] = received
  for (const kind of ['confirm', 'arrive', 'cancel'] as const) {
    const outcome = await connector.write({ writeBack: writeBack(kind, id, 'hl7'), ...(lastEnvelope && { lastEnvelope }) }, stop.signal)
    expect(outcome.kind).toBe('applied')
  }
  expect(simulator.chart.find(id)).toMatchObject({ confirmed: true, status: 'cancelled', version: 4 })
  await vi.waitFor(() => expect(received).toHaveLength(4))
  const said = received
    .flatMap((envelope) => changesOf(connector, envelope))
    .map(({ status, confirmation }) => [status?.value, confirmation])
  expect(said).toEqual([
    ['booked', undefined],
    ['booked', 'confirmed'],
    ['arrived', undefined],
    ['cancelled', undefined],
  ])
  await close()
})

test('the FHIR connector reads what this EHR holds, and this EHR what it writes', async () => {
  const connector = fhir({
    id: 'fhir',
    baseUrl: simulator.fhirUrl,
    zone,
    region: 'CA',
    auth: { kind: 'bearer', token: 't' },
    hook: { secrets: ['geheim'] },
    mapping: { modality: [{ path: 'serviceCategory', equals: 'PRES', value: 'onsite' }] },
    participantAcceptedMeansConfirmed: true,
    writeBack: {},
    now,
  })
  const { id } = simulator.chart.book({ protocol: 'fhir', patientId: '004417', start })
  const hook = (path: string, method: string) =>
    connector.handle(new Request(`http://rappel/fhir/${path}`, { method, headers: { authorization: 'Bearer geheim' } }), path, receive)
  expect((await hook('', 'POST')).status).toBeLessThan(300)
  const [hint] = received
  expect(hint && (await connector.readBack(hint, stop.signal)), 'an empty notification asks for a poll').toMatchObject({ poll: true })
  const read = await connector.poll?.(undefined, stop.signal)
  expect(read?.kind === 'read' && read.envelopes.flatMap((envelope) => changesOf(connector, envelope))).toMatchObject([
    { ...booked, agenda: { key: 'Practitioner/MOREAU' }, ehrId: id },
  ])

  const other = simulator.chart.book({ protocol: 'fhir', patientId: '004417', start })
  const answers = [writeBack('confirm', id, 'fhir'), writeBack('arrive', id, 'fhir'), writeBack('cancel', other.id, 'fhir')]
  for (const answer of answers) {
    expect(await connector.write({ writeBack: answer }, stop.signal)).toMatchObject({ kind: 'applied', verified: true })
  }
  expect(simulator.chart.find(id)).toMatchObject({ confirmed: true, status: 'arrived', version: 3 })
  expect(simulator.chart.find(other.id)).toMatchObject({ status: 'cancelled', cancelReason: 'pat-crs' })
})
