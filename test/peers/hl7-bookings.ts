import { Temporal } from 'temporal-polyfill'
import { isBefore } from '../../src/connectors/hl7v2/version.ts'

/** The versions whose forms differ: ERR-1 or ERR-2, MSH-9.3, TQ1, the fields that 2.7 withdrew. */
export const versions = ['2.3', '2.4', '2.5.1', '2.8'] as const
export type Version = (typeof versions)[number]

const zone = 'Europe/Paris'

export interface Booking {
  readonly version: Version
  readonly id: string
  readonly start: Temporal.Instant
  readonly event?: string
  /** Between MSH-12 and the end: `|||AL|AL`. */
  readonly asks?: string
  /** SCH-1 and SCH-2. */
  readonly named?: boolean
}

/** An appointment as a careful EHR of that version sends it: whatever a validator refuses of its echo is of our making. */
export function booking({ version, id, start, event = 'S12', asks = '', named = true }: Booking): string {
  const [from, until] = [start, start.add({ minutes: 30 })].map(wallClock)
  const isOld = isBefore(version, 2, 5)
  const isModern = !isBefore(version, 2, 7)
  const sent = wallClock(Temporal.Now.instant())
  const control = `${id}${event}${asks.replaceAll('|', '')}${named}`
  const charset = version === '2.3' ? '' : `${asks === '' ? '||' : ''}||UNICODE UTF-8`
  const structure = version === '2.3' ? '' : '^SIU_S12'
  const length = isModern ? '|min^Minute' : '30|min^Minute'
  return [
    `MSH|^~\\&|EHR|TILLEULS|RAPPEL|RAPPEL|${sent}||SIU^${event}${structure}|${control}|P|${version}${asks || '|||'}${charset}`,
    `SCH|${named ? `P${id}^EHR|${id}^EHR` : '|'}|||AG1|ADD^Ajout|CONSULT^Consultation^L|ROUTINE^Suivi|${length}|${isOld ? `^^30^${from}^${until}` : ''}|||||9^Roy^Guy||||9^Roy^Guy|||||Booked`,
    ...(isOld ? [] : [`TQ1|1||||||${from}|${until}`]),
    `PID|1||${id}^^^EHR^MR||${version === '2.3' ? 'Lefevre^Elise' : 'Lefèvre^Élise'}||19700115|F|||||^NET^Internet^${id.toLowerCase()}@example.org`,
    `PV1|1|O|CARDIO^12||||D1^Moreau^Claire||||||||||||V${id}${isModern ? '^^^EHR^VN' : ''}`,
    'RGS|1|A|G1',
    'AIS|1|A|CONSULT^Consultation^L',
    'AIP|1|A|D1^Moreau^Claire|MD^Doctor',
    '',
  ].join('\r')
}

function wallClock(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:T]/g, '')
}
