import { describe, expect, test } from 'vitest'
import type { AppointmentChange } from '../../src/core/change.ts'
import { bookedChange, email, mobile, start } from '../support/clinic.ts'
import type { Rappel } from '../support/rappel.ts'
import { openRappel } from '../support/rappel.ts'

const cancelled = (overrides: Partial<AppointmentChange> = {}, minute = 10) =>
  bookedChange({ status: { value: 'cancelled', cancelKind: 'cancelled' }, ...overrides }, minute)
const patient = { ehrId: 'P1', name: { given: 'Anne' }, language: 'fr' }
const byText = { patient: { ...patient, contacts: [mobile] } }

const toCall = ({ read }: Rappel) => read((tx) => tx.toCall.open('tilleuls', 10))
const told = ({ read }: Rappel, id = 'tilleuls:A1') => read((tx) => tx.told.find(id))

/** The provider says what became of the last text, days or seconds later. */
function report({ post, sms }: Rappel, status: string, number = -1) {
  const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
  return post('/callbacks/sms', { status, errorCode: '30003', attempt: sms.sent.at(number)?.attemptId ?? '' }, signed)
}

/** Told of the booking by text, and then of something else. */
async function toldOf(change: AppointmentChange, more: Partial<AppointmentChange> = byText): Promise<Rappel> {
  const rappel = await openRappel()
  await rappel.hear(bookedChange(more))
  await rappel.send()
  await rappel.hear(change)
  await rappel.send()
  return rappel
}

describe('D12, section 4: a cancellation that never arrived', () => {
  test('its text undelivered and no e-mail: the patient is to be called, and is only taken to know', async () => {
    const rappel = await toldOf(cancelled(byText))
    expect(await toCall(rappel)).toEqual([])
    await report(rappel, 'undelivered')
    expect(await toCall(rappel)).toMatchObject([{ appointmentId: 'tilleuls:A1', kind: 'cancellation', reason: 'undelivered_30003' }])
    expect(await told(rappel)).toMatchObject({ facts: { stands: false }, assumed: 'undelivered_30003' })
  })

  test('reported again, it is on the list once', async () => {
    const rappel = await toldOf(cancelled(byText))
    await report(rappel, 'undelivered')
    await report(rappel, 'failed')
    expect(await toCall(rappel)).toHaveLength(1)
  })

  test('the e-mail told them: nobody is called', async () => {
    const rappel = await toldOf(cancelled(), {})
    await report(rappel, 'undelivered')
    expect(await toCall(rappel)).toEqual([])
    expect((await told(rappel))?.assumed).toBeUndefined()
  })

  test('the e-mail is in doubt, and may have told them: nobody is called', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange())
    await rappel.send()
    rappel.email.outcomes.push({ kind: 'unknown', reason: 'smtp_timeout' })
    await rappel.hear(cancelled())
    await rappel.send()
    await report(rappel, 'undelivered')
    expect(await toCall(rappel)).toEqual([])
  })

  test('the e-mail was refused, and the text undelivered after it', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange())
    await rappel.send()
    rappel.email.outcomes.push({ kind: 'rejected', reason: 'smtp_550' })
    await rappel.hear(cancelled())
    await rappel.send()
    expect(await toCall(rappel)).toEqual([])
    await report(rappel, 'undelivered')
    expect(await toCall(rappel)).toHaveLength(1)
  })

  test('delivered after all: nobody is called any more, and they know', async () => {
    const rappel = await toldOf(cancelled(byText))
    await report(rappel, 'undelivered')
    await report(rappel, 'delivered')
    expect(await toCall(rappel)).toEqual([])
    const known = await told(rappel)
    expect([known?.facts.stands, known?.assumed]).toEqual([false, undefined])
  })

  test('a report that overtakes the provider’s own answer says the same', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange(byText))
    await rappel.send()
    rappel.sms.outcomes.push(async () => {
      await report(rappel, 'undelivered')
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await rappel.hear(cancelled(byText))
    await rappel.send()
    expect(await toCall(rappel)).toHaveLength(1)
    expect(await told(rappel)).toMatchObject({ facts: { stands: false }, assumed: 'undelivered_30003' })
  })

  test.each<[string, (rappel: Rappel) => Promise<unknown>]>([
    ['the visit is past by then', async ({ clock }) => clock.set(start.add({ hours: 1 }).toString())],
    [
      'it has been put back, and that was told',
      async (rappel) => {
        await rappel.hear(bookedChange(byText, 20))
        await rappel.send()
      },
    ],
    ['it has been put back, and that is still to be told', (rappel) => rappel.hear(bookedChange(byText, 20))],
  ])('%s: nobody is called about it', async (_, happens) => {
    const rappel = await toldOf(cancelled(byText))
    const number = rappel.sms.sent.length - 1
    await happens(rappel)
    await report(rappel, 'undelivered', number)
    expect(await toCall(rappel)).toEqual([])
  })

  test('a confirmation or a reminder that does not arrive calls nobody', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange(byText))
    await rappel.send()
    await report(rappel, 'undelivered')
    expect(await toCall(rappel)).toEqual([])
    expect(await told(rappel)).toMatchObject({ assumed: 'undelivered_30003' })
  })
})

describe('D29: a household’s text that never arrived', () => {
  const due = '2026-11-25T02:40:00Z'
  const pauls = bookedChange({
    ehrId: 'A2',
    time: { start: start.add({ minutes: 20 }) },
    patient: { ehrId: 'P2', name: { given: 'Paul' }, language: 'fr', contacts: [mobile, email] },
  })

  async function family(): Promise<Rappel> {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.hear(pauls)
    await rappel.send()
    rappel.clock.set(due)
    await rappel.send()
    return rappel
  }

  test('releases those it spoke for, each to be told at their own hour, and wakes the dispatch', async () => {
    const rappel = await family()
    expect(await rappel.outcomes('tilleuls:A2')).toContainEqual(expect.stringMatching(/^previsit sms: merged_into/))
    rappel.woken.length = 0
    await report(rappel, 'undelivered')
    expect(rappel.woken).toEqual(['planned'])
    expect(await rappel.outcomes('tilleuls:A2')).toContain('previsit sms: planned')
    const before = rappel.sms.sent.length
    rappel.clock.set('2026-11-25T03:00:00Z')
    await rappel.send()
    expect(rappel.sms.sent.slice(before).map(({ words }) => words.sms)).toEqual([expect.stringContaining('10h')])
    expect(await rappel.outcomes('tilleuls:A1')).toContain('previsit sms: failed undelivered_30003')
  })

  test('a companion’s link shows what the text said of them, and what has changed since', async () => {
    const rappel = await family()
    const links = [...(rappel.sms.sent.at(-1)?.words.sms.matchAll(/https:\/\/rdv\.example\/(\S{22})/g) ?? [])].map(([, token]) => token)
    await rappel.hear({ ...pauls, stamp: { at: pauls.stamp.at.add({ minutes: 5 }) }, time: { start: start.add({ hours: 3 }) } })
    await rappel.send()
    const [annes, his] = await Promise.all(links.map(async (token) => (await rappel.get(`/${token}`)).text()))
    const plain = (page = '') => page.replaceAll(/[\u00a0\u202f]/g, ' ')
    expect(plain(his)).toContain('12 h 40')
    // what it was when the text left
    expect(plain(his)).toContain('10 h<')
    expect(plain(annes)).not.toContain('12 h 40')
  })
})
