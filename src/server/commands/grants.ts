import { everyRole, type Grant, type Role } from '../../core/access.ts'
import type { Config } from '../config/config.ts'
import { Refusal } from './refusal.ts'

export function roleIn(text: string | undefined): Role {
  const role = everyRole.find((each) => each === text)
  if (!role) throw new Refusal(`--role is ${everyRole.join(', ')}`)
  return role
}

/** `tilleuls,erables`; absent: all. A clinic that is not configured is a slip of the pen. */
export function clinicsIn(text: string | undefined, { clinics }: Pick<Config, 'clinics'>): readonly string[] | undefined {
  if (text === undefined) return undefined
  const ids = text.split(',').map((id) => id.trim())
  const stranger = ids.find((id) => !clinics.some(({ clinic }) => clinic.id === id))
  if (stranger !== undefined) throw new Refusal(`no clinic is called "${stranger}"`)
  return ids
}

/** `admin, tilleuls erables`; `admin, all clinics`. */
export function sayGrant({ role, clinics }: Pick<Grant, 'role' | 'clinics'>): string {
  return `${role}, ${clinics?.join(' ') ?? 'all clinics'}`
}
