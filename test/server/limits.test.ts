import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { CadenceStep } from '../../src/core/cadence.ts'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import { planManual } from '../../src/core/manual.ts'
import { bookedChange, clinicSettings, email, mobile, start } from '../support/clinic.ts'
import { promised } from '../support/fakes.ts'
import type { Rappel } from '../support/rappel.ts'
import { openRappel } from '../support/rappel.ts'

const noMail = { ehrId: 'P1', name: { given: 'Anne' }, contacts: [mobile] }

/** Anne's appointment of that many days later. */
function booking(index: number, overrides: Partial<AppointmentChange> = {}): AppointmentChange {
  return bookedChange({ ehrId: `A${index}`, time: { start: start.add({ hours: 24 * index }) }, ...overrides })
}

/** Of `A1` … `A<count>`, what became of that message, without its id. */
async function outcomesOf(rappel: Rappel, count: number, prefix: string): Promise<readonly string[]> {
  const all: string[] = []
  for (let index = 1; index <= count; index += 1) all.push(...(await rappel.outcomes(`tilleuls:A${index}`)))
  return all.filter((line) => line.startsWith(prefix)).sort()
}

const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value)

describe('section 4, caps: six messages to one contact in one day', () => {
  async function sevenBooked() {
    const rappel = await openRappel()
    for (let index = 1; index <= 7; index += 1) await rappel.hear(booking(index))
    return rappel
  }

  test('the seventh is held, by each channel, and leaves the next day', async () => {
    const rappel = await sevenBooked()
    await rappel.send()
    expect(await outcomesOf(rappel, 7, 'confirmation sms')).toEqual([
      'confirmation sms: held daily_cap',
      ...times(6, 'confirmation sms: sent'),
    ])
    expect(await outcomesOf(rappel, 7, 'confirmation email')).toEqual([
      'confirmation email: held daily_cap',
      ...times(6, 'confirmation email: sent'),
    ])
    rappel.clock.set('2026-11-26T04:59:00Z')
    await rappel.send()
    expect(rappel.sms.sent, 'a minute before midnight, there').toHaveLength(6)
    rappel.clock.set('2026-11-26T05:15:00Z')
    await rappel.send()
    expect(await outcomesOf(rappel, 7, 'confirmation sms')).toEqual(times(7, 'confirmation sms: sent'))
  })

  test('counts those that are still on their way', async () => {
    const rappel = await sevenBooked()
    const answer = promised<SendOutcome>()
    for (const channel of [rappel.sms, rappel.email]) channel.outcomes.push(...times(7, () => answer.promise))
    const sending = rappel.send()
    await expect.poll(() => rappel.sms.sent.length + rappel.email.sent.length).toBeGreaterThanOrEqual(8)
    answer.keep({ kind: 'accepted', providerId: 'x' })
    await sending
    expect([rappel.sms.sent.length, rappel.email.sent.length]).toEqual([6, 6])
  })

  test('what was refused reached nobody, and does not count', async () => {
    const rappel = await sevenBooked()
    rappel.channels.delete('email')
    rappel.sms.outcomes.push({ kind: 'rejected', reason: 'twilio_30007' })
    for (let round = 0; round < 2; round += 1) {
      await rappel.send()
      rappel.clock.advance({ minutes: 16 })
    }
    expect(await outcomesOf(rappel, 7, 'confirmation sms')).toEqual([
      'confirmation sms: failed twilio_30007',
      ...times(6, 'confirmation sms: sent'),
    ])
  })

  test('held until it is worth nothing, it has expired; looked at every quarter of an hour, and written down once', async () => {
    const rappel = await sevenBooked()
    await rappel.hear(booking(8, { time: { start: Temporal.Instant.from('2026-11-25T17:00:00Z') } }))
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    const heldId = (await rappel.notifications('tilleuls:A8')).find(({ channel, kind }) => channel === 'sms' && kind === 'confirmation')
    expect(heldId).toMatchObject({ state: 'held', reason: 'daily_cap' })
    for (let quarter = 0; quarter < 8; quarter += 1) {
      rappel.clock.advance({ minutes: 15 })
      await rappel.send()
    }
    expect(await rappel.outcomes('tilleuls:A8')).toContain('confirmation sms: expired appointment_past')
    const rows = await rappel.read((tx) => tx.audit.of(heldId?.id ?? '', 20))
    expect(rows.map(({ action }) => action)).toEqual(['notification.expired', 'notification.held'])
  })

  test.each<[string, Partial<AppointmentChange>, string]>([
    ['change', { time: { start: start.add({ hours: 25 }) } }, 'change sms: sent'],
    ['cancellation', { status: { value: 'cancelled' } }, 'cancellation sms: sent'],
  ])('a %s is never capped', async (_, news, said) => {
    const rappel = await sevenBooked()
    await rappel.send()
    for (const index of [1, 2, 3]) await rappel.hear({ ...booking(index, { stamp: bookedChange({}, 1).stamp }), ...news })
    await rappel.send()
    expect(await outcomesOf(rappel, 3, said)).toHaveLength(3)
  })
})

describe('section 4, caps: one of a kind for each appointment and day', () => {
  const step = (name: string, before: string): CadenceStep => ({
    name,
    kind: 'previsit',
    when: { before: Temporal.Duration.from(before) },
    channels: ['sms'],
    quietHours: 'shift',
    notAfter: Temporal.Duration.from('PT1H'),
  })
  const often = (...steps: readonly CadenceStep[]) => clinicSettings({ cadence: { ...ofys, steps } })

  test('a second one of the day waits for the next', async () => {
    const { hear, send, clock, sms, outcomes } = await openRappel({
      now: '2026-11-20T12:00:00Z',
      settings: often(step('PT32H', 'PT32H'), step('PT30H', 'PT30H')),
    })
    await hear(bookedChange())
    await send()
    sms.sent.length = 0
    clock.set('2026-11-25T08:40:00Z')
    await send()
    expect(sms.sent).toHaveLength(1)
    expect(await outcomes()).toEqual(expect.arrayContaining(['previsit sms: held kind_cap', 'previsit sms: sent']))
    clock.set('2026-11-26T05:10:00Z')
    await send()
    expect(sms.sent).toHaveLength(2)
  })

  test('yesterday’s, of which the provider reports today, is yesterday’s', async () => {
    const { hear, send, clock, sms, post, outcomes } = await openRappel({
      now: '2026-11-20T12:00:00Z',
      settings: often(step('PT40H', 'PT40H'), step('PT24H', 'PT24H')),
    })
    await hear(bookedChange())
    await send()
    clock.set('2026-11-24T22:40:00Z')
    await send()
    const attempt = sms.sent.at(-1)?.attemptId ?? ''
    clock.set('2026-11-25T12:00:00Z')
    const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
    expect((await post('/callbacks/sms', { status: 'delivered', attempt }, signed)).status).toBe(204)
    clock.set('2026-11-25T14:40:00Z')
    await send()
    expect(await outcomes()).toEqual(expect.arrayContaining(['previsit sms: delivered', 'previsit sms: sent']))
  })
})

describe('O21: what is sent is counted and paid', () => {
  const month = [start.subtract({ hours: 24 * 30 }), start.add({ hours: 24 * 30 })] as const
  const sumsOf = ({ read }: Rappel) => read((tx) => tx.usage.sums('tilleuls', ...month))

  test('a text by its segments, an e-mail at nothing, a refused one apart and at nothing', async () => {
    const rappel = await openRappel()
    rappel.sms.outcomes.push({ kind: 'rejected', reason: 'twilio_21211' })
    for (const index of [1, 2]) {
      await rappel.hear(booking(index, { practitioner: { name: `Dre ${'Anne-Sophie '.repeat(index * 4)}` } }))
      await rappel.send()
    }
    expect(await sumsOf(rappel)).toMatchObject([
      { channel: 'email', automatic: true, refused: false, messages: 2, price: 0 },
      { channel: 'sms', automatic: true, refused: false, messages: 1, segments: 2, price: 1000, currency: 'CAD' },
      { channel: 'sms', automatic: true, refused: true, messages: 1, price: 0 },
    ])
  })

  test('what may have left is paid; what certainly did not is not, until it does', async () => {
    const rappel = await openRappel()
    rappel.sms.outcomes.push({ kind: 'deferred', reason: 'twilio_503' }, { kind: 'unknown', reason: 'twilio_timeout' })
    await rappel.hear(booking(1))
    await rappel.send()
    expect((await sumsOf(rappel)).filter(({ channel }) => channel === 'sms')).toEqual([])
    rappel.clock.advance({ seconds: 30 })
    await rappel.send()
    expect(await sumsOf(rappel)).toMatchObject([{ channel: 'email' }, { channel: 'sms', refused: false, messages: 1, price: 500 }])
  })

  test('at the price of its day, by the clinic’s calendar', async () => {
    const smsPrices = [
      { from: '2000-01-01', perSegment: 500, currency: 'CAD' },
      { from: '2026-11-25', perSegment: 700, currency: 'CAD' },
    ]
    const rappel = await openRappel({ now: '2026-11-25T04:30:00Z', settings: clinicSettings({ smsPrices }) })
    await rappel.hear(booking(1))
    await rappel.send()
    expect((await sumsOf(rappel)).at(-1), 'still the 24th there').toMatchObject({ price: 500 })
    rappel.clock.set('2026-11-25T05:30:00Z')
    await rappel.hear(booking(2))
    await rappel.send()
    expect((await sumsOf(rappel)).at(-1)).toMatchObject({ messages: 2, price: 1200 })
  })

  test('one sent by hand apart', async () => {
    const rappel = await openRappel()
    await rappel.hear(booking(1))
    await rappel.send()
    await byHand(rappel, 'tilleuls:A1', 'first')
    expect((await sumsOf(rappel)).filter(({ channel }) => channel === 'sms')).toMatchObject([
      { automatic: true, messages: 1, price: 500 },
      { automatic: false, messages: 1, price: 500 },
    ])
  })

  test('though the number was taken off the file while it was under way', async () => {
    const rappel = await openRappel()
    rappel.sms.outcomes.push(async () => {
      await rappel.hear(booking(1, { patient: { ehrId: 'P1', contacts: [email] }, stamp: bookedChange({}, 1).stamp }))
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await rappel.hear(booking(1))
    await rappel.send()
    expect((await sumsOf(rappel)).at(-1)).toMatchObject({ channel: 'sms', messages: 1, price: 500 })
  })

  test('the budget used up, texts stop, e-mail and messages by hand go on, and next month begins anew', async () => {
    const rappel = await openRappel({ settings: clinicSettings({ smsBudget: 1000 }) })
    for (const index of [1, 2, 3]) {
      await rappel.hear(booking(index + 10))
      await rappel.send()
    }
    expect(rappel.sms.sent).toHaveLength(2)
    expect(await rappel.outcomes('tilleuls:A13')).toEqual(
      expect.arrayContaining(['confirmation email: sent', 'confirmation sms: suppressed budget_spent']),
    )
    await byHand(rappel, 'tilleuls:A13', 'first')
    expect(rappel.sms.sent).toHaveLength(3)
    rappel.clock.set('2026-12-01T05:00:00Z')
    await rappel.hear(booking(14, { time: { start: Temporal.Instant.from('2026-12-20T14:00:00Z') } }))
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(4)
  })

  test('the budget used up, whoever has no e-mail is called about a cancellation', async () => {
    const rappel = await openRappel({ settings: clinicSettings({ smsBudget: 500 }) })
    await rappel.hear(booking(1, { patient: noMail }))
    await rappel.send()
    await rappel.hear(booking(1, { status: { value: 'cancelled' }, patient: noMail, stamp: bookedChange({}, 1).stamp }))
    await rappel.send()
    expect(await rappel.outcomes()).toContain('cancellation sms: suppressed budget_spent')
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toMatchObject([{ kind: 'cancellation', appointmentId: 'tilleuls:A1' }])
  })
})

describe('gate 7: consent', () => {
  const consents = (rappel: Rappel, state: 'given' | 'withdrawn', contact: string | undefined, channel: 'sms' | 'email') =>
    rappel.store.transact((tx) => tx.consents.save('tilleuls', channel, contact ?? '', { state, at: rappel.clock.now(), by: 'token:x' }))

  test('explicit: none recorded, nothing sent; recorded for one channel, that one leaves', async () => {
    const rappel = await openRappel({ settings: clinicSettings({ consent: 'explicit' }) })
    await consents(rappel, 'given', email.value, 'email')
    await rappel.hear(booking(1))
    await rappel.send()
    expect(await rappel.outcomes()).toEqual(expect.arrayContaining(['confirmation email: sent', 'confirmation sms: suppressed no_consent']))
  })

  test('implied: nothing to record; but a withdrawal counts', async () => {
    const rappel = await openRappel()
    await consents(rappel, 'withdrawn', mobile.value, 'sms')
    await rappel.hear(booking(1))
    await rappel.send()
    expect(await rappel.outcomes()).toEqual(expect.arrayContaining(['confirmation email: sent', 'confirmation sms: suppressed no_consent']))
  })

  test('is of one contact: another number was not asked', async () => {
    const rappel = await openRappel({ settings: clinicSettings({ consent: 'explicit' }) })
    await consents(rappel, 'given', '+14185550999', 'sms')
    await rappel.hear(booking(1))
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
  })
})

describe('gate 0: sender of record', () => {
  const settings = clinicSettings({ cadence: doctolib, senders: [{ origin: 'patient_online', sender: 'doctolib' }] })

  test('what another system tells we do not, and nobody is called for it', async () => {
    const rappel = await openRappel({ settings })
    const online = { origin: 'patient_online', patient: noMail } as const
    await rappel.hear(booking(1, online))
    await rappel.send()
    await rappel.hear(booking(1, { ...online, status: { value: 'cancelled' }, stamp: bookedChange({}, 1).stamp }))
    await rappel.send()
    expect([...rappel.sms.sent, ...rappel.email.sent]).toEqual([])
    expect(await rappel.outcomes()).toEqual(
      expect.arrayContaining(['confirmation email: suppressed other_sender', 'cancellation sms: suppressed other_sender']),
    )
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toEqual([])
  })

  test('what staff book is ours', async () => {
    const rappel = await openRappel({ settings })
    await rappel.hear(booking(1))
    await rappel.send()
    expect(rappel.email.sent).toHaveLength(1)
  })
})

/** O6: somebody presses the button. */
async function byHand({ store, clock, send, settings }: Rappel, id: string, key: string): Promise<void> {
  await store.transact(async (tx) => {
    const appointment = await tx.appointments.find(id)
    const patient = await tx.patients.find('tilleuls:P1')
    if (!appointment || !patient) throw new Error(`no ${id}`)
    const plan = planManual({ appointment, patient, settings, channel: 'sms', optedOut: false, key, now: clock.now() })
    if (plan.kind === 'planned') await tx.notifications.save(plan.notification)
  })
  await send()
}
