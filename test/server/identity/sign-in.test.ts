import { TOTP } from 'otpauth'
import type { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { firstOperatorAddress } from '../../../src/server/identity/identity.ts'
import { newCodes } from '../../../src/server/identity/one-time-codes.ts'
import { doorOf, goodPassword, type IdentityWanted } from '../../support/identity.ts'
import { openRappel } from '../../support/rappel.ts'

async function openDoor(identity: IdentityWanted = {}) {
  const rappel = await openRappel({ identity })
  return { ...rappel, ...doorOf(rappel) }
}

const codeOf = (secret: string, at: Temporal.Instant) =>
  new TOTP({ secret, digits: 6, period: 30, algorithm: 'SHA1' }).generate({ timestamp: at.epochMilliseconds })

describe('signing in', () => {
  test('with the right password one is in, by a cookie of this host that no script reads', async () => {
    const { user, browser, dump } = await openDoor()
    await user('nadia', 'admin')
    const { get, signIn, at, jar } = browser()
    expect(at(await get('/console/me'))).toEqual([303, '/console/sign-in?next=%2Fconsole%2Fme'])
    const answer = await signIn('Nadia ')
    expect(at(answer)).toEqual([303, '/console'])
    const cookie = answer.headers.getSetCookie()[0] ?? ''
    expect(cookie).toMatch(/^__Host-rappel=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect((await get('/console/me')).status).toBe(200)
    expect(await dump()).not.toContain(jar.get('__Host-rappel'))
    expect(await dump()).not.toContain(goodPassword)
  })

  test('it leads on to the page that was asked for, and never to another site', async () => {
    const { user, browser } = await openDoor()
    await user('nadia', 'admin')
    for (const [next, expected] of [
      ['/console/access?after=1', '/console/access?after=1'],
      ['//evil.example', '/console'],
      ['https://evil.example/console', '/console'],
      ['/console//evil.example', '/console'],
      ['/console\\evil', '/console'],
      ['/consoleevil', '/console'],
    ] as const) {
      const { post, at } = browser()
      expect(at(await post('/console/sign-in', { login: 'nadia', password: goodPassword, next }))).toEqual([303, expected])
    }
  })

  test('a wrong password, nobody, somebody disabled and somebody invited are answered alike', async () => {
    const { user, browser, clock } = await openDoor()
    await user('nadia', 'admin')
    await user('gone', 'admin', { disabledAt: clock.now() })
    const { id, login, name, role, language, createdAt } = await user('invited', 'admin')
    const invited = { id, login, name, role, language, createdAt }
    const door = await openDoor()
    await door.store.transact((tx) => tx.users.save(invited))
    const pages = []
    for (const [who, from] of [
      ['nadia', browser()],
      ['nobody', browser()],
      ['gone', browser()],
      ['invited', door.browser()],
    ] as const) {
      const response = await from.signIn(who, who === 'gone' ? goodPassword : 'a wrong password')
      pages.push([response.status, (await response.text()).replaceAll(`value="${who}"`, '')])
    }
    expect(new Set(pages.map((page) => JSON.stringify(page))).size).toBe(1)
    expect(pages[0]?.[0]).toBe(422)
  })

  test('five tries are free; then each waits longer, for an account that exists or not, and the right password too', async () => {
    const { user, browser, clock } = await openDoor()
    await user('nadia', 'admin')
    const { signIn } = browser()
    const said = async (login: string, password: string) => /Trop d’essais/.test(await (await signIn(login, password)).text())
    for (const login of ['nadia', 'nobody']) {
      for (let i = 0; i < 5; i += 1) expect(await said(login, 'a wrong password')).toBe(false)
      expect(await said(login, goodPassword)).toBe(true)
    }
    clock.advance({ seconds: 16 })
    expect(await said('nadia', 'a wrong password')).toBe(false)
    clock.advance({ seconds: 16 })
    expect(await said('nadia', goodPassword)).toBe(true)
    clock.advance({ seconds: 16 })
    expect((await signIn('nadia')).status).toBe(303)
    expect((await signIn('nadia', 'a wrong password')).status).toBe(422)
  })

  test('a hundred at once are a hundred tries', async () => {
    const { user, browser, store } = await openDoor()
    await user('nadia', 'admin')
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser().signIn('nadia', 'a wrong password')))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(texts.filter((text) => !text.includes('Trop d’essais'))).toHaveLength(5)
    const refused = await store.read((tx) => tx.audit.of(Buffer.from('nadia').toString('hex').padStart(32, '0'), 100))
    expect(refused.filter(({ action }) => action === 'sign-in.refused')).toHaveLength(5)
  })

  test('R31: each way in, and each that was refused, is in the audit, by ids', async () => {
    const { user, browser, store } = await openDoor()
    const { id } = await user('nadia', 'admin')
    const { signIn, post } = browser()
    await signIn('nadia', 'a wrong password')
    await signIn('nadia')
    await post('/console/sign-out')
    const rows = await store.read((tx) => tx.audit.of(id, 10))
    expect(rows.map(({ actor, action }) => [actor, action])).toEqual([
      [`user:${id}`, 'sign-out'],
      [`user:${id}`, 'sign-in.accepted'],
      ['visitor', 'sign-in.refused'],
    ])
    expect(JSON.stringify(rows)).not.toContain('nadia')
  })

  test('R29: no other site signs a browser in or out', async () => {
    const { user, browser } = await openDoor()
    await user('nadia', 'admin')
    const { post, get, signIn } = browser()
    const foreign = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }]
    for (const headers of foreign)
      expect((await post('/console/sign-in', { login: 'nadia', password: goodPassword }, headers)).status).toBe(403)
    await signIn('nadia')
    for (const headers of foreign) expect((await post('/console/sign-out', {}, headers)).status).toBe(403)
    expect((await get('/console/me')).status).toBe(200)
  })
})

describe('a session', () => {
  test('ends when nothing is asked for two hours, and after twelve whatever is', async () => {
    const { user, browser, clock } = await openDoor()
    await user('nadia', 'admin')
    const [idle, busy] = [browser(), browser()]
    await idle.signIn('nadia')
    await busy.signIn('nadia')
    for (let hour = 1; hour < 12; hour += 1) {
      clock.advance({ hours: 1 })
      expect([hour, (await busy.get('/console/me')).status]).toEqual([hour, 200])
      if (hour === 2) expect((await idle.get('/console/me')).status).toBe(303)
    }
    clock.advance({ hours: 1 })
    expect((await busy.get('/console/me')).status).toBe(303)
  })

  test('ended by oneself elsewhere, it is over at once', async () => {
    const { user, browser } = await openDoor()
    await user('nadia', 'admin')
    const [here, lost] = [browser(), browser()]
    await here.signIn('nadia')
    await lost.signIn('nadia')
    const ends = [...(await (await here.get('/console/me')).text()).matchAll(/action="(\/console\/me\/sessions\/[0-9a-f]{64}\/end)"/g)].map(
      ([, path]) => path ?? '',
    )
    expect(ends).toHaveLength(2)
    const page = await (await lost.get('/console/me')).text()
    const own = /Celle-ci[\s\S]*?action="(\/console\/me\/sessions\/[0-9a-f]{64}\/end)"/.exec(page)?.[1] ?? ''
    expect((await here.post(own)).headers.get('location')).toBe('/console/me?done=ended')
    expect((await lost.get('/console/me')).status).toBe(303)
    expect((await here.get('/console/me')).status).toBe(200)
  })

  test('nobody ends another’s', async () => {
    const { user, browser, store } = await openDoor()
    await user('nadia', 'reader')
    const other = await user('other', 'reader')
    const [here, theirs] = [browser(), browser()]
    await here.signIn('nadia')
    await theirs.signIn('other')
    const [session] = await store.read((tx) => tx.sessions.ofUser(other.id, 1))
    await here.post(`/console/me/sessions/${session?.id}/end`)
    expect((await theirs.get('/console/me')).status).toBe(200)
  })

  test('a new password ends every other one, and is asked for with the one before', async () => {
    const { user, browser } = await openDoor()
    await user('nadia', 'admin')
    const [here, elsewhere] = [browser(), browser()]
    await here.signIn('nadia')
    await elsewhere.signIn('nadia')
    const wanted = 'un autre long mot de passe à moi'
    expect((await here.post('/console/me/password', { current: 'wrong', wanted, again: wanted })).status).toBe(422)
    expect((await here.post('/console/me/password', { current: goodPassword, wanted, again: `${wanted}!` })).status).toBe(422)
    expect(here.at(await here.post('/console/me/password', { current: goodPassword, wanted, again: wanted }))).toEqual([
      303,
      '/console/me?done=password',
    ])
    expect((await here.get('/console/me')).status).toBe(200)
    expect((await elsewhere.get('/console/me')).status).toBe(303)
    expect((await browser().signIn('nadia')).status).toBe(422)
    expect((await browser().signIn('nadia', wanted)).status).toBe(303)
  })
})

describe('the second factor', () => {
  const enrolled = async () => {
    const door = await openDoor()
    const codes = { ...newCodes(), verifiedAt: door.clock.now() }
    const { id } = await door.user('nadia', 'admin', { codes })
    return { ...door, id, code: () => codeOf(codes.secret, door.clock.now()) }
  }

  test('is asked for after the password, and nothing is open before it', async () => {
    const { browser, code } = await enrolled()
    const { signIn, get, post, at } = browser()
    expect(at(await signIn('nadia'))).toEqual([303, '/console/sign-in/code?next=%2Fconsole'])
    expect((await get('/console/me')).status).toBe(303)
    expect((await get('/console/sign-in/code')).status).toBe(200)
    expect((await post('/console/sign-in/code', { code: '000000' })).status).toBe(422)
    expect(at(await post('/console/sign-in/code', { code: code() }))).toEqual([303, '/console'])
    expect((await get('/console/me')).status).toBe(200)
  })

  test('a code is taken once, and those before it never again', async () => {
    const { browser, code, clock } = await enrolled()
    const early = code()
    clock.advance({ seconds: 30 })
    const first = browser()
    await first.signIn('nadia')
    expect((await first.post('/console/sign-in/code', { code: code() })).status).toBe(303)
    const second = browser()
    await second.signIn('nadia')
    expect((await second.post('/console/sign-in/code', { code: code() })).status).toBe(422)
    expect((await second.post('/console/sign-in/code', { code: early })).status).toBe(422)
    clock.advance({ seconds: 30 })
    expect((await second.post('/console/sign-in/code', { code: code() })).status).toBe(303)
  })

  test('guesses wait longer and longer', async () => {
    const { browser, code } = await enrolled()
    const { signIn, post } = browser()
    await signIn('nadia')
    for (let i = 0; i < 5; i += 1) await post('/console/sign-in/code', { code: '000000' })
    const response = await post('/console/sign-in/code', { code: code() })
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('Trop d’essais')])
  })

  test('is enrolled only with a first right code; then ten recovery codes open once each', async () => {
    const { user, browser, clock, store } = await openDoor()
    const { id } = await user('nadia', 'admin')
    const { signIn, get, post } = browser()
    await signIn('nadia')
    const page = await (await get('/console/me/codes')).text()
    expect(page).toContain('<svg class="qr"')
    expect(page).not.toMatch(/style=/)
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
    expect((await post('/console/me/codes', { code: '000000' })).status).toBe(422)
    expect((await browser().signIn('nadia')).headers.get('location')).toBe('/console')
    const shown = await (await post('/console/me/codes', { code: codeOf(secret, clock.now()) })).text()
    const recovery = [...shown.matchAll(/<code>([0-9a-f-]{23})<\/code>/g)].map(([, each]) => each ?? '')
    expect(recovery).toHaveLength(10)
    expect(JSON.stringify(await store.read((tx) => tx.users.find(id)))).not.toContain(recovery[0])
    for (const expected of [303, 422]) {
      const other = browser()
      expect((await other.signIn('nadia')).headers.get('location')).toContain('/code')
      expect((await other.post('/console/sign-in/code', { code: recovery[0] ?? '' })).status).toBe(expected)
    }
  })

  test('whose role cannot do without one enrols before anything else is open', async () => {
    const { user, browser, clock } = await openDoor({ secondFactorFor: ['admin'] })
    await user('nadia', 'admin')
    const { signIn, get, post, at } = browser()
    expect(at(await signIn('nadia'))).toEqual([303, '/console/sign-in/enrol?next=%2Fconsole'])
    expect((await get('/console/me')).status).toBe(303)
    const page = await (await get('/console/sign-in/enrol')).text()
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
    expect((await post('/console/sign-in/enrol', { code: codeOf(secret, clock.now()) })).status).toBe(200)
    expect((await get('/console/me')).status).toBe(200)
  })
})

describe('the first operator', () => {
  const fields = { name: 'Nadia Roy', login: 'nadia.roy', wanted: goodPassword, again: goodPassword }

  test('is made by a one-time address, where there is nobody yet', async () => {
    const { identity, browser, store } = await openDoor()
    const address = await firstOperatorAddress(identity)
    const path = new URL(address ?? '').pathname
    expect(path).toMatch(/^\/console\/first\/[\w-]{43}$/)
    const { get, post, at, signIn } = browser()
    expect((await get(path)).status).toBe(200)
    expect((await post(path, { ...fields, wanted: 'short', again: 'short' })).status).toBe(422)
    expect((await post(path, { ...fields, again: 'not the same' })).status).toBe(422)
    expect(at(await post(path, fields))).toEqual([303, '/console/sign-in?done=first'])
    expect(at(await signIn('nadia.roy'))).toEqual([303, '/console'])
    expect(await store.read((tx) => tx.users.whoSeeAll(2))).toMatchObject([{ login: 'nadia.roy', role: 'operator' }])
    expect((await get(path)).status).toBe(404)
    expect((await post(path, { ...fields, login: 'second' })).status).toBe(404)
    expect(await firstOperatorAddress(identity)).toBeUndefined()
  })

  test('two who open it at once are one operator', async () => {
    const { identity, browser, store } = await openDoor()
    const path = new URL((await firstOperatorAddress(identity)) ?? '').pathname
    const answers = await Promise.all(['one', 'two'].map((login) => browser().post(path, { ...fields, login })))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404])
    expect(await store.read((tx) => tx.users.list(9))).toHaveLength(1)
  })

  test('the address is good for an hour, and another site may not use it', async () => {
    const { identity, browser, clock } = await openDoor()
    const path = new URL((await firstOperatorAddress(identity)) ?? '').pathname
    const { get, post } = browser()
    expect((await post(path, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    clock.advance({ minutes: 61 })
    expect((await get(path)).status).toBe(404)
    expect((await post(path, fields)).status).toBe(404)
  })
})

test('a password is hashed anew at sign-in once hashes cost more', async () => {
  const { user, browser, store } = await openDoor()
  const { createPasswords } = await import('../../../src/server/identity/passwords.ts')
  const { id } = await user('nadia', 'admin', { password: await createPasswords({ cost: 2 }).hash(goodPassword) })
  expect((await browser().signIn('nadia')).status).toBe(303)
  expect((await store.read((tx) => tx.users.find(id)))?.password).toMatch(/^\$scrypt\$ln=4,/)
  expect((await browser().signIn('nadia')).status).toBe(303)
})
