import type { Context } from 'hono'
import { mayGrant } from '../../../core/access.ts'
import type { Identity } from '../../identity/identity.ts'
import { addKey, revokeKey, rotateKey } from '../../identity/key-acts.ts'
import { scopePattern } from '../../identity/scopes.ts'
import {
  addUser,
  changeUser,
  disableUser,
  enableUser,
  endSessions,
  mayManage,
  resetUser,
  type UserInvited,
} from '../../identity/user-acts.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { ErrorSummary, type FieldError } from '../parts/errors.tsx'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { shownOnce } from '../parts/shown-once.tsx'
import { consoleRefusal } from '../refusal.tsx'
import { fieldsOf } from '../sign-in/visitor.ts'
import { zoneOf } from '../sign-in/zone.ts'
import { AccessPanels } from './access-page.tsx'
import type { AccessDone, AccessTexts } from './access-texts.ts'
import { readReach } from './reach.tsx'
import { accessTexts } from './texts.ts'
import { UserPanels } from './user-page.tsx'

type Ask = Context<StaffEnv>
type Refusal = keyof AccessTexts['refused']

const people = { access: 'staff', least: ['admin'], clinicOf: 'each' } as const
const programs = { access: 'staff', least: ['admin', 'integrator'], clinicOf: 'each' } as const

/** *Accès et clés*: who may come in, and which programs. */
export function accessRoutes(identity: Identity): readonly StaffRoute[] {
  return [
    { method: 'GET', path: '/console/access', ...programs, handle: (c) => show(identity, c) },
    { method: 'POST', path: '/console/access/users', ...people, handle: (c) => add(identity, c) },
    { method: 'GET', path: '/console/access/users/:id', ...people, handle: (c) => showUser(identity, c) },
    { method: 'POST', path: '/console/access/users/:id', ...people, handle: (c) => actOnUser(identity, c) },
    { method: 'POST', path: '/console/access/keys', ...programs, handle: (c) => makeKey(identity, c) },
    { method: 'POST', path: '/console/access/keys/:id', ...programs, handle: (c) => actOnKey(identity, c) },
  ]
}

const pageSize = 200
const doneBy: Readonly<Record<string, AccessDone>> = {
  changed: 'changed',
  disabled: 'disabled',
  enabled: 'enabled',
  ended: 'ended',
  revoked: 'revoked',
}

async function show({ store, clock }: Identity, c: Ask, refusal?: Refusal): Promise<Response> {
  const [language, caller, clinics] = [c.get('language'), c.get('caller'), c.get('clinics')]
  const texts = accessTexts(language)
  const after = /^[0-9a-f]{32}$/.exec(c.req.query('after') ?? '')?.[0]
  const { users, keys, zone } = await store.read(async (tx) => ({
    users: await tx.users.list(pageSize, after),
    keys: await tx.apiKeys.list(pageSize),
    zone: await zoneOf(tx, clinics),
  }))
  const errors: readonly FieldError[] = refusal ? [{ says: texts.refused[refusal] }] : []
  const done = doneBy[c.req.query('done') ?? '']
  return consolePage(
    c,
    { title: texts.title, active: 'access' },
    <>
      {done && <Toast>{texts.done[done]}</Toast>}
      <ErrorSummary language={language} errors={errors} />
      <Head title={texts.title} hint={texts.hint} />
      <AccessPanels
        caller={caller}
        clinics={clinics}
        face={{ zone, language, now: clock.now() }}
        users={users.filter((user) => mayManage(caller, user))}
        keys={keys.filter((key) => mayGrant(caller, key))}
        more={users.length === pageSize ? users.at(-1)?.id : undefined}
      />
    </>,
    refusal ? 422 : 200,
  ) as Promise<Response>
}

async function add(identity: Identity, c: Ask): Promise<Response> {
  const reach = await readReach(c)
  const { login = '', name = '' } = await fieldsOf(c)
  if (typeof reach === 'string') return show(identity, c, reach)
  const shown = name.trim().slice(0, 120) || login
  const made = await identity.store.transact((tx) =>
    addUser(tx, { login, name: shown, ...reach, language: c.get('language'), caller: c.get('caller'), now: identity.clock.now() }),
  )
  return made.kind === 'done' ? showLink(identity, c, made) : show(identity, c, made.reason)
}

function showLink({ publicUrl }: Identity, c: Ask, { user, token }: Extract<UserInvited, { kind: 'done' }>): Response | Promise<Response> {
  const texts = accessTexts(c.get('language'))
  const value = `${publicUrl}/console/invited/${token}`
  return shownOnce(c, {
    ...hereOnce(texts),
    title: texts.linkTitle,
    fact: texts.linkFact,
    rest: texts.linkRest(user.name),
    label: texts.link,
    value,
  })
}

async function showUser({ store, clock }: Identity, c: Ask, refusal?: Refusal): Promise<Response> {
  const [language, caller, clinics] = [c.get('language'), c.get('caller'), c.get('clinics')]
  const texts = accessTexts(language)
  const { user, zone } = await store.read(async (tx) => ({
    user: await tx.users.find(c.req.param('id') ?? ''),
    zone: await zoneOf(tx, clinics),
  }))
  if (!user || !mayManage(caller, user)) return consoleRefusal(c, 404, 'missing')
  const done = doneBy[c.req.query('done') ?? '']
  return consolePage(
    c,
    { title: texts.users, active: 'access' },
    <>
      {done && <Toast>{texts.done[done]}</Toast>}
      <ErrorSummary language={language} errors={refusal ? [{ says: texts.refused[refusal] }] : []} />
      <Head crumbs={[{ href: '/console/access', name: texts.title }]} title={user.name} hint={user.login} />
      <UserPanels user={user} caller={caller} clinics={clinics} face={{ zone, language, now: clock.now() }} />
    </>,
    refusal ? 422 : 200,
  ) as Promise<Response>
}

async function actOnUser(identity: Identity, c: Ask): Promise<Response> {
  const { do: asked, name } = await fieldsOf(c)
  const act = { userId: c.req.param('id') ?? '', caller: c.get('caller'), now: identity.clock.now() }
  const back = (done: AccessDone) => c.redirect(`/console/access/users/${act.userId}?done=${done}`, 303)
  const { store } = identity
  const acts = { disable: ['disabled', disableUser], enable: ['enabled', enableUser], end: ['ended', endSessions] } as const
  if (asked === 'disable' || asked === 'enable' || asked === 'end') {
    const [done, run] = acts[asked]
    const acted = await store.transact((tx) => run(tx, act))
    return acted.kind === 'done' ? back(done) : showUser(identity, c, acted.reason)
  }
  if (asked === 'reset') {
    const made = await store.transact((tx) => resetUser(tx, act))
    return made.kind === 'done' ? showLink(identity, c, made) : showUser(identity, c, made.reason)
  }
  const reach = await readReach(c)
  if (typeof reach === 'string') return showUser(identity, c, reach)
  const shown = name?.trim().slice(0, 120)
  const changed = { ...act, ...(shown && { name: shown }), role: reach.role, clinics: reach.clinics ?? ('all' as const) }
  const acted = await store.transact((tx) => changeUser(tx, changed))
  return acted.kind === 'done' ? back('changed') : showUser(identity, c, acted.reason)
}

async function makeKey(identity: Identity, c: Ask): Promise<Response> {
  const reach = await readReach(c)
  const { name = '', scopes: typed = '', days = '' } = await fieldsOf(c)
  if (typeof reach === 'string') return show(identity, c, reach)
  const scopes = typed.split(/[\s,]+/).filter(Boolean)
  if (name.trim() === '' || scopes.some((scope) => !scopePattern.test(scope)) || !/^\d{0,4}$/.test(days))
    return show(identity, c, 'malformed')
  const now = identity.clock.now()
  const wanted = {
    name: name.trim().slice(0, 80),
    ...reach,
    ...(scopes.length > 0 && { scopes }),
    ...(days !== '' && { expiresAt: now.add({ hours: 24 * Number(days) }) }),
  }
  const made = await identity.store.transact((tx) => addKey(tx, wanted, { caller: c.get('caller'), now }))
  return made.kind === 'done' ? showKey(c, made.token) : show(identity, c, made.reason)
}

function showKey(c: Ask, value: string): Response | Promise<Response> {
  const texts = accessTexts(c.get('language'))
  return shownOnce(c, { ...hereOnce(texts), title: texts.keyTitle, fact: texts.keyFact, rest: texts.keyRest, label: texts.key, value })
}

async function actOnKey(identity: Identity, c: Ask): Promise<Response> {
  const { do: asked } = await fieldsOf(c)
  const id = c.req.param('id') ?? ''
  const act = { caller: c.get('caller'), now: identity.clock.now() }
  if (asked === 'rotate') {
    const made = await identity.store.transact((tx) => rotateKey(tx, id, act))
    return made.kind === 'done' ? showKey(c, made.token) : show(identity, c, made.reason)
  }
  if (asked !== 'revoke') return show(identity, c, 'malformed')
  const acted = await identity.store.transact((tx) => revokeKey(tx, id, act))
  return acted.kind === 'done' ? c.redirect('/console/access?done=revoked', 303) : show(identity, c, acted.reason)
}

function hereOnce({ title, back }: AccessTexts) {
  return { active: 'access', from: { href: '/console/access', name: title }, back } as const
}
