import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { StoredSession, User } from '../../../core/user.ts'
import type { Identity } from '../../identity/identity.ts'
import { beginEnrolment, changePassword, endOwnSession, finishEnrolment } from '../../identity/own-acts.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { ErrorSummary, type FieldError } from '../parts/errors.tsx'
import { Facts } from '../parts/facts.tsx'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { consoleTexts } from '../texts.ts'
import { Enrolment, RecoveryCodes } from './enrolment.tsx'
import { Input, NewPassword } from './forms.tsx'
import { errorOf } from './links.tsx'
import type { Done, SignInTexts } from './sign-in-texts.ts'
import { signInTexts } from './texts.ts'
import { fieldsOf } from './visitor.ts'
import { zoneOf } from './zone.ts'

type Ask = Context<StaffEnv>

const anybody = { access: 'staff', least: ['reader', 'integrator'], clinicOf: 'each' } as const

/** What everybody sees to about their own account: password, second factor, sessions. */
export function ownRoutes(identity: Identity): readonly StaffRoute[] {
  return [
    { method: 'GET', path: '/console/me', ...anybody, handle: (c) => show(identity, c) },
    { method: 'POST', path: '/console/me/password', ...anybody, handle: (c) => password(identity, c) },
    { method: 'GET', path: '/console/me/codes', ...anybody, handle: (c) => showEnrolment(identity, c) },
    { method: 'POST', path: '/console/me/codes', ...anybody, handle: (c) => enrol(identity, c) },
    { method: 'POST', path: '/console/me/sessions/:id/end', ...anybody, handle: (c) => end(identity, c) },
  ]
}

const shownSessions = 50

/** Of a session without an account, there is none: a token of a test. */
function userIdOf(c: Ask): string {
  return (c.get('caller').actor ?? '').replace(/^user:/, '')
}

const doneBy: Readonly<Record<string, Done>> = { password: 'password', ended: 'ended' }

async function show(identity: Identity, c: Ask, errors: readonly FieldError[] = []): Promise<Response> {
  const language = c.get('language')
  const texts = signInTexts(language)
  const now = identity.clock.now()
  const { user, sessions, zone } = await identity.store.read(async (tx) => {
    const found = await tx.users.find(userIdOf(c))
    const own = found ? await tx.sessions.ofUser(found.id, shownSessions) : []
    return { user: found, sessions: own, zone: await zoneOf(tx, c.get('clinics')) }
  })
  const live = sessions.filter(({ endsAt, stage }) => endsAt.epochMilliseconds > now.epochMilliseconds && stage === 'signed_in')
  const done = doneBy[c.req.query('done') ?? '']
  return consolePage(
    c,
    { title: texts.me.title },
    <>
      {done && <Toast>{texts.done[done]}</Toast>}
      <ErrorSummary language={language} errors={errors} />
      <Head title={texts.me.title}>
        <form method="post" action="/console/sign-out">
          <button class="btn" type="submit">
            {texts.me.signOut}
          </button>
        </form>
      </Head>
      <div class="stack wide">
        <Panel id="account" title={texts.me.account}>
          <Facts
            facts={[
              [texts.name, c.get('caller').name],
              [texts.login, user?.login ?? '–'],
              [texts.me.role, consoleTexts[language].roles[c.get('caller').role]],
            ]}
          />
        </Panel>
        {user && <Secrets texts={texts} user={user} errors={errors} label={identity.provider?.options.label ?? ''} />}
        <SessionList texts={texts} sessions={live} own={c.get('session').id} face={{ zone, language, now }} />
      </div>
    </>,
    errors.length > 0 ? 422 : 200,
  ) as Promise<Response>
}

interface SecretsProps {
  readonly texts: SignInTexts
  readonly user: User
  readonly errors: readonly FieldError[]
  readonly label: string
}

function Secrets({ texts, user, errors, label }: SecretsProps) {
  const { me } = texts
  if (user.provider)
    return (
      <Panel id="password" title={me.passwordTitle}>
        <p>{me.byProvider(label)}</p>
      </Panel>
    )
  return (
    <>
      <Panel id="password" title={me.passwordTitle}>
        <form method="post" action="/console/me/password" class="stack">
          <Input id="current" type="password" label={me.current} autocomplete="current-password" errors={errors} />
          <NewPassword texts={texts} errors={errors} />
          <button class="btn go" type="submit">
            {me.change}
          </button>
        </form>
      </Panel>
      <Panel id="codes" title={me.codesTitle} look="stack">
        <p>{user.codes?.verifiedAt ? me.codesOn(user.codes.recovery.length) : me.codesOff}</p>
        {!user.codes?.verifiedAt && (
          <p>
            <a class="btn" href="/console/me/codes">
              {me.codesBegin}
            </a>
          </p>
        )}
      </Panel>
    </>
  )
}

interface SessionListProps {
  readonly texts: SignInTexts
  readonly sessions: readonly StoredSession[]
  readonly own: string
  readonly face: Clockface
}

function SessionList({ texts: { me }, sessions, own, face }: SessionListProps) {
  return (
    <Panel id="sessions" title={me.sessionsTitle} look="flush">
      <Table label={me.sessionsTitle}>
        <Columns names={[me.device, me.since, me.seen, me.end]} />
        <tbody>
          {sessions.map(({ id, device, startedAt, seenAt }) => (
            <tr>
              <th scope="row">
                {device} {id === own && <span class="tag ok">{me.thisOne}</span>}
              </th>
              <td>
                <When at={startedAt} face={face} />
              </td>
              <td>
                <When at={seenAt} face={face} />
              </td>
              <td>
                <form method="post" action={`/console/me/sessions/${id}/end`}>
                  <button class="btn small" type="submit" aria-label={me.endLabel(device)}>
                    {me.end}
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

async function password(identity: Identity, c: Ask): Promise<Response> {
  const { current = '', wanted = '', again } = await fieldsOf(c)
  if (wanted !== again) return show(identity, c, [errorOf(c.get('language'), 'differ')])
  const acted = await changePassword(identity, {
    userId: userIdOf(c),
    sessionId: c.get('session').id,
    current: current.slice(0, 1_000),
    wanted,
  })
  if (acted.kind === 'done') return c.redirect('/console/me?done=password', 303)
  const says = signInTexts(c.get('language')).own[acted.reason]
  return show(identity, c, [{ field: acted.reason === 'wrong' || acted.reason === 'wait' ? 'current' : 'wanted', says }])
}

async function showEnrolment(identity: Identity, c: Ask, errors: readonly FieldError[] = []): Promise<Response> {
  const texts = signInTexts(c.get('language'))
  const user = await identity.store.transact((tx) => beginEnrolment(tx, userIdOf(c)))
  if (!user || user.provider) return c.redirect('/console/me', 303)
  return consolePage(
    c,
    { title: texts.enrol.title },
    <>
      <ErrorSummary language={c.get('language')} errors={errors} />
      <Head crumbs={[{ href: '/console/me', name: texts.me.title }]} title={texts.enrol.title} />
      <Enrolment texts={texts} user={user} action="/console/me/codes" errors={errors} />
    </>,
    errors.length > 0 ? 422 : 200,
  ) as Promise<Response>
}

async function enrol(identity: Identity, c: Ask): Promise<Response> {
  const { code = '' } = await fieldsOf(c)
  const texts = signInTexts(c.get('language'))
  const enrolled = await identity.store.transact((tx) => finishEnrolment(tx, userIdOf(c), code, identity.clock.now()))
  if (enrolled.kind === 'refused') return showEnrolment(identity, c, [{ field: 'code', says: texts.own[enrolled.reason] }])
  return consolePage(
    c,
    { title: texts.enrol.recoveryTitle },
    <>
      <Toast>{texts.done.codes}</Toast>
      <Head title={texts.enrol.recoveryTitle} />
      <RecoveryCodes texts={texts} codes={enrolled.recovery} next="/console/me" />
    </>,
  ) as Promise<Response>
}

async function end(identity: Identity, c: Ask): Promise<Response> {
  const id = c.req.param('id') ?? ''
  await identity.store.transact((tx) => endOwnSession(tx, userIdOf(c), id, identity.clock.now()))
  return c.redirect(id === c.get('session').id ? '/console/sign-in?done=left' : '/console/me?done=ended', 303)
}
