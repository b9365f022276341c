import { Temporal } from 'temporal-polyfill'
import { beforeEach, expect, test } from 'vitest'
import type { Chart, ChartChange } from '../../../src/connectors/simulator/chart.ts'
import { openChart } from '../../../src/connectors/simulator/chart.ts'

const now = Temporal.Instant.from('2026-11-24T14:00:00Z')
const start = now.add({ hours: 30 })

let chart: Chart
let changes: ChartChange[]

beforeEach(() => {
  chart = openChart({ now: () => now, firstId: 1001 })
  changes = []
  chart.onChange((change) => changes.push(change))
})

const book = () => chart.book({ protocol: 'hl7v2', patientId: '004417', start })

test('what was confirmed for one hour is not confirmed for another', () => {
  const { id } = book()
  chart.confirm(id, 'adapter')
  chart.move(id, start.add({ hours: 3 }))
  expect(chart.find(id)).toMatchObject({ status: 'booked', version: 3 })
  expect(chart.find(id)?.confirmed).toBeUndefined()
})

test('the same answer twice is one change', () => {
  const { id } = book()
  expect(chart.confirm(id, 'adapter').kind).toBe('changed')
  expect(chart.confirm(id, 'adapter').kind).toBe('unchanged')
  expect(changes.map((change) => change.verb)).toEqual(['booked', 'confirmed'])
})

test('a patient cannot come to what the clinic has cancelled', () => {
  const { id } = book()
  chart.cancel(id)
  expect(chart.arrive(id, 'adapter').kind).toBe('refused')
  expect(chart.find(id)?.status).toBe('cancelled')
})

test('the front desk can put back what was cancelled', () => {
  const { id } = book()
  chart.cancel(id)
  chart.move(id, start.add({ hours: 1 }))
  expect(changes.at(-1)).toMatchObject({ verb: 'reinstated', by: 'staff' })
})

test('nothing is known of an appointment of another EHR', () => {
  expect(chart.confirm('RV-1', 'adapter')).toEqual({ kind: 'unknown' })
})

test('each change is later than the one before, though the clock stands still', () => {
  const { id } = book()
  chart.confirm(id)
  chart.arrive(id)
  const stamps = changes.map((change) => change.appointment.lastUpdated.epochMilliseconds)
  expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b))
  expect(chart.find(id)?.history.map((version) => version.version)).toEqual([1, 2])
})
