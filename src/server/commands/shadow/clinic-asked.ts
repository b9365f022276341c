import type { Config } from '../../config/config.ts'
import { Refusal } from '../refusal.ts'

/** The clinic that is named, or the only one there is. */
export function clinicAsked({ clinics }: Config, named: string | undefined): Config['clinics'][number] {
  const ids = clinics.map(({ clinic }) => clinic.id)
  const [only, ...others] = clinics
  const found = named === undefined && others.length === 0 ? only : clinics.find(({ clinic }) => clinic.id === named)
  if (!found)
    throw new Refusal(named === undefined ? `--clinic is one of ${ids.join(', ')}` : `no clinic is called ${named}: ${ids.join(', ')}`)
  return found
}
