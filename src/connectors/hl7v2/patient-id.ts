import type { Message, Segment } from './reader.ts'
import { componentOf, repetitions } from './reader.ts'

/** Identifiers that are never kept, whoever issues them: social security and national numbers (HL7 table 0203), unless the site names patients by them. */
const privateTypes = [
  'SS',
  'NI',
  'NIR',
  'NH',
  'NHS',
  'INS',
  'INS-C',
  'INS-NIR',
  'INS-NIA',
  'HC',
  'JHN',
  'DL',
  'PPN',
  'TAX',
  'CZ',
  'MC',
  'MA',
  'WC',
]

/** Who issues them, where the type does not say: CX.4 and CX.6 of the United States, France and England. */
const privateAuthorities = [
  'USSSA',
  'SSA',
  'SSN',
  'NHS',
  'INS',
  '2.16.840.1.113883.4.1',
  '1.2.250.1.213.1.4.2',
  '1.2.250.1.213.1.4.8',
  '1.2.250.1.213.1.4.9',
  '1.2.250.1.213.1.4.10',
  '1.2.250.1.213.1.4.11',
  '2.16.840.1.113883.2.1.4.1',
]

/** Of the stay or of the account, not of the person: a family may share one. */
const impersonalTypes = ['AN', 'ANON', 'ANC', 'ANT', 'VN', 'BC', 'XX']

/** One CX. */
export interface Identifier {
  readonly id: string
  /** CX.5. */
  readonly type: string
  /** CX.4.1, else CX.4.2, else CX.6. */
  readonly authority: string
}

const MOST_IDS = 50

/** The identifiers of a field that may be kept. */
export function readIdentifiers(message: Message, segment: Segment | undefined, field: number, idTypes: readonly string[]): Identifier[] {
  const found: Identifier[] = []
  for (const raw of repetitions(message, segment, field).slice(0, MOST_IDS)) {
    const part = (component: number, subcomponent = 1): string => componentOf(message, raw, component, subcomponent) ?? ''
    const [id, type] = [part(1), part(5)]
    const authorities = [part(4), part(4, 2), part(6)]
    if (id === '' || (isPrivate(type, authorities) && !idTypes.includes(type))) continue
    found.push({ id, type, authority: authorities.find((name) => name !== '') ?? '' })
  }
  return found
}

function isPrivate(type: string, authorities: readonly string[]): boolean {
  const word = type.toUpperCase()
  // NNFRA, NNCAN …: the national number of a country.
  return (
    privateTypes.includes(word) ||
    /^NN[A-Z]{2,4}$/.test(word) ||
    authorities.some((name) => privateAuthorities.includes(name.toUpperCase()))
  )
}

/** Those that name the patient: of the best type there is, else the first (V2-PID-1). Several of one type are all the patient's. */
export function bestIdentifiers(identifiers: readonly Identifier[], idTypes: readonly string[]): readonly Identifier[] {
  for (const wanted of idTypes) {
    const ofType = identifiers.filter(({ type }) => type === wanted)
    if (ofType.length > 0) return ofType
  }
  return identifiers.slice(0, 1)
}

/** Who a PID speaks of. */
export interface Identity {
  /** PID-3, else PID-2, else PID-4 (V2-PID-1). */
  readonly ehrId: string
  /**
   * What else the patient is known by: `GOOD HEALTH HOSPITAL:MR:1234`, the name-giving one included, so that two records meet whichever of
   * them names the patient. An id alone could be anybody's, so one without type or authority is left out.
   */
  readonly otherIds: readonly string[]
}

/** Undefined where the PID names nobody. */
export function readIdentity(message: Message, pid: Segment | undefined, idTypes: readonly string[]): Identity | undefined {
  const all = [3, 2, 4].map((field) => readIdentifiers(message, pid, field, idTypes))
  const [best] = all.find((identifiers) => identifiers.length > 0) ?? []
  if (!best) return undefined
  const [named = best] = bestIdentifiers(all[0] ?? [], idTypes)
  const qualified = all
    .flat()
    .filter(({ type, authority }) => (type !== '' || authority !== '') && !impersonalTypes.includes(type.toUpperCase()))
    .map(({ id, type, authority }) => [authority, type, id].join(':'))
  return { ehrId: named.id, otherIds: [...new Set(qualified)] }
}
