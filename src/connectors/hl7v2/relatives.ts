import type { ContactPoint, Relative } from '../../core/patient.ts'
import type { ContactFields } from './contacts.ts'
import { readContacts } from './contacts.ts'
import { bestIdentifiers, readIdentifiers } from './patient-id.ts'
import { readName } from './patient-name.ts'
import type { Message, Segment } from './reader.ts'
import { stringAt } from './reader.ts'
import type { TelecomContext } from './telecom.ts'
import { hasEnded } from './telecom.ts'

export interface RelativeOptions {
  /** NK1-3 of those who may be told in the place of a minor, upper case (HL7 table 0063). */
  readonly guardianCodes: readonly string[]
  readonly idTypes: readonly string[]
}

const nk1Phones: ContactFields = [
  [5, 'home'],
  [6, 'work'],
  [40, undefined],
]
const gt1Phones: ContactFields = [
  [6, 'home'],
  [7, 'work'],
]
const MOST_RELATIVES = 20

/**
 * The NK1 of one patient, whole; undefined where there is none (V2-ENC-5). Who pays (GT1) is nobody's contact (V2-REL-1), unless an NK1 without
 * any telephone is the same person by name.
 */
export function readRelatives(
  message: Message,
  group: readonly Segment[],
  context: Omit<TelecomContext, 'use'>,
  options: RelativeOptions,
): readonly Relative[] | undefined {
  const kin = group.filter((segment) => segment.name === 'NK1').slice(0, MOST_RELATIVES)
  if (kin.length === 0) return undefined
  const payers = group.filter((segment) => segment.name === 'GT1').slice(0, MOST_RELATIVES)
  return kin.flatMap((segment) => {
    const name = readName(message, segment, 2)
    // NK1-9: the day it ended. A name taken away takes the relative away.
    if (name === null || hasEnded(stringAt(message, segment, 9), context.receivedAt)) return []
    const own = readContacts(message, segment, nk1Phones, context).contacts ?? []
    const contacts = own.length > 0 ? own : asPayer(message, nameOf(message, segment, 2), payers, context)
    const [id] = bestIdentifiers(readIdentifiers(message, segment, 33, options.idTypes), options.idTypes)
    return [{ ...(id && { ehrId: id.id }), guardian: isGuardian(message, segment, options), contacts }]
  })
}

/** NK1-3, its code or the other one. */
function isGuardian(message: Message, nk1: Segment, { guardianCodes }: RelativeOptions): boolean {
  return [1, 4].some((component) => guardianCodes.includes(stringAt(message, nk1, 3, component)?.toUpperCase() ?? ''))
}

function nameOf(message: Message, segment: Segment, field: number): string {
  const { family = '', given = '' } = readName(message, segment, field) ?? {}
  return family === '' || given === '' ? '' : `${family}^${given}`.toLowerCase()
}

function asPayer(
  message: Message,
  name: string,
  payers: readonly Segment[],
  context: Omit<TelecomContext, 'use'>,
): readonly ContactPoint[] {
  const payer = name === '' ? undefined : payers.find((segment) => nameOf(message, segment, 3) === name)
  return (payer && readContacts(message, payer, gt1Phones, context).contacts) ?? []
}
