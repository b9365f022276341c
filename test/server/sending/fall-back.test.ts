import { describe, expect, test } from 'vitest'
import { ofys } from '../../../src/core/cadences.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import { bookedChange, clinicSettings, email, landline, mobile, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const byTextAlone = {
  ...ofys,
  confirmation: ['sms' as const],
  change: ['sms' as const],
  cancellation: ['sms' as const],
  steps: ofys.steps.map((step) => ({ ...step, channels: ['sms' as const] })),
}
const settings = clinicSettings({ cadence: byTextAlone, fallback: { sms: 'email' } })
const refused = { kind: 'rejected', reason: 'twilio_21614' } as const

async function booked(more: Partial<AppointmentChange> = {}, used = settings): Promise<Rappel> {
  const rappel = await openRappel({ settings: used, now: '2026-11-20T15:00:00Z' })
  rappel.sms.outcomes.push(refused)
  await rappel.hear(bookedChange(more))
  await rappel.send()
  return rappel
}

function undelivered({ post, sms }: Rappel) {
  const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms' }
  return post('/callbacks/sms', { status: 'undelivered', errorCode: '30003', attempt: sms.sent.at(-1)?.attemptId ?? '' }, signed)
}

const toCall = ({ read }: Rappel) => read((tx) => tx.toCall.open('tilleuls', 9))

describe('what a text is known to have failed to bring goes by e-mail', () => {
  test('refused: at once, once, and the patient knows', async () => {
    const rappel = await booked()
    await rappel.send()
    await rappel.send()
    expect(await rappel.outcomes()).toEqual([
      'confirmation email: sent',
      'confirmation sms: failed twilio_21614',
      expect.stringMatching(/^previsit sms: planned/),
    ])
    expect(rappel.email.sent).toHaveLength(1)
    const told = await rappel.read((tx) => tx.told.find('tilleuls:A1'))
    expect([told?.facts.stands, told?.assumed]).toEqual([true, undefined])
  })

  test('a cancellation reported undelivered: by e-mail, and nobody is called', async () => {
    const rappel = await booked()
    await rappel.send()
    await rappel.hear(bookedChange({ status: { value: 'cancelled', cancelKind: 'cancelled' } }, 10))
    await rappel.send()
    await undelivered(rappel)
    expect(await toCall(rappel)).toEqual([])
    await rappel.send()
    expect(await rappel.outcomes()).toContain('cancellation email: sent')
    expect(await toCall(rappel)).toEqual([])
  })

  test('no e-mail on file: called, as without a fallback', async () => {
    const rappel = await booked({ patient: { ehrId: 'P1', language: 'fr', contacts: [mobile] } })
    await rappel.send()
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 1 }) }, patient: { ehrId: 'P1', contacts: [mobile] } }, 10))
    await rappel.send()
    await undelivered(rappel)
    await rappel.send()
    expect(await toCall(rappel)).toMatchObject([{ kind: 'change' }])
  })

  test('a reminder too, as long as its appointment is ahead and where it was', async () => {
    const rappel = await booked()
    await rappel.send()
    rappel.clock.set('2026-11-25T02:40:00Z')
    rappel.sms.outcomes.push(refused)
    await rappel.send()
    expect(await rappel.outcomes()).toContain('previsit email: planned')
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 30 }) } }, 10))
    expect(await rappel.outcomes()).toContain('previsit email: withdrawn superseded')
  })

  test('a number that is somebody else’s', async () => {
    const rappel = await openRappel({ settings, now: '2026-11-20T15:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.send()
    await rappel.store.transact((tx) => tx.wrongNumbers.mark('tilleuls', '+14185550177', rappel.clock.now()))
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 1 }) } }, 10))
    await rappel.send()
    await rappel.send()
    expect(await rappel.outcomes()).toEqual(expect.arrayContaining(['change sms: suppressed wrong_number', 'change email: sent']))
  })

  test.each<[string, (rappel: Rappel) => Promise<unknown> | undefined, Partial<AppointmentChange>]>([
    ['in doubt: it may have arrived', async ({ sms }) => sms.outcomes.push({ kind: 'unknown', reason: 'twilio_timeout' }), {}],
    ['no mobile on file: a rule', async () => undefined, { patient: { ehrId: 'P1', language: 'fr', contacts: [landline, email] } }],
  ])('%s: nothing by e-mail', async (_name, prepare, more) => {
    const rappel = await openRappel({ settings, now: '2026-11-20T15:00:00Z' })
    await prepare(rappel)
    await rappel.hear(bookedChange(more))
    await rappel.send()
    await rappel.send()
    expect(rappel.email.sent).toEqual([])
  })

  test('a clinic that says nothing of it falls back to nothing', async () => {
    const rappel = await booked({}, clinicSettings({ cadence: byTextAlone }))
    await rappel.send()
    expect(rappel.email.sent).toEqual([])
  })

  test('no ping-pong: each channel is tried once', async () => {
    const rappel = await openRappel({ settings: { ...settings, fallback: { sms: 'email', email: 'sms' } }, now: '2026-11-20T15:00:00Z' })
    rappel.sms.outcomes.push(refused)
    rappel.email.outcomes.push({ kind: 'rejected', reason: 'smtp_550' })
    await rappel.hear(bookedChange())
    for (let look = 0; look < 4; look += 1) await rappel.send()
    expect([rappel.sms.sent.length, rappel.email.sent.length]).toEqual([1, 1])
  })
})
