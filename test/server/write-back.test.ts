import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { ReplyKind } from '../../src/core/reply.ts'
import type { WriteBackOutcome } from '../../src/core/write-back.ts'
import { bookedChange, start } from '../support/clinic.ts'
import { fakeConnector, promised } from '../support/fakes.ts'
import type { RappelOptions } from '../support/rappel.ts'
import { openRappel } from '../support/rappel.ts'

/** A patient who was told, inside the windows of confirming and cancelling, and answers on the page. */
async function told(options: RappelOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', ...options })
  await rappel.hear(bookedChange())
  await rappel.send()
  const token = rappel.lastToken()
  const basis = await rappel.basisShown(token)
  async function answer(kind: ReplyKind): Promise<string> {
    const response = await rappel.post(`/${token}/${kind}`, { basis })
    return new URL(response.headers.get('location') ?? '', `https://rdv.example/${token}/${kind}`).searchParams.get('done') ?? ''
  }
  const states = async (id?: string) => (await rappel.answers(id)).map(({ kind, state }) => `${kind} ${state}`)
  const dueAfter = async () => {
    const at = await rappel.writeBacks.nextDueAt()
    return at && rappel.clock.now().until(at).total('seconds')
  }
  return { ...rappel, token, answer, states, dueAfter }
}

const deferred: WriteBackOutcome = { kind: 'deferred', reason: 'cannot connect: ECONNREFUSED' }

describe('an answer', () => {
  test('is brought to the EHR with its last message to echo, and is then acknowledged, not yet verified', async () => {
    const { answer, bring, ehr, states, appointment, woken } = await told()
    expect(await answer('confirm')).toBe('confirmed')
    expect(woken).toContain('answered')
    await bring()
    expect(ehr.written).toMatchObject([{ writeBack: { kind: 'confirm', ehrId: 'A1', patientEhrId: 'P1', start, attempts: 1 } }])
    expect(new TextDecoder().decode(ehr.written[0]?.lastEnvelope?.body)).toMatch(/^tilleuls says/)
    expect(await states()).toEqual(['confirm acknowledged'])
    expect((await appointment())?.confirmation).toMatchObject({ state: 'confirmed', by: 'patient' })
  })

  test('is verified by the EHR’s own word', async () => {
    const { answer, bring, hear, states } = await told()
    await answer('confirm')
    await bring()
    await hear(bookedChange({ practitioner: { name: 'Dr Lefort' } }, 10_000))
    expect(await states(), 'says nothing of a confirmation').toEqual(['confirm acknowledged'])
    await hear(bookedChange({ confirmation: 'confirmed' }, 10_001))
    expect(await states()).toEqual(['confirm verified'])
  })

  test('whose echo overtakes the acknowledgement is verified all the same', async () => {
    const { answer, bring, hear, ehr, states } = await told()
    await answer('confirm')
    ehr.outcomes.push(async () => {
      await hear(bookedChange({ confirmation: 'confirmed' }, 10_000))
      return { kind: 'applied', verified: false }
    })
    await bring()
    expect(await states()).toEqual(['confirm verified'])
  })

  test('is not verified by a confirmation of another time', async () => {
    const { answer, bring, hear, states } = await told()
    await hear(bookedChange({ confirmation: 'confirmed', time: { start: start.add({ hours: 1 }) } }, 1))
    await hear(bookedChange({}, 2))
    await answer('confirm')
    await bring()
    expect(await states()).toEqual(['confirm acknowledged'])
  })

  test('MOD-5: becomes stale when the place changes before it is brought; the EHR is not asked, and the patient is', async () => {
    const { answer, bring, hear, ehr, states, answers, get, token } = await told()
    await answer('confirm')
    await hear(bookedChange({ location: { key: 'beauport', name: 'Clinique de Beauport' } }, 10_000))
    await bring()
    expect(ehr.written).toEqual([])
    expect(await states()).toEqual(['confirm stale'])
    expect((await answers())[0]?.reason).toBe('appointment_changed')
    const page = await (await get(`/${token}`)).text()
    expect(page).toContain(`action="${token}/confirm"`)
    expect(page).toContain('Beauport')
  })

  test('MOD-5: is brought, for the record that remains, when its patient’s two are merged before it is', async () => {
    const { answer, bring, states, ehr, ingest } = await told()
    await answer('confirm')
    const news = [{ kind: 'merge' as const, prior: 'P1', survivor: 'P9', stamp: { at: Temporal.Instant.from('2026-11-25T12:59:00Z') } }]
    await ingest.receive(ehr.envelope({ kind: 'changes', changes: [], news }))
    await bring()
    expect(ehr.written).toMatchObject([{ writeBack: { kind: 'confirm', patientEhrId: 'P9' } }])
    expect(await states()).toEqual(['confirm acknowledged'])
  })

  test('MOD-5: a cancellation is brought though the place has changed', async () => {
    const { answer, bring, hear, states, clock } = await told()
    await answer('cancel')
    await hear(bookedChange({ location: { key: 'beauport' } }, 10_000))
    clock.set('2026-11-25T13:30:00Z')
    await bring()
    expect(await states()).toEqual(['cancel acknowledged'])
  })

  test('that the EHR read back itself is verified at once, with its new version', async () => {
    const { answer, bring, ehr, states, appointment } = await told()
    await answer('confirm')
    ehr.outcomes.push({ kind: 'applied', verified: true, etag: 'W/"4"' })
    await bring()
    expect(await states()).toEqual(['confirm verified'])
    expect((await appointment())?.etag).toBe('W/"4"')
  })

  test.each<[string, WriteBackOutcome]>([
    ['is down', deferred],
    ['may have taken it', { kind: 'unknown', reason: 'no answer in time' }],
  ])('to an EHR that %s is tried again with the same id, while the list of waits lasts', async (_, outcome) => {
    const { answer, bring, ehr, states, dueAfter, clock } = await told()
    await answer('confirm')
    for (const wait of [5, 30]) {
      ehr.outcomes.push(outcome)
      await bring()
      expect(await states()).toEqual(['confirm queued'])
      expect(await dueAfter()).toBe(wait)
      await bring()
      clock.advance({ seconds: wait })
    }
    ehr.outcomes.push(outcome)
    await bring()
    expect(await states()).toEqual(['confirm failed'])
    expect(new Set(ehr.written.map(({ writeBack }) => writeBack.id)).size).toBe(1)
    expect(ehr.written).toHaveLength(3)
  })

  test('waits as long as the EHR asks', async () => {
    const { answer, bring, ehr, dueAfter } = await told()
    await answer('confirm')
    ehr.outcomes.push({ ...deferred, retryAfter: Temporal.Duration.from('PT2M') })
    await bring()
    expect(await dueAfter()).toBe(120)
  })

  test('on which the connector fails may have arrived: the same is brought again', async () => {
    const { answer, bring, ehr, states, lines } = await told()
    await answer('confirm')
    ehr.outcomes.push(() => {
      throw new Error('a bug')
    })
    await bring()
    expect(await states()).toEqual(['confirm queued'])
    expect(lines.join()).toContain('write_failed')
  })

  test('after which planning fails is not brought again for that (R19)', async () => {
    const { answer, bring, spoil, ehr, states, clock, lines } = await told()
    await answer('confirm')
    spoil((tx) => ({ ...tx, appointments: { ...tx.appointments, find: () => Promise.reject(new Error('a bug')) } }))
    await bring()
    spoil(undefined)
    clock.advance({ hours: 1 })
    await bring()
    expect(ehr.written).toHaveLength(1)
    expect(await states()).toEqual(['confirm acknowledged'])
    expect(lines.join()).toContain('record_failed')
  })

  test('to a connector that is no longer configured fails, and says why', async () => {
    const { answer, bring, connectors, answers } = await told()
    await answer('confirm')
    connectors.delete('tilleuls')
    await bring()
    expect(await answers()).toMatchObject([{ state: 'failed', reason: 'no_connector' }])
  })

  test('to an appointment that is another one at the EHR is stale, and nothing is lost of what the clinic did', async () => {
    const { answer, bring, ehr, states, appointment } = await told()
    await answer('confirm')
    ehr.outcomes.push({ kind: 'conflict', reason: 'the start is another one' })
    await bring()
    expect(await states()).toEqual(['confirm stale'])
    expect((await appointment())?.confirmation).toBeUndefined()
  })

  test('brought while the EHR moves the appointment does not confirm the new time', async () => {
    const { answer, bring, ehr, hear, appointment } = await told()
    await answer('confirm')
    ehr.outcomes.push(async () => {
      await hear(bookedChange({ time: { start: start.add({ hours: 2 }) } }, 10_000))
      return { kind: 'applied', verified: false }
    })
    await bring()
    expect((await appointment())?.start?.toString()).toBe('2026-11-26T16:40:00Z')
    expect((await appointment())?.confirmation).toBeUndefined()
  })

  test('in hand during a crash is brought again two minutes later, with the same id', async () => {
    const { answer, ehr, read, writeBacks, bring, clock, failCommits, states } = await told()
    await answer('confirm')
    ehr.outcomes.push(() => {
      failCommits(1)
      return { kind: 'applied', verified: false }
    })
    await expect(writeBacks.step(new AbortController().signal)).rejects.toThrow('disk full')
    expect(await states()).toEqual(['confirm sending'])
    await bring()
    expect(ehr.written).toHaveLength(1)
    clock.advance({ minutes: 2 })
    await bring()
    expect(await states()).toEqual(['confirm acknowledged'])
    expect(ehr.written[0]?.writeBack.id).toBe(ehr.written[1]?.writeBack.id)
    expect(await read((tx) => tx.audit.of(ehr.written[0]?.writeBack.id ?? '', 10))).toMatchObject([{ action: 'write-back.acknowledged' }])
  })

  test('with its last message in the archive echoes that', async () => {
    const { answer, bring, ehr, read, store, archive, appointment } = await told()
    const id = (await appointment())?.envelopeId ?? ''
    const row = await read((tx) => tx.inbox.find(id))
    await archive.put(id, row?.envelope.body ?? new Uint8Array())
    await store.transact((tx) => tx.inbox.dropBody(id))
    await answer('confirm')
    await bring()
    expect(ehr.written[0]?.lastEnvelope?.body).toEqual(row?.envelope.body)
  })

  test('is named by its hash in a line of the log', async () => {
    const { answer, bring, ehr, lines } = await told()
    await answer('confirm')
    ehr.outcomes.push(deferred)
    await bring()
    const line = lines.find((each) => each.includes('write_back_not_applied')) ?? ''
    expect(JSON.parse(line)).toMatchObject({ connector: 'tilleuls', kind: 'deferred', ref: expect.stringMatching(/^[0-9a-f]{12}$/) })
    expect(line).not.toContain('A1')
  })
})

describe('a cancellation', () => {
  test('waits until it can no longer be undone', async () => {
    const { answer, bring, ehr, clock, states, appointment } = await told()
    expect(await answer('cancel')).toBe('cancelled')
    clock.advance({ minutes: 4, seconds: 59 })
    await bring()
    expect(ehr.written).toEqual([])
    expect((await appointment())?.status).toBe('booked')
    clock.advance({ seconds: 1 })
    await bring()
    expect(await states()).toEqual(['cancel acknowledged'])
    expect((await appointment())?.status).toBe('cancelled')
  })

  test('that is undone never leaves', async () => {
    const { answer, bring, ehr, clock, states } = await told()
    await answer('cancel')
    clock.advance({ minutes: 4 })
    expect(await answer('restore')).toBe('restored')
    clock.advance({ hours: 1 })
    await bring()
    expect(ehr.written).toEqual([])
    expect(await states()).toEqual(['cancel withdrawn'])
  })

  test('in its last minute is brought once and for all', async () => {
    const { answer, bring, clock, states } = await told()
    await answer('cancel')
    clock.advance({ minutes: 5 })
    expect(await answer('restore')).toBe('closed')
    await bring()
    expect(await states()).toEqual(['cancel acknowledged'])
  })

  test('is not told to the patient who made it', async () => {
    const { answer, bring, send, clock, sms, hear } = await told()
    await answer('cancel')
    clock.advance({ minutes: 5 })
    await bring()
    await hear(bookedChange({ status: { value: 'cancelled', cancelKind: 'cancelled' } }, 10_000))
    await send()
    expect(sms.sent).toHaveLength(1)
  })

  test('that the EHR refuses is corrected: the appointment stands', async () => {
    const { answer, bring, send, ehr, clock, states, outcomes, woken } = await told()
    await answer('cancel')
    clock.advance({ minutes: 5 })
    ehr.outcomes.push({ kind: 'refused', reason: 'acknowledged with AE 207' })
    await bring()
    expect(await states()).toEqual(['cancel failed'])
    expect(woken).toContain('planned')
    await send()
    expect(await outcomes()).toEqual(expect.arrayContaining(['correction email: sent', 'correction sms: sent']))
  })

  test('given after a confirmation that has not left overtakes it', async () => {
    const { answer, bring, ehr, clock, states } = await told()
    await answer('confirm')
    await answer('cancel')
    clock.advance({ minutes: 5 })
    await bring()
    expect(ehr.written.map(({ writeBack }) => writeBack.kind)).toEqual(['cancel'])
    expect(await states()).toEqual(expect.arrayContaining(['confirm withdrawn', 'cancel acknowledged']))
  })
})

describe('the order of answers (WB-2)', () => {
  test('of one appointment is that in which they were given, even while the first must wait', async () => {
    const { answer, bring, ehr, clock } = await told()
    await answer('confirm')
    ehr.outcomes.push(deferred)
    await bring()
    clock.advance({ seconds: 1 })
    // in hand, so that the cancellation does not overtake it
    ehr.outcomes.push(async () => {
      await answer('cancel')
      return { kind: 'applied', verified: false }
    })
    clock.advance({ seconds: 4 })
    await bring()
    clock.advance({ minutes: 5 })
    await bring()
    expect(ehr.written.map(({ writeBack }) => writeBack.kind)).toEqual(['confirm', 'confirm', 'cancel'])
  })

  test('of one appointment keeps no other waiting', async () => {
    const [down, up] = [fakeConnector('down'), fakeConnector('up')]
    const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', connectors: [down, up] })
    const tokens = []
    for (const fake of [down, up]) {
      await rappel.ingest.receive(fake.envelope({ kind: 'changes', changes: [bookedChange()] }))
      await rappel.send()
      tokens.push(rappel.lastToken())
    }
    for (const token of tokens) {
      await rappel.post(`/${token}/confirm`, { basis: await rappel.basisShown(token) })
    }
    const answered = promised<WriteBackOutcome>()
    down.outcomes.push(() => answered.promise)
    up.outcomes.push(() => {
      answered.keep(deferred)
      return { kind: 'applied', verified: true }
    })
    await rappel.bring()
    expect(await rappel.answers('up:A1')).toMatchObject([{ state: 'verified' }])
    expect(await rappel.answers('down:A1')).toMatchObject([{ state: 'queued' }])
  })
})
