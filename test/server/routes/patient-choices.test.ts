import { describe, expect, test } from 'vitest'
import { bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const byPatient = clinicSettings({ channelPolicy: 'patient_preference' })

async function told(settings = byPatient) {
  const rappel = await openRappel({ now: '2026-11-24T13:00:00Z', settings })
  await rappel.hear(bookedChange())
  await rappel.send()
  const token = rappel.lastToken()
  const choose = async (fields: Record<string, string>) => {
    const response = await rappel.post(`/${token}/choices`, fields)
    expect(response.status).toBe(303)
    return response.headers.get('location')
  }
  const page = async (query = '') => (await rappel.get(`/${token}/choices${query}`)).text()
  /** The pre-visit reminder is due on 25 November at 02:40 UTC. */
  async function remind() {
    rappel.clock.set('2026-11-25T02:40:00Z')
    await rappel.send()
    return rappel.outcomes()
  }
  return { ...rappel, token, choose, page, remind }
}

describe('what the patient chose', () => {
  test('of a language is spoken from then on: page, text and e-mail', async () => {
    const { choose, page, get, token, remind, sms, email } = await told()
    expect(await choose({ language: 'en' })).toBe('choices?done=saved&lang=en')
    expect(await page()).toContain('<html lang="en">')
    expect(await (await get(`/${token}`)).text()).toContain('<html lang="en">')
    await remind()
    expect([sms.sent.at(-1)?.words.language, email.sent.at(-1)?.words.language]).toEqual(['en', 'en'])
  })

  test('survives whatever the EHR says of the patient after', async () => {
    const { choose, hear, page } = await told()
    await choose({ language: 'en' })
    await hear(bookedChange({ patient: { ehrId: 'P1', language: 'fr-CA', name: { given: 'Anne', family: 'Roy-Côté' } } }, 5))
    expect(await page()).toContain('<html lang="en">')
  })

  test.each([
    ['email', ['previsit email: sent', 'previsit sms: suppressed patient_preference']],
    ['sms', ['previsit email: suppressed patient_preference', 'previsit sms: sent']],
    ['both', ['previsit email: sent', 'previsit sms: sent']],
  ])('O20: %s', async (channels, expected) => {
    const { choose, remind } = await told()
    await choose({ channels })
    expect((await remind()).filter((line) => line.startsWith('previsit'))).toEqual(expected)
  })

  test('O20: texts, and a move still goes by e-mail', async () => {
    const { choose, hear, send, outcomes } = await told()
    await choose({ channels: 'sms' })
    await hear(bookedChange({ time: { start: start.add({ hours: 2 }) } }, 5))
    await send()
    expect((await outcomes()).filter((line) => line.startsWith('change'))).toEqual(['change email: sent', 'change sms: sent'])
  })

  test('no more reminders by e-mail: none, but a cancellation is still written (section 4)', async () => {
    const { choose, remind, hear, send, outcomes } = await told()
    await choose({ reminders: 'off' })
    expect(await remind()).toContain('previsit email: suppressed opted_out')
    await hear(bookedChange({ status: { value: 'cancelled' } }, 5))
    await send()
    expect(await outcomes()).toContain('cancellation email: sent')
  })

  test('is shown as it stands, and taken back', async () => {
    const { choose, page, remind } = await told()
    const off = /value="off" checked/
    await choose({ reminders: 'off' })
    expect(await page()).toMatch(off)
    await choose({ reminders: 'on' })
    expect(await page()).not.toMatch(off)
    expect(await remind()).toContain('previsit email: sent')
  })

  test('sent back untouched leaves everything as it was (R26)', async () => {
    const { choose, page, read } = await told()
    const fields = Object.fromEntries(
      [...(await page()).matchAll(/name="(\w+)" value="(\w+)" checked/g)].map(([, name, value]) => [name, value]),
    )
    expect(fields).toEqual({ language: 'fr', channels: 'both', reminders: 'on' })
    await choose(fields)
    expect(await read((tx) => tx.preferences.find('tilleuls:P1'))).toBeUndefined()
    expect(await read((tx) => tx.audit.of('tilleuls:P1', 9))).toEqual([])
  })

  test('is in the audit, without an address (R25, R31)', async () => {
    const { choose, read } = await told()
    await choose({ language: 'en', channels: 'sms', reminders: 'off' })
    const rows = await read((tx) => tx.audit.of('tilleuls:P1', 9))
    expect(rows.map(({ actor, action, detail }) => [actor, action, detail])).toEqual([
      ['patient', 'opt-out.stopped', { channel: 'email' }],
      ['patient', 'preferences.changed', { language: 'en', channels: 'sms' }],
    ])
  })

  test('goes with the person when two records are merged', async () => {
    const { choose, ehr, ingest, read } = await told()
    await choose({ language: 'en' })
    const merge = { kind: 'merge', prior: 'P1', survivor: 'P9', stamp: { at: start.subtract({ hours: 40 }) } } as const
    await ingest.receive(ehr.envelope({ kind: 'changes', changes: [], news: [merge] }))
    expect(await read((tx) => tx.patients.find('tilleuls:P9'))).toMatchObject({ preferences: { language: 'en' } })
  })
})

describe('the page of choices', () => {
  test.each([
    ['GET', ''],
    ['HEAD', ''],
    ['GET', '?done=saved'],
    ['GET', '?lang=en'],
  ])('changes nothing when it is looked at (R26): %s %s', async (method, query) => {
    const { app, token, dump } = await told()
    const before = await dump()
    expect((await app.request(`/${token}/choices${query}`, { method })).status).toBe(200)
    expect(await dump()).toBe(before)
  })

  test('offers what changes something here, and no more', async () => {
    const { page } = await told(clinicSettings())
    expect(await page()).not.toContain('name="channels"')
    expect(await page()).toContain('name="reminders"')
  })

  test('says what is kept, and whom to ask', async () => {
    const { clinic } = clinicSettings()
    const named = await told(clinicSettings({ clinic: { ...clinic, privacyContact: 'Mme Anne Caron, 418 555-0142' } }))
    expect(await (await named.get(`/${named.token}/data`)).text()).toContain('Mme Anne Caron, 418 555-0142')
    const unnamed = await told(clinicSettings())
    expect(await (await unnamed.get(`/${unnamed.token}/data`)).text()).toContain('Clinique des Tilleuls, 418 555-0140')
  })
})
