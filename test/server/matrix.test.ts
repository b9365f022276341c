import type { Context, Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/access.ts'
import { createApp } from '../../src/server/app.ts'
import { addKey } from '../../src/server/identity/key-acts.ts'
import type { Route } from '../../src/server/routes/route.ts'
import { aToCall, aToDo, aWriteBack } from '../store/samples.ts'
import { bookedChange } from '../support/clinic.ts'
import { consoleOf, signedIn } from '../support/console.ts'
import { API_TOKEN, openRappel, PUBLIC_URL, type Rappel, roles, tokenOf } from '../support/rappel.ts'
import { ofSeveral, reaches } from './matrix-table.ts'

/** What a name in a path may look like: `:token{[A-Za-z0-9_-]{22}}`. */
const patterns = /\{(?:[^{}]|\{[^}]*\})*\}/g

type Guarded = Extract<Route, { access: 'api' | 'staff' }>

/** `POST /console/clinics/:clinic/agendas`, whatever a name of the path may look like, or a script's content be. */
const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) =>
  `${method} ${path.replace(patterns, '').replace(/\.[0-9a-f]{12}\.js$/, '.*.js')}`

const leastOf = (route: Route) => Object.entries(reaches).find(([, names]) => names?.includes(nameOf(route)))?.[0]

/** Which roles each one may do the work of: written down here a second time. */
const does: Readonly<Record<Role, readonly string[]>> = {
  operator: ['operator', 'admin', 'appointments', 'reader', 'integrator'],
  admin: ['admin', 'appointments', 'reader'],
  appointments: ['appointments', 'reader'],
  reader: ['reader'],
  integrator: ['integrator'],
}

const mayReach = (role: Role, least: string) => least.split('+').some((each) => does[role].includes(each))

/** A clinic with something behind every name that stands in a path. */
async function openClinic() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange({ motif: { key: 'NEW' } }))
  await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'hint' }), body: new TextEncoder().encode('nonsense') })
  const [letter] = await rappel.read((tx) => tx.inbox.quarantined({ limit: 1 }))
  const erasure = (await (await rappel.call('admin', 'POST /api/v1/patients/tilleuls:P1/erasure', {})).json()) as { id?: string }
  await rappel.store.transact(async (tx) => {
    await tx.toDo.save(aToDo('line'))
    await tx.writeBacks.save(aWriteBack('tilleuls:A1', 'line'))
    await tx.toCall.save(aToCall('line', { appointmentId: 'tilleuls:A1', patientId: 'tilleuls:P1' }))
  })
  const samples: readonly (readonly [RegExp, string])[] = [
    [/:clinic\b/, 'tilleuls'],
    [/:connector\b/, 'tilleuls'],
    [/:patient\b/, 'tilleuls:P1'],
    [/:version\b/, '1'],
    [/\/appointments\/:id\b/, '/appointments/tilleuls:A1'],
    [/\/patients\/:id\b/, '/patients/tilleuls:P1'],
    [/\/quarantine\/:id\b/, `/quarantine/${letter?.id}`],
    [/\/erasures\/:id\b/, `/erasures/${erasure.id}`],
    [/\/inbox\/:id\b/, '/inbox/line'],
    [/\/write-backs\/:id\b/, `/write-backs/${encodeURIComponent('tilleuls:A1:confirm:line')}`],
    [/\/to-call\/:id\b/, `/to-call/${encodeURIComponent('tilleuls:1:line')}`],
    [/:[a-z]+/g, 'any'],
  ]
  const pathOf = ({ path }: Route) =>
    samples.reduce((made, [pattern, value]) => made.replace(pattern, value), path.replace(patterns, '')).replace('*', 'any')
  return { ...rappel, pathOf }
}

const reached = 299

/** The real app, whose handlers only say that they were reached: guards are all that is left. */
function guardsOf(rappel: Rappel, routes: readonly Route[]): Hono {
  return createApp({
    routes: routes.map((route) => ({ ...route, handle: (c: Context) => c.body(null, 200, { 'x-reached': String(reached) }) }) as Route),
    apiTokens: [
      { name: 'all', role: 'operator', token: API_TOKEN },
      ...['tilleuls', 'erables'].flatMap((clinic) =>
        roles.map((role) => ({ name: role, role, token: tokenOf(role, clinic), clinics: [clinic] })),
      ),
    ],
    apiKeys: rappel.identity.keys,
    limits: { perKey: 1_000_000, strangers: 1_000_000 },
    console: consoleOf(rappel.settings),
    log: rappel.log,
  })
}

type Clinic = Awaited<ReturnType<typeof openClinic>>

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const withKey = {
  api: (role: Role, clinic: string) => bearer(tokenOf(role, clinic)),
  staff: (role: Role, clinic: string) => signedIn(role, clinic),
}

/** Every route × every role × no session × another clinic: whatever is not as the table says. */
async function violations(clinic: Clinic, routes: readonly Route[]): Promise<readonly string[]> {
  const app = guardsOf(clinic, routes)
  const found: string[] = []
  const key = await clinic.store.transact((tx) =>
    addKey(
      tx,
      { name: 'x', role: 'operator', scopes: ['nothing:write'] },
      { caller: { name: 'x', role: 'operator' }, now: clinic.clock.now() },
    ),
  )
  for (const route of routes.filter((each): each is Guarded => each.access === 'api' || each.access === 'staff')) {
    const least = leastOf(route) ?? 'none'
    const ask = async (headers: Record<string, string>) => {
      const response = await app.request(clinic.pathOf(route), { method: route.method, headers })
      return response.headers.get('x-reached') === String(reached) ? reached : response.status
    }
    const expect = async (who: string, headers: Record<string, string>, ...wanted: readonly number[]) => {
      const status = await ask(headers)
      if (!wanted.includes(status)) found.push(`${nameOf(route)}, ${who}: ${status}, not ${wanted.join(' or ')}`)
    }
    const stranger = route.access === 'api' ? 401 : 303
    await expect('nobody', { 'sec-fetch-site': 'same-origin' }, stranger)
    await expect(
      'a key that is none',
      { ...bearer('x'.repeat(40)), cookie: '__Host-rappel=none', 'sec-fetch-site': 'same-origin' },
      stranger,
    )
    await expect(
      'the other kind of key',
      withKey[route.access === 'api' ? 'staff' : 'api']('operator', 'tilleuls'),
      ...(route.access === 'api' ? [401] : [303, 403]),
    )
    if (route.access === 'api') await expect('a key of another scope', bearer(key.kind === 'done' ? key.token : ''), 403)
    for (const role of roles) {
      const own = withKey[route.access](role, 'tilleuls')
      const foreign = withKey[route.access](role, 'erables')
      const may = mayReach(role, least)
      await expect(role, own, may ? reached : 403)
      await expect(`${role} of another clinic`, foreign, may ? (ofSeveral.includes(nameOf(route)) ? reached : 404) : 403)
    }
  }
  return found
}

describe('R22: every route × every role × no session × another clinic', () => {
  test('the table has every route, by its access, and no other', async () => {
    const clinic = await openClinic()
    const real = clinic.routes.map((route) => `${'least' in route ? route.least.join('+') : route.access} ${nameOf(route)}`)
    const known = Object.entries(reaches).flatMap(([least, names]) => (names ?? []).map((name) => `${least} ${name}`))
    expect([...new Set(real)].sort()).toEqual(known.sort())
    const shared = clinic.routes.filter((route) => 'clinicOf' in route && route.clinicOf === 'each').map(nameOf)
    expect(shared.sort()).toEqual([...ofSeveral].sort())
  })

  test('the app answers at nothing that is not in the table', async () => {
    const clinic = await openClinic()
    const app = guardsOf(clinic, clinic.routes)
    const own = new Set(clinic.routes.map(({ path }) => path))
    const others = app.routes.map(({ path }) => path).filter((path) => !own.has(path))
    expect([...new Set(others)].filter((path) => path !== '/*' && path !== '/api/v1/*' && !path.startsWith('/assets/rappel.'))).toEqual([])
  })

  test('nobody reaches what is not theirs, and everybody what is', { timeout: 240_000 }, async () => {
    const clinic = await openClinic()
    expect(await violations(clinic, clinic.routes)).toEqual([])
  })

  test.each<[string, (route: Guarded) => Partial<Guarded>]>([
    ['a lower role', () => ({ least: ['reader', 'integrator'] })],
    ['no clinic', () => ({ clinicOf: 'each' })],
    ['another clinic’s', () => ({ clinicOf: () => 'erables' })],
  ])('positive control: a route that asks for %s is found', { timeout: 60_000 }, async (_, change) => {
    const clinic = await openClinic()
    for (const name of ['PUT /api/v1/clinics/:clinic/settings', 'POST /console/clinics/:clinic/agendas']) {
      const route = clinic.routes.find((each): each is Guarded => nameOf(each) === name)
      if (!route) throw new Error(`${name} is gone: take another`)
      expect(await violations(clinic, [{ ...route, ...change(route) } as Route])).not.toEqual([])
      expect(await violations(clinic, [route])).toEqual([])
    }
  })

  test.each(roles)(
    '%s of another clinic, by the real handlers, changes nothing and reads nothing of it',
    { timeout: 240_000 },
    async (role) => {
      const own = await openClinic()
      // what somebody did to their own clinic is written down as theirs
      const ours = async () => (await own.dump()).replace(/^.*"actor\\*":\\*"token:[a-z]+[@-]erables.*\n/gm, '')
      const before = await ours()
      const canaries = ['Roy', 'tilleuls:A1', 'tilleuls:P1', '+1']
      for (const route of own.routes.filter((each): each is Guarded => each.access === 'api' || each.access === 'staff')) {
        const response = await own.app.request(own.pathOf(route), { method: route.method, headers: withKey[route.access](role, 'erables') })
        const text = await response.text()
        expect([nameOf(route), canaries.filter((each) => text.includes(each))]).toEqual([nameOf(route), []])
      }
      expect(await ours()).toBe(before)
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
  const kinds: readonly (readonly [string, string])[] = [
    ['application/x-www-form-urlencoded', 'do=change&role=operator&clinics=*'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="do"\r\n\r\nchange\r\n--x--\r\n'],
    ['text/plain', '{"do":"change"}'],
    ['application/json', '{"do":"change"}'],
    ['', ''],
  ]
  const origins: readonly Readonly<Record<string, string>>[] = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://evil.rdv.example' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', origin: PUBLIC_URL },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${PUBLIC_URL}.evil.example` },
    { origin: PUBLIC_URL.replace('https:', 'http:') },
    { referer: `${PUBLIC_URL}/console` },
    {},
  ]

  test('every form of staff × every kind of body × every place it may come from: 0 accepted; from our own pages all are', {
    timeout: 240_000,
  }, async () => {
    const clinic = await openClinic()
    const app = guardsOf(clinic, clinic.routes)
    const forms = clinic.routes.filter((route) => route.access === 'staff' && route.method !== 'GET')
    expect(forms.length).toBeGreaterThan(20)
    let accepted = 0
    for (const route of forms) {
      const send = (headers: Record<string, string>, [type, body]: readonly [string, string]) =>
        app.request(clinic.pathOf(route), {
          method: route.method,
          headers: { ...headers, ...(type && { 'content-type': type }) },
          ...(body && { body }),
        })
      const { cookie = '' } = signedIn('operator', 'all')
      for (const origin of origins)
        for (const kind of kinds) if ((await send({ cookie, ...origin }, kind)).headers.has('x-reached')) accepted += 1
      for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: PUBLIC_URL }] as const)
        expect([nameOf(route), (await send({ cookie, ...headers }, kinds[0] ?? ['', ''])).headers.has('x-reached')]).toEqual([
          nameOf(route),
          true,
        ])
    }
    expect(accepted).toBe(0)
  })

  test('the forms of who has not signed in yet are held to it too', { timeout: 60_000 }, async () => {
    const { routes, app, pathOf } = await openClinic()
    const forms = routes.filter(
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
    for (const route of routes.filter(({ access }) => access === 'staff' || access === 'api')) {
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
