import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { ReadBack } from '../../../src/connectors/connector.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import { createDispatch } from '../../../src/server/sending/dispatch.ts'
import { createTruthCheck, type TruthSettings } from '../../../src/server/sending/truth-check.ts'
import { bookedChange, start } from '../../support/clinic.ts'
import { fakeConnector } from '../../support/fakes.ts'
import { openRappel } from '../../support/rappel.ts'

const going = new AbortController().signal
const silent: ReadBack = { kind: 'deferred', reason: 'HTTP 503' }
/** The reminder of `bookedChange` is due then, 36 h before its start; it is worth nothing an hour before the start. */
const dueAt = start.subtract({ hours: 36 })

/** An appointment booked days before its reminder, at an EHR that can be asked; what it answers is scripted, else what it last said. */
async function remembered(policies: TruthSettings['policies'] = {}, count = 1, byPoll = false) {
  const ehr = fakeConnector('tilleuls')
  const truth = new Map<string, AppointmentChange>()
  const answers: ReadBack[] = []
  const asked: string[][] = []
  const askable = Object.assign(ehr, {
    async reread(ehrIds: readonly string[]): Promise<ReadBack> {
      asked.push([...ehrIds])
      const envelopes = ehrIds.flatMap((id) => {
        const change = truth.get(id)
        return change ? [ehr.envelope({ kind: 'changes', changes: [change] })] : []
      })
      return answers.shift() ?? { kind: 'read', envelopes }
    },
  })
  const rappel = await openRappel({ now: '2026-11-23T15:00:00Z', connectors: [askable] })
  for (let each = 1; each <= count; each++) {
    const change = bookedChange({
      ehrId: `A${each}`,
      patient: { ehrId: `P${each}`, contacts: [{ kind: 'email', value: `p${each}@example.org` }] },
    })
    truth.set(change.ehrId, change)
    await rappel.hear(change)
  }
  const woken = { wanted: 0, checked: 0 }
  const polls: Temporal.Instant[] = []
  const make = () =>
    createTruthCheck({
      ...rappel,
      receive: rappel.ingest.receive,
      truths: new Map([['tilleuls', { freshness: Temporal.Duration.from('PT15M'), policies, byPoll }]]),
      polledAt: () => polls.at(-1),
      wanted: () => void woken.wanted++,
      checked: () => void woken.checked++,
    })
  const check = make()
  const dispatchWith = (own: typeof check) => createDispatch({ ...rappel, retries: [], truth: own })
  const dispatch = dispatchWith(check)
  await dispatch.step(going)
  rappel.email.sent.length = 0
  return {
    ...rappel,
    asked,
    answers,
    woken,
    check,
    polls,
    says: (change: AppointmentChange) => void truth.set(change.ehrId, change),
    ask: () => check.work.step(going),
    nextDueAt: () => check.work.nextDueAt(),
    send: () => dispatch.step(going),
    restarted: () => dispatchWith(make()),
    at: (instant: Temporal.Instant) => rappel.clock.set(instant.toString()),
    reminder: async () => (await rappel.outcomes()).find((line) => line.startsWith('previsit')),
  }
}

describe('FHIR-POLL-4: before a send the appointment is read again', () => {
  test('in the quarter of an hour before it is due, once, and then it leaves', async () => {
    const { at, ask, asked, send, reminder } = await remembered()
    at(dueAt.subtract({ minutes: 16 }))
    await ask()
    expect(asked).toEqual([])
    at(dueAt.subtract({ minutes: 14 }))
    await ask()
    at(dueAt.subtract({ minutes: 10 }))
    await ask()
    expect(asked).toEqual([['A1']])
    at(dueAt)
    await send()
    expect(await reminder()).toBe('previsit email: sent')
  })

  test('what changed is applied and decided again: a cancelled one is not reminded of, and its patient hears of it', async () => {
    const { at, ask, says, send, outcomes } = await remembered()
    says({
      ehrId: 'A1',
      stamp: { at: dueAt.subtract({ minutes: 20 }) },
      status: { value: 'cancelled', cancelKind: 'cancelled' },
      warnings: [],
    })
    at(dueAt.subtract({ minutes: 10 }))
    await ask()
    at(dueAt)
    await send()
    const lines = await outcomes()
    expect(lines).toContain('cancellation email: sent')
    expect(lines).toContain('previsit email: withdrawn appointment_off')
  })

  test('one of whose news was heard lately is not asked about: its confirmation leaves at once', async () => {
    const { asked, ask, outcomes } = await remembered()
    expect(await outcomes()).toContain('confirmation email: sent')
    await ask()
    expect(asked).toEqual([])
  })

  test('50 in one question', async () => {
    const { at, ask, asked } = await remembered({}, 60)
    at(dueAt.subtract({ minutes: 5 }))
    await ask()
    expect(asked.map((ids) => ids.length)).toEqual([50, 10])
  })

  test('after a restart nothing is known: what is due waits for the answer, and the question is asked at once', async () => {
    const { at, restarted, reminder, woken, clock } = await remembered()
    at(dueAt)
    await restarted().step(going)
    expect([await reminder(), woken.wanted]).toEqual(['previsit email: planned truth_unchecked', 1])
    clock.advance({ seconds: 10 })
    expect(await reminder()).toBe('previsit email: planned truth_unchecked')
  })

  test('a question that nobody comes to holds nothing back for ever', async () => {
    const { at, send, reminder, clock } = await remembered({ previsit: 'send' })
    at(dueAt)
    for (let tries = 0; tries < 16; tries++) {
      await send()
      clock.advance({ seconds: 21 })
    }
    expect(await reminder()).toBe('previsit email: sent')
  })
})

describe('FHIR-POLL-4: an EHR that cannot be asked', () => {
  test('a reminder waits for it, and leaves once it answers', async () => {
    const { at, answers, ask, send, reminder, clock } = await remembered()
    answers.push(silent)
    at(dueAt.subtract({ minutes: 5 }))
    await ask()
    at(dueAt)
    answers.push(silent)
    await ask()
    await send()
    expect(await reminder()).toBe('previsit email: planned truth_unchecked')
    clock.advance({ minutes: 1 })
    await ask()
    await send()
    expect(await reminder()).toBe('previsit email: sent')
  })

  test('a reminder that has waited as long as it could leaves as known', async () => {
    const { at, answers, ask, send, reminder } = await remembered()
    answers.push(silent, silent)
    at(dueAt)
    await ask()
    const latest = start.subtract({ minutes: 75 })
    at(latest.subtract({ seconds: 1 }))
    await ask()
    await send()
    expect(await reminder()).toBe('previsit email: planned truth_unchecked')
    at(latest)
    await send()
    expect(await reminder()).toBe('previsit email: sent')
  })

  test.each([
    ['send', 'previsit email: sent'],
    ['hold', 'previsit email: planned truth_unchecked'],
  ] as const)('the policy %s', async (policy, expected) => {
    const { at, answers, ask, send, reminder } = await remembered({ previsit: policy })
    answers.push(silent, silent)
    at(dueAt)
    await ask()
    at(start.subtract({ minutes: 70 }))
    await ask()
    await send()
    expect(await reminder()).toBe(expected)
  })

  test('held, it expires', async () => {
    const { at, answers, ask, send, reminder } = await remembered({ previsit: 'hold' })
    answers.push(silent, silent)
    at(dueAt)
    await ask()
    await send()
    at(start.subtract({ minutes: 59 }))
    await send()
    expect(await reminder()).toMatch(/^previsit email: expired/)
  })

  test('is asked again after ever longer waits, or when it says (FHIR-SEC-4)', async () => {
    const { at, answers, ask, asked, nextDueAt, clock } = await remembered()
    answers.push(silent, silent, { kind: 'deferred', reason: 'HTTP 429', retryAfter: Temporal.Duration.from('PT90S') })
    at(dueAt)
    await ask()
    await ask()
    expect(asked).toHaveLength(1)
    const waits: number[] = []
    for (let tries = 0; tries < 2; tries++) {
      const next = (await nextDueAt()) ?? clock.now()
      waits.push(clock.now().until(next).total('seconds'))
      at(next)
      await ask()
    }
    expect([asked.length, waits]).toEqual([3, [15, 30]])
    clock.advance({ seconds: 89 })
    await ask()
    expect(asked).toHaveLength(3)
    clock.advance({ seconds: 1 })
    await ask()
    expect(asked).toHaveLength(4)
    // answered now: the next look is a minute away, and no earlier
    expect(
      clock
        .now()
        .until((await nextDueAt()) ?? clock.now())
        .total('seconds'),
    ).toBe(60)
  })
})

describe('FHIR-POLL-4: a poll that tells deletions too stands in for the question', () => {
  test.each([
    ['a fresh one, of an EHR polled by history', true, 5, 0],
    ['an old one', true, 40, 1],
    ['a fresh one, of an EHR whose polls do not tell deletions', false, 5, 1],
  ])('%s', async (_name, byPoll, minutes, questions) => {
    const { at, ask, asked, polls } = await remembered({}, 1, byPoll)
    at(dueAt)
    polls.push(dueAt.subtract({ minutes }))
    await ask()
    expect(asked).toHaveLength(questions)
  })
})

describe('FHIR-POLL-4: of a household’s text each appointment is asked about', () => {
  async function household(policies: TruthSettings['policies'] = {}) {
    const rappel = await remembered(policies, 2)
    const spoken = async (id: string) => {
      const [appointment, notification] = await Promise.all([
        rappel.appointment(`tilleuls:${id}`),
        rappel.notifications(`tilleuls:${id}`).then((all) => all.find(({ kind }) => kind === 'previsit')),
      ])
      if (!appointment || !notification) throw new Error('nothing was planned')
      return { appointment, notification }
    }
    return { ...rappel, companions: [await spoken('A1'), await spoken('A2')] as const }
  }
  const before = dueAt.subtract({ hours: 2 })

  test('long before their own time too, in one question; the text waits for the answer', async () => {
    const { at, ask, asked, check, companions, woken } = await household()
    at(before)
    expect(check.together(companions, before)).toBeUndefined()
    expect(woken.wanted).toBe(1)
    await ask()
    expect(asked).toEqual([['A1', 'A2']])
    expect(check.together(companions, before)).toEqual(companions)
  })

  test('an EHR that is silent: whoever must be asked about gets a text of their own', async () => {
    const { at, ask, answers, check, companions } = await household()
    at(before)
    check.together(companions, before)
    answers.push(silent)
    await ask()
    expect(check.together(companions, before)).toEqual([])
  })

  test('an EHR that is silent, where what is known may be sent: they stay together', async () => {
    const { at, ask, answers, check, companions } = await household({ previsit: 'send' })
    at(before)
    check.together(companions, before)
    answers.push(silent)
    await ask()
    expect(check.together(companions, before)).toEqual(companions)
  })
})
