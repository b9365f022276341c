import { createHash } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { SendOutcome } from '../../../src/core/delivery.ts'
import { createDispatch } from '../../../src/server/sending/dispatch.ts'
import { recoverAttempts } from '../../../src/server/sending/outcome.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import type { Cluster } from '../../../src/store/store.ts'
import { bookedChange, clinicSettings, email, mobile, start } from '../../support/clinic.ts'
import { promised } from '../../support/fakes.ts'
import type { RappelOptions } from '../../support/rappel.ts'
import { openRappel, tokenIn } from '../../support/rappel.ts'

/** A service that has just heard of an appointment: a confirmation by SMS and one by e-mail are due. */
async function booked(options: RappelOptions = {}) {
  const rappel = await openRappel(options)
  await rappel.hear(bookedChange())
  const ofChannel = async (channel: string) => (await rappel.notifications()).find((each) => each.channel === channel)
  const attempts = () => rappel.read((tx) => tx.attempts.ofAppointment('tilleuls:A1'))
  return { ...rappel, ofChannel, attempts, recover: () => recoverAttempts(rappel) }
}

const deferred: SendOutcome = { kind: 'deferred', reason: 'twilio_503' }

function bug(): never {
  throw new Error('a bug')
}

describe('a message', () => {
  test('is written down before it is sent, seen from outside (law 3)', async () => {
    const { sms, send, path } = await booked()
    sms.outcomes.push(async () => {
      const other = await openSqlite({ path })
      const [attempt] = await other.read((tx) => tx.attempts.unfinished(10))
      const notification = await other.read((tx) => tx.notifications.find(attempt?.notificationId ?? ''))
      await other.close()
      expect(attempt).toMatchObject({ id: sms.sent[0]?.attemptId, number: 1 })
      expect(attempt).not.toHaveProperty('outcome')
      expect(notification?.state).toBe('sending')
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await send()
    expect.assertions(3)
  })

  test('whose node was taken for dead since it was written down stays here; whoever is there sends it later (R15)', async () => {
    const { store, send, sms, email: mail, outcomes, attempts, ...rappel } = await booked()
    const cluster: Cluster = { lease: bug, hint: bug, onHint: bug, presence: () => ({ lasts: () => false }) }
    const retries = [Temporal.Duration.from('PT30S')]
    await createDispatch({ ...rappel, retries, store: { ...store, cluster } }).step(new AbortController().signal)
    expect([...sms.sent, ...mail.sent]).toEqual([])
    const notMade = { outcome: { kind: 'deferred', reason: 'node_silent' } }
    expect(await attempts()).toMatchObject([notMade, notMade])
    rappel.clock.advance({ minutes: 1 })
    await send()
    expect(await outcomes()).toEqual(['confirmation email: sent', 'confirmation sms: sent'])
  })

  test('that was accepted is sent, and the patient knows', async () => {
    const { send, outcomes, attempts, read } = await booked()
    await send()
    expect(await outcomes()).toEqual(['confirmation email: sent', 'confirmation sms: sent'])
    expect(await attempts()).toMatchObject([{ outcome: { kind: 'accepted' } }, { outcome: { kind: 'accepted' } }])
    expect(await read((tx) => tx.told.find('tilleuls:A1'))).toMatchObject({ facts: { stands: true, start }, by: 'confirmation:notice:0' })
  })

  test('goes to the contact of its channel, with its attempt’s id and how long it is worth sending', async () => {
    const { send, sms, email: mail, ofChannel } = await booked()
    await send()
    const notification = await ofChannel('sms')
    expect(sms.sent).toMatchObject([{ to: mobile.value, notificationId: notification?.id, notAfter: start }])
    expect(mail.sent).toMatchObject([{ to: email.value }])
    expect(sms.sent[0]?.attemptId).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })

  test('that will never be taken has failed', async () => {
    const { send, sms, outcomes } = await booked()
    sms.outcomes.push({ kind: 'rejected', reason: 'twilio_21211' })
    await send()
    expect(await outcomes()).toEqual(['confirmation email: sent', 'confirmation sms: failed twilio_21211'])
  })

  test('to a number that said STOP is the last to it: the next is suppressed, of every appointment (R27)', async () => {
    const { send, sms, read, hear, outcomes } = await booked()
    sms.outcomes.push({ kind: 'rejected', reason: 'twilio_21610', optedOut: true })
    await send()
    expect(await read((tx) => tx.optOuts.has('tilleuls', 'sms', mobile.value ?? ''))).toBe(true)
    await hear(bookedChange({ ehrId: 'A2' }))
    await send()
    expect(await outcomes('tilleuls:A2')).toEqual(['confirmation email: sent', 'confirmation sms: suppressed stop'])
    expect(sms.sent).toHaveLength(1)
  })

  test('that certainly did not leave is tried again after each wait of the list, then has failed', async () => {
    const { send, sms, clock, ofChannel, dispatch } = await booked()
    sms.outcomes.push(deferred, deferred, deferred)
    await send()
    for (const wait of [30, 120]) {
      const due = await dispatch.nextDueAt()
      expect(due && clock.now().until(due).total('seconds')).toBe(wait)
      await send()
      clock.advance({ seconds: wait })
      await send()
    }
    expect(sms.sent).toHaveLength(3)
    expect(await ofChannel('sms')).toMatchObject({ state: 'failed', reason: 'twilio_503', attempts: 3 })
  })

  test('waits as long as its provider asks, where that is longer', async () => {
    const { send, sms, clock, ofChannel } = await booked()
    sms.outcomes.push({ ...deferred, retryAfter: Temporal.Duration.from('PT10M') })
    await send()
    expect(await ofChannel('sms')).toMatchObject({ state: 'planned', dueAt: clock.now().add({ minutes: 10 }) })
  })

  test('put off beyond its worth has expired', async () => {
    const { send, sms, ofChannel } = await booked({ now: '2026-11-26T14:39:40Z' })
    sms.outcomes.push(deferred)
    await send()
    expect(await ofChannel('sms')).toMatchObject({ state: 'expired' })
  })

  test.each<[string, SendOutcome | typeof bug]>([
    ['of which nobody knows whether it left', { kind: 'unknown', reason: 'twilio_timeout' }],
    ['on which the channel fails', bug],
  ])('%s is in doubt, and never sent again', async (_, outcome) => {
    const { send, sms, clock, ofChannel } = await booked()
    sms.outcomes.push(outcome)
    await send()
    expect(await ofChannel('sms')).toMatchObject({ state: 'in_doubt' })
    for (let hour = 0; hour < 20; hour += 1) {
      clock.advance({ hours: 1 })
      await send()
    }
    expect(sms.sent).toHaveLength(1)
  })

  test('for which no provider is configured is not sent, and says so', async () => {
    const { channels, send, outcomes } = await booked()
    channels.delete('sms')
    await send()
    expect(await outcomes()).toEqual(['confirmation email: sent', 'confirmation sms: suppressed no_channel'])
  })

  test('leaves a row in the audit for every state, with nothing of the patient', async () => {
    const { send, sms, read, ofChannel } = await booked()
    sms.outcomes.push({ kind: 'rejected', reason: 'twilio_21211' })
    await send()
    const id = (await ofChannel('sms'))?.id ?? ''
    expect(await read((tx) => tx.audit.of(id, 10))).toMatchObject([
      { actor: 'dispatch', action: 'notification.failed', detail: { reason: 'twilio_21211' } },
    ])
  })
})

describe('nothing is sent once it is known that', () => {
  test.each<[string, Parameters<typeof bookedChange>[0], string]>([
    ['the appointment is cancelled', { status: { value: 'cancelled' } }, 'withdrawn'],
    ['the patient is dead', { patient: { ehrId: 'P1', deceased: true } }, 'suppressed'],
    ['the appointment has no hour', { time: null }, 'held'],
    ['the motif is a silent one', { motif: { key: 'IVG' } }, 'suppressed'],
    ['the patient has no number', { patient: { ehrId: 'P1', contacts: [email] } }, 'suppressed'],
    ['the patient is there', { status: { value: 'arrived' } }, 'suppressed'],
  ])('%s (R7)', async (_, change, state) => {
    const { hear, send, sms, ofChannel } = await booked()
    await hear(bookedChange(change, 1))
    await send()
    expect(sms.sent).toEqual([])
    expect(await ofChannel('sms')).toMatchObject({ state })
  })

  test('the appointment is cancelled, even between two messages of the same look', async () => {
    const { hear, send, sms, email: mail, outcomes } = await booked()
    const [first, second] = [promised<SendOutcome>(), promised<SendOutcome>()]
    for (const index of [2, 3, 4, 5, 6]) await hear(bookedChange({ ehrId: `A${index}` }))
    // all who send are busy with the first eight of twelve
    for (let index = 0; index < 4; index += 1) {
      sms.outcomes.push(() => first.promise)
      mail.outcomes.push(() => second.promise)
    }
    const sending = send()
    await expect.poll(() => sms.sent.length + mail.sent.length).toBe(8)
    for (const index of [1, 2, 3, 4, 5, 6]) await hear(bookedChange({ ehrId: `A${index}`, status: { value: 'cancelled' } }, 5))
    first.keep({ kind: 'accepted', providerId: 'x' })
    second.keep({ kind: 'accepted', providerId: 'x' })
    await sending
    expect(sms.sent.length + mail.sent.length).toBe(8)
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map((index) => outcomes(`tilleuls:A${index}`)))
    expect(all.flat().filter((outcome) => outcome.includes('withdrawn'))).toHaveLength(4)
  })

  test('the clinic’s communications are off', async () => {
    const { send, sms, outcomes } = await booked({ settings: clinicSettings({ communications: false }) })
    await send()
    expect(sms.sent).toEqual([])
    expect(await outcomes()).toEqual(expect.arrayContaining(['confirmation sms: suppressed communications_off']))
  })
})

describe('a link', () => {
  test('has 22 characters, of which the store holds only the hash (R26)', async () => {
    const { send, sms, dump, read } = await booked()
    await send()
    const token = tokenIn(sms.sent[0]?.words.action.url)
    expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    const hash = createHash('sha256').update(token).digest('hex')
    expect(await read((tx) => tx.links.find(hash))).toMatchObject({ appointmentId: 'tilleuls:A1', patientId: 'tilleuls:P1' })
    const stored = await dump()
    expect(stored).toContain(hash)
    for (const trace of [token, Buffer.from(token).toString('hex'), Buffer.from(token).toString('base64').slice(0, 28)])
      expect(stored).not.toContain(trace)
  })

  test('stands in the message; what is kept of its words has {link} there', async () => {
    const { send, sms, email: mail, attempts } = await booked()
    await send()
    const token = tokenIn(sms.sent[0]?.words.action.url)
    expect(sms.sent[0]?.words.sms).toContain(`https://rdv.example/${token}`)
    expect(JSON.stringify([sms.sent, mail.sent])).not.toContain('{link}')
    for (const { text } of await attempts()) expect(text).toContain('{link}')
    expect((await attempts()).find(({ channel }) => channel === 'sms')?.text).toBe(
      sms.sent[0]?.words.sms.replace(`https://rdv.example/${token}`, '{link}'),
    )
  })

  test('is another one in each message, and each opens the page', async () => {
    const { send, sms, email: mail, clock, get } = await booked()
    sms.outcomes.push(deferred)
    await send()
    clock.advance({ seconds: 30 })
    await send()
    const tokens = [...sms.sent, ...mail.sent].map((message) => tokenIn(message.words.action.url))
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect((await get(`/${token}`)).status).toBe(200)
  })
})

describe('a crash', () => {
  test('between the send and its record leaves the message in doubt, sent once, and in the audit (R6)', async () => {
    const { send, sms, email: mail, failCommits, ofChannel, clock, read, lines, recover } = await booked()
    const stopping = new AbortController()
    mail.outcomes.push({ kind: 'rejected', reason: 'smtp_550' })
    sms.outcomes.push(() => {
      stopping.abort()
      failCommits(9)
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await expect(send(stopping.signal)).rejects.toThrow('disk full')
    failCommits(0)
    expect(await ofChannel('sms')).toMatchObject({ state: 'sending' })

    expect(await recover()).toBeGreaterThan(0)
    const notification = await ofChannel('sms')
    expect(notification).toMatchObject({ state: 'in_doubt', reason: 'crashed' })
    expect(await read((tx) => tx.audit.of(notification?.id ?? '', 10))).toMatchObject([{ action: 'notification.in_doubt' }])
    expect(await read((tx) => tx.told.find('tilleuls:A1')), 'the patient may know').toMatchObject({ facts: { start } })
    clock.advance({ hours: 1 })
    await send()
    expect(sms.sent).toHaveLength(1)
    expect(lines.join()).toContain('attempts_in_doubt')
    expect(await recover()).toBe(0)
  })

  test('of an attempt that cannot be planned after does not keep the service from starting', async () => {
    const { send, sms, failCommits, spoil, recover, ofChannel } = await booked()
    const stopping = new AbortController()
    sms.outcomes.push(() => {
      stopping.abort()
      failCommits(9)
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await send(stopping.signal).catch(() => {})
    failCommits(0)
    spoil((tx) => ({ ...tx, settings: { ...tx.settings, current: bug } }))
    await recover()
    expect(await ofChannel('sms')).toMatchObject({ state: 'in_doubt' })
  })

  test('of more attempts than one look takes leaves none behind', async () => {
    const { store, clock, read, recover } = await booked()
    const [notification] = await read((tx) => tx.notifications.ofAppointment('tilleuls:A1'))
    await store.transact(async (tx) => {
      for (let number = 1; number <= 120; number += 1)
        await tx.attempts.save({
          id: `attempt ${number}`,
          notificationId: notification?.id ?? '',
          number,
          channel: 'sms',
          startedAt: clock.now(),
          says: { stands: true, zone: 'America/Toronto', modality: 'onsite' },
          text: '{link}',
        })
    })
    expect(await recover()).toBe(120)
    expect(await read((tx) => tx.attempts.unfinished(1))).toEqual([])
  })
})

describe('while the store keeps nothing', () => {
  test('what a provider answered is held until it can be kept, and nothing is sent twice', async () => {
    const { send, sms, failCommits, clock, ofChannel, channels } = await booked()
    channels.delete('email')
    sms.outcomes.push(() => {
      failCommits(2)
      return { kind: 'accepted', providerId: 'SM1' }
    })
    const sending = send()
    for (let round = 0; round < 2; round += 1) {
      await clock.sleeping(1)
      expect((await ofChannel('sms'))?.state).toBe('sending')
      clock.advance({ seconds: 1 })
    }
    await sending
    expect(await ofChannel('sms')).toMatchObject({ state: 'sent' })
    expect(sms.sent).toHaveLength(1)
  })

  test('nothing leaves', async () => {
    const { send, sms, failCommits } = await booked()
    failCommits(9)
    await expect(send()).rejects.toThrow('disk full')
    expect(sms.sent).toEqual([])
  })
})

describe('one message that cannot be decided', () => {
  test('keeps no other waiting, and is looked at again later (R19)', async () => {
    const { hear, send, sms, spoil, outcomes, lines, clock } = await booked()
    await hear(bookedChange({ ehrId: 'A2' }))
    spoil((tx) => ({
      ...tx,
      appointments: { ...tx.appointments, find: (id) => (id === 'tilleuls:A1' ? bug() : tx.appointments.find(id)) },
    }))
    await send()
    expect(await outcomes('tilleuls:A1')).toEqual(['confirmation email: held internal_error', 'confirmation sms: held internal_error'])
    expect(await outcomes('tilleuls:A2')).toEqual(['confirmation email: sent', 'confirmation sms: sent'])
    expect(lines.filter((line) => line.includes('decision_failed'))).toHaveLength(2)
    spoil(undefined)
    clock.advance({ minutes: 15 })
    await send()
    expect(sms.sent).toHaveLength(2)
  })

  test('after it was sent is recorded all the same', async () => {
    const { send, spoil, sms, outcomes, lines } = await booked()
    sms.outcomes.push(() => {
      spoil((tx) => ({ ...tx, settings: { ...tx.settings, current: bug } }))
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await send()
    expect(await outcomes()).toEqual(expect.arrayContaining(['confirmation sms: sent']))
    expect(lines.join()).toContain('replan_failed')
  })
})

describe('a stop', () => {
  test('lets what is under way finish, and begins nothing more (R36)', async () => {
    const { hear, send, sms, email: mail, read } = await booked()
    for (let index = 2; index <= 20; index += 1) await hear(bookedChange({ ehrId: `A${index}` }))
    const stopping = new AbortController()
    const answered = promised<SendOutcome>()
    sms.outcomes.push(...Array.from({ length: 20 }, () => () => answered.promise))
    mail.outcomes.push(...Array.from({ length: 20 }, () => () => answered.promise))
    const sending = send(stopping.signal)
    await expect.poll(() => sms.sent.length + mail.sent.length).toBe(8)
    stopping.abort()
    answered.keep({ kind: 'accepted', providerId: 'x' })
    await sending
    expect(sms.sent.length + mail.sent.length).toBe(8)
    expect(await read((tx) => tx.attempts.unfinished(1))).toEqual([])
  })

  test('does not cut a send off; only its own time limit does', async () => {
    const { sms, ...rappel } = await booked()
    const dispatch = createDispatch({ ...rappel, retries: [], sendTimeout: Temporal.Duration.from({ milliseconds: 20 }) })
    const channel = rappel.channels.get('sms')
    const stopping = new AbortController()
    rappel.channels.set('sms', {
      kind: 'sms',
      send: (_message, signal) => {
        stopping.abort()
        expect(signal.aborted).toBe(false)
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'unknown', reason: 'timeout' })))
      },
    })
    await dispatch.step(stopping.signal)
    expect(channel).toBe(sms)
    expect(await rappel.ofChannel('sms')).toMatchObject({ state: 'in_doubt', reason: 'timeout' })
  })
})

test('there is more to do while a look comes back full', async () => {
  const { hear, dispatch } = await booked()
  for (let index = 2; index <= 30; index += 1) await hear(bookedChange({ ehrId: `A${index}` }))
  const signal = new AbortController().signal
  expect(await dispatch.step(signal)).toBe(true)
  expect(await dispatch.step(signal)).toBe(false)
})
