import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Language } from '../../../core/words/language.ts'
import type { Identity } from '../../identity/identity.ts'
import { acceptInvitation, invited, makeFirstOperator, type OwnActed, type OwnRefusal } from '../../identity/own-acts.ts'
import type { OpenRoute } from '../../routes/route.ts'
import type { FieldError } from '../parts/errors.tsx'
import { Input, NewPassword, renderVisitorPage } from './forms.tsx'
import { onlyOwnForms } from './own-forms.ts'
import { signInTexts } from './texts.ts'
import { visitorOf } from './visitor.ts'

/** One-time addresses: the first operator of an installation, and whoever was invited or lost their password. */
export function oneTimeRoutes(identity: Identity): readonly OpenRoute[] {
  const first = '/console/first/:token'
  const invitation = '/console/invited/:token'
  return [
    { method: 'GET', path: first, access: 'link', handle: (c) => show(identity, c) },
    { method: 'POST', path: first, access: 'link', handle: onlyOwnForms(identity, (c) => makeFirst(identity, c)) },
    { method: 'GET', path: invitation, access: 'link', handle: (c) => show(identity, c) },
    { method: 'POST', path: invitation, access: 'link', handle: onlyOwnForms(identity, (c) => choose(identity, c)) },
  ]
}

async function show(identity: Identity, c: Context): Promise<Response> {
  const { language } = visitorOf(c, identity)
  const wanted = c.req.path.startsWith('/console/first/') ? 'first_operator' : 'user'
  const whom = await identity.store.read((tx) => invited(tx, c.req.param('token') ?? '', identity.clock.now()))
  if (!whom || (whom === 'first_operator') !== (wanted === 'first_operator')) return gone(c, language)
  return c.html(whom === 'first_operator' ? firstPage(language) : invitedPage(language, whom.login))
}

/** Used, over and never made are answered alike. */
function gone(c: Context, language: Language): Response | Promise<Response> {
  const { title, rest } = signInTexts(language).gone
  return c.html(
    renderVisitorPage(
      { language, title },
      <section class="panel">
        <p>{rest}</p>
      </section>,
    ),
    404,
  )
}

interface Typed {
  readonly login?: string | undefined
  readonly name?: string | undefined
}

function firstPage(language: Language, errors: readonly FieldError[] = [], typed: Typed = {}): string {
  const texts = signInTexts(language)
  return page(
    { language, title: texts.first.title, rest: texts.first.rest, submit: texts.first.submit, errors },
    <>
      <Input id="name" label={texts.name} autocomplete="name" value={typed.name} maxlength={120} errors={errors} />
      <Input
        id="login"
        label={texts.login}
        hint={texts.loginHint}
        autocomplete="username"
        value={typed.login}
        maxlength={80}
        errors={errors}
      />
    </>,
  )
}

function invitedPage(language: Language, login: string, errors: readonly FieldError[] = []): string {
  const texts = signInTexts(language)
  const { title, rest, submit } = texts.invited
  return page(
    { language, title, rest: rest(login), submit, errors },
    // tells password managers whose it is
    <input type="hidden" name="login" value={login} autocomplete="username" />,
  )
}

interface OneTimePage {
  readonly language: Language
  readonly title: string
  readonly rest: string
  readonly submit: string
  readonly errors: readonly FieldError[]
}

function page({ language, title, rest, submit, errors }: OneTimePage, fields: Child): string {
  return renderVisitorPage(
    { language, title, errors },
    <section class="panel stack">
      <p>{rest}</p>
      <form method="post" class="stack">
        {fields}
        <NewPassword texts={signInTexts(language)} errors={errors} />
        <button class="btn go" type="submit">
          {submit}
        </button>
      </form>
    </section>,
  )
}

async function makeFirst(identity: Identity, c: Context): Promise<Response> {
  const { language, fields } = visitorOf(c, identity)
  const { login = '', name = '', wanted = '', again } = await fields()
  const acted: OwnActed | 'differ' =
    wanted === again
      ? await makeFirstOperator(identity, c.req.param('token') ?? '', {
          login,
          name: name.trim().slice(0, 120) || login,
          password: wanted,
          language,
        })
      : 'differ'
  if (acted !== 'differ' && acted.kind === 'done') return c.redirect('/console/sign-in?done=first', 303)
  if (acted !== 'differ' && acted.reason === 'gone') return gone(c, language)
  return c.html(firstPage(language, [errorOf(language, acted)], { login, name }), 422)
}

async function choose(identity: Identity, c: Context): Promise<Response> {
  const { language, fields } = visitorOf(c, identity)
  const { login = '', wanted = '', again } = await fields()
  const acted: OwnActed | 'differ' = wanted === again ? await acceptInvitation(identity, c.req.param('token') ?? '', wanted) : 'differ'
  if (acted !== 'differ' && acted.kind === 'done') return c.redirect('/console/sign-in?done=password', 303)
  if (acted !== 'differ' && acted.reason === 'gone') return gone(c, language)
  return c.html(invitedPage(language, login, [errorOf(language, acted)]), 422)
}

const loginFaults: ReadonlySet<OwnRefusal> = new Set(['login_malformed', 'login_taken'])

/** The sentence, at its field. */
export function errorOf(
  language: Language,
  acted: Extract<OwnActed, { kind: 'refused' }> | 'differ' | { readonly kind: 'done' },
): FieldError {
  const texts = signInTexts(language)
  if (acted === 'differ' || acted.kind === 'done') return { field: 'again', says: texts.notTheSame }
  return { field: loginFaults.has(acted.reason) ? 'login' : 'wanted', says: texts.own[acted.reason] }
}
