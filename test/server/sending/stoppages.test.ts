import { describe, expect, test } from 'vitest'
import { bookedChange, mobile, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const refusesUs = { kind: 'deferred', reason: 'twilio_20003', account: true } as const

/** So many patients whose confirmation is due by text. */
async function due(count: number): Promise<Rappel> {
  const rappel = await openRappel()
  for (let each = 0; each < count; each += 1) {
    const contacts = [{ ...mobile, value: `+1418555${String(1000 + each)}` }]
    await rappel.hear(bookedChange({ ehrId: `A${each}`, patient: { ehrId: `P${each}`, language: 'fr', contacts } }))
  }
  return rappel
}

const metric = async ({ metrics }: Rappel) => (await metrics.registry.getSingleMetricAsString('rappel_channel_stopped')).split('\n').at(-1)
const states = async ({ read }: Rappel, count: number) => {
  const all = await read((tx) =>
    Promise.all(Array.from({ length: count }, (_, each) => tx.notifications.ofAppointment(`tilleuls:A${each}`))),
  )
  return all.flat().filter(({ channel, kind }) => channel === 'sms' && kind === 'confirmation')
}

describe('R21: the provider refuses our account', () => {
  test('some fail, all wait with their tries, an alarm is raised, one finds out, and then all go', async () => {
    const rappel = await due(30)
    rappel.sms.outcomes.push(...Array.from({ length: 30 }, () => refusesUs))
    await rappel.send()
    await rappel.send()
    expect(rappel.sms.sent.length).toBeLessThanOrEqual(8)
    expect(await metric(rappel)).toBe('rappel_channel_stopped{channel="sms"} 1')
    const waiting = (await states(rappel, 30)).filter(({ reason }) => reason === 'channel_stopped')
    expect(waiting.length).toBeGreaterThanOrEqual(22)
    expect(waiting.every(({ state, attempts }) => state === 'planned' && attempts === 0)).toBe(true)

    const before = rappel.sms.sent.length
    rappel.clock.advance({ minutes: 1 })
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(before + 1)
    rappel.clock.advance({ minutes: 4 })
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(before + 1)

    rappel.sms.outcomes.length = 0
    rappel.clock.advance({ minutes: 2 })
    await rappel.send()
    expect(await metric(rappel)).toBe('rappel_channel_stopped{channel="sms"} 0')
    rappel.clock.advance({ minutes: 6 })
    await rappel.send()
    expect((await states(rappel, 30)).every(({ state }) => state === 'sent')).toBe(true)
  })

  test('what it takes and refuses later stops it too', async () => {
    const rappel = await due(2)
    await rappel.send()
    const attempt = rappel.sms.sent[0]?.attemptId ?? ''
    await rappel.post(
      '/callbacks/sms',
      { status: 'undelivered', errorCode: '30034', attempt },
      { 'x-signature': 'for https://rdv.example/callbacks/sms' },
    )
    await rappel.hear(bookedChange({ ehrId: 'A9', patient: { ehrId: 'P9', contacts: [mobile] } }))
    await rappel.send()
    expect(await rappel.outcomes('tilleuls:A9')).toContain('confirmation sms: planned channel_stopped')
  })

  test('e-mail goes meanwhile', async () => {
    const rappel = await openRappel()
    rappel.sms.outcomes.push(refusesUs)
    await rappel.hear(bookedChange())
    await rappel.send()
    expect(rappel.email.sent).toHaveLength(1)
  })

  test('stopped until it is too late: a cancellation is called', async () => {
    const rappel = await due(1)
    await rappel.send()
    rappel.sms.outcomes.push(...Array.from({ length: 99 }, () => refusesUs))
    const patient = { ehrId: 'P0', language: 'fr', contacts: [{ ...mobile, value: '+14185551000' }] }
    await rappel.hear(bookedChange({ ehrId: 'A0', patient, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 10))
    for (let step = 0; step < 60; step += 1) {
      await rappel.send()
      rappel.clock.advance({ minutes: 30 })
    }
    expect(rappel.clock.now().epochMilliseconds).toBeGreaterThan(start.epochMilliseconds)
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toMatchObject([{ appointmentId: 'tilleuls:A0' }])
  })
})
