import { Temporal } from 'temporal-polyfill'
import type { Role } from '../../src/core/access.ts'
import type { User } from '../../src/core/user.ts'
import { createApp } from '../../src/server/app.ts'
import { clinicNames } from '../../src/server/console/clinic-names.ts'
import { createIdentity, type IdentityDeps, type IdentityOptions } from '../../src/server/identity/identity.ts'
import { createPasswords } from '../../src/server/identity/passwords.ts'
import type { Rappel } from './rappel.ts'

export type IdentityWanted = Partial<IdentityOptions>

/** As the service has it, with hashes that cost a millisecond. */
export function identityFor(deps: Omit<IdentityDeps, 'passwords'>, wanted: IdentityWanted = {}) {
  return createIdentity(
    { ...deps, passwords: createPasswords({ cost: 4 }) },
    {
      idle: Temporal.Duration.from({ hours: 2 }),
      longest: Temporal.Duration.from({ hours: 12 }),
      secondFactorFor: [],
      localAccounts: true,
      ...wanted,
    },
  )
}

export const goodPassword = 'les mélèzes perdent leurs aiguilles'

/** The real door of a test's server: its own sessions and keys, and a browser that keeps cookies. */
export function doorOf({ identity, routes, log, settings, clock, store }: Rappel) {
  const app = createApp({
    routes: routes(),
    apiKeys: identity.keys,
    console: { sessions: identity.sessions, publicUrl: identity.publicUrl, clinicNames: () => clinicNames(store, [settings.clinic.id]) },
    log,
  })

  /** With the password above, unless told. */
  async function user(login: string, role: Role, change: Partial<User> = {}): Promise<User> {
    const made: User = {
      id: Buffer.from(login).toString('hex').padStart(32, '0'),
      login,
      name: `Personne ${login.toUpperCase()}`,
      role,
      language: 'fr',
      password: await identity.passwords.hash(goodPassword),
      createdAt: clock.now(),
      ...change,
    }
    await store.transact((tx) => tx.users.save(made))
    return made
  }

  function browser() {
    const jar = new Map<string, string>()
    async function ask(
      method: string,
      path: string,
      body?: Record<string, string> | URLSearchParams,
      headers: Record<string, string> = {},
    ) {
      const response = await app.request(path, {
        method,
        headers: {
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          'sec-fetch-site': 'same-origin',
          'accept-language': 'fr',
          'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
          ...headers,
        },
        ...(body && { body: new URLSearchParams(body) }),
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        if (/max-age=0/i.test(cookie)) jar.delete(name)
        else jar.set(name, value)
      }
      return response
    }
    return {
      jar,
      get: (path: string, headers?: Record<string, string>) => ask('GET', path, undefined, headers),
      post: (path: string, body: Record<string, string> | URLSearchParams = {}, headers?: Record<string, string>) =>
        ask('POST', path, body, headers),
      signIn: (login: string, password = goodPassword) => ask('POST', '/console/sign-in', { login, password }),
      /** Where an answer leads, and its status. */
      at: (response: Response) => [response.status, response.headers.get('location')] as const,
    }
  }

  return { app, user, browser }
}
