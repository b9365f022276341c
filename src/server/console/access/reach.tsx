import type { Context } from 'hono'
import { type Caller, everyRole, type Grant, mayReach, type Role } from '../../../core/access.ts'
import type { Language } from '../../../core/words/language.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { Field, Select } from '../parts/field.tsx'
import type { ClinicName } from '../sessions.ts'
import { consoleTexts } from '../texts.ts'
import { accessTexts } from './texts.ts'

interface ReachProps {
  readonly language: Language
  readonly caller: Caller
  readonly clinics: readonly ClinicName[]
  /** Before the names of the controls: two such forms may stand on one page. */
  readonly prefix: string
  readonly chosen?: Grant
}

/** A role and its clinics, of what the caller has to give. */
export function Reach({ language, caller, clinics, prefix, chosen }: ReachProps) {
  const texts = accessTexts(language)
  const mayGiveAll = caller.clinics === undefined
  const isAll = chosen ? chosen.clinics === undefined : mayGiveAll
  return (
    <>
      <Field id={`${prefix}-role`} label={texts.role}>
        <Select
          id={`${prefix}-role`}
          name="role"
          chosen={chosen?.role ?? 'reader'}
          options={everyRole
            .filter((role) => mayReach(caller, [role]))
            .map((role) => ({ value: role, name: consoleTexts[language].roles[role] }))}
        />
      </Field>
      <fieldset>
        <legend>{texts.clinics}</legend>
        <div class="stack">
          {mayGiveAll && <Choice value="*" name={texts.allClinics} checked={isAll} />}
          {clinics.map(({ id, name }) => (
            <Choice value={id} name={name} checked={chosen?.clinics?.includes(id) ?? (!mayGiveAll && clinics.length === 1)} />
          ))}
        </div>
      </fieldset>
    </>
  )
}

function Choice({ value, name, checked }: { readonly value: string; readonly name: string; readonly checked: boolean }) {
  return (
    <label class="choice">
      <input type="checkbox" name="clinics" value={value} checked={checked} /> {name}
    </label>
  )
}

/** What the form above says; undefined where the role is none, `no_clinic` where no clinic was chosen. */
export async function readReach(c: Context<StaffEnv>): Promise<Pick<Grant, 'role' | 'clinics'> | 'malformed' | 'no_clinic'> {
  const form = await c.req.parseBody({ all: true })
  const role = everyRole.find((each) => each === form.role)
  if (!role) return 'malformed'
  const chosen = [form.clinics].flat().filter((each): each is string => typeof each === 'string')
  if (chosen.includes('*')) return { role }
  const known = chosen.filter((id) => c.get('clinics').some((clinic) => clinic.id === id))
  return known.length > 0 ? { role, clinics: known } : 'no_clinic'
}

/** `Toutes`, or their names. */
export function sayClinics(language: Language, ids: readonly string[] | undefined, clinics: readonly ClinicName[]): string {
  if (ids === undefined) return accessTexts(language).allClinics
  return ids.map((id) => clinics.find((clinic) => clinic.id === id)?.name ?? id).join(', ')
}

export function sayRole(language: Language, role: Role): string {
  return consoleTexts[language].roles[role]
}
