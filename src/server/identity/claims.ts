import type { Grant, Role } from '../../core/access.ts'
import { loginOf } from '../../core/user.ts'

/** How a provider's word about somebody becomes an account here. */
export interface ClaimRules {
  readonly loginClaim: string
  readonly nameClaim: string
  readonly requiredClaim?: { readonly claim: string; readonly value: string }
  readonly roleClaim: string
  readonly roles: readonly { readonly value: string; readonly role: Role; readonly clinics?: readonly string[] }[]
}

export type ClaimsRead =
  | {
      readonly kind: 'known'
      readonly login: string
      readonly name: string
      /** Absent where roles are given here, by hand. */
      readonly grant?: Grant
    }
  | { readonly kind: 'refused'; readonly reason: 'required_claim' | 'no_login' | 'no_role' }

/** The first row that matches gives the role; whoever matches none gets none. */
export function readClaims(claims: Readonly<Record<string, unknown>>, rules: ClaimRules): ClaimsRead {
  const { requiredClaim, roles } = rules
  if (requiredClaim && !valuesOf(claims, requiredClaim.claim).includes(requiredClaim.value))
    return { kind: 'refused', reason: 'required_claim' }
  const login = loginOf(valuesOf(claims, rules.loginClaim)[0] ?? '')
  // an address that nobody has shown to be theirs is no name to be known by
  if (login === undefined || (rules.loginClaim === 'email' && claims.email_verified === false))
    return { kind: 'refused', reason: 'no_login' }
  const name = (valuesOf(claims, rules.nameClaim)[0] ?? login).slice(0, 120)
  if (roles.length === 0) return { kind: 'known', login, name }
  const held = new Set(valuesOf(claims, rules.roleClaim))
  const matching = roles.filter(({ value }) => held.has(value))
  const role = matching[0]?.role
  if (!role) return { kind: 'refused', reason: 'no_role' }
  const reaches = matching.filter((row) => row.role === role).map(({ clinics }) => clinics)
  const clinics = reaches.every((each) => each !== undefined) ? [...new Set(reaches.flat())] : undefined
  return { kind: 'known', login, name, grant: { role, ...(clinics && { clinics }) } }
}

/** A claim by its name, else by the path its dots make; one text or several. */
function valuesOf(claims: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const found = Object.hasOwn(claims, name) ? claims[name] : name.split('.').reduce<unknown>(child, claims)
  const values = Array.isArray(found) ? found : [found]
  return values.flatMap((each: unknown) => (typeof each === 'string' || typeof each === 'boolean' ? [String(each)] : []))
}

function child(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, key) ? (of as Readonly<Record<string, unknown>>)[key] : undefined
}
