import type { Temporal } from 'temporal-polyfill'
import type { Patient, PatientId } from '../../core/patient.ts'
import type { Preferences } from '../../core/preferences.ts'

export interface PatientsTable {
  find(id: PatientId): Promise<Patient | undefined>
  /** What they chose themselves is not written: see `preferences`. */
  save(patient: Patient): Promise<void>
  /** Of one clinic, whoever has this phone number (E.164) among their contacts or their guardians’: a household (D29). In the order of their ids. */
  sharing(clinicId: string, phone: string, limit: number): Promise<readonly Patient[]>
  /** Of one clinic, by the beginning of a name (any word of it, accents and case left aside) or a birth date; each once, in the order of what they were found by. */
  search(clinicId: string, what: PatientSearch, limit: number, after?: PatientPlace): Promise<readonly PatientFound[]>
  /** Whom this record names as a relative with a record of their own, and who names this one. */
  related(id: PatientId, limit: number): Promise<readonly Patient[]>
  /** The record that stands for it after every merge; itself where it was merged into none. */
  survivorOf(id: PatientId): Promise<PatientId>
  /** Whatever is said of `prior` is of `survivor` from now on. The caller has seen to it that this is no circle. */
  mergeInto(prior: PatientId, survivor: PatientId, at: Temporal.Instant): Promise<void>
}

/** What patients chose on their page; `patients` gives it with their record. */
export interface PreferencesTable {
  find(patientId: PatientId): Promise<Preferences | undefined>
  save(patientId: PatientId, preferences: Preferences): Promise<void>
}

/** One of the two; a name of at least one letter. */
export type PatientSearch = { readonly name: string } | { readonly birthDate: string }

export interface PatientFound {
  readonly patient: Patient
  /** What they were found by, folded as the search folds it. */
  readonly term: string
}

/** Where a page of a search ended. */
export interface PatientPlace {
  readonly id: PatientId
  readonly term: string
}
