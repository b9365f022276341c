import type { Temporal } from 'temporal-polyfill'
import type { PatientChange } from './change.ts'
import type { Stamp } from './stamp.ts'

/**
 * What an envelope says beside appointments: of patients, visits and diaries. Ids are the EHR's own. It is acted on before the envelope's
 * appointments, in its order.
 */
export type News =
  /** ADT A08, A31, A28; a FHIR Patient. */
  | { readonly kind: 'patient'; readonly patient: PatientChange; readonly stamp: Stamp }
  /** One person had two records, or a new number: whatever is said of `prior` is of `survivor` from now on (ADT A18, A34, A36, A40, A47; Patient.link replaced-by). */
  | { readonly kind: 'merge'; readonly prior: string; readonly survivor: string; readonly stamp: Stamp }
  /** ADT A45: the visit is another patient's than we knew. */
  | { readonly kind: 'visit-moved'; readonly visit: string; readonly patient: string; readonly stamp: Stamp }
  /**
   * The patient of a visit is here (ADT A04, A10; Encounter arrived), or is not after all (A11, A32). Known by its visit number; without one, only
   * where `day` allows it: the patient's one appointment of that day in the connector's zone.
   */
  | {
      readonly kind: 'arrival'
      readonly here: boolean
      readonly visit?: string
      readonly patient?: string
      /** `YYYY-MM-DD` */
      readonly day?: string
      readonly stamp: Stamp
    }
  /** A diary is closed for that time, or open again (S23, S24; a busy Slot): what is called off in it is one absence (D12). */
  | {
      readonly kind: 'block'
      readonly closed: boolean
      /** Agenda keys. */
      readonly agendas: readonly string[]
      readonly start: Temporal.Instant
      readonly end: Temporal.Instant
      readonly stamp: Stamp
    }

/** One diary closed, or open again, for a time; of those that cover an instant, the one said last counts. */
export interface AgendaBlock {
  readonly clinicId: string
  readonly agendaKey: string
  readonly start: Temporal.Instant
  readonly end: Temporal.Instant
  readonly closed: boolean
  readonly stamp: Stamp
}
