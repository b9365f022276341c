import { Temporal } from 'temporal-polyfill'

const hl7Time = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:\.\d+)?(?:([+-]\d{2})(\d{2}))?/
const headBytes = 65_536

/**
 * When a recorded file says it was sent (MSH-7, meta.lastUpdated): stands in for the arrival nobody wrote down, by which a connector judges
 * a message's clock. Undefined: it does not say.
 */
export function recordedAt(body: Uint8Array, zone: string): Temporal.Instant | undefined {
  const head = new TextDecoder('latin1').decode(body.subarray(0, headBytes))
  try {
    return head.startsWith('MSH') ? sentAt(head, zone) : updatedAt(head)
  } catch {
    return undefined
  }
}

/** The separator is the message's own (HL7 v2.5.1 ch. 2.5.4). */
function sentAt(head: string, zone: string): Temporal.Instant | undefined {
  const match = hl7Time.exec(head.split(/[\r\n]/, 1)[0]?.split(head.charAt(3))[6] ?? '')
  if (!match) return undefined
  const [, year, month, day, hour, minute, second = '00', hours, minutes] = match
  const local = Temporal.PlainDateTime.from(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
  return local.toZonedDateTime(hours === undefined ? zone : `${hours}:${minutes}`).toInstant()
}

/** Of the resource that was changed last: the others were there before. */
function updatedAt(head: string): Temporal.Instant | undefined {
  const times = [...head.matchAll(/"lastUpdated"\s*:\s*"([^"]{1,40})"/g)].flatMap(([, text]) => (text ? Temporal.Instant.from(text) : []))
  return times.sort(Temporal.Instant.compare).at(-1)
}
