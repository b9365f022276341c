import type { Temporal } from 'temporal-polyfill'
import type { CapturedMessage } from '../channels/mailbox/kept-messages.ts'
import type { Mailbox } from '../channels/mailbox/mailbox.ts'
import type { ChartPatient } from '../connectors/simulator/sample.ts'
import type { Simulator } from '../connectors/simulator/simulator.ts'
import { pollFor } from './poll.ts'

export type Reachable = ChartPatient & { readonly email: string; readonly mobile: string }

export interface News {
  readonly email: CapturedMessage
  readonly sms: CapturedMessage
}

/** The patients of the script: a new one for each scenario, so that no message of one is taken for another's. */
export interface Cast {
  newPatient(): Reachable
  /** How many messages this patient has had. */
  heard(patient: Reachable): number
  /** The next e-mail and the next text after so many messages. */
  next(patient: Reachable, heard: number): Promise<News>
}

interface CastOptions {
  readonly simulator: Simulator
  readonly mailbox: Pick<Mailbox, 'messages'>
  readonly patienceMs: number
}

const GIVEN = ['Aline', 'Bastien', 'Chloé', 'Denis', 'Estelle', 'Fabrice', 'Gisèle', 'Hugo', 'Inès', 'Jules'] as const

/** Québec; with 555-01xx they make numbers that belong to nobody. */
const AREAS = ['418', '581', '367', '438', '514', '819', '450', '579'] as const

export function openCast({ simulator, mailbox, patienceMs }: CastOptions): Cast {
  const run = simulator.now().epochMilliseconds.toString(36).toUpperCase()
  let count = 0
  const mail = (patient: Reachable) => mailbox.messages().filter(({ to }) => to === patient.email || to === patient.mobile)
  return {
    newPatient: () => {
      const number = count++
      const given = GIVEN[number % GIVEN.length] ?? ''
      const patient: Reachable = {
        id: `${run}-${number}`,
        given,
        family: 'Essai',
        birthDate: '1980-01-01',
        sex: number % 2 === 0 ? 'F' : 'M',
        language: 'fr',
        mobile: `+1${AREAS[number % AREAS.length]}55501${String(number % 100).padStart(2, '0')}`,
        email: `patient.${number + 1}@example.org`,
      }
      simulator.chart.register(patient)
      return patient
    },
    heard: (patient) => mail(patient).length,
    next: async (patient, heard) => {
      const find = (channel: CapturedMessage['channel']) =>
        pollFor(channel === 'email' ? 'the e-mail' : 'the text message', patienceMs, () =>
          mail(patient)
            .slice(heard)
            .find((message) => message.channel === channel),
        )
      return { email: await find('email'), sms: await find('sms') }
    },
  }
}

const DAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche']
const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ')

/** The words a French message must contain to say this instant: of an e-mail's subject, and of a text. The year is said when it is another than now's. */
export function sayings(at: Temporal.Instant, now: Temporal.Instant, zone: string): { readonly subject: string; readonly sms: string } {
  const { year, month, day, dayOfWeek, hour, minute } = at.toZonedDateTimeISO(zone)
  const number = day === 1 ? '1er' : String(day)
  const minutes = minute > 0 ? String(minute).padStart(2, '0') : ''
  const otherYear = year === now.toZonedDateTimeISO(zone).year ? [] : [year]
  const date = [DAYS[dayOfWeek - 1], number, MONTHS[month - 1], ...otherYear].join(' ')
  return {
    subject: `${date} à ${hour} h ${minutes}`.trim(),
    sms: `${[day, String(month).padStart(2, '0'), ...otherYear].join('/')} ${hour}h${minutes}`,
  }
}

/** With plain spaces, for comparing. */
export function plain(text: string | undefined): string {
  return (text ?? '').replace(/[\u00a0\u202f]/g, ' ')
}
