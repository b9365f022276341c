import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withPush } from '../../src/core/cadences.ts'
import type { Settings } from '../../src/core/settings.ts'
import { pushChannel } from '../../src/server/compose-push.ts'
import { aPushService, vapid } from '../channels/push-service.ts'
import { agendaSettings, bookedChange, clinicSettings, start } from '../support/clinic.ts'
import { openRappel, tokenIn } from '../support/rappel.ts'

const pushing = (overrides: Partial<Settings> = {}) => clinicSettings({ cadence: withPush(clinicSettings().cadence), ...overrides })

/** A patient who was told of an appointment, in a clinic that tells browsers too, and a push service on this machine. */
async function told(answers: Parameters<typeof aPushService>[0] = {}, settings = pushing()) {
  const service = await aPushService(answers)
  onTestFinished(service.close)
  const timeout = Temporal.Duration.from({ seconds: 5 })
  const rappel = await openRappel({
    now: '2026-11-24T13:00:00Z',
    settings,
    push: (store) => pushChannel({ vapid, endpoints: [service.origin], timeout }, store),
  })
  await rappel.hear(bookedChange())
  await rappel.send()
  const token = rappel.lastToken()
  const { registeredAt: _, ...phone } = service.device('phone')
  const register = async (fields: Record<string, string> = phone, of = token) =>
    (await rappel.post(`/${of}/devices`, { ...fields, lang: 'fr' })).headers.get('location')
  const devices = async () =>
    (await rappel.read((tx) => tx.preferences.find('tilleuls:P1')))?.devices?.map(({ endpoint }) => endpoint) ?? []
  const page = async () => (await rappel.get(`/${token}/choices`)).text()
  /** The pre-visit reminder is due on 25 November at 02:40 UTC. */
  async function remind() {
    rappel.clock.set('2026-11-25T02:40:00Z')
    await rappel.send()
    return (await rappel.outcomes()).filter((line) => line.includes('push'))
  }
  return { ...rappel, service, token, phone, register, devices, page, remind }
}

describe('a browser that registers', () => {
  test('is told that there is a message, by a private address of its own, and by nothing else (R28)', async () => {
    const { register, remind, service, get, token } = await told()
    expect(await register()).toBe('choices?done=saved&lang=fr')
    expect(await remind()).toEqual(['confirmation push: suppressed no_device', 'previsit push: sent'])
    const [pushed] = service.pushed
    expect(pushed?.payload).toMatchObject({ title: 'Clinique des Tilleuls', body: 'Vous avez un message. Touchez pour l’ouvrir.' })
    const link = tokenIn(pushed?.payload.url)
    expect(link).not.toBe(token)
    expect(await (await get(`/${link}`)).text()).toContain('Dre Claire Moreau')
    expect(JSON.stringify([pushed?.payload.title, pushed?.payload.body])).not.toMatch(/Moreau|Roy|novembre|9 h|CONSULT/)
  })

  test('of another language reads it in that', async () => {
    const { register, remind, service, post, token } = await told()
    await register()
    await post(`/${token}/choices`, { language: 'en' })
    await remind()
    expect(service.pushed[0]?.payload).toMatchObject({ lang: 'en', body: 'You have a message. Touch to open it.' })
  })

  test('has all messages of one appointment in one place, and another appointment’s in another', async () => {
    const { register, remind, hear, send, service } = await told()
    await register()
    await remind()
    await hear(bookedChange({ time: { start: start.add({ hours: 2 }) } }, 5))
    await hear(bookedChange({ ehrId: 'A2', time: { start: start.add({ hours: 48 }) } }, 6))
    await send()
    const tags = service.pushed.map(({ payload }) => payload.tag)
    expect(tags).toHaveLength(3)
    expect(new Set(tags).size).toBe(2)
    expect(tags.join()).not.toMatch(/A1|tilleuls/)
  })

  test('that took its subscription back is forgotten, and the message has failed', async () => {
    const { register, remind, devices } = await told({ phone: 410 })
    await register()
    expect(await remind()).toContain('previsit push: failed push_gone')
    expect(await devices()).toEqual([])
  })

  test('whose service is busy is tried again', async () => {
    const { register, remind, devices, notifications } = await told({ phone: 503 })
    await register()
    await remind()
    const push = (await notifications()).find(({ kind, channel }) => kind === 'previsit' && channel === 'push')
    expect([push?.state, push?.attempts]).toEqual(['planned', 1])
    expect(await devices()).toHaveLength(1)
  })

  test('asks no more, once it is forgotten from the page', async () => {
    const { register, remind, post, token, devices, page, service } = await told()
    await register()
    expect(await page()).toContain('action="devices/forget"')
    const left = await post(`/${token}/devices/forget`)
    expect([left.status, left.headers.get('location')]).toEqual([303, '../choices?done=saved&lang=fr'])
    expect(await devices()).toEqual([])
    expect(await page()).not.toContain('action="devices/forget"')
    expect(await remind()).toContain('previsit push: suppressed no_device')
    expect(service.pushed).toEqual([])
  })

  test.each([
    ['an address that is no push service (R23)', { endpoint: 'https://169.254.169.254/x' }],
    ['a key that is none', { p256dh: 'BAAA' }],
    ['a secret that is none', { auth: '' }],
  ])('with %s is refused, and nothing is kept', async (_, wrong) => {
    const { register, devices, phone, get, token } = await told()
    expect(await register({ ...phone, ...wrong })).toBe('choices?done=refused&lang=fr')
    expect(await devices()).toEqual([])
    expect(await (await get(`/${token}/choices?done=refused`)).text()).toContain('role="alert"')
  })

  test('under a link that opens nothing is not found', async () => {
    const { post, phone, dump } = await told()
    const before = await dump()
    expect((await post(`/${'A'.repeat(22)}/devices`, phone)).status).toBe(404)
    expect((await post(`/${'A'.repeat(22)}/devices/forget`)).status).toBe(404)
    expect(await dump()).toBe(before)
  })

  test('its address is a secret: in no log, no audit, and no attempt (R25)', async () => {
    const { register, remind, lines, read, phone } = await told({ phone: 410 })
    await register()
    await remind()
    const audit = await read((tx) => tx.audit.of('tilleuls:P1', 9))
    const attempts = await read((tx) => tx.attempts.ofAppointment('tilleuls:A1'))
    expect(audit.map(({ action }) => action)).toEqual(['device.registered'])
    for (const secret of [phone.endpoint, phone.auth, phone.p256dh]) expect(JSON.stringify([audit, attempts, lines])).not.toContain(secret)
  })
})

describe('the rules hold for push as for the rest', () => {
  test.each([
    [
      'D7a: e-mail and SMS both off for the agenda',
      { agendas: { moreau: agendaSettings({ email: false, sms: false }) } },
      'suppressed agenda_off',
    ],
    ['D7a: SMS alone off', { agendas: { moreau: agendaSettings({ sms: false }) } }, 'sent'],
    ['D10: push off for the agenda', { agendas: { moreau: agendaSettings({ push: false }) } }, 'suppressed agenda_off'],
    ['D25: the patient’s switch off', { patients: { 'tilleuls:P1': { notify: false } } }, 'suppressed patient_off'],
    ['gate 7: consent by word, and registering is one', { consent: 'explicit' as const }, 'sent'],
  ])('%s', async (_, overrides, outcome) => {
    const { register, remind, store, settings, clock } = await told()
    await register()
    await store.transact((tx) => tx.settings.save({ ...settings, ...overrides, version: 2 }, clock.now()))
    expect(await remind()).toContain(`previsit push: ${outcome}`)
  })
})

describe('where nobody writes to browsers', () => {
  test('nothing is offered: no script, no form', async () => {
    const { page } = await told({}, clinicSettings())
    expect(await page()).not.toMatch(/<script|id="push"/)
  })

  test('with a cadence that would, and no keys: nothing either, and the other channels go', async () => {
    const rappel = await openRappel({ settings: pushing(), now: '2026-11-24T13:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.send()
    expect(await (await rappel.get(`/${rappel.lastToken()}/choices`)).text()).not.toContain('<script')
    expect(await rappel.outcomes()).toEqual(expect.arrayContaining(['confirmation email: sent', 'confirmation sms: sent']))
  })
})
