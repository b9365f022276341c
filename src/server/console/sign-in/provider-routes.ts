import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { type Identity, returnPath } from '../../identity/identity.ts'
import type { ProvedIdentity, Provider } from '../../identity/provider.ts'
import { endByProvider, type ProviderRefusal, signInWithProvider } from '../../identity/provider-sign-in.ts'
import type { OpenRoute } from '../../routes/route.ts'
import { problem } from '../../routes/route.ts'
import { onward, signInForm } from './routes.tsx'
import { signInTexts } from './texts.ts'
import { nextPage, visitorOf } from './visitor.ts'

const small = { access: 'public', maxBytes: 8 * 1024 } as const

/** To the provider and back; nothing where there is none. */
export function providerRoutes(identity: Identity): readonly OpenRoute[] {
  const { provider } = identity
  if (!provider) return []
  return [
    { method: 'GET', path: '/console/sign-in/provider', ...small, handle: (c) => leave(identity, provider, c) },
    { method: 'GET', path: returnPath, ...small, handle: (c) => comeBack(identity, provider, c) },
    { method: 'POST', path: '/console/sign-in/back-channel-logout', access: 'provider', handle: (c) => loggedOut(identity, provider, c) },
  ]
}

const errand = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() })

/** Of this browser alone, for ten minutes; `Lax`, since the provider's page is another site. */
function cookieOf({ publicUrl }: Identity) {
  const secure = publicUrl.startsWith('https:')
  const options = { path: '/', httpOnly: true, secure, sameSite: 'Lax', maxAge: 600 } as const
  return { name: secure ? '__Host-rappel-errand' : 'rappel-errand', options }
}

async function leave(identity: Identity, provider: Provider, c: Context): Promise<Response> {
  const { name, options } = cookieOf(identity)
  const begun = await provider.begin().catch(() => undefined)
  if (!begun) return refuse(identity, c, 'unavailable')
  const kept: z.output<typeof errand> = { ...begun.errand, next: nextPage(c.req.query('next')) }
  setCookie(c, name, Buffer.from(JSON.stringify(kept)).toString('base64url'), options)
  return c.redirect(begun.address, 303)
}

async function comeBack(identity: Identity, provider: Provider, c: Context): Promise<Response> {
  const { name, options } = cookieOf(identity)
  const kept = readErrand(getCookie(c, name))
  setCookie(c, name, '', { ...options, maxAge: 0 })
  const proved = kept && (await prove(provider, c, kept))
  if (!proved) return refuse(identity, c, 'not_proved')
  const result = await signInWithProvider(identity, provider, proved, visitorOf(c, identity).place)
  if (result.kind === 'refused') return refuse(identity, c, result.reason)
  return onward(identity, c, result, nextPage(kept.next)) ?? refuse(identity, c, 'not_proved')
}

/** Whatever is wrong with the answer, it is nobody's: which fault it is would help only who forged it. */
async function prove(provider: Provider, c: Context, kept: z.output<typeof errand>): Promise<ProvedIdentity | undefined> {
  try {
    return await provider.finish(new URL(c.req.url).searchParams, kept)
  } catch {
    return undefined
  }
}

function readErrand(cookie: string | undefined): z.output<typeof errand> | undefined {
  try {
    return errand.parse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}

function refuse(identity: Identity, c: Context, reason: ProviderRefusal | 'unavailable' | 'not_proved'): Response | Promise<Response> {
  const { language } = visitorOf(c, identity)
  return c.html(signInForm(identity, { language, next: '/console', errors: [{ says: signInTexts(language).provider[reason] }] }), 403)
}

/** OpenID Connect Back-Channel Logout 1.0: the token is the provider's own, or nothing happens. */
async function loggedOut({ store, clock }: Identity, provider: Provider, c: Context): Promise<Response> {
  const form = await c.req.parseBody()
  const token = form.logout_token
  const whom = typeof token === 'string' ? await provider.loggedOut(token).catch(() => undefined) : undefined
  if (!whom) return problem(c, 400, 'not a logout token of the provider')
  await store.transact((tx) => endByProvider(tx, whom, clock.now()))
  return c.body(null, 200)
}
