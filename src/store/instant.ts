import { Temporal } from 'temporal-polyfill'

/** Instants in due columns: whole microseconds since 1970, exact until the year 2255. A finer one is rounded up, so that nothing is due early. */
export function toMicroseconds(instant: Temporal.Instant): number {
  const nanoseconds = instant.epochNanoseconds
  return Number(nanoseconds >= 0n ? (nanoseconds + 999n) / 1000n : nanoseconds / 1000n)
}

export function fromMicroseconds(microseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochNanoseconds(BigInt(microseconds) * 1000n)
}

const millisecond = 1_000_000n

/** What was written last, by the object: the documents of one message write its dozen of instants eighty times. */
const recent: { readonly instant: Temporal.Instant; readonly text: string }[] = []
const mostRecent = 8
let oldest = 0

/** Instants in documents: ISO 8601 in UTC, with every digit they have. `Temporal`'s own `toString` takes 8 µs, this 0.5. */
export function writeInstant(instant: Temporal.Instant): string {
  for (const each of recent) if (each.instant === instant) return each.text
  const text = isoText(instant)
  recent[oldest] = { instant, text }
  oldest = (oldest + 1) % mostRecent
  return text
}

function isoText(instant: Temporal.Instant): string {
  const milliseconds = new Date(instant.epochMilliseconds).toISOString()
  const rest = ((instant.epochNanoseconds % millisecond) + millisecond) % millisecond
  if (rest === 0n) return milliseconds
  const digits = rest.toString().padStart(6, '0')
  return `${milliseconds.slice(0, -1)}${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`
}

/** Throws `RangeError` where the text is no instant. */
export function readInstant(text: string): Temporal.Instant {
  if (text.length === 24) return Temporal.Instant.fromEpochMilliseconds(Date.parse(text))
  return Temporal.Instant.from(text)
}
