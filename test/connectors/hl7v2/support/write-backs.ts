import { Temporal } from 'temporal-polyfill'
import type { WriteBack } from '../../../../src/core/write-back.ts'

/** An answer of a patient, ready to be brought. */
export function writeBackOf(part: Partial<WriteBack> = {}): WriteBack {
  return {
    id: 'tilleuls:F:confirm:1772611200000',
    appointmentId: 'tilleuls:F',
    connectorId: 'tilleuls',
    ehrId: 'F',
    patientEhrId: '1',
    kind: 'confirm',
    start: Temporal.Instant.from('2026-03-04T08:00:00Z'),
    answeredAt: Temporal.Instant.from('2026-03-03T17:12:40Z'),
    dueAt: Temporal.Instant.from('2026-03-03T17:12:41Z'),
    state: 'sending',
    attempts: 1,
    nextTryAt: Temporal.Instant.from('2026-03-03T17:12:41Z'),
    ...part,
  }
}
