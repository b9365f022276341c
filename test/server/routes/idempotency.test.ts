import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/server/ids.ts'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel, tokenOf } from '../../support/rappel.ts'

const messages = 'POST /api/v1/appointments/tilleuls:A1/messages'
const key = { 'idempotency-key': 'click 1' }

async function openBooked() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  await rappel.send()
  return { ...rappel, sent: rappel.sms.sent.length }
}

describe('a request with an Idempotency-Key', () => {
  test('is done once, and answered as the first time for a day', async () => {
    const { call, send, sms, sent, clock, dump } = await openBooked()
    const first = await call('appointments', messages, { channel: 'sms' }, key)
    const again = await call('appointments', messages, { channel: 'sms' }, key)
    expect([first.status, again.status]).toEqual([202, 202])
    expect(await again.json()).toEqual(await first.json())
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    await send()
    expect(sms.sent.length).toBe(sent + 1)
    expect(await dump(), 'the key is not kept in clear').not.toContain('click 1')
    clock.advance({ hours: 24 })
    await call('appointments', 'POST /api/v1/appointments/tilleuls:A1/holds/release', undefined, { 'idempotency-key': 'click 2' })
    const later = await call('appointments', messages, { channel: 'sms' }, key)
    expect(later.headers.get('idempotency-replayed')).toBeNull()
  })

  test('that asks for something else is refused', async () => {
    const { call } = await openBooked()
    await call('appointments', messages, { channel: 'sms' }, key)
    const other = await call('appointments', messages, { channel: 'email' }, key)
    expect([other.status, await other.json()]).toMatchObject([422, { code: 'key_reused' }])
  })

  test('is another’s by another caller', async () => {
    const { call } = await openBooked()
    await call('appointments', messages, { channel: 'sms' }, key)
    const theirs = await call('admin', messages, { channel: 'email' }, key)
    expect([theirs.status, theirs.headers.get('idempotency-replayed')]).toEqual([202, null])
  })

  test('that was refused for how it was asked may be mended and come again', async () => {
    const { call } = await openBooked()
    expect((await call('appointments', messages, { channel: 'fax' }, key)).status).toBe(422)
    expect((await call('appointments', messages, { channel: 'sms' }, key)).status).toBe(202)
  })

  test('whose answer was no is answered no again, whatever has changed', async () => {
    const { call, channels } = await openBooked()
    const sms = channels.get('sms')
    channels.delete('sms')
    expect((await call('appointments', messages, { channel: 'sms' }, key)).status).toBe(409)
    if (sms) channels.set('sms', sms)
    const again = await call('appointments', messages, { channel: 'sms' }, key)
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'not_sent', reason: 'no_channel' }])
    expect(again.headers.get('content-type')).toBe('application/problem+json')
  })

  test('that a fault of ours cut off is done when it comes again', async () => {
    const { call, spoil, sms, send, sent } = await openBooked()
    spoil((tx) => ({ ...tx, notifications: { ...tx.notifications, save: () => Promise.reject(new Error('a bug')) } }))
    expect((await call('appointments', messages, { channel: 'sms' }, key)).status).toBe(500)
    spoil(undefined)
    expect((await call('appointments', messages, { channel: 'sms' }, key)).status).toBe(202)
    await send()
    expect(sms.sent.length).toBe(sent + 1)
  })

  test('that is still being worked on is asked to wait, and taken up after a crash', async () => {
    const { call, store, clock } = await openBooked()
    const ask = () => call('appointments', messages, { channel: 'sms' }, key)
    await ask()
    // as a crash leaves it: begun, and without an answer
    await store.transact(async (tx) => {
      const known = await tx.idempotency.find(sha256('token:appointments-tilleuls\nclick 1'))
      if (!known) throw new Error('nothing is kept')
      const { status: _, body: __, ...begun } = known
      await tx.idempotency.save(begun)
    })
    expect((await ask()).status).toBe(409)
    clock.advance({ minutes: 2 })
    expect((await ask()).status, 'the message itself is known').toBe(200)
  })

  test('of another clinic’s appointment keeps nothing', async () => {
    const { app, dump } = await openBooked()
    const before = await dump()
    const headers = { authorization: `Bearer ${tokenOf('appointments', 'erables')}`, 'content-type': 'application/json', ...key }
    const response = await app.request(messages.split(' ')[1] ?? '', { method: 'POST', headers, body: '{"channel":"sms"}' })
    expect(response.status).toBe(404)
    expect(await dump()).toBe(before)
  })
})
