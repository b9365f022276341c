import { describe, expect, test } from 'vitest'
import { bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import { openRappel, tokenOf } from '../../support/rappel.ts'

const clinic = '/api/v1/clinics/tilleuls'

interface Page {
  readonly items: readonly Record<string, unknown>[]
  readonly next?: string
}

async function openBooked(count = 5) {
  const rappel = await openRappel()
  for (let index = 0; index < count; index += 1)
    await rappel.hear(
      bookedChange({
        ehrId: `A${index}`,
        time: { start: start.add({ minutes: 30 * Math.floor(index / 2) }) },
        agenda: { key: index % 2 === 0 ? 'moreau' : 'roy' },
        patient: {
          ehrId: `P${index}`,
          name: { family: index === 0 ? 'Le Goff-Étienne' : 'Tremblay', given: `Anne${index}` },
          birthDate: '1980-03-12',
          contacts: [{ kind: 'phone', value: `+1418555010${index}`, mobile: 'yes' }],
        },
      }),
    )
  const list = async (path: string, role: Parameters<typeof rappel.call>[0] = 'appointments') => {
    const response = await rappel.call(role, `GET ${path}`)
    return { status: response.status, link: response.headers.get('link'), page: (await response.json()) as Page }
  }
  /** Every page to the last, by the Link header. */
  const walk = async (path: string, role?: Parameters<typeof rappel.call>[0]) => {
    const seen: Record<string, unknown>[] = []
    for (let next: string | undefined = path; next !== undefined; ) {
      const { page, link }: { page: Page; link: string | null } = await list(next, role)
      seen.push(...page.items)
      next = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1]
      expect(next !== undefined).toBe(page.next !== undefined)
    }
    return seen
  }
  return { ...rappel, list, walk }
}

const idsOf = (items: readonly Record<string, unknown>[]) => items.map(({ id }) => id)

describe('lists are cut into pages that follow each other', () => {
  test('appointments by their start, of an agenda, of a patient', async () => {
    const { walk, list } = await openBooked()
    const all = ['A0', 'A1', 'A2', 'A3', 'A4'].map((id) => `tilleuls:${id}`)
    expect(idsOf(await walk(`${clinic}/appointments?limit=2`))).toEqual(all)
    expect(idsOf(await walk(`${clinic}/appointments?limit=1&agenda=roy`))).toEqual([all[1], all[3]])
    expect(idsOf(await walk(`${clinic}/appointments?limit=1&patient=tilleuls:P3`))).toEqual([all[3]])
    expect(idsOf(await walk(`${clinic}/appointments?from=${start.add({ minutes: 30 })}&until=${start.add({ minutes: 31 })}`))).toEqual([
      all[2],
      all[3],
    ])
    const { page } = await list('/api/v1/appointments/tilleuls:A1')
    expect(page).toMatchObject({ id: 'tilleuls:A1', agenda: { key: 'roy' } })
    expect(JSON.stringify(page)).not.toMatch(/Tremblay|555/)
  })

  test('patients by name, birth date, phone and either id', async () => {
    const { walk } = await openBooked()
    expect(idsOf(await walk(`${clinic}/patients?name=trembl&limit=1`))).toHaveLength(4)
    expect(idsOf(await walk(`${clinic}/patients?name=goff%20etienne`))).toEqual(['tilleuls:P0'])
    expect(idsOf(await walk(`${clinic}/patients?birthDate=1980-03-12&limit=2`))).toHaveLength(5)
    expect(idsOf(await walk(`${clinic}/patients?phone=%2B14185550102`))).toEqual(['tilleuls:P2'])
    expect(idsOf(await walk(`${clinic}/patients?id=P4`))).toEqual(['tilleuls:P4'])
    expect(idsOf(await walk(`${clinic}/patients?id=tilleuls:P4`))).toEqual(['tilleuls:P4'])
  })

  test.each(['', '?name=x&phone=%2B14185550102', '?name=--', '?phone=418', '?birthDate=1980'])(
    'patients are not looked for by %j',
    async (query) => {
      const { list } = await openBooked(0)
      expect((await list(`${clinic}/patients${query}`)).status).toBe(400)
    },
  )

  test('notifications and the audit, newest first', async () => {
    const { send, walk, clock } = await openBooked()
    await send()
    clock.advance({ minutes: 1 })
    const sent = await walk(`${clinic}/notifications?state=sent&limit=2`)
    expect(sent.length).toBeGreaterThan(2)
    expect(new Set(idsOf(sent)).size).toBe(sent.length)
    const audit = await walk('/api/v1/audit?limit=7', 'admin')
    const numbers = audit.map(({ seq }) => Number(seq))
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
    expect(audit.some(({ subject }) => subject === 'tilleuls:A0')).toBe(true)
    expect(JSON.stringify(audit)).not.toMatch(/Tremblay|Anne/)
  })

  test('another clinic reads nothing of it', async () => {
    const { app } = await openBooked(2)
    const theirs = { authorization: `Bearer ${tokenOf('admin', 'erables')}` }
    const audit = (await (await app.request('/api/v1/audit', { headers: theirs })).json()) as Page
    expect(audit.items).toEqual([])
    for (const path of ['/api/v1/patients/tilleuls:P0', '/api/v1/appointments/tilleuls:A0', `${clinic}/patients?name=t`])
      expect((await app.request(path, { headers: theirs })).status).toBe(404)
  })
})

describe('the audit’s chain (R31)', () => {
  test('is verified slice by slice, for who sees every clinic', async () => {
    const { api, call } = await openBooked(3)
    const first = (await (await api('/api/v1/audit/verify?limit=2')).json()) as Page & { readonly of: number; readonly looked: number }
    expect(first).toMatchObject({ items: [], looked: 2, next: expect.any(String) })
    const rest = (await (await api(`/api/v1/audit/verify?cursor=${first.next}`)).json()) as Page & {
      readonly of: number
      readonly looked: number
    }
    expect(rest).toEqual({ items: [], of: first.of, looked: first.of })
    expect((await call('operator', 'GET /api/v1/audit/verify')).status).toBe(403)
  })
})

describe('write-backs', () => {
  test('that failed are listed, and brought again on request', async () => {
    const { hear, store, clock, walk, call, answers } = await openBooked(1)
    await hear(bookedChange())
    const writeBack = {
      id: 'tilleuls:A0:confirm:1',
      appointmentId: 'tilleuls:A0',
      connectorId: 'tilleuls',
      ehrId: 'A0',
      patientEhrId: 'P0',
      kind: 'confirm' as const,
      start,
      answeredAt: clock.now(),
      dueAt: clock.now(),
      state: 'failed' as const,
      reason: 'refused',
      attempts: 3,
      nextTryAt: clock.now(),
    }
    await store.transact((tx) => tx.writeBacks.save(writeBack))
    expect(await walk(`${clinic}/write-backs`)).toMatchObject([{ id: writeBack.id, state: 'failed', reason: 'refused' }])
    const again = await call('appointments', `POST /api/v1/write-backs/${writeBack.id}/retry`)
    expect([again.status, await again.json()]).toMatchObject([200, { state: 'queued', attempts: 0 }])
    expect(await answers('tilleuls:A0')).toMatchObject([{ state: 'queued' }])
  })
})

test('what is held is named with its why', async () => {
  const { call } = await openRappel({ settings: clinicSettings() })
  expect(await (await call('reader', `GET ${clinic}/holds`)).json()).toEqual({ shifts: [], stops: [], appointments: [], others: [] })
})
