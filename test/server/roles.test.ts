import { describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/access.ts'
import type { ApiRoute } from '../../src/server/routes/route.ts'
import { bookedChange } from '../support/clinic.ts'
import { openRappel, roles, tokenOf } from '../support/rappel.ts'

/** Who reaches what, as a person would look it up. */
const table: Readonly<Record<string, readonly Role[]>> = {
  'GET /api/v1/quarantine': ['operator', 'integrator'],
  'POST /api/v1/quarantine/:id/retry': ['operator', 'integrator'],
  'GET /api/v1/connectors': ['operator', 'admin', 'appointments', 'reader', 'integrator'],
  'POST /api/v1/connectors/:connector/time-shift/release': ['operator', 'admin', 'integrator'],
  'POST /api/v1/connectors/:connector/import': ['operator', 'integrator'],
  'GET /api/v1/unset': ['operator', 'admin', 'integrator'],
  'GET /api/v1/appointments/:id/decisions': ['operator', 'admin', 'appointments', 'reader'],
  'POST /api/v1/appointments/:id/holds/release': ['operator', 'admin', 'appointments'],
  'POST /api/v1/appointments/:id/messages': ['operator', 'admin', 'appointments'],
  'PUT /api/v1/patients/:id/consent': ['operator', 'admin', 'appointments'],
  'GET /api/v1/clinics/:clinic/settings': ['operator', 'admin', 'appointments', 'reader'],
  'PUT /api/v1/clinics/:clinic/settings': ['operator', 'admin', 'appointments'],
  'GET /api/v1/clinics/:clinic/settings/export': ['operator', 'admin', 'appointments', 'reader'],
  'GET /api/v1/clinics/:clinic/settings/versions': ['operator', 'admin', 'appointments', 'reader'],
  'GET /api/v1/clinics/:clinic/settings/versions/:version': ['operator', 'admin', 'appointments', 'reader'],
  'GET /api/v1/clinics/:clinic/settings/diff': ['operator', 'admin', 'appointments', 'reader'],
  'POST /api/v1/clinics/:clinic/settings/rollback': ['operator', 'admin', 'appointments'],
  'PUT /api/v1/clinics/:clinic/patients/:patient/notifications': ['operator', 'admin', 'appointments'],
  'GET /api/v1/clinics/:clinic/questionnaires': ['operator', 'admin', 'appointments', 'reader'],
  'GET /api/v1/clinics/:clinic/questionnaires/:id': ['operator', 'admin', 'appointments', 'reader'],
  'PUT /api/v1/clinics/:clinic/questionnaires/:id': ['operator', 'admin'],
  'GET /api/v1/clinics/:clinic/templates': ['operator', 'admin', 'appointments', 'reader'],
  'POST /api/v1/clinics/:clinic/templates/lint': ['operator', 'admin', 'appointments', 'reader'],
  'POST /api/v1/clinics/:clinic/templates/preview': ['operator', 'admin', 'appointments', 'reader'],
  'POST /api/v1/patients/:id/opt-outs/:channel': ['operator', 'admin', 'appointments'],
  'DELETE /api/v1/patients/:id/opt-outs/:channel': ['operator', 'admin', 'appointments'],
  'GET /api/v1/clinics/:clinic/to-call': ['operator', 'admin', 'appointments', 'reader'],
  'GET /api/v1/inbox': ['operator', 'admin', 'appointments'],
  'POST /api/v1/inbox/:id/done': ['operator', 'admin', 'appointments'],
  'POST /api/v1/clinics/:clinic/to-call/:id/done': ['operator', 'admin', 'appointments'],
  'GET /api/v1/clinics/:clinic/usage': ['operator', 'admin', 'appointments', 'reader'],
  'GET /api/v1/clinics/:clinic/mass-hold': ['operator', 'admin', 'appointments', 'reader'],
  'POST /api/v1/clinics/:clinic/mass-hold/release': ['operator', 'admin'],
  'POST /api/v1/clinics/:clinic/mass-hold/drop': ['operator', 'admin'],
}

/** A clinic with one appointment, one letter nobody could read, and one key nobody has set. */
async function openClinic() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange({ motif: { key: 'NEW' } }))
  await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'hint' }), body: new TextEncoder().encode('nonsense') })
  const [letter] = await rappel.read((tx) => tx.inbox.quarantined({ limit: 1 }))
  const apiRoutes = rappel.routes.filter((route): route is ApiRoute => route.access === 'api')
  const pathOf = ({ path }: ApiRoute) =>
    path
      .replace(':clinic', 'tilleuls')
      .replace(':connector', 'tilleuls')
      .replace(':patient', 'tilleuls:P1')
      .replace(':version', '1')
      .replace('appointments/:id', 'appointments/tilleuls:A1')
      .replace('patients/:id', 'patients/tilleuls:P1')
      .replace('quarantine/:id', `quarantine/${letter?.id}`)
      .replace(':id', 'any')
  /** A request without a body: a reader’s right is whether it is judged at all. */
  const ask = (route: ApiRoute, token: string) =>
    rappel.app.request(pathOf(route), { method: route.method, headers: { authorization: `Bearer ${token}` } })
  return { ...rappel, apiRoutes, pathOf, ask }
}

const nameOf = ({ method, path }: ApiRoute) => `${method} ${path}`

describe('every route × every role × another clinic (R22)', () => {
  test('the table has every route of the API, and no other', async () => {
    const { apiRoutes } = await openClinic()
    expect(apiRoutes.map(nameOf).sort()).toEqual(Object.keys(table).sort())
  })

  test.each(roles)('%s reaches what its role includes, and is told which role the rest needs', async (role) => {
    const { apiRoutes, ask } = await openClinic()
    for (const route of apiRoutes) {
      const name = nameOf(route)
      const response = await ask(route, tokenOf(role))
      if (table[name]?.includes(role)) expect([name, [401, 403].includes(response.status)]).toEqual([name, false])
      else {
        expect([name, response.status]).toEqual([name, 403])
        expect(await response.json()).toMatchObject({ code: 'role_required', roles: route.least, detail: expect.stringContaining('role') })
      }
    }
  })

  test.each(roles)('%s of another clinic meets nothing of this one, and changes nothing', async (role) => {
    const { apiRoutes, ask, dump } = await openClinic()
    const before = await dump()
    for (const route of apiRoutes) {
      const name = nameOf(route)
      const response = await ask(route, tokenOf(role, 'erables'))
      if (!table[name]?.includes(role)) expect([name, response.status]).toEqual([name, 403])
      else if (route.clinicOf === 'each') expect([name, await response.json()]).toEqual([name, { items: [] }])
      else expect([name, response.status]).toEqual([name, 404])
    }
    expect(await dump()).toBe(before)
  })

  test('another clinic’s patient is answered like nobody', async () => {
    const { call, app } = await openClinic()
    const theirs = (path: string) => app.request(path, { headers: { authorization: `Bearer ${tokenOf('admin', 'erables')}` } })
    const nobody = await call('admin', 'GET /api/v1/appointments/tilleuls:nobody/decisions')
    const foreign = await theirs('/api/v1/appointments/tilleuls:A1/decisions')
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
    const headers = { authorization: `Bearer ${tokenOf('integrator', 'erables')}` }
    const page = (await (await app.request('/api/v1/quarantine?limit=2', { headers })).json()) as { items: unknown[]; next?: string }
    expect(page).toEqual({ items: [], next: expect.any(String) })
    expect(await (await app.request(`/api/v1/quarantine?limit=2&cursor=${page.next}`, { headers })).json()).toEqual({ items: [] })
  })
})
