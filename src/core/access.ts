/** `operator` > `admin` > `appointments` > `reader`; `integrator` stands beside them and sees to connectors. */
export type Role = 'operator' | 'admin' | 'appointments' | 'reader' | 'integrator'

/** What somebody is given. */
export interface Grant {
  readonly role: Role
  /** The clinics it may see; absent: all. */
  readonly clinics?: readonly string[]
  /** Narrower than the role, `settings:read` or `settings:write` (which reads too); absent: all that the role may. */
  readonly scopes?: readonly string[]
}

/** Who calls, as far as the rules care. */
export interface Caller extends Grant {
  readonly name: string
  /** As the audit names it, without a person's name: `user:<id>`; a token of the configuration unless told. */
  readonly actor?: string
}

/** Which roles each one includes, itself first. */
const included: Readonly<Record<Role, readonly Role[]>> = {
  operator: ['operator', 'admin', 'appointments', 'reader', 'integrator'],
  admin: ['admin', 'appointments', 'reader'],
  appointments: ['appointments', 'reader'],
  reader: ['reader'],
  integrator: ['integrator'],
}

/** Lowest last. */
export const everyRole = ['operator', 'admin', 'appointments', 'reader', 'integrator'] as const satisfies readonly Role[]

/** Any one of the least roles will do. */
export function mayReach({ role }: Pick<Caller, 'role'>, least: readonly Role[]): boolean {
  return least.some((each) => included[role].includes(each))
}

/** The tenant's wall: to whoever may not see a clinic, it does not exist. */
export function mayEnter({ clinics }: Pick<Caller, 'clinics'>, clinicId: string): boolean {
  return clinics === undefined || clinics.includes(clinicId)
}

/** Whether scopes open what needs this one. */
export function hasScope({ scopes }: Pick<Grant, 'scopes'>, needed: string): boolean {
  return scopes === undefined || scopes.includes(needed) || scopes.includes(needed.replace(/:read$/, ':write'))
}

/** Nobody gives more than they have: not the role, not a clinic, not a scope. */
export function mayGrant(own: Grant, wanted: Grant): boolean {
  const within = (mine: readonly string[] | undefined, theirs: readonly string[] | undefined, has: (each: string) => boolean) =>
    mine === undefined || (theirs?.every(has) ?? false)
  return (
    mayReach(own, [wanted.role]) &&
    within(own.clinics, wanted.clinics, (each) => mayEnter(own, each)) &&
    within(own.scopes, wanted.scopes, (each) => hasScope(own, each))
  )
}

/** Whom nothing is kept from: a store must never be without one. */
export function seesAll({ role, clinics, scopes }: Grant): boolean {
  return role === 'operator' && clinics === undefined && scopes === undefined
}

export type EditRefusal =
  | { readonly type: 'role_required'; readonly role: Role; readonly path: readonly string[] }
  /** D1: the clinic's settings are read-only until an operator opens them. */
  | { readonly type: 'plan_required' }

/** D22, D23: a patient's switch is a secretary's; D4, D14: the rest an administrator's; D1, O22: these two an operator's. */
function leastFor([top]: readonly string[]): Role {
  if (top === 'smsActivated' || top === 'settingsEnabled') return 'operator'
  return top === 'patients' ? 'appointments' : 'admin'
}

/** The first reason why this role may not change these settings, or any at all (`settingsEnabled`); undefined: it may. */
export function mayEdit(
  role: Role,
  changes: readonly { readonly path: readonly string[] }[],
  settingsEnabled: boolean,
): EditRefusal | undefined {
  for (const { path } of changes) {
    const least = leastFor(path)
    if (!mayReach({ role }, [least])) return { type: 'role_required', role: least, path }
  }
  return changes.length > 0 && !settingsEnabled && role !== 'operator' ? { type: 'plan_required' } : undefined
}
