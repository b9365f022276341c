import { createServer } from 'node:net'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Receive } from '../../src/connectors/connector.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import type { ServiceDeps } from '../../src/server/service.ts'
import { startService } from '../../src/server/service.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { bookedChange } from '../support/clinic.ts'
import { fakeConnector, promised } from '../support/fakes.ts'
import { openRappel } from '../support/rappel.ts'

/** A whole service whose clock stands still: what happens, happens because something woke it. */
async function serving(
  change: Partial<ServiceDeps> = {},
  before: (rappel: Awaited<ReturnType<typeof openRappel>>) => Promise<void> = async () => {},
) {
  const given = promised<Receive>()
  const ehr = fakeConnector('tilleuls', {
    listen: (receive, signal) => {
      given.keep(receive)
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    },
  })
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', connectors: [ehr] })
  await before(rappel)
  const retries = [Temporal.Duration.from({ seconds: 5 })]
  const service = await startService({ ...rappel, host: '127.0.0.1', port: 0, sendRetries: retries, writeBackRetries: retries, ...change })
  const receive = await given.promise
  const say = (result: Parameters<typeof ehr.envelope>[0]) => receive(ehr.envelope(result))
  return { ...rappel, service, say, url: `http://127.0.0.1:${service.port}` }
}

describe('a service', () => {
  test('tells the patient as soon as the EHR has spoken', async () => {
    const { say, sms, service } = await serving()
    await say({ kind: 'changes', changes: [bookedChange()] })
    await expect.poll(() => sms.sent.length).toBe(1)
    await service.stop()
  })

  test('tells the EHR as soon as the patient has answered', async () => {
    const { say, sms, ehr, url, service, lastToken } = await serving()
    await say({ kind: 'changes', changes: [bookedChange()] })
    await expect.poll(() => sms.sent.length).toBe(1)
    const token = lastToken()
    const page = await (await fetch(`${url}/${token}`)).text()
    const basis = /name="basis" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const response = await fetch(`${url}/${token}/confirm`, { method: 'POST', body: new URLSearchParams({ basis }) })
    expect(response.url, 'and leads the patient back').toBe(`${url}/${token}?done=confirmed`)
    await expect.poll(() => ehr.written.map(({ writeBack }) => writeBack.kind)).toEqual(['confirm'])
    await service.stop()
  })

  test('asks the EHR as soon as it has hinted', async () => {
    const { say, ehr, service } = await serving()
    await say({ kind: 'hint' })
    await expect.poll(() => ehr.asked.length).toBe(1)
    await service.stop()
  })

  test('that starts after a crash doubts what was under way before it sends anything', async () => {
    const { notifications, sms, service } = await serving({}, async ({ hear, sms: provider, send, failCommits }) => {
      await hear(bookedChange())
      const stopping = new AbortController()
      provider.outcomes.push(() => {
        stopping.abort()
        failCommits(9)
        return { kind: 'accepted', providerId: 'SM1' }
      })
      await send(stopping.signal).catch(() => {})
      failCommits(0)
    })
    expect((await notifications()).find(({ channel }) => channel === 'sms')?.state).toBe('in_doubt')
    await service.stop()
    expect(sms.sent).toHaveLength(1)
  })
})

describe('a service that is stopped', () => {
  test('finishes the send in hand and keeps its outcome, then keeps nothing more', async () => {
    const { say, sms, service, store, read } = await serving()
    const answered = promised<SendOutcome>()
    sms.outcomes.push(() => answered.promise)
    await say({ kind: 'changes', changes: [bookedChange()] })
    await expect.poll(() => sms.sent.length).toBe(1)
    const outcome = store.transact((tx) => tx.attempts.unfinished(9))
    const stopped = service.stop()
    expect(service.stop(), 'twice is once').toBe(stopped)
    expect((await outcome).length).toBeGreaterThan(0)
    answered.keep({ kind: 'accepted', providerId: 'SM1' })
    await stopped
    await expect(read((tx) => tx.attempts.unfinished(1))).rejects.toThrow(StoreUnavailable)
    await expect(say({ kind: 'changes', changes: [bookedChange()] }), 'so that the EHR sends it again').rejects.toThrow(StoreUnavailable)
  })

  test('takes no more requests', async () => {
    const { url, service } = await serving()
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await service.stop()
    await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed')
  })
})

describe('a service that cannot', () => {
  test('hear one of its EHRs says so', async () => {
    const deaf = fakeConnector('tilleuls', { listen: () => Promise.reject(new Error('EADDRINUSE')) })
    const rappel = await openRappel({ connectors: [deaf] })
    const service = await startService({ ...rappel, host: '127.0.0.1', port: 0, sendRetries: [], writeBackRetries: [] })
    expect(await service.failed).toMatchObject({ message: 'EADDRINUSE' })
    await service.stop()
  })

  test('open its port does not start, and leaves nothing running', async () => {
    const busy = createServer()
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
    const address = busy.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const rappel = await openRappel()
    await expect(startService({ ...rappel, host: '127.0.0.1', port, sendRetries: [], writeBackRetries: [] })).rejects.toThrow('EADDRINUSE')
    await expect(rappel.read((tx) => tx.inbox.countByState())).rejects.toThrow(StoreUnavailable)
    busy.close()
  })
})
