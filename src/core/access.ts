/** `operator` > `admin` > `appointments` > `reader`; `integrator` stands beside them and sees to connectors. */
export type Role = 'operator' | 'admin' | 'appointments' | 'reader' | 'integrator'

/** Who calls, as far as the rules care. */
export interface Caller {
  /** Named in the audit. */
  readonly name: string
  readonly role: Role
  /** The clinics it may see; absent: all. */
  readonly clinics?: readonly string[]
}

/** Which roles each one includes, itself first. */
const included: Readonly<Record<Role, readonly Role[]>> = {
  operator: ['operator', 'admin', 'appointments', 'reader', 'integrator'],
  admin: ['admin', 'appointments', 'reader'],
  appointments: ['appointments', 'reader'],
  reader: ['reader'],
  integrator: ['integrator'],
}

/** Any one of the least roles will do. */
export function mayReach({ role }: Pick<Caller, 'role'>, least: readonly Role[]): boolean {
  return least.some((each) => included[role].includes(each))
}

/** The tenant's wall: to whoever may not see a clinic, it does not exist. */
export function mayEnter({ clinics }: Pick<Caller, 'clinics'>, clinicId: string): boolean {
  return clinics === undefined || clinics.includes(clinicId)
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
