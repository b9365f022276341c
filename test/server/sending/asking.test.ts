import { describe, expect, test } from 'vitest'
import type { Found } from '../../../src/channels/channel.ts'
import type { DeliveryReport } from '../../../src/core/delivery.ts'
import { recoverAttempts } from '../../../src/server/sending/outcome.ts'
import { bookedChange, mobile, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const patient = { ehrId: 'P1', name: { given: 'Anne' }, language: 'fr', contacts: [mobile] }
const booked = () => bookedChange({ patient })
const cancelled = () => bookedChange({ patient, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 10)
const lost = { kind: 'unknown', reason: 'twilio_timeout' } as const

/** The provider calls back about the last text. */
function report({ post, sms }: Rappel, status: string) {
  const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
  return post('/callbacks/sms', { status, attempt: sms.sent.at(-1)?.attemptId ?? '' }, signed)
}

/** A text of which nobody knows whether the provider took it. */
async function inDoubt(kind: 'confirmation' | 'cancellation'): Promise<Rappel> {
  const rappel = await openRappel()
  if (kind === 'confirmation') rappel.sms.outcomes.push(lost)
  await rappel.hear(booked())
  await rappel.send()
  if (kind === 'cancellation') {
    await report(rappel, 'delivered')
    rappel.sms.outcomes.push(lost)
    await rappel.hear(cancelled())
    await rappel.send()
  }
  expect(await rappel.outcomes()).toContain(`${kind} sms: in_doubt twilio_timeout`)
  return rappel
}

/** What the provider has: each text that was sent, by its place, and how it is. */
function has({ sms }: Rappel, ...places: readonly number[]): Found {
  const messages = places.flatMap((place) => {
    const message = sms.sent[place]
    const report: DeliveryReport = { providerId: `SM${place}`, status: 'sent' }
    return message ? [{ report, text: message.words.sms }] : []
  })
  return { kind: 'found', messages }
}

const later = async (rappel: Rappel, minutes: number) => {
  rappel.clock.advance({ minutes })
  await rappel.ask()
}

describe('R6: a text in doubt', () => {
  test('is not asked about at once, then by its number, then it is found: it was sent', async () => {
    const rappel = await inDoubt('confirmation')
    await later(rappel, 4)
    expect(rappel.sms.sought).toEqual([])
    rappel.sms.finds.push(has(rappel, 0))
    await later(rappel, 1)
    expect(rappel.sms.sought).toMatchObject([{ to: '+14185550177' }])
    expect(await rappel.outcomes()).toContain('confirmation sms: sent')
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
  })

  test('is told from another text to the same number', async () => {
    const rappel = await inDoubt('cancellation')
    rappel.sms.finds.push(has(rappel, 0))
    await later(rappel, 5)
    expect(await rappel.outcomes()).toContain('cancellation sms: planned not_sent')
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(3)
    expect(await rappel.outcomes()).toContain('cancellation sms: sent')
  })

  test('a cancellation that was never taken, of a visit that stands again by then, is not sent again (R7)', async () => {
    const rappel = await inDoubt('cancellation')
    await rappel.hear(bookedChange({}, 200))
    rappel.sms.finds.push(has(rappel))
    await later(rappel, 5)
    await rappel.send()
    expect(await rappel.outcomes()).toContain('cancellation sms: withdrawn superseded')
    expect(rappel.sms.sent.filter(({ words }) => words.off)).toHaveLength(1)
  })

  test('a cancellation that was never taken is sent again, once, and billed once', async () => {
    const rappel = await inDoubt('cancellation')
    rappel.sms.finds.push(has(rappel))
    await later(rappel, 5)
    await rappel.send()
    await later(rappel, 60)
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(3)
    const sums = await rappel.read((tx) => tx.usage.sums('tilleuls', start.subtract({ hours: 99 }), start))
    expect(sums.filter(({ refused }) => !refused)).toMatchObject([{ messages: 2 }])
    expect(await rappel.read((tx) => tx.audit.of('tilleuls:A1:cancellation:notice:1:sms:tilleuls:P1', 9))).toContainEqual(
      expect.objectContaining({ action: 'notification.planned', detail: { reason: 'not_sent' } }),
    )
  })

  test('sent again, in doubt again, and the first turns up late: it has been told, and nothing is sent a third time', async () => {
    const rappel = await inDoubt('cancellation')
    rappel.sms.finds.push(has(rappel))
    await later(rappel, 5)
    rappel.sms.outcomes.push(lost)
    await rappel.send()
    rappel.sms.finds.push(has(rappel, 1))
    await later(rappel, 5)
    await rappel.send()
    expect(await rappel.outcomes()).toContain('cancellation sms: sent')
    expect(rappel.sms.sent).toHaveLength(3)
  })

  test('never taken, and by then the visit has begun: it is too late', async () => {
    const rappel = await inDoubt('cancellation')
    rappel.clock.set(start.add({ minutes: 1 }).toString())
    rappel.sms.finds.push(has(rappel))
    await rappel.ask()
    expect(await rappel.outcomes()).toContain('cancellation sms: expired not_sent')
  })

  test('D29: a text of several appointments, whose one page is another’s, is found too', async () => {
    const rappel = await openRappel({ now: '2026-11-20T15:00:00Z' })
    for (const [ehrId, hours] of [
      ['A1', 1],
      ['A2', 0],
    ] as const)
      await rappel.hear(bookedChange({ ehrId, patient, time: { start: start.add({ hours }) } }))
    await rappel.send()
    for (let each = 0; each < 2; each += 1) await report(rappel, 'delivered')
    rappel.clock.set('2026-11-25T03:40:00Z')
    rappel.sms.outcomes.push(lost)
    await rappel.send()
    const sent = rappel.sms.sent.length
    rappel.sms.finds.push(...Array.from({ length: 3 }, () => has(rappel, sent - 1)))
    await later(rappel, 5)
    const outcomes = [...(await rappel.outcomes('tilleuls:A1')), ...(await rappel.outcomes('tilleuls:A2'))]
    expect(outcomes.filter((each) => each.startsWith('previsit sms'))).toEqual(
      expect.arrayContaining(['previsit sms: sent', expect.stringContaining('previsit sms: merged_into')]),
    )
  })

  test('a nudge that was never taken is given up', async () => {
    const rappel = await inDoubt('confirmation')
    rappel.sms.finds.push(has(rappel))
    await later(rappel, 5)
    await rappel.send()
    expect(await rappel.outcomes()).toContain('confirmation sms: failed not_sent')
    expect(rappel.sms.sent).toHaveLength(1)
    expect((await rappel.read((tx) => tx.told.find('tilleuls:A1')))?.assumed).toBe('not_sent')
  })

  test.each<[string, Found]>([
    ['the provider cannot be asked', { kind: 'unknown', reason: 'twilio_http_503' }],
    ['it keeps no words', { kind: 'found', messages: [{ report: { providerId: 'SM1', status: 'sent' }, text: '' }] }],
  ])('%s: nothing is sent twice, and it is asked again', async (_name, found) => {
    const rappel = await inDoubt('cancellation')
    rappel.sms.finds.push(found, found, found)
    for (const minutes of [5, 25, 90]) await later(rappel, minutes)
    await rappel.send()
    expect(rappel.sms.sought).toHaveLength(3)
    expect(rappel.sms.sent).toHaveLength(2)
    expect(await rappel.outcomes()).toContain('cancellation sms: in_doubt twilio_timeout')
  })

  test('a report that comes first ends the doubt, and nobody asks', async () => {
    const rappel = await inDoubt('cancellation')
    await report(rappel, 'delivered')
    rappel.clock.advance({ minutes: 5 })
    await rappel.ask()
    expect(rappel.sms.sought).toEqual([])
    expect(await rappel.outcomes()).toContain('cancellation sms: delivered')
  })

  test('a crash left it so: it is asked about at the start, without another word', async () => {
    const rappel = await openRappel()
    const stopped = new AbortController()
    rappel.sms.outcomes.push(() => {
      stopped.abort()
      rappel.failCommits(1)
      return { kind: 'accepted', providerId: 'SM1' }
    })
    await rappel.hear(booked())
    await rappel.send(stopped.signal).catch(() => undefined)
    expect(await rappel.read((tx) => tx.attempts.unfinished(9))).toHaveLength(1)
    rappel.clock.advance({ minutes: 30 })
    await recoverAttempts(rappel)
    rappel.sms.finds.push(has(rappel, 0))
    await rappel.ask()
    expect(await rappel.outcomes()).toContain('confirmation sms: sent')
  })
})

describe('a text of which no report came', () => {
  test('is asked for by its name, until it has arrived', async () => {
    const rappel = await openRappel()
    await rappel.hear(booked())
    await rappel.send()
    const found = (status: DeliveryReport['status']): Found => ({
      kind: 'found',
      messages: [{ report: { providerId: 'sms-1', status }, text: 'x' }],
    })
    rappel.sms.finds.push(found('sent'), found('delivered'))
    await later(rappel, 5)
    expect(rappel.sms.sought).toMatchObject([{ providerId: 'sms-1' }])
    expect(await rappel.outcomes()).toContain('confirmation sms: sent')
    await later(rappel, 25)
    expect(await rappel.outcomes()).toContain('confirmation sms: delivered')
    for (const hours of [1, 2, 12, 24]) await later(rappel, hours * 60)
    expect(rappel.sms.sought).toHaveLength(2)
  })

  test('undelivered: whom nothing else told is called', async () => {
    const rappel = await openRappel()
    await rappel.hear(booked())
    await rappel.send()
    await rappel.hear(cancelled())
    await rappel.send()
    const undelivered: DeliveryReport = { providerId: 'x', status: 'undelivered', errorCode: 30003 }
    const found: Found = { kind: 'found', messages: [{ report: undelivered, text: 'x' }] }
    rappel.sms.finds.push(found, found)
    await later(rappel, 5)
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toMatchObject([{ kind: 'cancellation', reason: 'undelivered_30003' }])
  })

  test('asked five times within a day, then never again', async () => {
    const rappel = await openRappel()
    await rappel.hear(booked())
    await rappel.send()
    for (let hour = 0; hour < 48; hour += 1) await later(rappel, 60)
    expect(rappel.sms.sought.length).toBeLessThanOrEqual(5)
    expect(await rappel.read((tx) => tx.attempts.nextAskAt())).toBeUndefined()
  })
})
