import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

/** One SMS that was accepted; its provider reports. */
async function sent() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  await rappel.send()
  const attempt = rappel.sms.sent[0]?.attemptId ?? ''
  const report = (fields: Record<string, string>, query = '', signature = `for https://rdv.example/callbacks/sms${query}`) =>
    rappel.post(`/callbacks/sms${query}`, { attempt, ...fields }, { 'x-signature': signature })
  const state = async () => {
    const { state: is, reason } = (await rappel.notifications()).find(({ channel }) => channel === 'sms') ?? {}
    return [is, reason].filter(Boolean).join(' ')
  }
  return { ...rappel, attempt, report, state }
}

describe('a report', () => {
  test.each([
    ['delivered', {}, 'delivered'],
    ['failed', { errorCode: '30005' }, 'failed failed_30005'],
    ['undelivered', {}, 'failed undelivered_unknown'],
    ['queued', {}, 'sent'],
  ])('that says %s is believed when it is signed', async (status, more, expected) => {
    const { report, state } = await sent()
    const response = await report({ status, ...more })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(await state()).toBe(expected)
  })

  test.each([
    ['for another address', 'for https://elsewhere.example/callbacks/sms'],
    ['for another query', 'for https://rdv.example/callbacks/sms?a=1'],
    ['for the address as a proxy sees it', 'for http://localhost/callbacks/sms'],
    ['not at all', ''],
  ])('that is signed %s changes nothing (R30)', async (_, signature) => {
    const { report, state, dump } = await sent()
    const before = await dump()
    expect((await report({ status: 'delivered' }, '', signature)).status).toBe(401)
    expect(await state()).toBe('sent')
    expect(await dump()).toBe(before)
  })

  test('is verified with its query', async () => {
    const { report, state } = await sent()
    expect((await report({ status: 'delivered' }, '?a=1&b=%2F')).status).toBe(204)
    expect(await state()).toBe('delivered')
  })

  test('of an attempt that is not ours, or of none, is taken and forgotten', async () => {
    const { post, dump } = await sent()
    const before = await dump()
    const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
    expect((await post('/callbacks/sms', { status: 'delivered', attempt: 'nobody’s' }, signed)).status).toBe(204)
    expect((await post('/callbacks/sms', { status: 'delivered' }, signed)).status).toBe(204)
    expect(await dump()).toBe(before)
  })

  test('that comes fifty times at once is applied once', async () => {
    const { report, read, notifications } = await sent()
    await Promise.all(Array.from({ length: 50 }, () => report({ status: 'delivered' })))
    const id = (await notifications()).find(({ channel }) => channel === 'sms')?.id ?? ''
    const rows = await read((tx) => tx.audit.of(id, 100))
    expect(rows.filter(({ action }) => action === 'notification.delivered')).toHaveLength(1)
  })

  test('climbs, whatever the order of arrival (R21)', async () => {
    const { report, state, store, notifications } = await sent()
    const [first] = (await notifications()).filter(({ channel }) => channel === 'sms')
    if (!first) throw new Error('nothing was sent')
    const words = ['queued', 'sent', 'undelivered', 'failed', 'delivered']
    const arrivals = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(arrivals, async (order) => {
        await store.transact((tx) => tx.notifications.save(first))
        for (const status of order) await report({ status })
        const highest = order.includes('delivered')
          ? 'delivered'
          : order.some((word) => /failed|undelivered/.test(word))
            ? 'failed'
            : 'sent'
        expect((await state()).split(' ')[0]).toBe(highest)
      }),
      { numRuns: 60 },
    )
  })

  test('that overtakes the provider’s own answer ends in the same', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange())
    rappel.sms.outcomes.push(async () => {
      const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
      await rappel.post('/callbacks/sms', { status: 'delivered', attempt: rappel.sms.sent[0]?.attemptId ?? '' }, signed)
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await rappel.send()
    expect(await rappel.outcomes()).toContain('confirmation sms: delivered')
    expect(await rappel.read((tx) => tx.told.find('tilleuls:A1'))).toMatchObject({ facts: { stands: true } })
  })

  test('ends a doubt: the provider knows the attempt', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange())
    rappel.sms.outcomes.push({ kind: 'unknown', reason: 'twilio_timeout' })
    await rappel.send()
    const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
    await rappel.post('/callbacks/sms', { status: 'sent', attempt: rappel.sms.sent[0]?.attemptId ?? '' }, signed)
    expect(await rappel.outcomes()).toContain('confirmation sms: sent')
  })

  test('of more than 64 KB is refused before it is read', async () => {
    const { report } = await sent()
    expect((await report({ status: 'delivered', more: 'x'.repeat(70_000) })).status).toBe(413)
  })

  test('while the store keeps nothing is answered 503, so that the provider calls again', async () => {
    const { report, failCommits, state } = await sent()
    failCommits(1)
    expect((await report({ status: 'delivered' })).status).toBe(503)
    expect(await state()).toBe('sent')
  })

  test('is not found where no provider calls back', async () => {
    const { channels, report } = await sent()
    channels.delete('sms')
    expect((await report({ status: 'delivered' })).status).toBe(401)
  })
})
