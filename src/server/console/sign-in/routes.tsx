import type { Context } from 'hono'
import type { Temporal } from 'temporal-polyfill'
import type { Language } from '../../../core/words/language.ts'
import type { Identity } from '../../identity/identity.ts'
import { beginEnrolment, finishEnrolment } from '../../identity/own-acts.ts'
import { enter, type SignInResult, signInWithCode, signInWithPassword } from '../../identity/sign-in.ts'
import type { OpenRoute } from '../../routes/route.ts'
import type { FieldError } from '../parts/errors.tsx'
import { Enrolment, RecoveryCodes } from './enrolment.tsx'
import { renderCode, renderSignIn, renderVisitorPage } from './forms.tsx'
import { onlyOwnForms } from './own-forms.ts'
import type { Done } from './sign-in-texts.ts'
import { signInTexts } from './texts.ts'
import { giveCookie, nextPage, takeCookie, type Visitor, visitorOf } from './visitor.ts'

const small = { access: 'public', maxBytes: 8 * 1024 } as const

/** The way in, step by step, and the way out. */
export function signInRoutes(identity: Identity): readonly OpenRoute[] {
  const post = (path: string, handle: (c: Context, visitor: Visitor) => Promise<Response>): OpenRoute => ({
    method: 'POST',
    path,
    ...small,
    handle: onlyOwnForms(identity, (c) => handle(c, visitorOf(c, identity))),
  })
  const get = (path: string, handle: (c: Context, visitor: Visitor) => Promise<Response>): OpenRoute => ({
    method: 'GET',
    path,
    ...small,
    handle: (c) => handle(c, visitorOf(c, identity)),
  })
  return [
    get('/console/sign-in', (c, visitor) => showSignIn(identity, c, visitor)),
    post('/console/sign-in', (c, visitor) => byPassword(identity, c, visitor)),
    get('/console/sign-in/code', async (c, { language, presence }) =>
      (await presence())?.session.stage === 'code_due'
        ? c.html(renderCode({ language, next: nextPage(c.req.query('next')) }))
        : c.redirect('/console/sign-in', 303),
    ),
    post('/console/sign-in/code', (c, visitor) => byCode(identity, c, visitor)),
    get('/console/sign-in/enrol', (c, visitor) => showEnrolment(identity, c, visitor)),
    post('/console/sign-in/enrol', (c, visitor) => enrol(identity, c, visitor)),
    post('/console/sign-out', (c, visitor) => signOut(identity, c, visitor)),
    get('/console/signed-out', (c, visitor) => showSignedOut(identity, c, visitor)),
  ]
}

const doneBy: Readonly<Record<string, Done>> = { password: 'password', first: 'first', left: 'left' }

async function showSignIn(identity: Identity, c: Context, { language, presence }: Visitor): Promise<Response> {
  const next = nextPage(c.req.query('next'))
  if ((await presence())?.session.stage === 'signed_in') return c.redirect(next, 303)
  const done = doneBy[c.req.query('done') ?? '']
  return c.html(signInForm(identity, { language, next, ...(done && { toast: signInTexts(language).done[done] }) }))
}

export function signInForm(
  { localAccounts, provider }: Identity,
  form: {
    readonly language: Language
    readonly next: string
    readonly login?: string
    readonly errors?: readonly FieldError[]
    readonly toast?: string
  },
): string {
  return renderSignIn({ ...form, local: localAccounts, label: provider?.options.label })
}

async function byPassword(identity: Identity, c: Context, { language, place, fields }: Visitor): Promise<Response> {
  const { login = '', password = '', next: asked } = await fields()
  const next = nextPage(asked)
  const refused: SignInResult = { kind: 'refused' }
  const result =
    identity.localAccounts && password.length <= 1_000 ? await signInWithPassword(identity, { login, password }, place) : refused
  return (
    onward(identity, c, result, next) ??
    c.html(
      signInForm(identity, {
        language,
        next,
        login: login.slice(0, 80),
        errors: [{ field: 'login', says: sayRefused(identity, language, result) }],
      }),
      422,
    )
  )
}

/** To the page that comes next; undefined: there was something wrong. */
export function onward(identity: Identity, c: Context, result: SignInResult, next: string): Response | undefined {
  if (result.kind === 'refused' || result.kind === 'wait') return undefined
  giveCookie(c, identity, result.cookie)
  const query = new URLSearchParams({ next })
  switch (result.kind) {
    case 'signed_in':
      return c.redirect(next, 303)
    case 'code_due':
      return c.redirect(`/console/sign-in/code?${query}`, 303)
    case 'enrolment_due':
      return c.redirect(`/console/sign-in/enrol?${query}`, 303)
    default:
      return result satisfies never
  }
}

function sayRefused({ clock }: Identity, language: Language, result: SignInResult): string {
  const texts = signInTexts(language)
  return result.kind === 'wait' ? texts.wait(minutesUntil(result.until, clock.now())) : texts.refused
}

function minutesUntil(until: Temporal.Instant, now: Temporal.Instant): number {
  return Math.ceil(now.until(until).total('minutes'))
}

async function byCode(identity: Identity, c: Context, { language, place, presence, fields }: Visitor): Promise<Response> {
  const { code = '', next: asked } = await fields()
  const next = nextPage(asked)
  const half = await presence()
  if (half?.session.stage !== 'code_due') return c.redirect('/console/sign-in', 303)
  const result = await signInWithCode(identity, half, code.slice(0, 60), place)
  const texts = signInTexts(language)
  const says = result.kind === 'wait' ? texts.wait(minutesUntil(result.until, identity.clock.now())) : texts.code.refused
  return onward(identity, c, result, next) ?? c.html(renderCode({ language, next, errors: [{ field: 'code', says }] }), 422)
}

async function showEnrolment(identity: Identity, c: Context, { language, presence }: Visitor): Promise<Response> {
  const half = await presence()
  const user = half?.session.stage === 'enrolment_due' && (await identity.store.transact((tx) => beginEnrolment(tx, half.user.id)))
  return user ? c.html(enrolmentPage(language, user, nextPage(c.req.query('next')))) : c.redirect('/console/sign-in', 303)
}

function enrolmentPage(
  language: Language,
  user: Parameters<typeof Enrolment>[0]['user'],
  next: string,
  errors: readonly FieldError[] = [],
): string {
  const texts = signInTexts(language)
  return renderVisitorPage(
    { language, title: texts.enrol.title, errors },
    <>
      <p>{texts.enrol.due}</p>
      <Enrolment texts={texts} user={user} action="/console/sign-in/enrol" next={next} errors={errors} />
    </>,
  )
}

async function enrol(identity: Identity, c: Context, { language, place, presence, fields }: Visitor): Promise<Response> {
  const { code = '', next: asked } = await fields()
  const half = await presence()
  if (half?.session.stage !== 'enrolment_due') return c.redirect('/console/sign-in', 303)
  const done = await identity.store.transact(async (tx) => {
    const enrolled = await finishEnrolment(tx, half.user.id, code, identity.clock.now())
    if (enrolled.kind === 'refused') return enrolled
    await tx.sessions.remove(half.session.id)
    return { ...enrolled, entered: await enter(identity, tx, enrolled.user, place) }
  })
  const texts = signInTexts(language)
  if (done.kind === 'refused')
    return c.html(enrolmentPage(language, half.user, nextPage(asked), [{ field: 'code', says: texts.own[done.reason] }]), 422)
  if (done.entered.kind === 'signed_in') giveCookie(c, identity, done.entered.cookie)
  return c.html(
    renderVisitorPage(
      { language, title: texts.enrol.recoveryTitle, toast: texts.done.codes },
      <RecoveryCodes texts={texts} codes={done.recovery} next={nextPage(asked)} />,
    ),
  )
}

async function signOut(identity: Identity, c: Context, { presence }: Visitor): Promise<Response> {
  const here = await presence()
  if (here) {
    await identity.store.transact(async (tx) => {
      await tx.sessions.remove(here.session.id)
      await tx.audit.append({ at: identity.clock.now(), actor: `user:${here.user.id}`, action: 'sign-out', subject: here.user.id })
    })
  }
  takeCookie(c, identity)
  c.header('clear-site-data', '"cache"')
  return c.redirect(here?.user.provider ? '/console/signed-out' : '/console/sign-in?done=left', 303)
}

/** The provider has a session of its own: whoever leaves a shared desk ends it too. */
async function showSignedOut({ provider, publicUrl }: Identity, c: Context, { language }: Visitor): Promise<Response> {
  const { signedOut } = signInTexts(language)
  const leaving = await provider?.leaving(`${publicUrl}/console/signed-out`).catch(() => undefined)
  return c.html(
    renderVisitorPage(
      { language, title: signedOut.title },
      <section class="panel stack">
        <p>{signedOut.rest}</p>
        <p class="row">
          <a class="btn go" href="/console/sign-in">
            {signedOut.again}
          </a>
          {leaving && (
            <a class="btn" href={leaving}>
              {signedOut.provider(provider?.options.label ?? '')}
            </a>
          )}
        </p>
      </section>,
    ),
  )
}
