import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Caller, Role } from '../../../src/core/access.ts'
import { addKey, revokeKey, rotateKey } from '../../../src/server/identity/key-acts.ts'
import { addUser, changeUser, disableUser, enableUser, resetUser } from '../../../src/server/identity/user-acts.ts'
import { doorOf, goodPassword } from '../../support/identity.ts'
import { openRappel, roles } from '../../support/rappel.ts'

async function openDoor() {
  const rappel = await openRappel()
  return { ...rappel, ...doorOf(rappel) }
}

const callerOf = (role: Role, clinics?: readonly string[], scopes?: readonly string[]): Caller => ({
  name: role,
  role,
  ...(clinics && { clinics }),
  ...(scopes && { scopes }),
})

/** Who may give which role, as a person would look it up. */
const gives: Readonly<Record<Role, readonly Role[]>> = {
  operator: ['operator', 'admin', 'appointments', 'reader', 'integrator'],
  admin: ['admin', 'appointments', 'reader'],
  appointments: ['appointments', 'reader'],
  reader: ['reader'],
  integrator: ['integrator'],
}

describe('nobody gives more than they have', () => {
  test.each(roles)('%s: roles', async (role) => {
    const { store, clock } = await openDoor()
    for (const wanted of roles) {
      const act = { caller: callerOf(role), now: clock.now() }
      const user = await store.transact((tx) => addUser(tx, { login: `to-${wanted}`, name: 'x', role: wanted, ...act }))
      const key = await store.transact((tx) => addKey(tx, { name: 'x', role: wanted }, act))
      expect([wanted, user.kind, key.kind]).toEqual([wanted, ...Array(2).fill(gives[role].includes(wanted) ? 'done' : 'refused')])
    }
  })

  test.each<[string, readonly string[] | undefined, readonly string[] | undefined, boolean]>([
    ['of all clinics, all', undefined, undefined, true],
    ['of all clinics, one', undefined, ['tilleuls'], true],
    ['of two, one', ['tilleuls', 'erables'], ['tilleuls'], true],
    ['of one, another', ['tilleuls'], ['erables'], false],
    ['of one, all', ['tilleuls'], undefined, false],
    ['of one, that and another', ['tilleuls'], ['tilleuls', 'erables'], false],
  ])('clinics: %s', async (_, own, clinics, may) => {
    const { store, clock } = await openDoor()
    const act = { caller: callerOf('admin', own), now: clock.now() }
    const reach = { role: 'reader' as const, ...(clinics && { clinics }) }
    const user = await store.transact((tx) => addUser(tx, { login: 'new', name: 'x', ...reach, ...act }))
    const key = await store.transact((tx) => addKey(tx, { name: 'x', ...reach }, act))
    expect([user.kind, key.kind]).toEqual(Array(2).fill(may ? 'done' : 'refused'))
  })

  test('a key of narrower scope makes no wider key, and no user', async () => {
    const { store, clock } = await openDoor()
    const act = { caller: callerOf('admin', undefined, ['keys:write', 'settings:read']), now: clock.now() }
    const make = (scopes?: readonly string[]) =>
      store.transact((tx) => addKey(tx, { name: 'x', role: 'reader', ...(scopes && { scopes }) }, act))
    expect((await make(['settings:read'])).kind).toBe('done')
    expect((await make(['keys:read'])).kind).toBe('done')
    expect((await make(['settings:write'])).kind).toBe('refused')
    expect((await make()).kind).toBe('refused')
    expect((await store.transact((tx) => addUser(tx, { login: 'new', name: 'x', role: 'reader', ...act }))).kind).toBe('refused')
  })

  test('whom one may not manage one can neither change, disable, reset nor find', async () => {
    const { store, clock, user } = await openDoor()
    const operator = await user('op', 'operator')
    const elsewhere = await user('elsewhere', 'reader', { clinics: ['erables'] })
    const act = { caller: callerOf('admin', ['tilleuls']), now: clock.now() }
    for (const { id: userId } of [operator, elsewhere])
      for (const run of [changeUser, disableUser, enableUser, resetUser])
        expect(await store.transact((tx) => run(tx, { ...act, userId }))).toEqual({ kind: 'refused', reason: 'unknown' })
  })
})

describe('the last operator of all clinics', () => {
  test('is neither disabled, nor made less, nor confined; a second one makes it possible', async () => {
    const { store, clock, user } = await openDoor()
    const { id: userId } = await user('op', 'operator')
    const act = { userId, caller: callerOf('operator'), now: clock.now() }
    const attempts = () => [
      store.transact((tx) => disableUser(tx, act)),
      store.transact((tx) => changeUser(tx, { ...act, role: 'admin' })),
      store.transact((tx) => changeUser(tx, { ...act, clinics: ['tilleuls'] })),
    ]
    for (const attempt of attempts()) expect(await attempt).toEqual({ kind: 'refused', reason: 'last_operator' })
    await store.transact((tx) => addUser(tx, { login: 'invited', name: 'x', role: 'operator', caller: act.caller, now: act.now }))
    expect(await attempts()[0]).toEqual({ kind: 'refused', reason: 'last_operator' })
    await user('second', 'operator')
    expect((await store.transact((tx) => disableUser(tx, act))).kind).toBe('done')
  })

  test('of two who disable each other at once, one is left', async () => {
    const { store, clock, user } = await openDoor()
    const [one, two] = [await user('one', 'operator'), await user('two', 'operator')]
    const act = (userId: string) => store.transact((tx) => disableUser(tx, { userId, caller: callerOf('operator'), now: clock.now() }))
    expect((await Promise.all([act(one.id), act(two.id)])).map(({ kind }) => kind).sort()).toEqual(['done', 'refused'])
  })
})

describe('sessions end', () => {
  test.each<[string, (door: Awaited<ReturnType<typeof openDoor>>, userId: string) => Promise<unknown>]>([
    [
      'when the role changes',
      ({ store, clock }, userId) =>
        store.transact((tx) => changeUser(tx, { userId, role: 'admin', caller: callerOf('operator'), now: clock.now() })),
    ],
    [
      'when the clinics change',
      ({ store, clock }, userId) =>
        store.transact((tx) => changeUser(tx, { userId, clinics: ['tilleuls'], caller: callerOf('operator'), now: clock.now() })),
    ],
    [
      'when one is disabled',
      ({ store, clock }, userId) => store.transact((tx) => disableUser(tx, { userId, caller: callerOf('operator'), now: clock.now() })),
    ],
    [
      'when one is reset',
      ({ store, clock }, userId) => store.transact((tx) => resetUser(tx, { userId, caller: callerOf('operator'), now: clock.now() })),
    ],
  ])('%s', async (_, act) => {
    const door = await openDoor()
    const { id } = await door.user('nadia', 'reader')
    const { signIn, get } = door.browser()
    await signIn('nadia')
    expect((await get('/console/me')).status).toBe(200)
    await act(door, id)
    expect((await get('/console/me')).status).toBe(303)
  })

  test('but not with another name', async () => {
    const { user, browser, store, clock } = await openDoor()
    const { id } = await user('nadia', 'reader')
    const { signIn, get } = browser()
    await signIn('nadia')
    await store.transact((tx) => changeUser(tx, { userId: id, name: 'Nadia R.', caller: callerOf('operator'), now: clock.now() }))
    expect(await (await get('/console/me')).text()).toContain('Nadia R.')
  })
})

describe('the page of accesses', () => {
  test('an administrator invites a secretary, who chooses a password by an address that works once', async () => {
    const { user, browser, identity } = await openDoor()
    await user('nadia', 'admin', { clinics: ['tilleuls'] })
    const admin = browser()
    await admin.signIn('nadia')
    const form = await (await admin.get('/console/access')).text()
    expect(form).not.toContain('value="operator"')
    const shown = await (
      await admin.post('/console/access/users', { login: 'Sam', name: 'Sam Petit', role: 'appointments', clinics: 'tilleuls' })
    ).text()
    const link = /value="(https:[^"]+)"/.exec(shown)?.[1] ?? ''
    expect(link.startsWith(`${identity.publicUrl}/console/invited/`)).toBe(true)
    const path = new URL(link).pathname
    const sam = browser()
    expect(await (await sam.get(path)).text()).toContain('sam')
    expect((await sam.post(path, { wanted: 'motdepasse2026', again: 'motdepasse2026' })).status).toBe(422)
    expect(sam.at(await sam.post(path, { wanted: goodPassword, again: goodPassword }))).toEqual([303, '/console/sign-in?done=password'])
    expect((await sam.post(path, { wanted: goodPassword, again: goodPassword })).status).toBe(404)
    expect((await sam.signIn('sam')).status).toBe(303)
    expect((await sam.get('/console/access')).status).toBe(403)
    expect(await (await admin.get('/console/access')).text()).toContain('Sam Petit')
  })

  test('what one has not to give is refused though the form is forged', async () => {
    const { user, browser, store } = await openDoor()
    await user('nadia', 'admin', { clinics: ['tilleuls'] })
    const { signIn, post } = browser()
    await signIn('nadia')
    for (const fields of [
      { role: 'operator', clinics: 'tilleuls' },
      { role: 'reader', clinics: '*' },
      { role: 'reader', clinics: 'erables' },
      { role: 'nurse', clinics: 'tilleuls' },
    ])
      expect((await post('/console/access/users', { login: 'new', name: 'New', ...fields })).status).toBe(422)
    expect(await store.read((tx) => tx.users.list(9))).toHaveLength(1)
  })

  test('a key is shown once, opens what it says, and no more once it is revoked', async () => {
    const { user, browser, app, store, dump } = await openDoor()
    await user('nadia', 'admin')
    const { signIn, post, get } = browser()
    await signIn('nadia')
    const made = await post('/console/access/keys', {
      name: 'laboratory',
      role: 'reader',
      clinics: 'tilleuls',
      scopes: 'settings:read',
      days: '30',
    })
    const token = /value="(rpl_[0-9a-f]{32}_[\w-]{43})"/.exec(await made.text())?.[1] ?? ''
    expect(await dump()).not.toContain(token.split('_')[2])
    expect(await (await get('/console/access')).text()).not.toContain(token)
    const call = (path: string, given = token) => app.request(path, { headers: { authorization: `Bearer ${given}` } })
    expect((await call('/api/v1/clinics/tilleuls/settings')).status).toBe(200)
    expect((await call('/api/v1/clinics/erables/settings')).status).toBe(404)
    expect((await call('/api/v1/clinics/tilleuls/to-call')).status).toBe(403)
    expect((await call('/api/v1/clinics/tilleuls/settings', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).status).toBe(401)
    const [key] = await store.read((tx) => tx.apiKeys.list(9))
    await post(`/console/access/keys/${key?.id}`, { do: 'revoke' })
    expect((await call('/api/v1/clinics/tilleuls/settings')).status).toBe(401)
  })
})

describe('keys', () => {
  const open = async () => {
    const door = await openDoor()
    const act = () => ({ caller: callerOf('operator'), now: door.clock.now() })
    const made = await door.store.transact((tx) =>
      addKey(tx, { name: 'x', role: 'reader', expiresAt: door.clock.now().add({ hours: 48 }) }, act()),
    )
    if (made.kind !== 'done') throw new Error('no key')
    const opens = async (token: string) =>
      (await door.app.request('/api/v1/clinics/tilleuls/settings', { headers: { authorization: `Bearer ${token}` } })).status === 200
    return { ...door, ...made, act, opens }
  }

  test('R33: one that is rotated a hundred times under load shuts nobody out, and the one before opens a day longer', async () => {
    const { store, key, token, act, opens, clock } = await open()
    let current = token
    for (let i = 0; i < 100; i += 1) {
      const before = current
      const [made, ...opened] = await Promise.all([store.transact((tx) => rotateKey(tx, key.id, act())), opens(before), opens(before)])
      if (made.kind !== 'done') throw new Error('not rotated')
      current = made.token
      expect([i, ...opened, await opens(before), await opens(current)]).toEqual([i, true, true, true, true])
      if (i === 0) expect(await opens(token)).toBe(true)
    }
    expect(await opens(token)).toBe(false)
    const last = await store.transact((tx) => rotateKey(tx, key.id, act()))
    clock.advance({ hours: 25 })
    expect(await opens(current)).toBe(false)
    expect(await opens(last.kind === 'done' ? last.token : '')).toBe(true)
  })

  test('they end when they expire, and when revoked with the one before', async () => {
    const { token, opens, clock, store, key, act } = await open()
    expect(await opens(token)).toBe(true)
    const rotated = await store.transact((tx) => rotateKey(tx, key.id, act()))
    await store.transact((tx) => revokeKey(tx, key.id, act()))
    expect(await opens(token)).toBe(false)
    expect(await opens(rotated.kind === 'done' ? rotated.token : '')).toBe(false)
    expect((await store.transact((tx) => rotateKey(tx, key.id, act()))).kind).toBe('refused')
    const other = await open()
    other.clock.advance({ hours: 48 })
    expect(await other.opens(other.token)).toBe(false)
    expect(clock.now()).toBeInstanceOf(Temporal.Instant)
  })

  test('when they were used is known to the hour', async () => {
    const { token, opens, clock, store, key } = await open()
    const used = async () => (await store.read((tx) => tx.apiKeys.find(key.id)))?.usedAt?.toString()
    expect(await used()).toBeUndefined()
    await opens(token)
    const first = clock.now().toString()
    clock.advance({ minutes: 59 })
    await opens(token)
    expect(await used()).toBe(first)
    clock.advance({ minutes: 1 })
    await opens(token)
    expect(await used()).toBe(clock.now().toString())
  })
})

describe('users and keys by the API', () => {
  test('the same acts: added, changed, reset, disabled, and made, rotated, revoked; each is in the audit', async () => {
    const { call, store } = await openDoor()
    const send = async (request: string, body?: unknown) => {
      const response = await call('admin', request, body)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const added = await send('POST /api/v1/users', { login: 'Sam', name: 'Sam Petit', role: 'reader', clinics: ['tilleuls'] })
    expect(added).toMatchObject({
      status: 201,
      body: { login: 'sam', state: 'invited', link: expect.stringContaining('/console/invited/') },
    })
    const path = `/api/v1/users/${String(added.body.id)}`
    expect(await send(`PUT ${path}`, { role: 'appointments' })).toMatchObject({ status: 200, body: { role: 'appointments' } })
    expect(await send(`PUT ${path}`, { role: 'operator' })).toMatchObject({ status: 403 })
    expect(await send(`PUT ${path}`, {})).toMatchObject({ status: 422 })
    expect(await send(`POST ${path}/reset`)).toMatchObject({ status: 200, body: { link: expect.any(String) } })
    expect(await send(`PUT ${path}`, { disabled: true })).toMatchObject({ status: 200, body: { state: 'disabled' } })
    expect(await send('POST /api/v1/users', { login: 'sam', name: 'x', role: 'reader', clinics: ['tilleuls'] })).toMatchObject({
      status: 409,
    })
    expect(await send('GET /api/v1/users')).toMatchObject({ body: { items: [{ login: 'sam' }] } })
    const made = await send('POST /api/v1/keys', {
      name: 'lab',
      role: 'reader',
      clinics: ['tilleuls'],
      expiresAt: '2027-01-01T00:00:00+01:00',
    })
    expect(made).toMatchObject({ status: 201, body: { token: expect.stringMatching(/^rpl_/), expiresAt: '2026-12-31T23:00:00Z' } })
    const key = `/api/v1/keys/${String(made.body.id)}`
    expect(await send(`POST ${key}/rotate`)).toMatchObject({ status: 200, body: { token: expect.stringMatching(/^rpl_/) } })
    expect(await send(`DELETE ${key}`)).toMatchObject({ status: 200, body: { revokedAt: expect.any(String) } })
    const acts = async (id: unknown) => (await store.read((tx) => tx.audit.of(String(id), 20))).map(({ action }) => action)
    expect(await acts(added.body.id)).toEqual(['user.disabled', 'user.changed', 'user.reset', 'user.changed', 'user.added'])
    expect(await acts(made.body.id)).toEqual(['key.revoked', 'key.rotated', 'key.added'])
  })

  test('another clinic’s people and keys are not there', async () => {
    const { call, app, user, store, clock } = await openDoor()
    const { id } = await user('theirs', 'reader', { clinics: ['erables'] })
    await store.transact((tx) =>
      addKey(tx, { name: 'theirs', role: 'reader', clinics: ['erables'] }, { caller: callerOf('operator'), now: clock.now() }),
    )
    expect(await (await call('admin', 'GET /api/v1/users')).json()).toEqual({ items: [] })
    expect(await (await call('admin', 'GET /api/v1/keys')).json()).toEqual({ items: [] })
    expect((await call('admin', `PUT /api/v1/users/${id}`, { name: 'x' })).status).toBe(404)
    expect((await app.request('/api/v1/users')).status).toBe(401)
  })
})
