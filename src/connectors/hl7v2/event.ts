/** What kind of message it is: MSH-9.1 and MSH-9.2. */
export interface MessageEvent {
  readonly type: string
  readonly event: string
}

/** The event from MSH-9.2, else EVN-1, else the end of MSH-9.3, which many senders fill wrongly (V2-EVT-1). */
export function readEvent(type: string, trigger: string, structure: string, evn1 = ''): MessageEvent {
  const suffix = structure.includes('_') ? structure.slice(structure.lastIndexOf('_') + 1) : ''
  return { type: type.toUpperCase(), event: (trigger || evn1 || suffix).toUpperCase() }
}

/** Appointments, and diaries that close and open (HL7 v2.9.1 ch. 10.3). */
const siuEvents = 'S12 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24 S26 S27'

/** Records, arrivals and merges; and departures, links and the like, which change nothing here (HL7 v2.9.1 ch. 3.3). */
const adtEvents = 'A01 A03 A04 A05 A08 A09 A10 A11 A18 A24 A28 A30 A31 A32 A34 A35 A36 A37 A38 A39 A40 A45 A46 A47'

/** What is taken where the site does not say. */
export const defaultEvents: readonly string[] = `${siuEvents} ${adtEvents}`.split(' ')
