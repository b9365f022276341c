import { describe, expect, test } from 'vitest'
import { alarmTexts } from '../../../src/server/operations/alarm-texts.ts'
import { openRappel } from '../../support/rappel.ts'
import { cuts, opened, well } from './cuts.ts'

const going = new AbortController().signal

describe('an alarm (R37)', () => {
  test('is there for each dependency that can be cut', () => {
    expect(cuts.map(({ code }) => code).sort()).toEqual(Object.keys(alarmTexts).sort())
  })

  test('is not raised while all is well', async () => {
    const { alarms } = await opened({})
    expect(await alarms.look()).toEqual([])
  })

  test.each(cuts)('$code: $name', async (each) => {
    const { rappel, alarms } = await opened(each)
    await each.cut(rappel)
    const raised = await alarms.look()
    expect(raised.map(({ code }) => code)).toEqual([each.code])
    expect(alarms.last()).toBe(raised)
    for (const { says, fix, link } of raised) {
      for (const text of [says.fr, says.en, fix.fr, fix.en]) expect(text.length).toBeGreaterThan(10)
      expect(link).toMatch(/^\/console\//)
    }
    const gauge = await rappel.metrics.alarm.get()
    expect(gauge.values.filter(({ value }) => value > 0).map(({ labels }) => labels.code)).toEqual([each.code])
  })

  test('is seen within two minutes, keeps its since, and goes with its cause', async () => {
    const { rappel, alarms } = await opened({})
    await alarms.work.step(going)
    rappel.metrics.subscription.set({ connector: 'tilleuls' }, 0)
    const dueAt = await alarms.work.nextDueAt()
    expect(dueAt && rappel.clock.now().until(dueAt).total('seconds')).toBeLessThanOrEqual(120)
    await alarms.work.step(going)
    const since = alarms.last()[0]?.since
    rappel.clock.advance({ minutes: 5 })
    await alarms.work.step(going)
    expect(alarms.last()[0]?.since.equals(since ?? rappel.clock.now())).toBe(true)
    rappel.metrics.subscription.set({ connector: 'tilleuls' }, 1)
    await alarms.work.step(going)
    expect(alarms.last()).toEqual([])
  })

  test('is told by the API to whose it is, and to nobody else; codes alone to whoever asks /readyz', async () => {
    const rappel = await openRappel({ machine: well })
    rappel.metrics.subscription.set({ connector: 'tilleuls' }, 0)
    const answer = await rappel.call('reader', 'GET /api/v1/health')
    expect(await answer.json()).toMatchObject({
      well: true,
      alarms: [{ code: 'subscription_trouble', subject: 'tilleuls', clinicId: 'tilleuls', level: 'warn' }],
    })
    expect(await (await rappel.get('/readyz')).json()).toEqual({ status: 'ready', alarms: ['subscription_trouble'] })
    rappel.failCommits(1)
    const down = await rappel.get('/readyz')
    expect([down.status, await down.json()]).toEqual([503, { status: 'store unavailable', alarms: ['store_unavailable'] }])
  })
})
