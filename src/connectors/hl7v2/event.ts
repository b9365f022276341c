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
