import { Temporal } from 'temporal-polyfill'
import type { Envelope } from '../../../../src/core/envelope.ts'

/** Lines as an EHR would send them. */
export function hl7(...lines: string[]): Buffer {
  return Buffer.from(`${lines.join('\r')}\r`)
}

export function envelopeOf(body: Uint8Array, receivedAt = '2026-03-01T11:00:05Z', mediaType = 'application/hl7-v2'): Envelope {
  return { connectorId: 'tilleuls', receivedAt: Temporal.Instant.from(receivedAt), mediaType, body }
}

export function msh(event: string, rest: { id?: string; at?: string; version?: string; more?: string } = {}): string {
  const { id = 'MSG00012', at = '20260301120000', version = '2.5.1', more = '' } = rest
  return `MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|${at}||SIU^${event}^SIU_S12|${id}|P|${version}${more}`
}

/** An SCH with only these fields. */
export function sch(fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  return ['SCH', ...Array.from({ length: last }, (_, n) => fields[n + 1] ?? '')].join('|')
}
