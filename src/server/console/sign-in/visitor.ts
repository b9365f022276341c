import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type Language, languageOf } from '../../../core/words/language.ts'
import { countedAs } from '../../client-address.ts'
import type { Identity } from '../../identity/identity.ts'
import { deviceOf, type Presence } from '../../identity/sessions.ts'
import type { Place } from '../../identity/sign-in.ts'
import { isSameOrigin } from '../guard.ts'
import { sessionCookie } from '../sessions.ts'

/** Somebody who has not signed in, or half. */
export interface Visitor {
  readonly language: Language
  readonly place: Place
  /** Whose cookie it is, at whatever stage. */
  presence(): Promise<Presence | undefined>
  /** The fields of a form; a name that came twice, or a file, is none. */
  fields(): Promise<Readonly<Record<string, string>>>
}

export function visitorOf(c: Context, identity: Identity): Visitor {
  const language =
    languageOf(c.req.query('lang')) ?? languageOf(getCookie(c, 'rappel-lang')) ?? languageOf(c.req.header('accept-language')) ?? 'fr'
  const address = identity.clientAddress(c)
  return {
    language,
    place: { language, device: deviceOf(c.req.header('user-agent')), ...(address !== undefined && { address: countedAs(address) }) },
    presence: () => identity.sessions.presence(getCookie(c, sessionCookie(identity.publicUrl)) ?? ''),
    fields: () => fieldsOf(c),
  }
}

/** The texts of a form by name. */
export async function fieldsOf(c: Pick<Context, 'req'>): Promise<Readonly<Record<string, string>>> {
  const form = await c.req.parseBody()
  return Object.fromEntries(Object.entries(form).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

/** A form of one of our own pages, and of no other site (R29). */
export function isOwnForm(c: Context, { publicUrl }: Pick<Identity, 'publicUrl'>): boolean {
  return isSameOrigin(c, new URL(publicUrl).origin)
}

/** Until the browser closes: the store knows when it ends. */
export function giveCookie(c: Context, { publicUrl }: Pick<Identity, 'publicUrl'>, cookie: string): void {
  setCookie(c, sessionCookie(publicUrl), cookie, { path: '/', httpOnly: true, sameSite: 'Lax', secure: publicUrl.startsWith('https:') })
}

export function takeCookie(c: Context, { publicUrl }: Pick<Identity, 'publicUrl'>): void {
  setCookie(c, sessionCookie(publicUrl), '', {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: 0,
  })
}

/** A page of this console, and nowhere else: `//evil.example` is none. */
export function nextPage(asked: string | undefined): string {
  return asked !== undefined && /^\/console(?:[/?][\w\-./?=&%:+~,]*)?$/.test(asked) && !asked.includes('//') ? asked : '/console'
}
