import type { ContactPoint } from '../../core/patient.ts'
import type { Message, Segment } from './reader.ts'
import { isDeleted, repetitions } from './reader.ts'
import type { TelecomContext } from './telecom.ts'
import { readTelecom } from './telecom.ts'

/** Fields of telecoms, and what they are for where XTN.2 does not say. */
export type ContactFields = readonly (readonly [field: number, use: 'home' | 'work' | undefined])[]

export interface ContactReading {
  /** The whole list; undefined where every field is empty (V2-ENC-4). */
  readonly contacts?: readonly ContactPoint[]
  readonly warnings: readonly string[]
}

const MOST_CONTACTS = 20

/** Twenty of each field at most. */
export function readContacts(
  message: Message,
  segment: Segment,
  fields: ContactFields,
  context: Omit<TelecomContext, 'use'>,
): ContactReading {
  const contacts: ContactPoint[] = []
  const warnings: string[] = []
  let said = false
  for (const [field, use] of fields) {
    if (isDeleted(segment, field)) {
      said = true
      continue
    }
    for (const raw of repetitions(message, segment, field).slice(0, MOST_CONTACTS)) {
      said = true
      const telecom = readTelecom(message, raw, { ...context, ...(use && { use }) })
      if (telecom.kind === 'contact') contacts.push(telecom.contact)
      else if (telecom.warning) warnings.push(telecom.warning)
    }
  }
  return { ...(said && { contacts }), warnings }
}
