import { describe, expect, it, test } from 'vitest'
import { addressOf, menu } from '../../../src/server/console/menu.ts'
import { cookieOf, signedIn } from '../../support/console.ts'
import { openRappel, PUBLIC_URL, roles } from '../../support/rappel.ts'

const page = '/console/clinics'

describe('the console', () => {
  it('asks to sign in, and goes on to the page that was asked for', async () => {
    const { get } = await openRappel()
    const answer = await get(`${page}?lang=en`)
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/console/sign-in?${new URLSearchParams({ next: `${page}?lang=en` })}`,
    ])
  })

  it('keeps no page, and runs nothing that is not its own', async () => {
    const { get } = await openRappel()
    const { headers } = await get(page, signedIn('reader'))
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('referrer-policy'), 'or browsers would hide where a form comes from').toBe('same-origin')
  })

  test.each(roles)('%s: finds each page of their own menu, and no other', async (role) => {
    const { app, routes } = await openRappel()
    for (const item of menu) {
      const path = item.of === 'clinic' ? `/console/clinics/:clinic${item.path}` : `/console${item.path}`
      const route = routes().find((each) => each.method === 'GET' && each.path === path)
      expect(route, path).toMatchObject({ access: 'staff', least: item.least })
      const { status } = await app.request(addressOf(item, 'tilleuls'), { headers: signedIn(role) })
      const isListed = (await (await app.request(page, { headers: signedIn(role) })).text()).includes(
        `href="${addressOf(item, 'tilleuls')}"`,
      )
      expect([item.name, status]).toEqual([item.name, isListed ? 200 : 403])
    }
  })

  it('shows the clinics one may see, and to others it is as if they did not exist', async () => {
    const { get } = await openRappel()
    const own = await (await get(page, signedIn('admin'))).text()
    expect(own).toContain('Clinique des Tilleuls')
    expect(own).toContain('lang="fr"')
    const other = await (await get(page, signedIn('admin', 'erables'))).text()
    expect(other).not.toContain('Clinique des Tilleuls')
    expect(other).toContain('Aucune clinique')
    expect((await get('/console/clinics/tilleuls', signedIn('admin', 'erables'))).status).toBe(404)
  })

  it('keeps the language one asks for', async () => {
    const { get } = await openRappel()
    const answer = await get(`${page}?lang=en`, signedIn('reader'))
    expect(await answer.text()).toContain('<html lang="en">')
    const kept = /rappel-lang=en/.exec(answer.headers.get('set-cookie') ?? '')?.[0]
    expect(await (await get(page, { cookie: `${cookieOf('reader')}; ${kept}` })).text()).toContain('<html lang="en">')
  })
})

describe('a form (R29)', () => {
  const cookie = cookieOf('operator', 'all')
  test.each<[string, Record<string, string>]>([
    ['of another site', { cookie, 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }],
    ['of another site that claims our name', { cookie, 'sec-fetch-site': 'cross-site', origin: PUBLIC_URL }],
    ['of a neighbouring host', { cookie, 'sec-fetch-site': 'same-site', origin: 'https://other.rdv.example' }],
    ['of an older browser, from elsewhere', { cookie, origin: 'https://elsewhere.example' }],
    ['of an older browser, from a sandbox', { cookie, origin: 'null' }],
    ['that says nothing of where it comes from', { cookie }],
  ])('%s is refused', async (_what, headers) => {
    const { app, routes } = await openRappel()
    for (const { path } of routes().filter((each) => each.access === 'staff' && each.method === 'POST'))
      expect([path, (await app.request(path, { method: 'POST', headers })).status]).toEqual([path, 403])
  })
})
