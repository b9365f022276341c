import type { Temporal } from 'temporal-polyfill'
import { statusWords } from '../../core/explain/appointment-words.ts'
import type { Explanation } from '../../core/explain.ts'
import { sayClock, sayDayAndHour } from '../../core/local-time.ts'
import type { ChannelKind } from '../../core/patient.ts'
import { timelineOf } from '../../core/timeline.ts'
import type { Language } from '../../core/words/language.ts'
import type { Store } from '../../store/store.ts'
import type { AppointmentExplained } from './explain.ts'
import { explainAppointment } from './explain.ts'

export interface WhyOptions {
  readonly store: Store
  /** Channels a provider is configured for. */
  readonly channels: ReadonlySet<ChannelKind>
  readonly connectors: readonly string[]
  readonly appointmentId: string
  /** The clinic's unless told. */
  readonly language?: Language
  /** For machines: the same as the API answers. */
  readonly json: boolean
  readonly now: Temporal.Instant
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
}

/** Prints why each message of an appointment was sent or not; the exit status: 1 where there is no such appointment. */
export async function why({
  store,
  channels,
  connectors,
  appointmentId,
  language,
  json,
  now,
  print,
  complain,
}: WhyOptions): Promise<0 | 1> {
  const explained = await store.read((tx) => explainAppointment(tx, appointmentId, channels, now))
  if (!explained) {
    complain(
      `no appointment ${JSON.stringify(appointmentId.slice(0, 200))}: an id is connector:id-at-the-EHR, as in ${connectors[0] ?? 'ehr'}:12345\n`,
    )
    if (connectors.length > 0) complain(`the connectors of this configuration: ${connectors.join(', ')}\n`)
    return 1
  }
  print(json ? `${JSON.stringify(explained, undefined, 2)}\n` : sayExplained(explained, language ?? explained.language, now))
  return 0
}

interface Wording {
  readonly appointment: string
  readonly colon: string
  readonly now: string
  readonly toGo: string
  readonly wouldHave: string
  readonly nothing: string
  readonly noTime: string
}

const wordings: Readonly<Record<Language, Wording>> = {
  fr: {
    appointment: 'Rendez-vous',
    colon: '\u00a0:',
    now: 'Maintenant',
    toGo: 'Pour qu’il parte',
    wouldHave: 'Il aurait fallu',
    nothing: 'Aucun message n’a été prévu pour ce rendez-vous.',
    noTime: 'sans heure',
  },
  en: {
    appointment: 'Appointment',
    colon: ':',
    now: 'Now',
    toGo: 'For it to go',
    wouldHave: 'It would have needed',
    nothing: 'No message was planned for this appointment.',
    noTime: 'no time',
  },
}

/** The same for a person: one line for each thing that happened or is to come. */
export function sayExplained({ appointment, knows, ...happened }: AppointmentExplained, language: Language, now: Temporal.Instant): string {
  const { id, start, zone, status, holds } = appointment
  const words = wordings[language]
  const face = { zone, now }
  const hour = start ? `${sayDayAndHour(start, { ...face, language })} (${sayClock(zone, language)})` : words.noTime
  const head = `${words.appointment} ${id}, ${hour}${words.colon} ${[statusWords[status][language], ...holds].join(', ')}.`
  const timeline = timelineOf(happened, face)
  const firstAhead = timeline.findIndex(({ ahead }) => ahead)
  const lines = timeline.flatMap(({ sentence, explanation }, index) => [
    ...(index === firstAhead ? [`— ${words.now} —`] : []),
    `- ${sentence[language]}`,
    ...(explanation ? needs(explanation, language) : []),
  ])
  return `${[head, knows[language], '', ...(happened.lines.length > 0 ? [] : [words.nothing]), ...lines].join('\n')}\n`
}

function needs({ wouldNeed, forecast }: Explanation, language: Language): readonly string[] {
  const words = wordings[language]
  if (wouldNeed.length === 0) return []
  return [`    ${forecast ? words.toGo : words.wouldHave}${words.colon}`, ...wouldNeed.map((need) => `      ${need[language]}`)]
}
