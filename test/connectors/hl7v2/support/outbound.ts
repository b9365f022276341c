import { Temporal } from 'temporal-polyfill'
import type { Message } from '../../../../src/connectors/hl7v2/reader.ts'
import { readMessage } from '../../../../src/connectors/hl7v2/reader.ts'
import type { OutboundOptions, Telling } from '../../../../src/connectors/hl7v2/telling.ts'
import type { WriteBack } from '../../../../src/core/write-back.ts'
import { hl7, msh } from './siu-text.ts'
import { writeBackOf } from './write-backs.ts'

export const outboundOptions: OutboundOptions = {
  zone: 'Europe/Paris',
  ourApplication: 'RAPPEL',
  ourFacility: 'SITE1',
  theirApplication: 'EHR',
  theirFacility: 'HOSP',
  acknowledgement: 'original',
  deleteResources: false,
  statusWord: { confirm: 'Confirmed', arrive: 'ARRIVED', cancel: 'Cancelled' },
  reason: {
    confirm: { code: 'CONFIRMED', text: 'Patient confirmed' },
    arrive: { code: 'ARRIVED' },
    cancel: { code: 'PAT', text: 'Patient cancelled' },
  },
}

const usualSchedule =
  'SCH|P^EHR|F^EHR|||AG1|ADD|RSN^Raison|T^Suivi|30|min^min|^^30^20260304090000^20260304093000|||||9^Roy^Guy||||CLERK9|||||Booked'

/** A booking as an EHR sends it, line by line, below its MSH. */
export function booking(sch = usualSchedule): string[] {
  return [
    sch,
    'PID|1|OLD|1^^^HOSP^MR||Roy^Jeanne||19880818|F',
    'PV1|1|O|CARDIO^12||||7^Moreau^Claire||||||||||||V77',
    'RGS|1|A|G1',
    'AIS|1|A|CONS^Consultation',
    'AIP|1|A|7^Moreau^Claire|D',
  ]
}

/** The EHR's last message of the appointment. */
export function lastMessage({
  version = '2.5.1',
  sch,
  lines,
}: {
  version?: string
  sch?: string
  lines?: readonly string[]
} = {}): Message {
  const message = readMessage(hl7(msh('S12', { version }), ...(lines ?? booking(sch))))
  if (!message) throw new Error('no message')
  return message
}

export function tellingOf(last: Message, part: Partial<WriteBack> = {}, options = outboundOptions): Telling {
  return { writeBack: writeBackOf(part), last, end: Temporal.Instant.from('2026-03-04T08:30:00Z'), options }
}
