import { describe, expect, it } from 'vitest'
import { bookedChange, mobile } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel } from '../../support/rappel.ts'

const page = '/console/clinics/tilleuls/holds'
const admin = signedIn('admin')
const refusesUs = { kind: 'deferred', reason: 'twilio_20003', account: true } as const
const many = 30

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

/** Confirmations by text that wait, for the provider refuses the account. */
async function openStopped() {
  const rappel = await openRappel()
  for (let each = 0; each < many; each += 1) {
    const contacts = [{ ...mobile, value: `+1418555${String(1000 + each)}` }]
    await rappel.hear(
      bookedChange({ ehrId: `A${each}`, patient: { ehrId: `P${each}`, language: 'fr', name: { given: 'Anne', family: 'Roy' }, contacts } }),
    )
  }
  rappel.sms.outcomes.push(...Array.from({ length: many }, () => refusesUs))
  await rappel.send()
  await rappel.send()
  // those that were under way as it stopped are met by the stop at their next try
  rappel.clock.advance({ seconds: 31 })
  await rappel.send()
  const confirmations = async () => {
    const all = await rappel.read((tx) =>
      Promise.all(Array.from({ length: many }, (_, each) => tx.notifications.ofAppointment(`tilleuls:A${each}`))),
    )
    return all.flat().filter(({ channel, kind }) => channel === 'sms' && kind === 'confirmation')
  }
  const history = async () =>
    (await rappel.read((tx) => tx.audit.latest(500))).map(({ action, actor, detail }) => ({ action, actor, detail }))
  const decide = (fields: Record<string, string>) => rappel.post(`${page}/stopped/sms`, fields, admin)
  return { ...rappel, confirmations, history, decide }
}

describe('R21: a provider that refuses the account, among the held sends', () => {
  it('says since when, why, how many wait and what is too late first, and the menu counts it once', async () => {
    const { get, call } = await openStopped()
    const shown = await said(get(page, admin))
    expect(shown).toContain(`SMS à l’arrêt : ${many} envois attendent`)
    expect(shown).toContain('Le fournisseur refuse notre compte depuis le mercredi 25 novembre à 10 h')
    expect(shown).toContain('twilio_20003')
    expect(shown).toMatch(/Le premier ne servira plus après le \S+ \d+/)
    expect(shown).toContain('Anne Roy Confirmation')
    expect(shown).toContain('Envois retenus 1')
    expect(shown, 'it is not said twice').not.toContain('Attend tout seul')
    expect(await said(get(`${page}?lang=en`, admin))).toContain(`Texts stopped: ${many} sends wait`)
    expect(await (await call('reader', 'GET /api/v1/clinics/tilleuls/holds')).json()).toMatchObject({
      stops: [{ channel: 'sms', reason: 'twilio_20003', count: many, isWell: false, expiresAt: expect.any(String) }],
    })
  })

  it('is tried now: one message goes, and once it is taken all that waits', async () => {
    const { decide, get, sms, send, confirmations, history, woken, clock } = await openStopped()
    expect((await decide({ decision: 'released' })).headers.get('location')).toBe(`${page}?said=unsure`)
    const before = sms.sent.length
    await send()
    expect(sms.sent, 'nobody decides before they looked').toHaveLength(before)

    sms.outcomes.length = 0
    woken.length = 0
    const tried = await decide({ decision: 'released', sure: 'on' })
    expect([tried.headers.get('location'), woken]).toEqual([`${page}?said=retried`, ['planned', 'answered']])
    await send()
    // those that were looked at before the first was taken wait a while more
    expect(sms.sent.length).toBeGreaterThan(before)
    expect(await said(get(page, admin))).toContain('Le fournisseur prend de nouveau nos messages.')
    await decide({ decision: 'released', sure: 'on' })
    await send()
    expect((await confirmations()).every(({ state }) => state === 'sent')).toBe(true)
    expect(await said(get(page, admin))).toContain('Rien n’est retenu.')
    expect(await history()).toContainEqual({
      action: 'channel-stop.retried',
      actor: 'token:admin@tilleuls',
      detail: { channel: 'sms', count: many },
    })
    clock.advance({ hours: 1 })
    await send()
    expect(sms.sent, 'each once').toHaveLength(before + many)
  })

  it('waits on, where the provider still refuses', async () => {
    const { decide, sms, send, confirmations, get } = await openStopped()
    const before = sms.sent.length
    sms.outcomes.push(refusesUs)
    await decide({ decision: 'released', sure: 'on' })
    await send()
    expect(sms.sent).toHaveLength(before + 1)
    expect((await confirmations()).every(({ state }) => state === 'planned')).toBe(true)
    expect(await said(get(page, admin))).toContain('refuse notre compte depuis le mercredi 25 novembre à 10 h')
  })

  it('is given up: nothing of it leaves, even if it is well again and the settings change, and people are telephoned', async () => {
    const { decide, sms, send, confirmations, history, get, clock, read, replan } = await openStopped()
    const before = sms.sent.length
    expect((await decide({ decision: 'dropped', sure: 'on' })).headers.get('location')).toBe(`${page}?said=dropped`)
    expect(new Set((await confirmations()).map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(['withdrawn channel_stopped_dropped']),
    )
    sms.outcomes.length = 0
    await replan()
    clock.advance({ hours: 1 })
    await send()
    expect(sms.sent).toHaveLength(before)
    expect(await read((tx) => tx.toCall.open('tilleuls', 99))).toHaveLength(many)
    expect((await history()).filter(({ action }) => action === 'notification.withdrawn')).toHaveLength(many)
    expect(await history()).toContainEqual({
      action: 'channel-stop.dropped',
      actor: 'token:admin@tilleuls',
      detail: { channel: 'sms', count: many },
    })
    expect(await said(get('/console/clinics/tilleuls/appointments/tilleuls%3AA1', admin))).toContain(
      'une personne a abandonné ce qui attendait',
    )
    const again = await decide({ decision: 'dropped', sure: 'on' })
    expect(again.headers.get('location')).toBe(`${page}?said=nothing`)
  })

  it('is settled by the API by the same acts', async () => {
    const { call, sms, send, confirmations } = await openStopped()
    const path = '/api/v1/clinics/tilleuls/channels'
    expect((await call('appointments', `POST ${path}/sms/retry`)).status).toBe(403)
    expect((await call('admin', `POST ${path}/pigeon/retry`)).status).toBe(404)
    expect((await call('admin', `POST ${path}/email/drop`)).status).toBe(409)
    sms.outcomes.length = 0
    expect(await (await call('admin', `POST ${path}/sms/retry`)).json()).toEqual({ channel: 'sms', count: many })
    await send()
    const left = (await confirmations()).filter(({ state }) => state === 'planned').length
    expect(left).toBeGreaterThan(0)
    expect(await (await call('admin', `POST ${path}/sms/drop`)).json()).toEqual({ channel: 'sms', count: left })
    expect((await confirmations()).filter(({ state }) => state === 'sent')).toHaveLength(many - left)
  })

  it('is not for another role or clinic', async () => {
    const { post } = await openStopped()
    const sure = { decision: 'dropped', sure: 'on' }
    expect((await post(`${page}/stopped/sms`, sure, signedIn('appointments'))).status).toBe(403)
    expect((await post(`${page}/stopped/sms`, sure, signedIn('admin', 'erables'))).status).toBe(404)
    expect((await post(`${page}/stopped/pigeon`, sure, admin)).status).toBe(404)
  })
})
