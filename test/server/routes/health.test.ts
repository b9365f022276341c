import { expect, test } from 'vitest'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

test.each([
  ['serves and keeps', true, 0, 200, { status: 'ready', alarms: [] }],
  ['keeps nothing', true, 1, 503, { status: 'store unavailable', alarms: ['store_unavailable'] }],
  ['is stopping', false, 0, 503, { status: 'stopping' }],
] as const)('a service that %s says so', async (_, serving, failing, status, said) => {
  const { get, failCommits } = await openRappel({ isServing: () => serving })
  failCommits(failing)
  const response = await get('/readyz')
  expect([response.status, await response.json()]).toEqual([status, said])
  failCommits(0)
  expect((await get('/healthz')).status, 'the process answers all the same').toBe(200)
})

test('what is counted tells nothing of anybody (R25)', async () => {
  const { hear, send, get } = await openRappel()
  await hear(bookedChange())
  await send()
  const response = await get('/metrics')
  const text = await response.text()
  expect(response.headers.get('content-type')).toContain('text/plain')
  expect(text).toContain('rappel_received_total{connector="tilleuls",disposition="applied"} 1')
  expect(text).toContain('rappel_sends_total{channel="sms",outcome="accepted"} 1')
  for (const trace of ['Roy', 'roy@', '418555', 'A1', 'P1', 'Moreau', 'CONSULT']) expect(text).not.toContain(trace)
})
