import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { homeIcon, webManifest } from '../../src/server/pages/manifest.ts'
import { pushScript, serviceWorker } from '../../src/server/pages/scripts.ts'
import { stylesheet } from '../../src/server/pages/stylesheet.ts'
import type { Access, Route } from '../../src/server/routes/route.ts'
import { bookedChange } from '../support/clinic.ts'
import { API_TOKEN, openRappel, PUBLIC_URL } from '../support/rappel.ts'

const someToken = 'AAAAAAAAAAAAAAAAAAAAAA'

/** A request that fits the pattern of a route. */
function pathOf({ path }: Route): string {
  return path
    .replace(/:token\{[^/]+\}/, someToken)
    .replace(':connector', 'tilleuls')
    .replace(':clinic', 'tilleuls')
    .replace(':patient', 'any')
    .replace(':version', '1')
    .replace(':id', 'any')
    .replace('*', 'Appointment/1')
}

/** Deny by default: what each kind of route answers to somebody who shows nothing (R22); a form that does not say where it comes from is refused (R29). */
const uninvited: Readonly<Record<Access, number>> = { public: 200, link: 404, connector: 401, provider: 401, api: 401, staff: 303 }

function refusalOf({ access, method, path }: Route): number {
  return path.startsWith('/console') && method === 'POST' ? 403 : uninvited[access]
}

/** A request for one path may be answered by the route of another: `versions/import` is a version's name too. */
function isMetBy({ path }: Route, asked: string): boolean {
  return new RegExp(
    `^${path
      .replace(/:[a-z]+\{[^/]+\}/g, '[^/]+')
      .replace(/:[a-z]+/g, '[^/]+')
      .replace('*', '.*')}$`,
  ).test(asked)
}

describe('somebody without credentials (R22)', () => {
  test('is refused by every route of the table but the public ones', async () => {
    const { app, routes, dump } = await openRappel()
    const before = await dump()
    const answers = []
    for (const route of routes()) {
      const method = route.method === 'ALL' ? 'POST' : route.method
      answers.push({
        route: `${method} ${route.path}`,
        expected: refusalOf(route),
        status: (await app.request(pathOf(route), { method })).status,
      })
    }
    expect(answers.length).toBeGreaterThanOrEqual(17)
    // a second step of signing in sends whoever has not taken the first back to it
    const wrong = answers.filter(
      ({ route, status, expected }) => status !== expected && !(status === 303 && route.startsWith('GET /console/sign-in/')),
    )
    expect(wrong).toEqual([])
    expect(await dump()).toBe(before)
  })

  test('meets public routes that tell nothing of anybody', async () => {
    const { routes } = await openRappel()
    expect(
      routes()
        .filter(({ access }) => access === 'public')
        .map(({ path }) => path),
    ).toEqual(
      expect.arrayContaining([
        '/api/openapi.json',
        '/api/reference',
        '/healthz',
        '/readyz',
        '/metrics',
        serviceWorker.path,
        pushScript.path,
        webManifest.path,
        homeIcon.path,
      ]),
    )
  })

  test.each(['link', 'connector', 'provider'])('does not come further with the API’s token on a %s route', async (access) => {
    const { app, routes } = await openRappel()
    for (const route of routes().filter((each) => each.access === access)) {
      const method = route.method === 'ALL' ? 'POST' : route.method
      const response = await app.request(pathOf(route), { method, headers: { authorization: `Bearer ${API_TOKEN}` } })
      expect([route.path, response.status]).toEqual([route.path, refusalOf(route)])
    }
  })

  test('finds nothing that is not in the table', async () => {
    const { app, routes } = await openRappel()
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
    for (const route of routes().filter(({ method }) => method !== 'ALL')) {
      const served = route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]
      for (const method of methods.filter((each) => !served.includes(each) && each !== 'TRACE')) {
        const asked = method === 'HEAD' ? 'GET' : method
        const other = routes().some((each) => each !== route && each.method === asked && isMetBy(each, pathOf(route)))
        if (!other)
          expect([route.path, method, (await app.request(pathOf(route), { method })).status]).toEqual([
            route.path,
            method,
            route.access === 'api' ? 405 : 404,
          ])
      }
    }
    for (const path of [
      '/',
      '/admin',
      '/api',
      '/api/v2/quarantine',
      '/api/v1/',
      '/.env',
      '/callbacks',
      '/hl7',
      '/fhir',
      `/${someToken}/../api/v1/unset/x`,
    ])
      expect([path, (await app.request(path)).status]).toEqual([path, 404])
  })

  test.each(['/api/v1/quarantine/', '/API/v1/quarantine', '//api/v1/quarantine', '/api//v1/quarantine', '/api/v1/quarantine%2F'])(
    'does not come in by another spelling: %s',
    async (path) => {
      const { app } = await openRappel()
      expect([401, 404]).toContain((await app.request(`http://localhost${path}`)).status)
    },
  )
})

describe('every kind of answer carries what keeps it safe (R29)', () => {
  async function answers() {
    const rappel = await openRappel({ now: '2026-11-25T13:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.send()
    const token = rappel.lastToken()
    const basis = await rappel.basisShown(token)
    const bearer = { authorization: 'Bearer tilleuls' }
    const withoutStore = () => {
      rappel.failCommits(1)
      return rappel.post(`/${token}/cancel`, { basis })
    }
    return [
      ['a page', await rappel.get(`/${token}`), 200],
      ['a calendar entry', await rappel.get(`/${token}/calendar.ics`), 200],
      ['a redirect', await rappel.post(`/${token}/confirm`, { basis }), 303],
      ['an unknown link', await rappel.get(`/${someToken}`), 404],
      ['nothing there', await rappel.get('/nothing'), 404],
      ['too much', await rappel.post(`/${token}/confirm`, { basis: 'x'.repeat(5_000) }), 413],
      ['no token', await rappel.get('/api/v1/unset'), 401],
      ['the API', await rappel.api('/api/v1/unset'), 200],
      ['health', await rappel.get('/healthz'), 200],
      ['metrics', await rappel.get('/metrics'), 200],
      ['a connector', await rappel.post('/hl7/tilleuls', {}, bearer), 200],
      ['a stranger to a connector', await rappel.post('/hl7/nobody'), 401],
      ['a forged report', await rappel.post('/callbacks/sms'), 401],
      ['no store', await withoutStore(), 503],
    ] as const
  }

  test('not to be framed, scripted, indexed, kept or referred to', async () => {
    for (const [name, response, status] of await answers()) {
      expect([name, response.status]).toEqual([name, status])
      const { headers } = response
      expect([name, headers.get('content-security-policy')]).toEqual([
        name,
        "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      ])
      expect([name, headers.get('cache-control')]).toEqual([name, 'no-store'])
      expect([name, headers.get('referrer-policy')]).toEqual([name, 'no-referrer'])
      expect([name, headers.get('x-robots-tag')]).toEqual([name, 'noindex'])
      expect([name, headers.get('x-content-type-options')]).toEqual([name, 'nosniff'])
      expect([name, headers.get('x-frame-options')]).toEqual([name, 'DENY'])
      expect([name, headers.get('strict-transport-security')]).toEqual([name, expect.stringContaining('max-age=')])
      expect([name, headers.get('access-control-allow-origin')]).toEqual([name, null])
      expect([name, headers.get('set-cookie')]).toEqual([name, null])
      expect([name, headers.get('x-powered-by')]).toEqual([name, null])
    }
  })

  test('scripts are our own two: one kept, one looked at anew', async () => {
    const { get } = await openRappel()
    const [kept, worker] = [await get(pushScript.path), await get(serviceWorker.path)]
    for (const { status, headers } of [kept, worker])
      expect([status, headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
        200,
        'text/javascript; charset=utf-8',
        'nosniff',
      ])
    expect(kept.headers.get('cache-control')).toContain('immutable')
    expect(worker.headers.get('cache-control')).toBe('no-cache')
    // it answers no request in the place of a page, and asks nothing of anybody
    expect(`${await worker.text()}${await kept.text()}`).not.toMatch(/'fetch'|fetch\(|XMLHttpRequest|sendBeacon|https?:/)
  })

  test('the style sheet may be kept', async () => {
    const { get } = await openRappel()
    const response = await get(stylesheet.path)
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-type')).toContain('text/css')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('a route that fails', () => {
  const failing: Route = {
    method: 'GET',
    path: '/fails/:id',
    access: 'public',
    handle: () => {
      throw new Error('about Anne Roy')
    },
  }

  test('says nothing of why, to the reader or in the log, and the next one is served', async () => {
    const { log, lines } = await openRappel()
    const app = createApp({ routes: [failing], log })
    const response = await app.request('/fails/A1?name=Roy')
    expect([response.status, await response.json()]).toMatchObject([500, { title: 'Internal Server Error', status: 500, code: 'internal' }])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'request_failed',
      method: 'GET',
      route: '/fails/:id',
      error: { name: 'Error' },
    })
    for (const trace of ['Roy', 'A1']) expect(lines[0]).not.toContain(trace)
    expect((await app.request('/nothing')).status).toBe(404)
  })
})

test('the public address is not taken from who asks', async () => {
  const { hear, send, sms, get } = await openRappel()
  await hear(bookedChange())
  await send()
  expect(sms.sent[0]?.words.action.url.startsWith(`${PUBLIC_URL}/`)).toBe(true)
  expect((await get('/healthz', { host: 'evil.example', 'x-forwarded-host': 'evil.example' })).status).toBe(200)
})
