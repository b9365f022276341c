import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { webhookTransport } from '../../../src/server/compose-webhooks.ts'
import { bookedChange, landline, start } from '../../support/clinic.ts'
import { openRappel, tokenOf } from '../../support/rappel.ts'
import { openReceiver, type Received } from './receiver.ts'

const path = '/api/v1/clinics/tilleuls/webhooks'

interface Made {
  readonly id: string
  readonly secret: string
}

async function openTold(wanted: Readonly<Record<string, unknown>> = {}) {
  const [rappel, receiver] = [await openRappel({ now: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString() }), await openReceiver()]
  const made = await rappel.call('admin', `POST ${path}`, { url: receiver.url, ...wanted })
  expect(made.status).toBe(201)
  const endpoint = (await made.json()) as Made
  const list = async (state: string) => {
    const response = await rappel.call('admin', `GET ${path}/${endpoint.id}/deliveries?state=${state}`)
    return (
      (await response.json()) as {
        items: { event: string; type: string; attempts: number; answers: { status?: number; reason?: string }[] }[]
      }
    ).items
  }
  return { ...rappel, receiver, endpoint, list }
}

const idsOf = (received: readonly Received[]) => received.map(({ headers }) => headers['webhook-id'])
const verify = (secret: string, { headers, body }: Received) => new Webhook(secret).verify(body, headers as Record<string, string>)

describe('a webhook', () => {
  test('is signed by Standard Webhooks, names ids and nobody, and comes once', async () => {
    const { hear, send, tell, receiver, endpoint, woken } = await openTold({ events: ['notification.sent'] })
    await hear(bookedChange())
    await send()
    expect(woken).toContain('announced')
    await tell()
    await tell()
    expect(receiver.received).toHaveLength(2)
    const [first] = receiver.received
    if (!first) throw new Error('nothing came')
    expect(verify(endpoint.secret, first)).toMatchObject({
      type: 'notification.sent',
      timestamp: expect.stringMatching(/Z$/),
      data: { clinic: 'tilleuls', appointmentId: 'tilleuls:A1', kind: 'confirmation', notificationId: expect.any(String) },
    })
    for (const { body } of receiver.received) expect(body).not.toMatch(/Anne|Roy|5550177|roy@|Moreau/)
    expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, first)).toThrow()
    expect(() => verify(endpoint.secret, { ...first, body: first.body.replace('A1', 'A2') })).toThrow()
  })

  test.each<[string, (rappel: Awaited<ReturnType<typeof openTold>>) => Promise<unknown>, readonly string[]]>([
    ['moved', ({ hear }) => hear(bookedChange({ time: { start: start.add({ hours: 1 }) } }, 5)), ['appointment.moved']],
    ['cancelled', ({ hear }) => hear(bookedChange({ status: { value: 'cancelled' } }, 5)), ['appointment.cancelled']],
    ['arrived', ({ hear }) => hear(bookedChange({ status: { value: 'arrived' } }, 5)), ['appointment.arrived']],
    ['confirmed', ({ hear }) => hear(bookedChange({ confirmation: 'confirmed' }, 5)), ['appointment.confirmed']],
    ['said again', ({ hear }) => hear(bookedChange({}, 5)), []],
  ])('an appointment that is %s', async (_, act, expected) => {
    const told = await openTold({ events: ['appointment.moved', 'appointment.cancelled', 'appointment.arrived', 'appointment.confirmed'] })
    await told.hear(bookedChange())
    await act(told)
    await act(told)
    await told.tell()
    expect(told.receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(expected)
  })

  test('tells whom to call and what could not be read', async () => {
    const { hear, send, ingest, ehr, tell, receiver } = await openTold({ events: ['to_call.opened', 'quarantine.opened'] })
    const contacts = [landline]
    await hear(bookedChange({ patient: { ehrId: 'P1', contacts } }))
    await send()
    await hear(bookedChange({ status: { value: 'cancelled' }, patient: { ehrId: 'P1', contacts } }, 5))
    await send()
    await ingest.receive({ ...ehr.envelope({ kind: 'hint' }), body: new TextEncoder().encode('nonsense') })
    await tell()
    const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
    expect(types).toEqual(expect.arrayContaining(['to_call.opened', 'quarantine.opened']))
  })

  test('of a fact that was undone is never sent', async () => {
    const { store, hear, tell, receiver } = await openTold()
    await hear(bookedChange())
    const appointment = await store.read((tx) => tx.appointments.find('tilleuls:A1'))
    if (!appointment) throw new Error('no appointment')
    const undone = store.transact(async (tx) => {
      await tx.appointments.save({ ...appointment, status: 'cancelled', revision: 9 })
      throw new Error('second thoughts')
    })
    await expect(undone).rejects.toThrow()
    await tell()
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('appointment.cancelled')
  })
})

describe('one that is not taken', () => {
  test('comes again by the same id, later and later', async () => {
    const { hear, send, tell, receiver, clock, list } = await openTold({ events: ['notification.sent'] })
    receiver.answers.push(500)
    await hear(bookedChange({ patient: { ehrId: 'P1', contacts: [{ kind: 'email', value: 'roy@example.com' }] } }))
    await send()
    await tell()
    expect(await list('pending')).toMatchObject([{ attempts: 1, answers: [{ status: 500 }] }])
    await tell()
    expect(receiver.received).toHaveLength(1)
    clock.advance({ seconds: 5 })
    await tell()
    expect(new Set(idsOf(receiver.received)).size).toBe(1)
    expect(receiver.received).toHaveLength(2)
    expect(await list('delivered')).toMatchObject([{ attempts: 2, answers: [{ status: 500 }, { status: 204 }] }])
  })

  test('for three days switches its endpoint off, and somebody is to look', async () => {
    const { hear, send, tell, receiver, clock, call, endpoint, list } = await openTold({ events: ['notification.sent'] })
    receiver.answers.push(...Array.from({ length: 30 }, () => 503))
    await hear(bookedChange({ patient: { ehrId: 'P1', contacts: [{ kind: 'email', value: 'roy@example.com' }] } }))
    await send()
    for (let hour = 0; hour < 90; hour += 1) {
      await tell()
      clock.advance({ hours: 1 })
    }
    expect(receiver.received).toHaveLength(10)
    expect(await list('failed')).toMatchObject([{ attempts: 10 }])
    expect(await (await call('admin', `GET ${path}/${endpoint.id}`)).json()).toMatchObject({ state: 'disabled', reason: 'unanswered' })
    expect(await (await call('appointments', 'GET /api/v1/inbox')).json()).toMatchObject({
      items: [{ kind: 'webhook', reason: 'unanswered' }],
    })
  })

  test('by an address that is gone switches it off at once', async () => {
    const { hear, send, tell, receiver, call, endpoint } = await openTold({ events: ['notification.sent'] })
    receiver.answers.push(410)
    await hear(bookedChange())
    await send()
    await tell()
    await tell()
    expect(receiver.received).toHaveLength(1)
    expect(await (await call('admin', `GET ${path}/${endpoint.id}`)).json()).toMatchObject({ state: 'disabled', reason: 'gone' })
  })

  test('a redirect is not followed', async () => {
    const { hear, send, tell, receiver, list } = await openTold({ events: ['notification.sent'] })
    receiver.answers.push(302)
    await hear(bookedChange({ patient: { ehrId: 'P1', contacts: [{ kind: 'email', value: 'roy@example.com' }] } }))
    await send()
    await tell()
    expect(await list('pending')).toMatchObject([{ answers: [{ status: 302 }] }])
  })
})

describe('an endpoint', () => {
  test('is told again on request, by id or by time, by the same ids', async () => {
    const { hear, send, tell, receiver, call, endpoint, clock } = await openTold({ events: ['notification.sent'] })
    const from = clock.now().toString()
    await hear(bookedChange())
    await send()
    await tell()
    const [id] = idsOf(receiver.received)
    const replay = (body: unknown) => call('admin', `POST ${path}/${endpoint.id}/replay`, body)
    expect(await (await replay({ event: id })).json()).toEqual({ count: 1 })
    await tell()
    expect(idsOf(receiver.received).slice(2)).toEqual([id])
    clock.advance({ seconds: 1 })
    expect(await (await replay({ from, until: clock.now().toString() })).json()).toEqual({ count: 2 })
    await tell()
    expect(new Set(idsOf(receiver.received)).size).toBe(2)
    expect(receiver.received).toHaveLength(5)
    expect(await (await replay({ event: 'msg_nothing' })).json()).toEqual({ count: 0 })
  })

  test('signs with both secrets for a day after a rotation', async () => {
    const { hear, send, tell, receiver, call, endpoint } = await openTold({ events: ['notification.sent'] })
    const { secret } = (await (await call('admin', `POST ${path}/${endpoint.id}/secret`)).json()) as Made
    expect(secret).not.toBe(endpoint.secret)
    await hear(bookedChange())
    await send()
    await tell()
    const [first] = receiver.received
    if (!first) throw new Error('nothing came')
    for (const each of [secret, endpoint.secret]) expect(verify(each, first)).toMatchObject({ type: 'notification.sent' })
  })

  test('shows its secret once, and is another clinic’s to nobody', async () => {
    const { call, app, endpoint, dump } = await openTold()
    const shown = await (await call('admin', `GET ${path}/${endpoint.id}`)).text()
    expect(shown).not.toContain('whsec_')
    const theirs = { authorization: `Bearer ${tokenOf('admin', 'erables')}` }
    expect((await app.request(`${path}/${endpoint.id}`, { headers: theirs })).status).toBe(404)
    expect((await app.request(`/api/v1/clinics/erables/webhooks/${endpoint.id}`, { headers: theirs })).status).toBe(404)
    expect((await call('appointments', `GET ${path}`)).status).toBe(403)
    expect((await call('admin', `DELETE ${path}/${endpoint.id}`)).status).toBe(204)
    expect(await (await call('admin', `GET ${path}`)).json()).toEqual({ items: [] })
    expect(await dump()).not.toContain('whsec_')
  })
})

describe('where a webhook may go (R23)', () => {
  const transport = webhookTransport({ allowPrivate: false })

  test.each([
    'http://hooks.example/',
    'https://user:pass@hooks.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://localhost/',
    'https://a.localhost/',
    'https://10.0.0.8/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fe80::1]/',
    'ftp://hooks.example/',
    'file:///etc/passwd',
    'gopher://hooks.example/',
    'nonsense',
  ])('not to %s', async (url) => {
    expect(transport.refusal(url)).toBeDefined()
    await expect(transport.post(url, {}, '', AbortSignal.timeout(2_000))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
  })

  test('not to a name that leads to this machine', async () => {
    expect(transport.refusal('https://localhost.localdomain./')).toBeUndefined()
    await expect(transport.post('https://localhost./', {}, '', AbortSignal.timeout(5_000))).rejects.toThrow()
  })

  test('to a public address by https', () => {
    expect(transport.refusal('https://hooks.example/a?b=c')).toBeUndefined()
  })

  test('what may not be asked is not saved', async () => {
    const { call } = await openRappel()
    const response = await call('admin', `POST ${path}`, { url: 'https://[fe80::1]/' })
    expect([response.status, await response.json()]).toMatchObject([422, { faults: [{ pointer: '/url' }] }])
  })
})
