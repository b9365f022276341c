import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { ReadBack, ReadResult } from '../../../src/connectors/connector.ts'
import { bookedChange } from '../../support/clinic.ts'
import { fakeConnector, promised } from '../../support/fakes.ts'
import { openRappel } from '../../support/rappel.ts'

const deferred = (retryAfter?: string): ReadBack => ({
  kind: 'deferred',
  reason: 'HTTP 503',
  ...(retryAfter !== undefined && { retryAfter: Temporal.Duration.from(retryAfter) }),
})

function bug(): never {
  throw new Error('a bug')
}

/** A service that was given one hint. */
async function hinted(count = 1) {
  const rappel = await openRappel()
  for (let index = 0; index < count; index += 1) await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'hint' }))
  const dueAfter = async () => {
    const at = await rappel.ingest.readBack.nextDueAt()
    return at && rappel.clock.now().until(at).total('seconds')
  }
  return { ...rappel, dueAfter, states: () => rappel.read((tx) => tx.inbox.countByState()) }
}

describe('a hint', () => {
  test('is followed: what the EHR says is applied, then the hint is settled', async () => {
    const { ehr, readBack, appointment, states, dueAfter } = await hinted()
    const said = ['A1', 'A2'].map((ehrId) => ehr.envelope({ kind: 'changes', identity: ehrId, changes: [bookedChange({ ehrId })] }))
    ehr.readBacks.push({ kind: 'read', envelopes: said })
    await readBack()
    expect(await appointment('tilleuls:A1')).toBeDefined()
    expect(await appointment('tilleuls:A2')).toBeDefined()
    expect(await states()).toEqual({ applied: 3 })
    expect(await dueAfter()).toBeUndefined()
  })

  test('of which nothing comes is ignored', async () => {
    const { readBack, states } = await hinted()
    await readBack()
    expect(await states()).toEqual({ ignored: 1 })
  })

  test('that brings a version we have is a duplicate of it', async () => {
    const { ehr, ingest, readBack, states, appointment } = await hinted(2)
    const version: ReadResult = { kind: 'changes', identity: 'Appointment/A1/_history/3', changes: [bookedChange()] }
    ehr.readBacks.push({ kind: 'read', envelopes: [ehr.envelope(version)] }, { kind: 'read', envelopes: [ehr.envelope(version)] })
    await readBack()
    expect(await states()).toEqual({ applied: 3 })
    expect((await appointment())?.revision).toBe(1)
    expect(await ingest.readBack.nextDueAt()).toBeUndefined()
  })

  test('waits longer each time the EHR does not answer, five minutes at most, and never gives up', async () => {
    const { ehr, readBack, clock, dueAfter, states } = await hinted()
    const waits: (number | undefined)[] = []
    for (let round = 0; round < 7; round += 1) {
      ehr.readBacks.push(deferred())
      await readBack()
      const wait = await dueAfter()
      waits.push(wait)
      clock.advance({ seconds: wait ?? 0 })
    }
    expect(waits).toEqual([2, 5, 15, 60, 300, 300, 300])
    expect(await states()).toEqual({ received: 1 })
  })

  test.each([
    ['asks us to wait: we do', 'PT2M', 120],
    ['asks for less than we would wait: ours counts', 'PT0S', 2],
    ['asks for a week: an hour is enough', 'PT168H', 3600],
  ])('of an EHR that %s', async (_, retryAfter, seconds) => {
    const { ehr, readBack, dueAfter } = await hinted()
    ehr.readBacks.push(deferred(retryAfter))
    await readBack()
    expect(await dueAfter()).toBe(seconds)
  })

  test('is not asked about before it is due', async () => {
    const { ehr, readBack, clock } = await hinted()
    ehr.readBacks.push(deferred())
    await readBack()
    clock.advance({ milliseconds: 1_999 })
    await readBack()
    expect(ehr.asked).toHaveLength(1)
    clock.advance({ milliseconds: 1 })
    await readBack()
    expect(ehr.asked).toHaveLength(2)
  })

  test('that the EHR will never answer is kept in quarantine, with the reason', async () => {
    const { ehr, readBack, read, states } = await hinted()
    const fault = { kind: 'content', code: 'forbidden', text: 'The EHR does not answer: HTTP 403.' } as const
    ehr.readBacks.push({ kind: 'refused', fault })
    await readBack()
    expect(await states()).toEqual({ quarantined: 1 })
    expect(await read((tx) => tx.inbox.quarantined({ limit: 1 }))).toMatchObject([{ fault }])
  })

  test('on which the connector fails is tried three times, then quarantined, and holds up no other (R19)', async () => {
    const { ehr, readBack, clock, states, lines } = await hinted(2)
    ehr.readBacks.push(bug, { kind: 'read', envelopes: [] })
    await readBack()
    expect(await states()).toEqual({ received: 1, ignored: 1 })
    for (let round = 0; round < 2; round += 1) {
      clock.advance({ minutes: 10 })
      ehr.readBacks.push(bug)
      await readBack()
    }
    expect(await states()).toEqual({ quarantined: 1, ignored: 1 })
    expect(lines.filter((line) => line.includes('read_back_failed'))).toHaveLength(3)
  })

  test('of a connector that is no longer configured ends in quarantine too', async () => {
    const { connectors, readBack, clock, states } = await hinted()
    connectors.delete('tilleuls')
    for (let round = 0; round < 3; round += 1) {
      await readBack()
      clock.advance({ minutes: 10 })
    }
    expect(await states()).toEqual({ quarantined: 1 })
  })

  test('is followed again where a crash came before it was settled, and nothing is applied twice', async () => {
    const { ehr, readBack, failCommits, states, appointment } = await hinted()
    const version: ReadResult = { kind: 'changes', identity: 'Appointment/A1/_history/3', changes: [bookedChange()] }
    const answer: ReadBack = { kind: 'read', envelopes: [ehr.envelope(version)] }
    ehr.readBacks.push(() => {
      failCommits(1)
      return answer
    }, answer)
    await expect(readBack()).rejects.toThrow('disk full')
    expect(await states()).toEqual({ received: 1 })
    await readBack()
    expect(await states()).toEqual({ applied: 2 })
    expect((await appointment())?.revision).toBe(1)
  })

  test('in hand when we stop stays for the next start', async () => {
    const { ehr, readBack, states, dueAfter } = await hinted()
    const stopping = new AbortController()
    ehr.readBacks.push(() => {
      stopping.abort()
      return deferred()
    })
    await readBack(stopping.signal)
    expect(await states()).toEqual({ received: 1 })
    expect(await dueAfter()).toBe(0)
  })

  test('of one EHR is not kept waiting by another that hangs', async () => {
    const [silent, prompt] = [fakeConnector('silent'), fakeConnector('prompt')]
    const rappel = await openRappel({ connectors: [silent, prompt] })
    for (const fake of [silent, prompt]) await rappel.ingest.receive(fake.envelope({ kind: 'hint' }))
    const answered = promised<ReadBack>()
    silent.readBacks.push(() => answered.promise)
    prompt.readBacks.push(() => {
      // only now may the silent one go on
      answered.keep(deferred())
      return { kind: 'read', envelopes: [] }
    })
    await rappel.readBack()
    expect(await rappel.read((tx) => tx.inbox.countByState())).toEqual({ received: 1, ignored: 1 })
  })

  test('waits beside the others while their EHR is silent: a few ask, and all are followed once it is back', async () => {
    const { ehr, ingest, clock, states, lines } = await hinted(100)
    const signal = new AbortController().signal
    const all = async () => {
      while (await ingest.readBack.step(signal));
    }
    ehr.readBacks.push(...Array.from({ length: 40 }, () => deferred()))
    await all()
    expect(ehr.asked).toHaveLength(8)
    clock.advance({ seconds: 2 })
    await all()
    expect(ehr.asked.length).toBeLessThanOrEqual(16)
    expect(lines.filter((line) => line.includes('ehr_silent'))).toHaveLength(1)
    // it is back: whoever waits for it is not kept waiting longer than a rest
    ehr.readBacks.length = 0
    clock.advance({ seconds: 15 })
    await all()
    expect(await states()).toEqual({ ignored: 100 })
  })

  test('that alone finds nothing holds up none of the others', async () => {
    const { ehr, ingest, states } = await hinted(60)
    const signal = new AbortController().signal
    ehr.readBacks.push(
      ...Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? deferred() : ({ kind: 'read', envelopes: [] } as const))),
    )
    while (await ingest.readBack.step(signal));
    expect(await states()).toEqual({ ignored: 30, received: 30 })
    expect(ehr.asked).toHaveLength(60)
  })

  test('too many for one look are worked on in turn', async () => {
    const { ehr, ingest, states } = await hinted(25)
    const signal = new AbortController().signal
    expect(await ingest.readBack.step(signal)).toBe(true)
    expect(await ingest.readBack.step(signal)).toBe(false)
    expect(ehr.asked).toHaveLength(25)
    expect(await states()).toEqual({ ignored: 25 })
  })
})
