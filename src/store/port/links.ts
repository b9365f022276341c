import type { Temporal } from 'temporal-polyfill'
import type { AppointmentId } from '../../core/appointment.ts'
import type { PatientId } from '../../core/patient.ts'

export interface LinksTable {
  save(link: Link): Promise<void>
  find(tokenHash: string): Promise<Link | undefined>
}

/** What a private address opens. The token itself is kept nowhere (R26). */
export interface Link {
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string
  readonly appointmentId: AppointmentId
  readonly patientId: PatientId
  readonly notificationId: string
  readonly createdAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant
  /** Its page was first opened; absent: not, or nobody noted it. */
  readonly openedAt?: Temporal.Instant
  /** It went to a test address, or was opened from one that did: who holds it is not the patient. */
  readonly redirected?: true
}
