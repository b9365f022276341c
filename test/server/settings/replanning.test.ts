import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/core/settings.ts'
import { createReplanning } from '../../../src/server/settings/replanning.ts'
import { agendaSettings, bookedChange, clinicSettings, motifSettings, start } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

/** Two patients with a visit ahead, told of it; `change` saves the next version. */
async function openTold(count = 2) {
  const rappel = await openRappel({ now: '2026-11-20T15:00:00Z' })
  for (let number = 1; number <= count; number += 1)
    await rappel.hear(bookedChange({ ehrId: `A${number}`, patient: { ...bookedChange().patient, ehrId: `P${number}` } }))
  while (await rappel.dispatch.step(new AbortController().signal));
  await rappel.replan()
  const change = async (overrides: Partial<Settings>) => {
    const current = await rappel.read((tx) => tx.settings.current('tilleuls'))
    await rappel.store.transact((tx) =>
      tx.settings.save({ ...(current ?? clinicSettings()), ...overrides, version: (current?.version ?? 0) + 1 }, rappel.clock.now()),
    )
  }
  const previsits = async (id = 'tilleuls:A1') =>
    (await rappel.notifications(id))
      .filter(({ kind }) => kind === 'previsit')
      .map(({ channel, state, dueAt }) => `${channel} ${state} ${dueAt}`)
  const versionsOf = async (id: string) => [...new Set((await rappel.notifications(id)).map(({ decision }) => decision?.settingsVersion))]
  const walked = async () => (await rappel.read((tx) => tx.audit.of('replanning:tilleuls', 10))).map(({ detail }) => detail)
  return { ...rappel, change, previsits, versionsOf, walked }
}

const step = clinicSettings().cadence.steps[0]

describe('after a change of settings', () => {
  test('reminders move, and nobody gets a notice (Told)', async () => {
    const { change, replan, previsits, send, sms, email } = await openTold()
    expect(await previsits()).toEqual([`email planned ${start.subtract({ hours: 36 })}`, `sms planned ${start.subtract({ hours: 36 })}`])
    const cadence = {
      ...clinicSettings().cadence,
      steps: step ? [{ ...step, name: 'PT24H', when: { before: Temporal.Duration.from('PT24H') } }] : [],
    }
    await change({ cadence })
    const told = [sms.sent.length, email.sent.length]
    await replan()
    await send()
    expect((await previsits()).sort()).toEqual([
      `email planned ${start.subtract({ hours: 24 })}`,
      `email withdrawn ${start.subtract({ hours: 36 })}`,
      `sms planned ${start.subtract({ hours: 24 })}`,
      `sms withdrawn ${start.subtract({ hours: 36 })}`,
    ])
    expect([sms.sent.length, email.sent.length]).toEqual(told)
  })

  test('an agenda’s SMS off parks what is planned, and on again revives it (D9)', async () => {
    const { change, replan, previsits } = await openTold()
    await change({ agendas: { moreau: agendaSettings({ sms: false }) } })
    await replan()
    expect((await previsits())[1]).toMatch(/^sms parked/)
    await change({ agendas: { moreau: agendaSettings() } })
    await replan()
    expect((await previsits())[1]).toMatch(/^sms planned/)
  })

  test('a motif that was silent and is turned on tells nobody of what is in the chart', async () => {
    const { change, replan, hear, send, sms, email, outcomes } = await openTold()
    await change({ motifs: { CONSULT: motifSettings(), NEW: motifSettings({ type: 'none', notify: false }) } })
    await hear(bookedChange({ ehrId: 'B1', motif: { key: 'NEW' } }))
    await send()
    const told = [sms.sent.length, email.sent.length]
    await change({ motifs: { CONSULT: motifSettings(), NEW: motifSettings() } })
    await replan()
    await send()
    expect([sms.sent.length, email.sent.length]).toEqual(told)
    expect((await outcomes('tilleuls:B1')).filter((line) => line.includes('planned'))).toEqual([
      'previsit email: planned',
      'previsit sms: planned',
    ])
  })

  test('a confirmation that is turned on is for those booked from now on', async () => {
    const { change, replan, hear, send, sms, outcomes, read } = await openTold()
    const { cadence } = clinicSettings()
    await change({ cadence: { ...cadence, confirmation: [] } })
    await hear(bookedChange({ ehrId: 'B1' }))
    await change({ cadence })
    await replan()
    await hear(bookedChange({ ehrId: 'B2' }))
    const told = sms.sent.length
    await send()
    expect(sms.sent.length).toBe(told + 1)
    expect(await read((tx) => tx.told.find('tilleuls:B1'))).toMatchObject({ assumed: 'settings' })
    expect(await outcomes('tilleuls:B1')).toEqual(['previsit email: planned', 'previsit sms: planned'])
    expect(await outcomes('tilleuls:B2')).toContain('confirmation sms: sent')
  })

  test('everything ahead names the version it was decided by, the past is left alone', async () => {
    const { change, replan, versionsOf, clock, hear } = await openTold(250)
    await hear(bookedChange({ ehrId: 'OLD', time: { start: Temporal.Instant.from('2026-11-20T16:00:00Z') } }))
    clock.set('2026-11-21T00:00:00Z')
    await change({ dailyCap: 5 })
    await replan()
    for (const number of [1, 100, 101, 199, 250]) expect(await versionsOf(`tilleuls:A${number}`)).toContain(2)
    expect(await versionsOf('tilleuls:OLD')).toEqual([1])
  })

  test('one patient’s switch concerns that patient alone', async () => {
    const { change, replan, versionsOf, walked } = await openTold()
    await change({ patients: { 'tilleuls:P1': { notify: false } } })
    await replan()
    expect(await versionsOf('tilleuls:A1')).toContain(2)
    expect(await versionsOf('tilleuls:A2')).toEqual([1])
    expect(await walked()).toEqual([
      { version: 2, count: 1 },
      { version: 1, count: 2 },
    ])
  })
})

describe('R13: other time-zone data than at the last start', () => {
  const restarted = (rappel: Awaited<ReturnType<typeof openTold>>, zoneData: string) =>
    createReplanning({ ...rappel, zoneData, clinics: ['tilleuls'] })
  const walk = async (work: ReturnType<typeof restarted>) => {
    while (await work.step(new AbortController().signal));
  }

  test('what is ahead is planned again, at the same wall time, and nobody gets a notice', async () => {
    const rappel = await openTold()
    const [before] = (await rappel.notifications()).filter(({ kind }) => kind === 'previsit')
    if (!before) throw new Error('no reminder')
    // as it would have been planned by data of before: an hour off
    await rappel.store.transact((tx) => tx.notifications.save({ ...before, dueAt: before.dueAt.add({ hours: 1 }) }))
    const told = [rappel.sms.sent.length, rappel.email.sent.length]
    await walk(restarted(rappel, '2027b'))
    expect((await rappel.notifications()).find(({ id }) => id === before.id)?.dueAt.toString()).toBe(before.dueAt.toString())
    await rappel.send()
    expect([rappel.sms.sent.length, rappel.email.sent.length]).toEqual(told)
    expect((await rappel.walked())[0]).toEqual({ version: 1, count: 2, because: 'zone_data' })
  })

  test('with the same data nothing is walked for, and after a walk not again', async () => {
    const rappel = await openTold()
    await walk(restarted(rappel, '2026a'))
    expect(await rappel.walked()).toHaveLength(1)
    await walk(restarted(rappel, '2027b'))
    await walk(restarted(rappel, '2027b'))
    expect(await rappel.walked()).toHaveLength(2)
  })
})

describe('R10: a clock that was forty days ahead, and is put right', () => {
  test('what expired by it leaves at its hour after all, and nobody gets a notice', async () => {
    const { clock, send, replan, previsits, walked, sms } = await openTold()
    const right = clock.now()
    clock.advance({ hours: 24 * 40 })
    await replan()
    await send()
    expect(await previsits()).toEqual([expect.stringMatching(/^email expired/), expect.stringMatching(/^sms expired/)])
    const told = sms.sent.length
    clock.set(right.add({ minutes: 1 }).toString())
    await replan()
    expect(await previsits()).toEqual([expect.stringMatching(/^email planned/), expect.stringMatching(/^sms planned/)])
    expect((await walked())[0]).toMatchObject({ because: 'clock' })
    await send()
    expect(sms.sent.length).toBe(told)
    clock.set(start.subtract({ hours: 36 }).toString())
    await send()
    expect(await previsits()).toEqual([expect.stringMatching(/^email sent/), expect.stringMatching(/^sms sent/)])
  })

  test('what expired in truth stays so', async () => {
    const { clock, send, replan, previsits } = await openTold()
    clock.set(start.subtract({ minutes: 30 }).toString())
    await send()
    clock.advance({ minutes: 1 })
    await replan()
    expect(await previsits()).toEqual([expect.stringMatching(/^email expired/), expect.stringMatching(/^sms expired/)])
  })
})

describe('the walk', () => {
  test('is not begun again where nothing changed, whatever was restarted', async () => {
    const { replan, walked } = await openTold()
    await replan()
    expect(await walked()).toEqual([{ version: 1, count: 2 }])
  })

  test('that was cut off leaves its version unwalked', async () => {
    const { change, replan, versionsOf, walked } = await openTold()
    await change({ dailyCap: 5 })
    await replan(AbortSignal.abort())
    expect(await walked()).toEqual([{ version: 1, count: 2 }])
    await replan()
    expect(await versionsOf('tilleuls:A2')).toContain(2)
    expect((await walked())[0]).toEqual({ version: 2, count: 2 })
  })

  test('goes on where one appointment cannot be planned, and says so without naming it', async () => {
    const { change, replan, versionsOf, spoil, lines } = await openTold()
    await change({ dailyCap: 5 })
    spoil((tx) => ({
      ...tx,
      told: { ...tx.told, find: (id) => (id === 'tilleuls:A1' ? Promise.reject(new Error('about Anne Roy')) : tx.told.find(id)) },
    }))
    await replan()
    expect(await versionsOf('tilleuls:A1')).toEqual([1])
    expect(await versionsOf('tilleuls:A2')).toContain(2)
    expect(lines.filter((line) => line.includes('replan_failed'))).toHaveLength(1)
    expect(lines.join()).not.toMatch(/Roy|A1/)
  })
})
