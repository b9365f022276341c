import { describe, expect, test, vi } from 'vitest'
import type { ReadResult } from '../../../src/connectors/connector.ts'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const retry = '/api/v1/connectors/tilleuls/quarantine/retry'

const faultAt = (at: string): ReadResult => ({ kind: 'unreadable', fault: { kind: 'content', code: '101', at, text: 'missing' } })

/** Messages of two reasons, which the mapping reads once it is mended. */
async function broken() {
  const rappel = await openRappel()
  let mended = false
  for (const [number, at] of ['SCH-2', 'SCH-2', 'PID-3'].entries())
    await rappel.ingest.receive(
      rappel.ehr.envelope(() => (mended ? { kind: 'changes', changes: [bookedChange({ ehrId: `A${number}` })] } : faultAt(at))),
    )
  const mend = () => {
    mended = true
  }
  const ended = () =>
    vi.waitFor(async () => {
      const job = (await (await rappel.call('integrator', `GET ${retry}`)).json()) as { state: string; result?: unknown }
      expect(job.state).toBe('done')
      return job
    })
  return { ...rappel, ended, mend, states: () => rappel.read((tx) => tx.inbox.countByState()) }
}

describe('all of a quarantine at once, by the API', () => {
  test('reads those of one reason again, and leaves the others', async () => {
    const { call, mend, ended, states, read } = await broken()
    mend()
    const answer = await call('integrator', `POST ${retry}`, { at: 'SCH-2', code: '101' })
    expect([answer.status, await answer.json()]).toMatchObject([202, { state: 'running' }])
    expect(await ended()).toMatchObject({ progress: 1, result: { looked: 2, read: 2, left: 0, gone: 0, cut: false } })
    expect(await states()).toMatchObject({ applied: 2, retried: 2, quarantined: 1 })
    const [last] = await read((tx) => tx.audit.latest(1))
    expect(last).toMatchObject({ action: 'quarantine.retried', subject: 'tilleuls', detail: { at: 'SCH-2', read: 2 } })
  })

  test('meets what is unreadable still once, and finds nothing twice', async () => {
    const { call, mend, ended, states } = await broken()
    await call('integrator', `POST ${retry}`)
    expect(await ended()).toMatchObject({ result: { looked: 3, read: 0, left: 3 } })
    mend()
    await call('integrator', `POST ${retry}`, {})
    expect(await ended()).toMatchObject({ result: { looked: 3, read: 3, left: 0 } })
    await call('integrator', `POST ${retry}`, {})
    expect(await ended()).toMatchObject({ result: { looked: 0 } })
    expect(await states()).toMatchObject({ applied: 3 })
  })

  test('runs once at a time, and none ran before the first', async () => {
    const { call, ended } = await broken()
    expect((await call('integrator', `GET ${retry}`)).status).toBe(404)
    const answers = await Promise.all([call('integrator', `POST ${retry}`), call('integrator', `POST ${retry}`)])
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    await ended()
  })

  test('is not for others than integrators, nor for another reason than there is', async () => {
    const { call } = await broken()
    expect((await call('admin', `POST ${retry}`)).status).toBe(403)
    expect((await call('integrator', `POST ${retry}`, { reason: 'x' })).status).toBe(422)
  })

  test('a list may be of one connector and one reason', async () => {
    const { call } = await broken()
    const found = async (query: string) =>
      ((await (await call('integrator', `GET /api/v1/quarantine?${query}`)).json()) as { items: unknown[] }).items.length
    expect(await found('')).toBe(3)
    expect(await found('at=PID-3')).toBe(1)
    expect(await found('code=101&at=SCH-2&connector=tilleuls')).toBe(2)
    expect(await found('connector=erables')).toBe(0)
  })
})
