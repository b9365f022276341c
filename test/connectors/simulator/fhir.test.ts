import type { Appointment, Bundle } from 'fhir/r4.js'
import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Simulator, SimulatorOptions } from '../../../src/connectors/simulator/simulator.ts'
import { openSimulator } from '../../../src/connectors/simulator/simulator.ts'
import { openHook } from './receiver.ts'

const now = Temporal.Instant.from('2026-11-24T14:00:00Z')
const start = now.add({ hours: 30 })
const closing: (() => unknown)[] = []
let simulator: Simulator

async function open(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const opened = await openSimulator({ now: () => now, zone: 'America/Toronto', fhirToken: 't', retryMs: [1, 1], ...options })
  closing.push(opened.close)
  return opened
}

beforeEach(async () => {
  simulator = await open()
})

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const book = (of = simulator) => of.chart.book({ protocol: 'fhir', patientId: '004417', start }).id

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const url = path.startsWith('http') ? path : `${simulator.fhirUrl}/${path}`
  return fetch(url, { ...init, headers: { authorization: 'Bearer t', ...init.headers } })
}

const patch = (id: string, etag: string | undefined, operations: unknown) =>
  ask(`Appointment/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json-patch+json', ...(etag && { 'if-match': etag }) },
    body: JSON.stringify(operations),
  })

const confirmation = [
  { op: 'test', path: '/participant/0/actor/reference', value: 'Patient/004417' },
  { op: 'replace', path: '/participant/0/status', value: 'accepted' },
]

test('the capability statement is public, the rest asks for the token', async () => {
  const metadata = (await (await fetch(`${simulator.fhirUrl}/metadata`)).json()) as { fhirVersion: string; patchFormat: string[] }
  expect(metadata).toMatchObject({ fhirVersion: '4.0.1', patchFormat: ['application/json-patch+json'] })
  expect((await fetch(`${simulator.fhirUrl}/Appointment`)).status).toBe(401)
})

test('an appointment is read with its version, its patient and its people', async () => {
  const id = book()
  const response = await ask(`Appointment/${id}`)
  expect(response.headers.get('etag')).toBe('W/"1"')
  const appointment = (await response.json()) as Appointment
  expect(appointment).toMatchObject({ status: 'booked', start: start.toString(), meta: { versionId: '1' } })
  for (const { actor } of appointment.participant) expect((await ask(actor?.reference ?? '')).status).toBe(200)
  expect(await (await ask('Patient/004417')).json()).toMatchObject({
    telecom: [{ use: 'mobile', value: '+14185550177' }, { system: 'email' }],
  })
})

test('an appointment of the HL7 feed is not here', async () => {
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start })
  expect((await ask(`Appointment/${id}`)).status).toBe(404)
})

test('a confirmation by patch is in the chart', async () => {
  const id = book()
  const response = await patch(id, 'W/"1"', confirmation)
  expect([response.status, response.headers.get('etag')]).toEqual([200, 'W/"2"'])
  expect(simulator.chart.find(id)).toMatchObject({ confirmed: true, status: 'booked' })
})

test('a cancellation by patch keeps its reason', async () => {
  const id = book()
  const reason = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: 'pat-crs' }] }
  await patch(id, 'W/"1"', [
    { op: 'replace', path: '/status', value: 'cancelled' },
    { op: 'add', path: '/cancelationReason', value: reason },
  ])
  expect(simulator.chart.find(id)).toMatchObject({ status: 'cancelled', cancelReason: 'pat-crs' })
  expect(await (await ask(`Appointment/${id}`)).json()).toMatchObject({ cancelationReason: reason })
})

test('an arrival by put is in the chart', async () => {
  const id = book()
  const current = (await (await ask(`Appointment/${id}`)).json()) as Appointment
  const body = JSON.stringify({ ...current, status: 'arrived' })
  expect((await ask(`Appointment/${id}`, { method: 'PUT', headers: { 'if-match': 'W/"1"' }, body })).status).toBe(200)
  expect(simulator.chart.find(id)?.status).toBe('arrived')
})

test.each([
  ['no version', undefined, confirmation, 412],
  ['an older version', 'W/"0"', confirmation, 412],
  ['a test that does not hold', 'W/"1"', [{ op: 'test', path: '/start', value: 'x' }], 422],
  ['a place that is not there', 'W/"1"', [{ op: 'replace', path: '/participant/9/status', value: 'accepted' }], 422],
  ['a status this EHR has not', 'W/"1"', [{ op: 'replace', path: '/status', value: 'fulfilled' }], 422],
  ['no patch', 'W/"1"', { op: 'replace' }, 400],
])('a patch with %s changes nothing', async (_, etag, operations, status) => {
  const id = book()
  const response = await patch(id, etag, operations)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ resourceType: 'OperationOutcome' })
  expect(simulator.chart.find(id)?.version).toBe(1)
})

test('an older version may get 409, as at Oracle Health', async () => {
  simulator = await open({ staleStatus: 409 })
  expect((await patch(book(), 'W/"9"', confirmation)).status).toBe(409)
})

test('a cancelled appointment takes no answer', async () => {
  const id = book()
  simulator.chart.cancel(id)
  expect((await patch(id, 'W/"2"', confirmation)).status).toBe(422)
})

test('the pages of a search hold everything once, oldest change first', async () => {
  const ids = [book(), book(), book(), book(), book()]
  simulator.chart.confirm(ids[0] ?? '')
  const seen: string[] = []
  let next: string | undefined = 'Appointment?_sort=_lastUpdated&_count=2'
  while (next) {
    const bundle = (await (await ask(next)).json()) as Bundle<Appointment>
    seen.push(...(bundle.entry ?? []).map((entry) => entry.resource?.id ?? ''))
    next = bundle.link?.find((link) => link.relation === 'next')?.url
  }
  expect(seen).toEqual([...ids.slice(1), ids[0]])
})

test('what changes between two pages is on a later page', async () => {
  const ids = [book(), book(), book()]
  const first = (await (await ask('Appointment?_sort=_lastUpdated&_count=2')).json()) as Bundle<Appointment>
  simulator.chart.confirm(ids[0] ?? '')
  const next = first.link?.find((link) => link.relation === 'next')?.url ?? ''
  const second = (await (await ask(next)).json()) as Bundle<Appointment>
  expect(second.entry?.map((entry) => entry.resource?.id)).toEqual([ids[2], ids[0]])
})

test('a search by last update and by id', async () => {
  const ids = [book(), book(), book()]
  const since = simulator.chart.find(ids[1] ?? '')?.lastUpdated.toString() ?? ''
  const found = async (query: string) =>
    ((await (await ask(`Appointment?${query}`)).json()) as Bundle<Appointment>).entry?.map((entry) => entry.resource?.id)
  expect(await found(`_lastUpdated=ge${encodeURIComponent(since)}`)).toEqual(ids.slice(1))
  expect(await found(`_lastUpdated=gt${encodeURIComponent(since)}`)).toEqual(ids.slice(2))
  expect(await found(`_lastUpdated=lt${encodeURIComponent(since)}`)).toEqual(ids.slice(0, 1))
  expect(await found(`_id=${ids[0]},${ids[2]}&_sort=-_lastUpdated`)).toEqual([ids[2], ids[0]])
  expect((await ask('Appointment?_lastUpdated=yesterday')).status).toBe(400)
})

test('each version can be read again', async () => {
  const id = book()
  simulator.chart.confirm(id)
  expect(await (await ask(`Appointment/${id}/_history/1`)).json()).toMatchObject({ participant: [{ status: 'needs-action' }, {}, {}] })
  expect(await (await ask(`Appointment/${id}/_history`)).json()).toMatchObject({ type: 'history', total: 2 })
  expect((await ask(`Appointment/${id}/_history/7`)).status).toBe(404)
})

const settled = () => vi.waitFor(() => expect(simulator.journal.exchanges().every((exchange) => exchange.state !== 'waiting')).toBe(true))

test('a change is put below the endpoint, with the secret', async () => {
  const hook = await openHook()
  closing.push(hook.close)
  simulator.pointAt({ hook: hook.target })
  const id = book()
  await settled()
  expect(hook.hooks).toMatchObject([{ method: 'PUT', path: `/hook/Appointment/${id}`, authorization: 'Bearer geheim' }])
  expect(JSON.parse(hook.hooks[0]?.body ?? '')).toMatchObject({ resourceType: 'Appointment', id })
})

test('the endpoint may get an empty post instead', async () => {
  const hook = await openHook()
  closing.push(hook.close)
  simulator = await open({ targets: { hook: hook.target }, hookForm: ({ verb }) => (verb === 'moved' ? 'empty' : 'resource') })
  const id = book()
  await settled()
  simulator.chart.move(id, start.add({ hours: 1 }))
  await settled()
  expect(hook.hooks.map(({ method, path, body }) => [method, path, body.length > 0])).toEqual([
    ['PUT', `/hook/Appointment/${id}`, true],
    ['POST', '/hook', false],
  ])
})

test('a delivery is tried a few times, then given up', async () => {
  const hook = await openHook((nth) => (nth === 2 ? 200 : 503))
  closing.push(hook.close)
  simulator.pointAt({ hook: hook.target })
  book()
  await settled()
  book()
  await settled()
  expect(hook.hooks).toHaveLength(5)
  expect(simulator.journal.exchanges().map((exchange) => exchange.state)).toEqual(['refused', 'accepted'])
})
