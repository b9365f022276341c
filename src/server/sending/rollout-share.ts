import type { Patient, PatientId } from '../../core/patient.ts'
import { isByShare, standsFor } from '../../core/rollout.ts'
import type { Settings } from '../../core/settings.ts'
import type { Transaction } from '../../store/store.ts'

/** A household, and a few more. */
const most = 12
const mostOfOne = 6

/** Who stands for the patient's household in the clinic's share of patients; asked of the store only while there is one. */
export async function householdInShare(tx: Transaction, patient: Patient | undefined, settings: Settings): Promise<PatientId | undefined> {
  if (!patient || !isByShare(settings)) return undefined
  const household = new Map([[patient.id, patient]])
  // a map is walked through to its end, also to what is put in on the way
  for (const member of household.values())
    for (const near of await nearTo(tx, member)) if (household.size < most) household.set(near.id, near)
  return standsFor(household.keys())
}

async function nearTo(tx: Transaction, { id, clinicId, contacts, relatives = [] }: Patient): Promise<readonly Patient[]> {
  const phones = [...contacts, ...relatives.flatMap((each) => (each.guardian ? each.contacts : []))].flatMap(({ kind, value }) =>
    kind === 'phone' && value !== undefined ? value : [],
  )
  const near = [...(await tx.patients.related(id, mostOfOne))]
  for (const phone of new Set(phones)) near.push(...(await tx.patients.sharing(clinicId, phone, mostOfOne)))
  return near
}
