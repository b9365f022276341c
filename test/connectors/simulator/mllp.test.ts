import { HL7Message } from 'hl7v2'
import { Temporal } from 'temporal-polyfill'
import { afterEach, expect, test, vi } from 'vitest'
import type { Simulator, SimulatorOptions } from '../../../src/connectors/simulator/simulator.ts'
import { openSimulator } from '../../../src/connectors/simulator/simulator.ts'
import { acknowledge, mllp, openReceiver } from './receiver.ts'

const now = Temporal.Instant.from('2026-11-24T05:00:00Z')
const start = Temporal.Instant.from('2026-11-26T05:00:00Z')
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(answer?: (message: string) => string | undefined, options: Partial<SimulatorOptions> = {}) {
  const receiver = await openReceiver(answer)
  const fast = { answerMs: 100, retryMs: [1, 1, 1] }
  const simulator = await openSimulator({
    now: () => now,
    zone: 'America/Toronto',
    fhirToken: 't',
    targets: { hl7: receiver.target },
    ...fast,
    ...options,
  })
  closing.push(simulator.close, receiver.close)
  return { receiver, simulator }
}

const settled = (simulator: Simulator) =>
  vi.waitFor(() => expect(simulator.journal.exchanges().every((exchange) => exchange.state !== 'waiting')).toBe(true))

function siu(event: string, id: string, word: string, controlId = '77'): string {
  return `MSH|^~\\&|RAPPEL|TILLEULS|MEDIPLAN|TILLEULS|20261124||SIU^${event}^SIU_S12|${controlId}|P|2.5.1\rSCH|${id}|${id}||||CONF|||||||||||||||||||${word}\r`
}

test('a booking leaves as SIU^S12 with the hour of the clinic, midnight included', async () => {
  const { receiver, simulator } = await open()
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  await settled(simulator)
  expect(receiver.received).toHaveLength(1)
  const segments = receiver.received[0]?.split('\r').map((segment) => segment.split('|'))
  const field = (name: string, at: number) => segments?.find(([first]) => first === name)?.[at]
  expect(field('MSH', 8)).toBe('SIU^S12^SIU_S12')
  expect(field('MSH', 6)).toBe('20261124000000.000-0500')
  expect(field('SCH', 2)).toBe(id)
  expect(field('SCH', 25)).toBe('Booked')
  expect(field('TQ1', 7)).toBe('20261126000000.000-0500')
  expect(field('PID', 5)).toBe('Gagnon^Élise^^^^^L')
  expect(field('PID', 13)).toBe('+14185550177^PRN^CP~^NET^Internet^elise.gagnon@example.org')
  expect(simulator.journal.exchanges()[0]).toMatchObject({ title: 'SIU^S12', state: 'accepted', appointmentId: id })
})

test('every change has its event, and each is sent after the one before is answered', async () => {
  const { receiver, simulator } = await open()
  const { chart } = simulator
  const { id } = chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  chart.move(id, start.add({ hours: 1 }))
  chart.confirm(id)
  chart.arrive(id)
  chart.noshow(id)
  chart.cancel(id)
  await settled(simulator)
  const events = receiver.received.map((message) => String(HL7Message.parse(message).header.field(9).getValue(2)))
  expect(events).toEqual(['S12', 'S13', 'S14', 'S14', 'S26', 'S15'])
})

test('without an answer the same bytes are sent again', async () => {
  let calls = 0
  const { receiver, simulator } = await open((message) => (++calls < 3 ? undefined : acknowledge(message)))
  simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  await settled(simulator)
  expect(receiver.received).toHaveLength(3)
  expect(new Set(receiver.received).size).toBe(1)
  expect(simulator.journal.exchanges()[0]?.state).toBe('accepted')
})

test('the answer to another message is not the answer', async () => {
  const { simulator } = await open((message) => acknowledge(message).replace(/MSA\|AA\|\d+/, 'MSA|AA|0'))
  simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  await settled(simulator)
  expect(simulator.journal.exchanges()[0]?.state).toBe('lost')
})

test('a refusal is written down and not sent again', async () => {
  const { receiver, simulator } = await open((message) => acknowledge(message, 'AE'))
  simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  await settled(simulator)
  expect(receiver.received).toHaveLength(1)
  expect(simulator.journal.exchanges()[0]?.state).toBe('refused')
})

test('a confirmation from Rappel is in the chart, and echoed once', async () => {
  const { receiver, simulator } = await open()
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  const answers = await mllp(simulator.mllpPort, [
    siu('S14', id, 'CONFIRMED'),
    siu('S14', id, 'CONFIRMED'),
    siu('S14', id, 'CONFIRMED', '78'),
  ])
  await settled(simulator)
  expect(answers.map((answer) => /MSA\|.*/.exec(answer)?.[0])).toEqual(['MSA|AA|77', 'MSA|AA|77', 'MSA|AA|78'])
  expect(answers[0]).toMatch(/^MSH\|\^~\\&\|MEDIPLAN\|TILLEULS\|RAPPEL\|TILLEULS\|.*\|\|ACK\^S14\^ACK\|/)
  expect(simulator.chart.find(id)).toMatchObject({ status: 'booked', confirmed: true })
  expect(receiver.received.map((message) => /\|Confirmed\r/.test(message))).toEqual([false, true])
})

test.each([
  ['an arrival', 'S14', 'ARRIVED', { status: 'arrived' }],
  ['a cancellation', 'S15', 'Cancelled', { status: 'cancelled' }],
])('%s from Rappel is in the chart', async (_, event, word, expected) => {
  const { simulator } = await open()
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  await mllp(simulator.mllpPort, [siu(event, id, word)])
  expect(simulator.chart.find(id)).toMatchObject(expected)
})

test.each([
  ['an unknown appointment', siu('S14', 'RV-9', 'CONFIRMED'), 'MSA|AE|77', 'SCH^1^2|204'],
  ['a word nobody knows', siu('S14', 'RV-1001', 'PERHAPS'), 'MSA|AE|77', 'SCH^1^25|103'],
  ['a booking, which this EHR takes from nobody', siu('S12', 'RV-1001', 'Booked'), 'MSA|AR|77', 'MSH^1^9|201'],
  ['no HL7 at all', 'GET / HTTP/1.1', 'MSA|AR', '|207'],
])('%s is refused', async (_, message, msa, err) => {
  const { simulator } = await open()
  simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  const [answer] = await mllp(simulator.mllpPort, [message])
  expect(answer).toContain(msa)
  expect(answer).toContain(err)
})

test('an appointment of the FHIR feed is not told by HL7, nor written by it', async () => {
  const { receiver, simulator } = await open()
  const { id } = simulator.chart.book({ protocol: 'fhir', patientId: '004417', start })
  const [answer] = await mllp(simulator.mllpPort, [siu('S14', id, 'CONFIRMED')])
  expect(answer).toContain('MSA|AE|77')
  expect(receiver.received).toEqual([])
})
