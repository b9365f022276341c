import { always, instant, optional, record, text } from '../codec.ts'
import type { Link } from '../port/links.ts'

export const linkRecord = record<Link>({
  tokenHash: text,
  appointmentId: text,
  patientId: text,
  notificationId: text,
  createdAt: instant,
  expiresAt: instant,
  openedAt: optional(instant),
  redirected: optional(always),
})
