import { describe, expect, test } from 'vitest'
import type { Route } from '../../src/server/routes/route.ts'
import { roles, tokenOf } from '../support/rappel.ts'
import { judgeForms, origins } from './cross-site.ts'
import { bearer, type Guarded, guardsOf, isGuarded, judgeMatrix, nameOf, openClinic, trespass } from './matrix.ts'
import { ofSeveral, reaches } from './matrix-table.ts'

describe('R22: every route × every role × no session × another clinic', () => {
  test('the table has every route, by its access, and no other', async () => {
    const clinic = await openClinic()
    const real = clinic.routes().map((route) => `${'least' in route ? route.least.join('+') : route.access} ${nameOf(route)}`)
    const known = Object.entries(reaches).flatMap(([least, names]) => (names ?? []).map((name) => `${least} ${name}`))
    expect([...new Set(real)].sort()).toEqual(known.sort())
    const shared = clinic
      .routes()
      .filter((route) => 'clinicOf' in route && route.clinicOf === 'each')
      .map(nameOf)
    expect(shared.sort()).toEqual([...ofSeveral].sort())
  })

  test('the app answers at nothing that is not in the table', async () => {
    const clinic = await openClinic()
    const app = guardsOf(clinic, clinic.routes())
    const own = new Set(clinic.routes().map(({ path }) => path))
    const others = app.routes.map(({ path }) => path).filter((path) => !own.has(path))
    expect([...new Set(others)].filter((path) => path !== '/*' && path !== '/api/v1/*' && !path.startsWith('/assets/rappel.'))).toEqual([])
  })

  test('nobody reaches what is not theirs, and everybody what is', { timeout: 240_000 }, async () => {
    const clinic = await openClinic()
    expect((await judgeMatrix(clinic, clinic.routes())).faults).toEqual([])
  })

  test.each<[string, (route: Guarded) => Partial<Guarded>]>([
    ['a lower role', () => ({ least: ['reader', 'integrator'] })],
    ['no clinic', () => ({ clinicOf: 'each' })],
    ['another clinic’s', () => ({ clinicOf: () => 'erables' })],
  ])('positive control: a route that asks for %s is found', { timeout: 60_000 }, async (_, change) => {
    const clinic = await openClinic()
    for (const name of ['PUT /api/v1/clinics/:clinic/settings', 'POST /console/clinics/:clinic/agendas']) {
      const route = clinic
        .routes()
        .filter(isGuarded)
        .find((each) => nameOf(each) === name)
      if (!route) throw new Error(`${name} is gone: take another`)
      expect((await judgeMatrix(clinic, [{ ...route, ...change(route) } as Route])).faults).not.toEqual([])
      expect((await judgeMatrix(clinic, [route])).faults).toEqual([])
    }
  })

  test.each(roles)(
    '%s of another clinic, by the real handlers, changes nothing and reads nothing of it',
    { timeout: 240_000 },
    async (role) => {
      expect((await trespass(await openClinic(), role)).faults).toEqual([])
    },
  )
})

describe('what a refusal says', () => {
  test('the role that is needed, and the scope', async () => {
    const { call } = await openClinic()
    const response = await call('reader', 'PUT /api/v1/clinics/tilleuls/settings', {})
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ roles: ['appointments'], detail: expect.stringContaining('role') }),
    ])
  })

  test('of another clinic’s patient, what is said of nobody', async () => {
    const { call, app } = await openClinic()
    const nobody = await call('admin', 'GET /api/v1/appointments/tilleuls:nobody/decisions')
    const foreign = await app.request('/api/v1/appointments/tilleuls:A1/decisions', { headers: bearer(tokenOf('admin', 'erables')) })
    expect([foreign.status, await foreign.json()]).toEqual([nobody.status, await nobody.json()])
  })

  test('an operator of one clinic sees its own letters and unset keys', async () => {
    const { call } = await openClinic()
    expect(await (await call('operator', 'GET /api/v1/quarantine')).json()).toMatchObject({ items: [{ text: 'nonsense' }] })
    expect(await (await call('operator', 'GET /api/v1/unset')).json()).toMatchObject({ items: [{ key: 'NEW' }] })
  })

  test('a page of nothing but other clinics’ letters says where to go on', async () => {
    const { ingest, ehr, app } = await openClinic()
    for (const text of ['a', 'b']) await ingest.receive({ ...ehr.envelope({ kind: 'hint' }), body: new TextEncoder().encode(text) })
    const headers = bearer(tokenOf('integrator', 'erables'))
    const page = (await (await app.request('/api/v1/quarantine?limit=2', { headers })).json()) as { items: unknown[]; next?: string }
    expect(page).toEqual({ items: [], next: expect.any(String) })
    expect(await (await app.request(`/api/v1/quarantine?limit=2&cursor=${page.next}`, { headers })).json()).toEqual({ items: [] })
  })
})

describe('R29: what another site makes a browser send is not accepted', () => {
  test('every form of staff × every kind of body × every place it may come from: 0 accepted; from our own pages all are', {
    timeout: 240_000,
  }, async () => {
    const clinic = await openClinic()
    expect((await judgeForms(clinic, guardsOf(clinic, clinic.routes()))).accepted).toEqual([])
  })

  test('the forms of who has not signed in yet are held to it too', { timeout: 60_000 }, async () => {
    const { routes, app, pathOf } = await openClinic()
    const forms = routes().filter(
      ({ method, path, access }) => method === 'POST' && path.startsWith('/console') && (access === 'public' || access === 'link'),
    )
    expect(forms.map(nameOf)).toContain('POST /console/sign-in')
    for (const route of forms)
      for (const origin of origins) {
        const response = await app.request(pathOf(route), {
          method: 'POST',
          headers: { ...origin, 'content-type': 'application/x-www-form-urlencoded' },
          body: 'login=a',
        })
        expect([nameOf(route), origin, response.status]).toEqual([nameOf(route), origin, 403])
      }
  })

  test('no other site’s script may read an answer, or frame a page', { timeout: 60_000 }, async () => {
    const { routes, app, pathOf } = await openClinic()
    for (const route of routes().filter(({ access }) => access === 'staff' || access === 'api')) {
      for (const method of ['OPTIONS', route.method]) {
        const { headers } = await app.request(pathOf(route), {
          method,
          headers: { origin: 'https://evil.example', 'access-control-request-method': route.method },
        })
        expect([nameOf(route), method, headers.get('access-control-allow-origin')]).toEqual([nameOf(route), method, null])
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      }
    }
  })
})
