import { describe, expect, test } from 'vitest'
import { bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import type { RappelOptions } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

/** A patient who was told of an appointment on Thursday at 14:40 UTC, on Wednesday at 13:00: everything is open but the arrival. */
async function told(options: RappelOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', ...options })
  await rappel.hear(bookedChange())
  await rappel.send()
  const token = rappel.lastToken()
  const basis = await rappel.basisShown(token)
  async function answer(kind: string, fields: Record<string, string> = { basis }): Promise<string> {
    const response = await rappel.post(`/${token}/${kind}`, fields)
    expect(response.status).toBe(303)
    return response.headers.get('location') ?? ''
  }
  const states = async () => (await rappel.answers()).map(({ kind, state }) => `${kind} ${state}`)
  const page = async (query = '') => (await rappel.get(`/${token}${query}`)).text()
  return { ...rappel, token, basis, answer, states, page }
}

const other = 'AAAAAAAAAAAAAAAAAAAAAA'

describe('looking at the page changes nothing (R26)', () => {
  test.each([
    ['GET', ''],
    ['HEAD', ''],
    ['GET', '?step=cancel'],
    ['GET', '?lang=en'],
    ['GET', '?done=confirmed'],
    ['GET', '?done=confirmed&step=cancel&lang=xx'],
    ['GET', '/calendar.ics'],
    ['HEAD', '/calendar.ics'],
  ])('%s /link%s', async (method, rest) => {
    const { app, token, dump } = await told()
    const before = await dump()
    const response = await app.request(`/${token}${rest}`, { method })
    expect(response.status).toBe(200)
    if (method === 'HEAD') expect(await response.text()).toBe('')
    expect(await dump()).toBe(before)
  })

  test.each([
    ['GET', 'confirm'],
    ['HEAD', 'cancel'],
    ['GET', 'restore'],
    ['GET', 'arrive'],
    ['PUT', 'confirm'],
    ['DELETE', 'cancel'],
  ])('%s /link/%s is not found', async (method, act) => {
    const { app, token, dump } = await told()
    const before = await dump()
    expect((await app.request(`/${token}/${act}`, { method })).status).toBe(404)
    expect(await dump()).toBe(before)
  })
})

describe('an answer', () => {
  test('is kept, said on the page it leads back to, and wakes whoever brings it', async () => {
    const { answer, states, woken, token, page } = await told()
    expect(await answer('confirm')).toBe(`../${token}?done=confirmed`)
    expect(await states()).toEqual(['confirm queued'])
    expect(woken).toContain('answered')
    expect(await page('?done=confirmed')).not.toBe(await page())
  })

  test('leads back in the language of the form', async () => {
    const { answer, basis, token } = await told()
    expect(await answer('confirm', { basis, lang: 'en' })).toBe(`../${token}?done=confirmed&lang=en`)
    expect(await answer('confirm', { basis, lang: '"><script>' })).toBe(`../${token}?done=confirmed`)
  })

  test('given twice is one, and the page says the same (O14)', async () => {
    const { answer, states, token } = await told()
    const places = [await answer('confirm'), await answer('confirm')]
    expect(places).toEqual([`../${token}?done=confirmed`, `../${token}?done=confirmed`])
    expect(await states()).toEqual(['confirm queued'])
  })

  test('given by two fingers at once is one', async () => {
    const { answer, states } = await told()
    await Promise.all(Array.from({ length: 10 }, () => answer('cancel')))
    expect(await states()).toEqual(['cancel queued'])
  })

  test.each([
    ['another page’s', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['none', ''],
  ])('to what is no longer true is not taken: %s', async (_, basis) => {
    const { answer, states, token } = await told()
    expect(await answer('confirm', { basis })).toBe(`../${token}?done=stale`)
    expect(await states()).toEqual([])
  })

  test('without a form at all is not taken', async () => {
    const { answer, states, token } = await told()
    expect(await answer('cancel', {})).toBe(`../${token}?done=stale`)
    expect(await states()).toEqual([])
  })

  test('to an appointment that has moved since the page was drawn is stale', async () => {
    const { answer, states, hear, token } = await told()
    await hear(bookedChange({ time: { start: start.add({ minutes: 30 }) } }, 5))
    expect(await answer('confirm')).toBe(`../${token}?done=stale`)
    expect(await states()).toEqual([])
  })

  test.each([
    ['confirm, 48 h and a second before', 'confirm', '2026-11-24T14:39:59Z', 'closed'],
    ['confirm, at 48 h', 'confirm', '2026-11-24T14:40:00Z', 'confirmed'],
    ['confirm, a second before the start', 'confirm', '2026-11-26T14:39:59Z', 'confirmed'],
    ['confirm, at the start', 'confirm', '2026-11-26T14:40:00Z', 'closed'],
    ['cancel, at 24 h', 'cancel', '2026-11-25T14:40:00Z', 'cancelled'],
    ['cancel, a second later', 'cancel', '2026-11-25T14:40:01Z', 'closed'],
    ['arrive, 30 min and a second before', 'arrive', '2026-11-26T14:09:59Z', 'closed'],
    ['arrive, at 30 min', 'arrive', '2026-11-26T14:10:00Z', 'arrived'],
    ['arrive, a second after the start', 'arrive', '2026-11-26T14:40:01Z', 'closed'],
  ])('%s: %s at %s is %s, on our clock', async (_, kind, instant, done) => {
    const { answer, clock, token, states } = await told()
    clock.set(instant)
    expect(await answer(kind)).toBe(`../${token}?done=${done}`)
    expect(await states()).toHaveLength(done === 'closed' ? 0 : 1)
  })

  test('that comes too late is answered by a page that says so', async () => {
    const { clock, page } = await told()
    clock.set('2026-11-25T15:00:00Z')
    expect(await page('?done=closed')).not.toBe(await page())
  })

  test('that this EHR does not take, or the site does not allow, is closed', async () => {
    const sites = { main: { name: 'Site principal', patientMayCancel: false, patientMayArrive: false } }
    const { answer, token } = await told({ settings: clinicSettings({ sites }) })
    expect(await answer('cancel')).toBe(`../${token}?done=closed`)
  })

  test('to cancel is undone within five minutes, and not after', async () => {
    const { answer, clock, states, token } = await told()
    await answer('cancel')
    clock.advance({ minutes: 4 })
    expect(await answer('restore')).toBe(`../${token}?done=restored`)
    expect(await states()).toEqual(['cancel withdrawn'])
    await answer('cancel')
    clock.advance({ minutes: 5 })
    expect(await answer('restore')).toBe(`../${token}?done=closed`)
  })

  test('leaves a row in the audit, taken or not', async () => {
    const { answer, read } = await told()
    await answer('confirm')
    await answer('confirm')
    await answer('arrive')
    const rows = await read((tx) => tx.audit.of('tilleuls:A1', 3))
    expect(rows.map(({ actor, action, detail }) => `${actor} ${action} ${detail?.outcome}`)).toEqual([
      'patient reply.arrive too_early',
      'patient reply.confirm repeated',
      'patient reply.confirm accepted',
    ])
  })

  test('of more than 4 KB is refused', async () => {
    const { post, token, basis, states } = await told()
    expect((await post(`/${token}/confirm`, { basis, more: 'x'.repeat(5_000) })).status).toBe(413)
    expect(await states()).toEqual([])
  })

  test('of unknown length is cut off at 4 KB', async () => {
    const { app, token } = await told()
    let pulled = 0
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(1_024))
        if (pulled > 1_000) controller.close()
      },
    })
    const response = await app.request(new Request(`http://x/${token}/confirm`, { method: 'POST', body, duplex: 'half' } as RequestInit))
    expect(response.status).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  test('while the store keeps nothing is 503, to be tried again', async () => {
    const { post, token, basis, failCommits, states } = await told()
    failCommits(1)
    const response = await post(`/${token}/confirm`, { basis })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await states()).toEqual([])
  })
})

describe('a link that opens nothing', () => {
  test('looks the same whether it never was or has expired', async () => {
    const { get, token, clock } = await told()
    const never = await get(`/${other}`)
    clock.set('2026-12-26T14:39:59Z')
    expect((await get(`/${token}`)).status).toBe(200)
    clock.set('2026-12-26T14:40:00Z')
    const expired = await get(`/${token}`)
    expect([expired.status, await expired.text()]).toEqual([404, await never.text()])
    expect([...expired.headers]).toEqual([...never.headers])
    expect(never.status).toBe(404)
  })

  test.each(['confirm', 'cancel', 'restore', 'arrive'])('takes no answer, and keeps nothing: %s', async (kind) => {
    const { post, token, basis, clock, dump } = await told()
    clock.set('2026-12-26T14:40:00Z')
    const before = await dump()
    const [expired, never] = [await post(`/${token}/${kind}`, { basis }), await post(`/${other}/${kind}`, { basis })]
    expect([expired.status, await expired.text()]).toEqual([404, await never.text()])
    expect(await dump()).toBe(before)
  })

  test('has no calendar entry', async () => {
    const { get, token, clock } = await told()
    clock.set('2026-12-26T14:40:00Z')
    expect((await get(`/${token}/calendar.ics`)).status).toBe(404)
    expect((await get(`/${other}/calendar.ics`)).status).toBe(404)
  })

  test('is every one that differs in a character (R26)', async () => {
    const { get, token } = await told()
    for (let index = 0; index < token.length; index += 1) {
      const flipped = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`
      expect((await get(`/${flipped}`)).status).toBe(404)
    }
  })

  test.each([
    ['21 characters', other.slice(1)],
    ['23 characters', `${other}A`],
    ['a character that is none of them', `${other.slice(1)}.`],
    ['a slash', `${other}/`],
  ])('has %s', async (_, token) => {
    const { get } = await told()
    expect((await get(`/${token}`)).status).toBe(404)
  })

  test.each([
    ['cut short', other.slice(0, 15)],
    ['run on with the word after it', `${other}Fin`],
  ])('%s: shows the same page as one that never was', async (_, token) => {
    const { get } = await told()
    expect(await (await get(`/${token}`)).text()).toBe(await (await get(`/${other}`)).text())
  })

  test('is told in the language of the reader', async () => {
    const { get } = await told()
    const english = await (await get(`/${other}`, { 'accept-language': 'en-CA,fr;q=0.5' })).text()
    expect(english).toContain('<html lang="en">')
    expect(await (await get(`/${other}`)).text()).toContain('<html lang="fr">')
    expect(await (await get(`/${other}?lang=en`)).text()).toBe(english)
  })
})

describe('an appointment that became another person’s', () => {
  test('is not shown to whom the link was sent', async () => {
    const { hear, page, get, token, answer, states } = await told()
    await hear(bookedChange({ patient: { ehrId: 'P2', name: { family: 'Lavoie' } } }, 5))
    const shown = await page()
    for (const trace of ['Lavoie', 'Moreau', '26 novembre']) expect(shown).not.toContain(trace)
    expect((await get(`/${token}/calendar.ics`)).status).toBe(404)
    expect(await answer('cancel')).toBe(`../${token}?done=stale`)
    expect(await states()).toEqual([])
  })
})

test('the page and the calendar say nothing of the motif, and nobody’s name but the professional’s (R28)', async () => {
  const { hear, page, get, token } = await told()
  await hear(bookedChange({ motif: { key: 'CONSULT', text: 'Suivi de chimiothérapie' } }, 5))
  for (const text of [await page(), await (await get(`/${token}/calendar.ics`)).text()]) {
    for (const trace of ['CONSULT', 'chimio', 'Roy', 'roy@example.org', '4185550177', 'A1', 'P1']) expect(text).not.toContain(trace)
    expect(text).toContain('Moreau')
  }
})
