import { describe, expect, test } from 'vitest'
import { bookedChange } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { API_TOKEN, openRappel } from '../../support/rappel.ts'

interface Item {
  readonly id: string
  readonly text: string
  readonly base64: string
  readonly fault: { readonly at?: string; readonly code: string }
}

async function withQuarantine(count: number, bodyOf = (index: number): Uint8Array => new TextEncoder().encode(`nonsense ${index}`)) {
  const rappel = await openRappel()
  for (let index = 0; index < count; index += 1) {
    await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'hint' }), body: bodyOf(index) })
    rappel.clock.advance({ seconds: 1 })
  }
  return rappel
}

async function page(rappel: Rappel, query = ''): Promise<{ readonly items: readonly Item[]; readonly next?: string }> {
  const response = await rappel.api(`/api/v1/quarantine${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as { items: Item[]; next?: string }
}

describe('the quarantine', () => {
  test('is shown verbatim, with the place and the reason', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const rappel = await withQuarantine(1, () => body)
    const { items, next } = await page(rappel)
    expect(items).toMatchObject([
      {
        connector: 'tilleuls',
        receivedAt: '2026-11-24T15:00:00Z',
        mediaType: 'application/hl7-v2',
        fault: { at: 'MSH', code: '100', text: 'no such message' },
      },
    ])
    expect(Buffer.from(items[0]?.base64 ?? '', 'base64')).toEqual(Buffer.from(body))
    expect(next).toBeUndefined()
  })

  test('is paged, newest first, to the last', async () => {
    const rappel = await withQuarantine(7)
    const seen: string[] = []
    let query = '?limit=3'
    for (let pages = 0; pages < 4; pages += 1) {
      const { items, next } = await page(rappel, query)
      seen.push(...items.map(({ text }) => text))
      if (next === undefined) break
      query = `?limit=3&cursor=${next}`
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `nonsense ${index}`))
  })

  test('ends a page where it would be too long, and goes on with the next', async () => {
    const rappel = await withQuarantine(3, (index) => new Uint8Array(4 * 1024 * 1024).fill(65 + index))
    const first = await page(rappel)
    expect(first.items).toHaveLength(1)
    expect((await page(rappel, `?cursor=${first.next}`)).items[0]?.text[0]).toBe('B')
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', `cursor=${'x'.repeat(65)}`, 'before=1'])('refuses %s', async (query) => {
    const { api } = await openRappel()
    expect((await api(`/api/v1/quarantine?${query}`)).status).toBe(400)
  })

  test('shows how it came by HTTP', async () => {
    const rappel = await openRappel()
    const request = { method: 'PUT', path: 'Appointment/12' }
    await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'hint' }), body: new Uint8Array(1), request })
    expect((await page(rappel)).items).toMatchObject([{ request }])
  })
})

describe('reading one again', () => {
  test('tells what became of it', async () => {
    const rappel = await openRappel()
    const readings = ['unreadable', 'changes']
    const envelope = rappel.ehr.envelope(() =>
      readings.shift() === 'unreadable'
        ? { kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'missing' } }
        : { kind: 'changes', changes: [bookedChange()] },
    )
    await rappel.ingest.receive(envelope)
    const [item] = (await page(rappel)).items
    const response = await rappel.api(`/api/v1/quarantine/${item?.id}/retry`, 'POST')
    expect([response.status, await response.json()]).toEqual([200, { disposition: 'applied', duplicate: false }])
    expect((await page(rappel)).items).toEqual([])
    expect(await rappel.appointment()).toBeDefined()
    expect((await rappel.api(`/api/v1/quarantine/${item?.id}/retry`, 'POST')).status, 'a second time').toBe(404)
  })

  test('is a POST, and of something that is there', async () => {
    const rappel = await withQuarantine(1)
    const [item] = (await page(rappel)).items
    expect((await rappel.api(`/api/v1/quarantine/${item?.id}/retry`)).status).toBe(405)
    expect((await rappel.api('/api/v1/quarantine/nothing/retry', 'POST')).status).toBe(404)
  })

  test('of an applied one is not offered', async () => {
    const rappel = await openRappel()
    await rappel.hear(bookedChange())
    const id = (await rappel.appointment())?.envelopeId
    expect((await rappel.api(`/api/v1/quarantine/${id}/retry`, 'POST')).status).toBe(404)
  })
})

test('what nobody has set is listed, with how often it came', async () => {
  const { hear, api } = await openRappel()
  await hear(bookedChange({ agenda: { key: 'X', text: 'Dr X' } }))
  await hear(bookedChange({ ehrId: 'A2', agenda: { key: 'X', text: 'Dr X' } }))
  expect(await (await api('/api/v1/unset')).json()).toMatchObject({ items: [{ kind: 'agenda', key: 'X', text: 'Dr X', count: 2 }] })
})

test('why an appointment was told or not is answered gate by gate (D30)', async () => {
  const { hear, send, api } = await openRappel()
  await hear(bookedChange({ motif: { key: 'IVG' } }))
  await send()
  const decisions = await (await api('/api/v1/appointments/tilleuls:A1/decisions')).json()
  const line = {
    state: 'suppressed',
    reason: 'motif_silent',
    forecast: false,
    settingsVersion: 1,
    gates: expect.arrayContaining([
      expect.objectContaining({
        gate: 4,
        rule: 'O4',
        verdict: 'no',
        saw: 'no automatic communication',
        said: { fr: 'le motif de ce rendez-vous n’est pas encore réglé', en: 'nobody has set this appointment’s motif yet' },
        decided: true,
      }),
    ]),
    sentence: expect.objectContaining({
      en: expect.stringContaining('not sent, because nobody has set this appointment’s motif yet (O4).'),
    }),
    wouldNeed: ['Give this appointment’s motif a type', 'Turn on confirmations'].map((en) =>
      expect.objectContaining({ en: expect.stringContaining(en) }),
    ),
  }
  expect(decisions).toMatchObject({
    appointment: { id: 'tilleuls:A1', status: 'booked', zone: 'America/Toronto', agenda: 'moreau', motif: 'IVG', holds: [] },
    told: { assumed: 'motif_silent' },
    lines: [line, line],
    writeBacks: [],
  })
  expect(JSON.stringify(decisions)).not.toMatch(/Anne|Roy|roy@example|5550177/)
  expect((await api('/api/v1/appointments/tilleuls:none/decisions')).status).toBe(404)
})

describe('the token', () => {
  const ask = async (authorization: string | undefined, apiToken: string | undefined = API_TOKEN) => {
    const { app } = await openRappel({ apiToken })
    return app.request('/api/v1/quarantine', { headers: { ...(authorization !== undefined && { authorization }) } })
  }

  test.each([
    ['none', undefined],
    ['an empty one', 'Bearer '],
    ['another', `Bearer ${API_TOKEN.slice(0, -1)}x`],
    ['one more character', `Bearer ${API_TOKEN}x`],
    ['a part', `Bearer ${API_TOKEN.slice(0, -1)}`],
    ['by another scheme', `Basic ${API_TOKEN}`],
    ['bare', API_TOKEN],
    ['of no API', 'Bearer undefined'],
  ])('%s: 401', async (_, authorization) => {
    const response = await ask(authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.text()).not.toContain('items')
  })

  test('that is right opens', async () => {
    expect((await ask(`Bearer ${API_TOKEN}`)).status).toBe(200)
    expect((await ask(`bearer ${API_TOKEN}`)).status).toBe(200)
  })
})

test.each(['Bearer ', 'Bearer undefined', 'Bearer x', ''])(
  'without one in the configuration nothing is served, whatever is given: %j',
  async (authorization) => {
    const { app } = await openRappel({ apiToken: undefined })
    const response = await app.request('/api/v1/quarantine', { headers: { authorization } })
    expect(response.status).toBe(404)
  },
)
