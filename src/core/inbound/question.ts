import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../appointment.ts'

/** One line of a question; its code is its place in the list, from 1. */
export interface Option {
  readonly appointmentId: AppointmentId
  /** `confirmationBasis` when it was asked: an answer to what is no longer so is stale (MOD-5). */
  readonly basis: string
}

/**
 * What we last asked of one number, by text: which of several appointments an answer is of (`confirm`, `decline`), whether one is really to be
 * cancelled (`cancel`), and for as long as it can be undone, whether it was meant (`undo`).
 */
export interface Question {
  readonly contact: string
  readonly about: 'confirm' | 'decline' | 'cancel' | 'undo'
  readonly options: readonly Option[]
  readonly askedAt: Temporal.Instant
  readonly until: Temporal.Instant
}
