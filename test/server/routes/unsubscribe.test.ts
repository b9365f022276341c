import { describe, expect, test } from 'vitest'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const oneClick = { 'List-Unsubscribe': 'One-Click' }

/** A confirmation has been sent; its stop address is at hand. */
async function confirmed() {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
  await rappel.hear(bookedChange())
  await rappel.send()
  const stop = rappel.email.sent[0]?.unsubscribeUrl?.replace('https://rdv.example', '') ?? ''
  const optedOut = () => rappel.read((tx) => tx.optOuts.has('tilleuls', 'email', 'roy@example.org'))
  return { ...rappel, stop, optedOut }
}

describe('section 4, opt-out: no more confirmations and reminders by e-mail', () => {
  test('section 4, opt-out: the button of a mail program stops them at once, with no page and no login (RFC 8058)', async () => {
    const { post, stop, optedOut, clock, send, outcomes } = await confirmed()
    expect(stop).toMatch(/^\/u\/[\w-]{22}$/)
    const response = await post(stop, oneClick)
    expect([response.status, await optedOut()]).toEqual([200, true])
    clock.set('2026-11-25T15:00:00Z')
    await send()
    expect(await outcomes()).toEqual(expect.arrayContaining(['previsit email: suppressed opted_out', 'previsit sms: sent']))
  })

  test('section 4, opt-out: a change and a cancellation are told all the same, and say no way to stop them', async () => {
    const { post, stop, hear, send, email } = await confirmed()
    await post(stop, oneClick)
    await hear(bookedChange({ time: { start: bookedChange().time?.start.add({ hours: 24 }) ?? null } } as never, 5))
    await send()
    await hear(bookedChange({ status: { value: 'cancelled' } }, 10))
    await send()
    const [confirmation, ...notices] = email.sent
    expect(confirmation?.unsubscribeUrl).toBeDefined()
    expect(notices.map(({ words, unsubscribeUrl }) => [words.title, unsubscribeUrl])).toEqual([
      ['La date a changé', undefined],
      ['Rendez-vous annulé', undefined],
    ])
  })

  test('R26: looking changes nothing, however often and by whomever', async () => {
    const { app, stop, optedOut, dump } = await confirmed()
    const before = await dump()
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await app.request(stop, { method, headers: { purpose: 'prefetch' } })
    expect([await optedOut(), await dump()]).toEqual([false, before])
  })

  test('a page says what stops and what does not; its button does it, and undoes it', async () => {
    const { get, post, stop, optedOut, read } = await confirmed()
    const page = await (await get(stop)).text()
    expect(page).toContain('Clinique des Tilleuls')
    expect(page).toMatch(/Si un rendez-vous change ou est annulé, nous vous l’écrirons toujours\./)
    expect(page).not.toMatch(/roy@|Anne|Roy|Moreau|<script/)
    const done = await (await post(stop, { choice: 'stop', lang: 'en' })).text()
    expect([await optedOut(), done]).toEqual([true, expect.stringContaining('I want to receive them again')])
    expect(await (await get(`${stop}?lang=en`)).text()).toContain('value="again"')
    await post(stop, { choice: 'again' })
    await post(stop, { choice: 'again' })
    expect(await optedOut()).toBe(false)
    const acts = await read((tx) => tx.audit.of('tilleuls:P1', 10))
    expect(acts.map(({ actor, action }) => `${actor} ${action}`)).toEqual(['patient opt-out.lifted', 'patient opt-out.stopped'])
  })

  test('it is the address the message went to that is spared, though the chart has another by now', async () => {
    const { post, stop, optedOut, hear, read } = await confirmed()
    const { patient } = bookedChange()
    await hear(bookedChange({ patient: { ...patient, ehrId: 'P1', contacts: [{ kind: 'email', value: 'new@example.org' }] } }, 5))
    await post(stop, oneClick)
    expect([await optedOut(), await read((tx) => tx.optOuts.has('tilleuls', 'email', 'new@example.org'))]).toEqual([true, false])
  })

  test('its token opens no page, and a page’s token stops nothing (R26)', async () => {
    const { get, post, stop, lastToken, optedOut } = await confirmed()
    expect((await get(stop.replace('/u', ''))).status).toBe(404)
    expect((await post(`/u/${lastToken()}`, oneClick)).status).toBe(404)
    expect(await optedOut()).toBe(false)
  })

  test('unknown, mistyped and expired look alike (R26)', async () => {
    const { get, stop, clock } = await confirmed()
    const unknown = await get(`/u/${'A'.repeat(22)}`)
    const short = await get(`/u/${'A'.repeat(15)}`)
    clock.set('2027-01-30T00:00:00Z')
    const expired = await get(stop)
    const bodies = await Promise.all([unknown, short, expired].map((response) => response.text()))
    expect([unknown.status, short.status, expired.status]).toEqual([404, 404, 404])
    expect(new Set(bodies).size).toBe(1)
  })

  test('the address is kept nowhere: its hash alone is (R26)', async () => {
    const { stop, dump } = await confirmed()
    expect(await dump()).not.toContain(stop.split('/').at(-1))
  })
})

test('the calendar follows: one entry, which rises with each change and goes when the appointment does', async () => {
  const { hear, send, email, clock } = await confirmed()
  await hear(bookedChange({ time: { start: bookedChange().time?.start.add({ hours: 24 }) ?? null } } as never, 5))
  await send()
  await hear(bookedChange({ status: { value: 'cancelled' } }, 10))
  await send()
  const entries = email.sent.flatMap(({ calendar }) => calendar ?? [])
  expect(new Set(entries.map(({ uid }) => uid)).size).toBe(1)
  expect(entries.map(({ sequence }) => sequence)).toEqual([...new Set(entries.map(({ sequence }) => sequence))].sort())
  expect(entries.map(({ off }) => off)).toEqual([false, false, true])
  expect(JSON.stringify(entries)).not.toMatch(/CONSULT|Anne|Roy|rdv\.example|A1/)
  expect(clock.now().toString()).toBe('2026-11-20T12:00:00Z')
})
