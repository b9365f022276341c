import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import { mayEnter, mayReach } from '../../core/access.ts'
import { type Language, languageOf } from '../../core/words/language.ts'
import type { StaffEnv, StaffRoute } from '../routes/route.ts'
import { consoleRefusal } from './refusal.tsx'
import { type ClinicName, type Sessions, sessionCookie } from './sessions.ts'

export interface ConsoleGuardDeps {
  readonly sessions: Sessions
  readonly publicUrl: string
  /** All that are configured, by name. */
  readonly clinicNames: () => Promise<readonly ClinicName[]>
}

const usualBytes = 64 * 1024
const languageCookie = 'rappel-lang'

/** What stands before a page of the console, in this order: where a form comes from, who has signed in, whether the role is enough, whose it is, how much is sent (R22, R29). */
export function consoleGuard(route: StaffRoute, deps: ConsoleGuardDeps): readonly MiddlewareHandler<StaffEnv>[] {
  const { least, clinicOf, maxBytes = usualBytes } = route
  const origin = new URL(deps.publicUrl).origin
  return [
    async (c, next) => {
      const language = chosenLanguage(c) ?? 'fr'
      c.set('language', language)
      if (c.req.method !== 'GET' && !isSameOrigin(c, origin)) return consoleRefusal(c, 403, 'elsewhere')
      const session = await deps.sessions.find(getCookie(c, sessionCookie(deps.publicUrl)) ?? '')
      if (!session) return c.redirect(signInFor(c), 303)
      const { caller } = session
      c.set('session', session)
      c.set('caller', caller)
      c.set('language', chosenLanguage(c, session.language) ?? 'fr')
      c.set(
        'clinics',
        (await deps.clinicNames()).filter(({ id }) => mayEnter(caller, id)),
      )
      if (!mayReach(caller, least)) return consoleRefusal(c, 403, 'role')
      const clinicId = clinicOf === 'each' ? undefined : await clinicOf(c)
      // another clinic's is answered like nobody's
      if (clinicOf !== 'each' && (clinicId === undefined || !mayEnter(caller, clinicId))) return consoleRefusal(c, 404, 'missing')
      return next()
    },
    bodyLimit({ maxSize: maxBytes, onError: (c) => consoleRefusal(c as Context<StaffEnv>, 413, 'size') }),
  ]
}

/** Browsers say where a form comes from; who says nothing is no browser, and needs no console (R29). */
export function isSameOrigin(c: Context, origin: string): boolean {
  const site = c.req.header('sec-fetch-site')
  return site === undefined ? c.req.header('origin') === origin : site === 'same-origin'
}

/** The page one asked for is what one sees after signing in; a form is not sent again. */
function signInFor(c: Context): string {
  const { pathname, search } = new URL(c.req.url)
  return c.req.method === 'GET' ? `/console/sign-in?${new URLSearchParams({ next: `${pathname}${search}` })}` : '/console/sign-in'
}

/** The wish in the address is kept for this browser; then the account's, then the browser's own. */
function chosenLanguage(c: Context, own?: Language): Language | undefined {
  const asked = languageOf(c.req.query('lang'))
  if (asked)
    setCookie(c, languageCookie, asked, {
      path: '/console',
      sameSite: 'Lax',
      httpOnly: true,
      secure: c.req.url.startsWith('https:'),
      maxAge: 365 * 24 * 3600,
    })
  return asked ?? languageOf(getCookie(c, languageCookie)) ?? own ?? languageOf(c.req.header('accept-language'))
}
