import { fold } from '../core/fold.ts'
import type { Patient } from '../core/patient.ts'
import type { PatientSearch } from './port/patients.ts'

/** After every text that begins with what is before it. */
export const last = '\u{10ffff}'

const name = 'n '
const birth = 'b '
/** Of one record: what an EHR puts into a name has no bound. */
const most = 20
const longest = 80

/** What a search finds a record by: each word of its name with those after it, family name first and last, and its birth date. */
export function termsOf({ givenName = '', familyName = '', birthDate }: Patient): readonly string[] {
  const orders = [`${familyName} ${givenName}`, `${givenName} ${familyName}`].map((each) => fold(each).split(' '))
  const names = orders.flatMap((words) => words.map((_, index) => words.slice(index).join(' '))).filter(Boolean)
  const terms = [...new Set(names)].slice(0, most).map((each) => name + each.slice(0, longest))
  return birthDate === undefined ? terms : [...terms, birth + birthDate]
}

export function termWanted(what: PatientSearch): string {
  return 'name' in what ? name + fold(what.name).slice(0, longest) : birth + what.birthDate
}

/** A record that two of the terms it is kept under would find is found by the first alone. */
export function isFirstOf(kept: readonly string[], term: string, wanted: string): boolean {
  return kept.filter((each) => each.startsWith(wanted)).sort()[0] === term
}
