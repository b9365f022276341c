import type { Hono } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CapturedMessage } from '../../src/channels/mailbox/kept-messages.ts'
import type { Simulator } from '../../src/connectors/simulator/simulator.ts'
import { openSimulator } from '../../src/connectors/simulator/simulator.ts'
import { demoApp } from '../../src/demo/demo-app.ts'

const now = Temporal.Instant.from('2026-11-24T18:20:00Z')
let simulator: Simulator
let app: Hono
let captured: CapturedMessage[]

beforeEach(async () => {
  captured = []
  simulator = await openSimulator({ now: () => now, zone: 'America/Toronto', fhirToken: 't', retryMs: [] })
  const mailbox = {
    messages: () => captured,
    clear: () => {
      captured = []
    },
  }
  app = demoApp({ simulator, mailbox, stylesheet: 'body{}' })
})

afterEach(() => simulator.close())

const page = async (path: string): Promise<string> => (await app.request(path)).text()

function post(path: string, fields: Record<string, string> = {}, origin = 'http://localhost') {
  return app.request(path, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
  })
}

const booking = { patient: '004417', motif: 'CONSULT', ahead: 'PT30H', protocol: 'fhir' }

const email: CapturedMessage = {
  id: 'm 1',
  channel: 'email',
  to: 'elise.gagnon@example.org',
  from: 'rdv@example.org',
  subject: 'Votre rendez-vous <du> jeudi',
  text: 'Bonjour',
  html: '<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script></body></html>',
  receivedAt: now,
  links: ['http://127.0.0.1/abc'],
}

test('an empty chart says what would be here', async () => {
  const html = await page('/')
  expect(html).toContain('<html lang="fr">')
  expect(html).toContain('Aucun rendez-vous.')
  expect(html).toContain('Aucun message.')
})

test('a booking answers by a redirect, and the appointment is in the table', async () => {
  const response = await post('/appointments?lang=en&live=1', booking)
  expect([response.status, response.headers.get('location')]).toEqual([303, '/?lang=en&live=1&done=booked'])
  expect(simulator.chart.appointments()).toMatchObject([
    { protocol: 'fhir', patientId: '004417', motif: 'CONSULT', start: now.add({ hours: 30 }) },
  ])
  const html = await page('/?lang=en')
  expect(html).toContain('Wed 25 Nov, 7:20\u00a0pm')
  expect(html).toContain('Élise Gagnon</td><td>FHIR</td>')
})

test.each([
  ['no patient', { ...booking, patient: 'x' }],
  ['no time', { ...booking, ahead: 'P9D' }],
  ['no protocol', { ...booking, protocol: '' }],
])('a form with %s books nothing and says so', async (_, fields) => {
  const response = await post('/appointments', fields)
  expect(response.headers.get('location')).toContain('done=invalid')
  expect(simulator.chart.appointments()).toEqual([])
})

test('another site cannot book', async () => {
  expect((await post('/appointments', booking, 'http://elsewhere.example')).status).toBe(403)
})

test.each([
  ['move', 'moved', { start: now.add({ hours: 31 }) }],
  ['cancel', 'cancelled', { status: 'cancelled' }],
  ['arrive', 'arrived', { status: 'arrived' }],
])('%s does what it says, once', async (verb, done, expected) => {
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start: now.add({ hours: 30 }) })
  expect((await post(`/appointments/${id}/${verb}`)).headers.get('location')).toBe(`/?lang=fr&done=${done}`)
  expect(simulator.chart.find(id)).toMatchObject(expected)
})

test('what is over has no buttons, and an old button changes nothing', async () => {
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '004417', start: now })
  simulator.chart.cancel(id)
  expect(await page('/')).not.toContain(`/appointments/${id}/`)
  expect((await post(`/appointments/${id}/move`)).headers.get('location')).toContain('done=unchanged')
  expect(simulator.chart.find(id)?.status).toBe('cancelled')
})

test('a confirmation is seen, and the messages can be read', async () => {
  const { id } = simulator.chart.book({ protocol: 'hl7v2', patientId: '005533', start: now.add({ hours: 30 }) })
  simulator.chart.confirm(id, 'adapter')
  const html = await page('/')
  expect(html).toContain('<span class="tag ok">Confirmé</span>')
  expect(html).toContain('SIU^S12')
  expect(html).toContain('PID|1||005533')
})

test('the page reloads by itself only when asked', async () => {
  expect(await page('/')).not.toContain('http-equiv')
  expect(await page('/?live=1&done=booked')).toContain('<meta http-equiv="refresh" content="3; url=/?lang=fr&amp;live=1"/>')
})

test('an empty mailbox says what would be here', async () => {
  expect(await page('/mailbox?lang=en')).toContain('No message.')
})

test('messages are listed newest first, as text', async () => {
  captured = [email, { ...email, id: 'm2', channel: 'sms', to: '+14185550177', text: 'RDV jeu.' }]
  const html = await page('/mailbox')
  expect(html.indexOf('+14185550177')).toBeLessThan(html.indexOf('elise.gagnon@'))
  expect(html).toContain('Votre rendez-vous &lt;du&gt; jeudi')
})

test('an open e-mail is in a frame where nothing runs, and its link beside it', async () => {
  captured = [email]
  const html = await page('/mailbox?open=m%201')
  expect(html).toContain('src="/mailbox/m%201/body" sandbox="allow-popups allow-popups-to-escape-sandbox"')
  expect(html).toContain('href="http://127.0.0.1/abc"')
  const body = await app.request('/mailbox/m%201/body')
  expect(body.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*sandbox/)
  expect(await body.text()).toContain('<head><base target="_blank">')
})

test('what was cleared is gone', async () => {
  captured = [email]
  expect((await post('/mailbox/clear')).headers.get('location')).toBe('/mailbox?lang=fr&done=cleared')
  expect(captured).toEqual([])
  expect((await app.request('/mailbox/m%201/body')).status).toBe(404)
})

test('pages ask nothing of anybody else', async () => {
  const response = await app.request('/')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'")
  expect(await response.text()).not.toMatch(/ style=|<script|https?:\/\//)
})
