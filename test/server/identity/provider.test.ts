import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { readClaims } from '../../../src/server/identity/claims.ts'
import type { ProviderOptions } from '../../../src/server/identity/provider.ts'
import { doorOf, goodPassword } from '../../support/identity.ts'
import { type IssuerOptions, type Misbehaviour, openIssuer } from '../../support/oidc-issuer.ts'
import { openRappel, PUBLIC_URL } from '../../support/rappel.ts'

const client = { clientId: 'rappel', clientSecret: 'a secret of the two, long enough' }
const nadia = { email: 'nadia@tilleuls.example', email_verified: true, name: 'Nadia Roy', groups: ['rappel-secretaries'] }

const rules = {
  label: 'Tilleuls ID',
  scopes: ['openid', 'profile', 'email'],
  loginClaim: 'email',
  nameClaim: 'name',
  roleClaim: 'groups',
  roles: [
    { value: 'rappel-admins', role: 'admin' as const },
    { value: 'rappel-secretaries', role: 'appointments' as const, clinics: ['tilleuls'] },
  ],
  newAccounts: 'create' as const,
}

async function openDoor(change: Partial<ProviderOptions> = {}, as: IssuerOptions = client) {
  const issuer = await openIssuer(as)
  const secret = as.clientKey ? {} : { clientSecret: client.clientSecret }
  const rappel = await openRappel({ identity: { oidc: { issuer: issuer.issuer, clientId: 'rappel', ...secret, ...rules, ...change } } })
  const door = { ...rappel, ...doorOf(rappel), issuer }
  /** From the button to the page that comes of it. */
  async function signIn(claims: Record<string, unknown> = nadia, misbehaviour?: Misbehaviour, browser = door.browser()) {
    const leaving = await browser.get('/console/sign-in/provider?next=/console/me')
    const answer = await browser.get(issuer.approve(leaving.headers.get('location') ?? '', claims, misbehaviour))
    return { ...browser, leaving, answer }
  }
  return { ...door, signIn }
}

describe('by an OpenID provider', () => {
  test('one comes in with the role and the clinics the provider says, and an account is made', async () => {
    const { signIn, store, issuer } = await openDoor()
    const { leaving, answer, get, at } = await signIn()
    const asked = new URL(leaving.headers.get('location') ?? '').searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'rappel',
      redirect_uri: `${PUBLIC_URL}/console/sign-in/return`,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    })
    expect(leaving.headers.getSetCookie()[0]).toMatch(/^__Host-rappel-errand=.*Max-Age=600.*HttpOnly; Secure; SameSite=Lax/)
    expect(at(answer)).toEqual([303, '/console/me'])
    expect((await get('/console/me')).status).toBe(200)
    expect(await store.read((tx) => tx.users.byLogin(nadia.email))).toMatchObject({
      name: 'Nadia Roy',
      role: 'appointments',
      clinics: ['tilleuls'],
      provider: { issuer: issuer.issuer, subject: 'subject-1' },
    })
  })

  test.each<Misbehaviour>([
    'another nonce',
    'no nonce',
    'no signature',
    'signed with the secret',
    'signed with a foreign key',
    'changed after it was signed',
    'for another client',
    'for several, on behalf of another',
    'expired',
    'issued in the future',
    'from another issuer',
    'without a subject',
    'another state',
    'another issuer in the answer',
    'no token',
  ])('a provider’s word that is %s lets nobody in', async (misbehaviour) => {
    const { signIn, store } = await openDoor()
    const { answer, get } = await signIn(nadia, misbehaviour)
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('pas pu être vérifiée')])
    expect((await get('/console/me')).status).toBe(303)
    expect(await store.read((tx) => tx.users.list(9))).toEqual([])
  })

  test('an answer is taken once, and only by the browser that asked', async () => {
    const { browser, issuer } = await openDoor()
    const [own, other] = [browser(), browser()]
    const leaving = await own.get('/console/sign-in/provider')
    const back = issuer.approve(leaving.headers.get('location') ?? '', nadia)
    expect((await other.get(back)).status).toBe(403)
    await other.get('/console/sign-in/provider')
    expect((await other.get(back)).status).toBe(403)
    expect((await own.get(back)).status).toBe(303)
    expect((await own.get(back)).status).toBe(403)
  })

  test('the client proves itself with a key of its own, where it has one', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const { signIn, issuer } = await openDoor(
      { privateKey: await exportPKCS8(privateKey), keyId: 'own' },
      { clientId: 'rappel', clientKey: publicKey },
    )
    expect((await signIn()).answer.status).toBe(303)
    expect(issuer.tokenRequests[0]?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  })

  test('a provider that does not answer is said, and asked again the next time', async () => {
    const rappel = await openRappel({ identity: { oidc: { issuer: 'http://127.0.0.1:9', clientId: 'rappel', ...rules } } })
    const { get } = doorOf(rappel).browser()
    const response = await get('/console/sign-in/provider')
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('ne répond pas')])
  })

  test('another role the next time ends what was open, and is in the audit', async () => {
    const { signIn, store } = await openDoor()
    const before = await signIn()
    await signIn({ ...nadia, groups: ['rappel-admins'] })
    expect((await before.get('/console/me')).status).toBe(303)
    const user = await store.read((tx) => tx.users.byLogin(nadia.email))
    expect(user).toMatchObject({ role: 'admin' })
    expect(user).not.toHaveProperty('clinics')
    expect((await store.read((tx) => tx.audit.of(user?.id ?? '', 9))).map(({ action }) => action)).toEqual([
      'sign-in.accepted',
      'user.changed',
      'sign-in.accepted',
      'user.added',
    ])
  })

  test.each<[string, Partial<ProviderOptions>, Record<string, unknown>, RegExp]>([
    ['without the claim that is required', { requiredClaim: { claim: 'hd', value: 'tilleuls.example' } }, nadia, /ne fait pas partie/],
    ['of no group that has a role', {}, { ...nadia, groups: ['others'] }, /Aucun de vos groupes/],
    ['whose address nobody verified', {}, { ...nadia, email_verified: false }, /vérifiée/],
    ['without a name to be known by', {}, { groups: nadia.groups }, /ne dit pas qui vous êtes/],
    ['new, where accounts are made beforehand', { newAccounts: 'refuse' }, nadia, /pas de compte/],
  ])('somebody %s is refused, and told why', async (_, change, claims, says) => {
    const { signIn } = await openDoor(change)
    const { answer, get } = await signIn(claims)
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringMatching(says)])
    expect((await get('/console/me')).status).toBe(303)
  })

  test('an account that was made beforehand is theirs at the first sign-in, with the role given by hand', async () => {
    const { signIn, user, store, issuer } = await openDoor({ roles: [], newAccounts: 'refuse' })
    const { password: _, ...waiting } = await user(nadia.email, 'reader')
    await store.transact((tx) => tx.users.save(waiting))
    expect((await signIn()).answer.status).toBe(303)
    expect(await store.read((tx) => tx.users.bySubject(issuer.issuer, 'subject-1'))).toMatchObject({ id: waiting.id, role: 'reader' })
  })

  test('an account with a password is nobody’s for having its name', async () => {
    const { signIn, user } = await openDoor()
    await user(nadia.email, 'operator')
    expect((await signIn()).answer.status).toBe(403)
  })

  test('somebody disabled here stays out', async () => {
    const { signIn, store, clock } = await openDoor()
    const { get } = await signIn()
    const user = await store.read((tx) => tx.users.byLogin(nadia.email))
    if (user) await store.transact((tx) => tx.users.save({ ...user, disabledAt: clock.now() }))
    expect((await get('/console/me')).status).toBe(303)
    expect((await signIn()).answer.status).toBe(403)
  })

  test('passwords open nothing where there are no local accounts', async () => {
    const issuer = await openIssuer(client)
    const rappel = await openRappel({
      identity: { localAccounts: false, oidc: { issuer: issuer.issuer, ...client, ...rules } },
    })
    const { user, browser } = doorOf(rappel)
    await user('nadia', 'admin')
    const { get, signIn } = browser()
    expect((await signIn('nadia', goodPassword)).status).toBe(422)
    expect(await (await get('/console/sign-in')).text()).not.toContain('type="password"')
  })
})

describe('leaving', () => {
  test('ends the session here, and says where the provider’s is ended', async () => {
    const { signIn, issuer } = await openDoor()
    const { post, get, at } = await signIn()
    expect(at(await post('/console/sign-out'))).toEqual([303, '/console/signed-out'])
    expect((await get('/console/me')).status).toBe(303)
    const page = await (await get('/console/signed-out')).text()
    expect(page).toContain(`href="${issuer.issuer}/logout?post_logout_redirect_uri=`)
  })

  test('the provider ends all of somebody’s sessions by its back channel', async () => {
    const { signIn, issuer, post } = await openDoor()
    const { get } = await signIn()
    const path = '/console/sign-in/back-channel-logout'
    for (const forged of [
      await issuer.logoutToken({}, issuer.foreignKey),
      await issuer.logoutToken({ nonce: 'x' }),
      await issuer.logoutToken({ events: {} }),
      await issuer.logoutToken({ sub: undefined }),
      'nonsense',
    ])
      expect((await post(path, { logout_token: forged })).status).toBe(400)
    expect((await get('/console/me')).status).toBe(200)
    expect((await post(path, { logout_token: await issuer.logoutToken() })).status).toBe(200)
    expect((await get('/console/me')).status).toBe(303)
  })
})

describe('claims', () => {
  const said = (claims: Record<string, unknown>, change: Partial<typeof rules> = {}) =>
    readClaims({ ...nadia, ...claims }, { ...rules, ...change })

  test.each<[string, Record<string, unknown>, Partial<typeof rules>, unknown]>([
    ['the first row that matches gives the role', { groups: ['rappel-secretaries', 'rappel-admins'] }, {}, { role: 'admin' }],
    ['one text is a list of one', { groups: 'rappel-secretaries' }, {}, { role: 'appointments', clinics: ['tilleuls'] }],
    ['a claim is found by its path', { realm: { roles: ['rappel-admins'] } }, { roleClaim: 'realm.roles' }, { role: 'admin' }],
    ['a name with dots is a name first', { 'a.b': ['rappel-admins'], a: { b: [] } }, { roleClaim: 'a.b' }, { role: 'admin' }],
    ['numbers and objects are no roles', { groups: [1, {}, null, 'rappel-admins'] }, {}, { role: 'admin' }],
    [
      'clinics of all rows of one role add up',
      { groups: ['a', 'b'] },
      {
        roles: [
          { value: 'a', role: 'appointments' as const, clinics: ['tilleuls'] },
          { value: 'b', role: 'appointments' as const, clinics: ['erables'] },
        ],
      },
      { role: 'appointments', clinics: ['tilleuls', 'erables'] },
    ],
  ])('%s', (_, claims, change, grant) => {
    expect(said(claims, change)).toMatchObject({ kind: 'known', grant })
  })

  test('what a claim inherits is nobody’s word', () => {
    expect(said({ groups: undefined }, { roleClaim: 'constructor.name' })).toEqual({ kind: 'refused', reason: 'no_role' })
  })
})
