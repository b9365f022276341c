import type { Caller } from '../../../core/access.ts'
import type { User } from '../../../core/user.ts'
import { Facts } from '../parts/facts.tsx'
import { Field } from '../parts/field.tsx'
import { Panel } from '../parts/panel.tsx'
import { When } from '../parts/when.tsx'
import type { ClinicName } from '../sessions.ts'
import { type AccessShown, UserState } from './access-page.tsx'
import { Reach } from './reach.tsx'
import { accessTexts } from './texts.ts'

interface UserPanelsProps {
  readonly user: User
  readonly caller: Caller
  readonly clinics: readonly ClinicName[]
  readonly face: AccessShown['face']
}

/** One person: what they may, and what may be done about their account. */
export function UserPanels({ user, caller, clinics, face }: UserPanelsProps) {
  const texts = accessTexts(face.language)
  const action = `/console/access/users/${user.id}`
  return (
    <div class="stack wide">
      <Panel id="state" title={texts.state}>
        <Facts
          facts={[
            [texts.state, <UserState texts={texts} user={user} />],
            [texts.secondFactor, user.codes?.verifiedAt ? texts.yes : texts.no],
            [texts.signedIn, user.signedInAt ? <When at={user.signedInAt} face={face} /> : texts.never],
          ]}
        />
      </Panel>
      <Panel id="rights" title={texts.role}>
        <form method="post" action={action} class="stack">
          <Field id="user-name" label={texts.name}>
            <input id="user-name" name="name" maxlength={120} required value={user.name} autocomplete="off" />
          </Field>
          <Reach language={face.language} caller={caller} clinics={clinics} prefix="user" chosen={user} />
          <button class="btn go" type="submit" name="do" value="change">
            {texts.save}
          </button>
        </form>
      </Panel>
      <Panel id="account" title={texts.actions} look="stack">
        <p class="hint" id="reset-hint">
          {texts.resetHint}
        </p>
        <form method="post" action={action} class="row">
          <button class="btn" type="submit" name="do" value="end">
            {texts.endSessions}
          </button>
          {!user.provider && (
            <button class="btn" type="submit" name="do" value="reset" aria-describedby="reset-hint">
              {texts.reset}
            </button>
          )}
          {user.disabledAt ? (
            <button class="btn" type="submit" name="do" value="enable">
              {texts.enable}
            </button>
          ) : (
            <button class="btn danger" type="submit" name="do" value="disable">
              {texts.disable}
            </button>
          )}
        </form>
      </Panel>
    </div>
  )
}
