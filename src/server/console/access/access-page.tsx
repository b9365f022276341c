import { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../../core/access.ts'
import { mayReach } from '../../../core/access.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { ApiKey, User } from '../../../core/user.ts'
import { Field, Select } from '../parts/field.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import type { ClinicName } from '../sessions.ts'
import type { AccessTexts } from './access-texts.ts'
import { Reach, sayClinics, sayRole } from './reach.tsx'
import { accessTexts } from './texts.ts'

export interface AccessShown {
  readonly caller: Caller
  readonly clinics: readonly ClinicName[]
  readonly face: Clockface & { readonly language: 'fr' | 'en' }
  readonly users: readonly User[]
  readonly keys: readonly ApiKey[]
  /** The last id of the page of users, where there are more. */
  readonly more?: string | undefined
}

export function AccessPanels(shown: AccessShown) {
  return (
    <div class="stack wide">
      {mayReach(shown.caller, ['admin']) && <Users {...shown} />}
      <Keys {...shown} />
    </div>
  )
}

function Users({ caller, clinics, face, users, more }: AccessShown) {
  const { language } = face
  const texts = accessTexts(language)
  return (
    <>
      <Panel id="users" title={texts.users} {...(users.length > 0 && { look: 'flush' as const })}>
        {users.length === 0 ? (
          <p>{texts.noUsers}</p>
        ) : (
          <Table label={texts.users}>
            <Columns names={[texts.name, texts.role, texts.clinics, texts.state, texts.secondFactor, texts.signedIn]} />
            <tbody>
              {users.map((user) => (
                <tr>
                  <th scope="row">
                    <a href={`/console/access/users/${user.id}`}>{user.name}</a>
                    <br />
                    <span class="hint">{user.login}</span>
                  </th>
                  <td>{sayRole(language, user.role)}</td>
                  <td>{sayClinics(language, user.clinics, clinics)}</td>
                  <td>
                    <UserState texts={texts} user={user} />
                  </td>
                  <td>{user.codes?.verifiedAt ? texts.yes : texts.no}</td>
                  <td>{user.signedInAt ? <When at={user.signedInAt} face={face} /> : texts.never}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Panel>
      {more !== undefined && (
        <p>
          <a href={`/console/access?after=${more}`}>{texts.next}</a>
        </p>
      )}
      <Panel id="add-user" title={texts.addUser} aside={texts.addUserHint}>
        <form method="post" action="/console/access/users" class="stack">
          <Field id="user-name" label={texts.name}>
            <input id="user-name" name="name" maxlength={120} required autocomplete="off" />
          </Field>
          <Field id="user-login" label={texts.login}>
            <input id="user-login" name="login" maxlength={80} required autocomplete="off" autocapitalize="none" spellcheck={false} />
          </Field>
          <Reach language={language} caller={caller} clinics={clinics} prefix="user" />
          <button class="btn go" type="submit">
            {texts.add}
          </button>
        </form>
      </Panel>
    </>
  )
}

export function UserState({ texts, user }: { readonly texts: AccessTexts; readonly user: User }) {
  if (user.disabledAt) return <Tag tint="stop">{texts.states.disabled}</Tag>
  return user.password !== undefined || user.provider ? (
    <Tag tint="ok">{texts.states.active}</Tag>
  ) : (
    <Tag tint="info">{texts.states.invited}</Tag>
  )
}

function Keys({ caller, clinics, face, keys }: AccessShown) {
  const { language } = face
  const texts = accessTexts(language)
  return (
    <>
      <Panel id="keys" title={texts.keys} aside={texts.keysHint} {...(keys.length > 0 && { look: 'flush' as const })}>
        {keys.length === 0 ? (
          <p>{texts.noKeys}</p>
        ) : (
          <Table label={texts.keys}>
            <Columns
              names={[texts.program, texts.role, texts.clinics, texts.scopes, texts.state, texts.used, texts.expires, texts.actions]}
            />
            <tbody>
              {keys.map((key) => (
                <KeyRow apiKey={key} texts={texts} clinics={clinics} face={face} />
              ))}
            </tbody>
          </Table>
        )}
      </Panel>
      <Panel id="add-key" title={texts.addKey}>
        <form method="post" action="/console/access/keys" class="stack">
          <Field id="key-name" label={texts.program}>
            <input id="key-name" name="name" maxlength={80} required autocomplete="off" />
          </Field>
          <Reach language={language} caller={caller} clinics={clinics} prefix="key" />
          <Field id="key-scopes" label={texts.scopes} hint={texts.scopesHint}>
            <input id="key-scopes" name="scopes" maxlength={500} autocomplete="off" aria-describedby="key-scopes-hint" />
          </Field>
          <Field id="key-expires" label={texts.expires}>
            <Select
              id="key-expires"
              name="days"
              chosen="365"
              options={[
                ...[30, 90, 365].map((days) => ({ value: String(days), name: texts.days(days) })),
                { value: '', name: texts.notAtAll },
              ]}
            />
          </Field>
          <button class="btn go" type="submit">
            {texts.addKey}
          </button>
        </form>
      </Panel>
    </>
  )
}

interface KeyRowProps {
  readonly apiKey: ApiKey
  readonly texts: AccessTexts
  readonly clinics: readonly ClinicName[]
  readonly face: AccessShown['face']
}

function KeyRow({ apiKey, texts, clinics, face }: KeyRowProps) {
  const { language } = face
  const state = stateOf(apiKey, face.now)
  return (
    <tr>
      <th scope="row">
        {apiKey.name}
        <br />
        <code class="hint">rpl_{apiKey.id.slice(0, 12)}…</code>
      </th>
      <td>{sayRole(language, apiKey.role)}</td>
      <td>{sayClinics(language, apiKey.clinics, clinics)}</td>
      <td>{apiKey.scopes?.join(', ') ?? texts.allScopes}</td>
      <td>
        <Tag tint={state === 'active' ? 'ok' : 'stop'}>{texts.keyStates[state]}</Tag>
      </td>
      <td>{apiKey.usedAt ? <When at={apiKey.usedAt} face={face} /> : texts.never}</td>
      <td>{apiKey.expiresAt ? <When at={apiKey.expiresAt} face={face} as="day" /> : texts.notAtAll}</td>
      <td>
        {state !== 'revoked' && (
          <form method="post" action={`/console/access/keys/${apiKey.id}`} class="row">
            <button class="btn small" type="submit" name="do" value="rotate" aria-label={`${texts.rotate}, ${apiKey.name}`}>
              {texts.rotate}
            </button>
            <button class="btn small danger" type="submit" name="do" value="revoke" aria-label={`${texts.revoke}, ${apiKey.name}`}>
              {texts.revoke}
            </button>
          </form>
        )}
      </td>
    </tr>
  )
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: Temporal.Instant): 'active' | 'expired' | 'revoked' {
  if (revokedAt) return 'revoked'
  return expiresAt && Temporal.Instant.compare(expiresAt, now) <= 0 ? 'expired' : 'active'
}
