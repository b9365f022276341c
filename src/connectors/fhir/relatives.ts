import type { Relative } from '../../core/patient.ts'
import type { Found, Graph } from './graph.ts'
import { contactsOf, type ReadingOf } from './patient.ts'
import { type Concept, check, type PatientResource, relatedPersonSchema } from './resources.ts'
import { isWithin } from './time.ts'

/** V2-REL-1: v3-RoleCode, and HL7 v2 table 0063 where a server kept its codes. Next of kin and emergency contacts are not guardians. */
const guardianCodes: ReadonlySet<string> = new Set(['GUARD', 'MTH', 'FTH', 'PRN', 'GRD', 'PAR'])
const maxRelatives = 20

/** Who else the record names: `Patient.contact`, and the RelatedPersons that came with it, in force at that instant. */
export function relativesOf(found: Found, patient: PatientResource, graph: Graph, reading: ReadingOf): readonly Relative[] {
  const within = (patient.contact ?? []).filter(({ period }) => isWithin(period, reading.at, reading.zone))
  const named = within.map(
    ({ relationship, telecom }): Relative => ({ guardian: isGuardian(relationship), contacts: contactsOf(telecom ?? [], reading) }),
  )
  return [...named, ...relatedPersons(found, graph, reading)].slice(0, maxRelatives)
}

function relatedPersons(found: Found, graph: Graph, reading: ReadingOf): readonly Relative[] {
  return graph.ofType('RelatedPerson').flatMap((resource) => {
    const checked = check(relatedPersonSchema, resource, 'RelatedPerson')
    if (checked.kind === 'faulty') return []
    const { id, patient, active, period, relationship, telecom } = checked.value
    const isTheirs = graph.find(patient, resource).key === found.key
    if (!isTheirs || active === false || !isWithin(period, reading.at, reading.zone)) return []
    const contacts = contactsOf(telecom ?? [], reading)
    return [{ ...(id && { ehrId: `RelatedPerson/${id}` }), guardian: isGuardian(relationship), contacts }]
  })
}

function isGuardian(relationship: readonly Concept[] | undefined): boolean {
  return (relationship ?? []).some(({ coding }) => coding?.some(({ code }) => code !== undefined && guardianCodes.has(code)) ?? false)
}
