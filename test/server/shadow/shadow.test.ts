import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Rollout } from '../../../src/core/rollout-terms.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { bookedChange, clinicSettings, mobile, start } from '../../support/clinic.ts'
import type { Rappel, RappelOptions } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const shadow: Rollout = { mode: 'shadow', percent: 0 }
const live: Rollout = { mode: 'live', percent: 100 }
const mailbox = { email: 'essai@tilleuls.example', sms: '+14185550199' }
const now = '2026-11-24T02:00:00Z'

async function open(rollout: Rollout, settings: Partial<Settings> = {}, options: RappelOptions = {}): Promise<Rappel> {
  return openRappel({ settings: clinicSettings({ ...settings, rollout }), now, ...options })
}

/** The clinic goes on by the API, as the assistant does. */
async function step(rappel: Rappel, rollout: Rollout | null): Promise<void> {
  const read = await rappel.call('admin', 'GET /api/v1/clinics/tilleuls/rollout')
  const done = await rappel.call('admin', 'PUT /api/v1/clinics/tilleuls/rollout', rollout, { 'if-match': read.headers.get('etag') ?? '' })
  expect(done.status).toBe(200)
  await rappel.replan()
}

describe('shadow', () => {
  test('everything is decided and recorded, nothing is sent, nobody is to be called, and what would have left is kept (gate 0)', async () => {
    const rappel = await open(shadow)
    await rappel.hear(bookedChange())
    await rappel.send()
    rappel.clock.set('2026-11-25T03:00:00Z')
    await rappel.send()
    expect([...rappel.sms.sent, ...rappel.email.sent]).toEqual([])
    expect(await rappel.outcomes()).toEqual([
      'confirmation email: shadow shadow',
      'confirmation sms: shadow shadow',
      'previsit email: shadow shadow',
      'previsit sms: shadow shadow',
    ])
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 10))).toEqual([])
    const span = { from: rappel.clock.now().subtract({ hours: 48 }), until: rappel.clock.now().add({ hours: 1 }), limit: 100 }
    const watched = await rappel.read((tx) => tx.shadow.watched('tilleuls', span))
    expect(watched.map(({ kind, channel, would }) => `${kind} ${channel} ${would}`).sort()).toEqual([
      'confirmation email send',
      'confirmation sms send',
      'reminder email send',
      'reminder sms send',
    ])
    expect(
      await rappel.dump().then((text) =>
        text
          .split('\n')
          .filter((line) => line.includes('contactHash'))
          .some((line) => line.includes(mobile.value ?? '?')),
      ),
    ).toBe(false)
  })

  test('a cancellation that no channel could bring is watched too, and puts nobody on the list (D12)', async () => {
    const rappel = await open(shadow)
    const nobody = { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, language: 'fr', contacts: [] }
    await rappel.hear(bookedChange({ patient: nobody }))
    await rappel.send()
    await rappel.hear(bookedChange({ patient: nobody, status: { value: 'cancelled' } }, 5))
    await rappel.send()
    expect(await rappel.outcomes()).toEqual(expect.arrayContaining(['cancellation sms: shadow shadow']))
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 10))).toEqual([])
  })

  test('D29: a household of one day is watched as one text', async () => {
    const rappel = await open(shadow)
    await rappel.hear(bookedChange())
    await rappel.hear(
      bookedChange({ ehrId: 'A2', patient: { ehrId: 'P2', name: { given: 'Léo', family: 'Roy' }, language: 'fr', contacts: [mobile] } }),
    )
    rappel.clock.set('2026-11-25T03:00:00Z')
    await rappel.send()
    const texts = (await Promise.all(['tilleuls:A1', 'tilleuls:A2'].map((id) => rappel.outcomes(id))))
      .flat()
      .filter((each) => each.startsWith('previsit sms'))
    expect(texts.map((each) => each.split(' ')[2]).sort()).toEqual(['merged_into', 'shadow'])
  })

  test('live by the API: no late confirmation, the reminder ahead goes, and a later move is told', async () => {
    const rappel = await open(shadow)
    await rappel.hear(bookedChange())
    await rappel.send()
    await step(rappel, live)
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 2 }), end: start.add({ hours: 3 }) } }, 900))
    await rappel.send()
    rappel.clock.set('2026-11-25T05:00:00Z')
    await rappel.send()
    expect((await rappel.outcomes()).filter((each) => each.endsWith(': sent'))).toEqual([
      'change email: sent',
      'change sms: sent',
      'previsit email: sent',
      'previsit sms: sent',
    ])
  })

  test('in the grace at the moment of going live, before all is planned again: it stays in shadow', async () => {
    const rappel = await open(shadow, { grace: Temporal.Duration.from('PT10M') })
    await rappel.hear(bookedChange())
    const settings = await rappel.read((tx) => tx.settings.current('tilleuls'))
    if (!settings) throw new Error('no settings')
    await rappel.store.transact((tx) => tx.settings.save({ ...settings, version: settings.version + 1, rollout: live }, rappel.clock.now()))
    rappel.clock.advance({ minutes: 11 })
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
    expect(await rappel.outcomes()).toEqual(expect.arrayContaining(['confirmation sms: shadow heard_before_live']))
  })

  test('undo: the step before is there to be taken back, and another’s edit in between is not lost', async () => {
    const rappel = await open(shadow)
    await step(rappel, live)
    const read = await (await rappel.call('reader', 'GET /api/v1/clinics/tilleuls/rollout')).json()
    expect(read).toMatchObject({ rollout: live, before: { rollout: shadow } })
    const stale = await rappel.call('admin', 'PUT /api/v1/clinics/tilleuls/rollout', shadow, { 'if-match': '"1"' })
    expect(stale.status).toBe(412)
    expect((await rappel.call('appointments', 'PUT /api/v1/clinics/tilleuls/rollout', shadow, { 'if-match': '"2"' })).status).toBe(403)
    await step(rappel, shadow)
    await step(rappel, null)
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.rollout).toBeUndefined()
  })
})

describe('a share of the patients: a household is in or out as one', () => {
  test.each([10, 50, 90])('of %i in a hundred', async (percent) => {
    const rappel = await open({ mode: 'live', percent })
    for (let index = 0; index < 12; index += 1) {
      const phone = { ...mobile, value: `+1418555${1000 + index}` }
      for (const who of ['a', 'b'])
        await rappel.hear(
          bookedChange({
            ehrId: `A${index}${who}`,
            patient: { ehrId: `P${index}${who}`, name: { given: who, family: 'Roy' }, language: 'fr', contacts: [phone] },
          }),
        )
    }
    rappel.clock.set('2026-11-25T03:00:00Z')
    await rappel.send()
    await rappel.send()
    for (let index = 0; index < 12; index += 1) {
      const [a, b] = await Promise.all(['a', 'b'].map((who) => rappel.notifications(`tilleuls:A${index}${who}`)))
      const isIn = (all: typeof a) => all?.some(({ state, reason }) => state === 'shadow' && reason === 'shadow_percent')
      const leader = [...(a ?? []), ...(b ?? [])]
      expect(leader.length).toBeGreaterThan(0)
      const shadowed = [isIn(a), isIn(b)]
      expect(new Set(shadowed).size, `household ${index}: ${JSON.stringify(shadowed)}`).toBe(1)
    }
  })
})

describe('redirected to a test address', () => {
  const test1: Rollout = { mode: 'live', percent: 100, redirectTo: mailbox }

  test('all goes there, by both channels, and names whom it was for; patients get nothing, and are believed to know nothing by us', async () => {
    const rappel = await open(test1)
    await rappel.hear(bookedChange())
    await rappel.send()
    expect(rappel.sms.sent.map(({ to, words }) => [to, words.sms.slice(0, 22)])).toEqual([[mailbox.sms, '[Essai, pour ..77] Cli']])
    expect(
      rappel.email.sent.map(({ to, words, unsubscribeUrl }) => [
        to,
        words.subject.startsWith('[Essai, pour r…@example.org] '),
        unsubscribeUrl,
      ]),
    ).toEqual([[mailbox.email, true, undefined]])
    expect(await rappel.read((tx) => tx.told.find('tilleuls:A1'))).toMatchObject({ assumed: 'redirected' })
    const explained = await (await rappel.call('reader', 'GET /api/v1/appointments/tilleuls:A1/decisions')).json()
    expect(explained.lines[0].sentence.en).toMatch(/sent, because all messages go to a test address, and none to patients\.$/)
  })

  test('no longer redirected: nobody is told what the test address was told, and a move is told to the patient', async () => {
    const rappel = await open(test1)
    await rappel.hear(bookedChange())
    await rappel.send()
    await step(rappel, live)
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 2 }), end: start.add({ hours: 3 }) } }, 900))
    await rappel.send()
    expect(rappel.sms.sent.at(-1)).toMatchObject({ to: mobile.value })
    expect(rappel.sms.sent.at(-1)?.words.sms).not.toContain('Essai')
  })

  test.each<[string, Partial<Rollout>, number]>([
    ['an answer is not brought to the chart', {}, 0],
    ['unless the clinic says so', { answersToChart: true }, 1],
  ])('%s', async (_, more, count) => {
    const rappel = await open({ ...test1, ...more }, {}, { now: '2026-11-25T15:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.send()
    const token = rappel.lastToken()
    const answered = await rappel.post(`/${token}/confirm`, { basis: await rappel.basisShown(token) })
    expect(answered.status).toBe(303)
    expect(await rappel.answers()).toHaveLength(count)
    if (count === 0) {
      const page = await (await rappel.get(`/${token}?done=test`)).text()
      expect(page).toContain('Ceci est un message d’essai.')
      await rappel.post(`/${token}/choices`, { language: 'en', channels: 'email', reminders: 'off' })
      expect((await rappel.read((tx) => tx.patients.find('tilleuls:P1')))?.preferences).toBeUndefined()
    }
  })

  test('by hand too, and refused where the channel has no test address', async () => {
    const rappel = await open({ mode: 'live', percent: 100, redirectTo: { email: mailbox.email } })
    await rappel.hear(bookedChange())
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
    const sms = await rappel.call(
      'appointments',
      'POST /api/v1/appointments/tilleuls:A1/messages',
      { channel: 'sms' },
      { 'idempotency-key': 'k-1' },
    )
    expect(await sms.json()).toMatchObject({ reason: 'redirect_elsewhere' })
  })
})
