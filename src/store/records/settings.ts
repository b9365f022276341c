import type { BookedWhen, Cadence, CadenceStep, QuietHours, StepTime, WallTime } from '../../core/cadence.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { ComparedKind } from '../../core/rollout-log.ts'
import type { LogMapping } from '../../core/rollout-mapping.ts'
import type { RedirectTo, Rollout } from '../../core/rollout-terms.ts'
import type {
  AgendaSettings,
  AgendaSwitches,
  Fallback,
  MotifSettings,
  SenderRule,
  Settings,
  SiteSettings,
  SmsPrice,
  SwitchColumn,
} from '../../core/settings.ts'
import type { Template } from '../../core/template/template.ts'
import { asObject, type Codec, dictionary, duration, flag, list, number, oneOf, optional, plainTime, record, text } from '../codec.ts'
import { channel } from './notification.ts'

const columns = record<Readonly<Record<SwitchColumn, boolean>>>({ confirmation: flag, reminder: flag, change: flag })

const agenda = record<AgendaSettings>({
  label: optional(text),
  siteId: optional(text),
  zone: optional(text),
  professionalType: optional(text),
  live: flag,
  switches: record<AgendaSwitches>({ email: columns, sms: columns, push: columns }),
})

const motif = record<MotifSettings>({
  type: oneOf<MotifSettings['type']>({ none: true, onsite: true, video: true, phone: true, home: true }),
  notify: flag,
  listed: flag,
  confirmation: flag,
  changes: flag,
  reminder: flag,
  questionnaire: optional(text),
  label: optional(text),
  specialty: optional(text),
  category: optional(text),
  bring: optional(dictionary(text)),
})

const rollout = record<Rollout>({
  mode: oneOf<Rollout['mode']>({ off: true, shadow: true, live: true }),
  percent: number,
  agendas: optional(list(text)),
  redirectTo: optional(record<RedirectTo>({ email: optional(text), sms: optional(text) })),
  answersToChart: optional(flag),
})

const comparedKind = oneOf<ComparedKind>({ confirmation: true, reminder: true, change: true, cancellation: true, no_show: true })

const incumbentLog = record<LogMapping>({
  columns: record<LogMapping['columns']>({
    when: list(text),
    channel: optional(text),
    kind: optional(text),
    outcome: optional(text),
    appointment: optional(text),
    patient: optional(text),
    contact: optional(text),
  }),
  channel: optional(channel),
  kind: optional(comparedKind),
  channels: optional(dictionary(oneOf<ChannelKind | 'ignore'>({ email: true, sms: true, push: true, ignore: true }))),
  kinds: optional(
    dictionary(
      oneOf<ComparedKind | 'ignore'>({ confirmation: true, reminder: true, change: true, cancellation: true, no_show: true, ignore: true }),
    ),
  ),
  outcomes: optional(dictionary(oneOf<'sent' | 'failed' | 'ignore'>({ sent: true, failed: true, ignore: true }))),
  connector: optional(text),
  country: optional(text),
  keepDays: optional(number),
})

const smsPrice = record<SmsPrice>({ from: text, perSegment: number, currency: text })

const origin = oneOf<NonNullable<SenderRule['origin']>>({ staff: true, patient_online: true, partner: true, kiosk: true, unknown: true })

const senderRule = record<SenderRule>({ motif: optional(text), professionalType: optional(text), origin: optional(origin), sender: text })

const site = record<SiteSettings>({
  name: text,
  address: optional(list(text)),
  zone: optional(text),
  communications: optional(flag),
  patientMayCancel: flag,
  patientMayArrive: flag,
  waitingRoom: optional(text),
  bring: optional(dictionary(text)),
})

const elapsed = record<Extract<StepTime, { before: unknown }>>({ before: duration })
const afterBooking = record<Extract<StepTime, { afterBooking: unknown }>>({ afterBooking: duration })
const wallTime = record<WallTime>({ daysBefore: number, at: plainTime })

const stepTime: Codec<StepTime> = {
  encode(when) {
    if ('before' in when) return elapsed.encode(when)
    return 'afterBooking' in when ? afterBooking.encode(when) : wallTime.encode(when)
  },
  decode(stored) {
    const keys = asObject(stored)
    if ('before' in keys) return elapsed.decode(stored)
    return 'afterBooking' in keys ? afterBooking.decode(stored) : wallTime.decode(stored)
  },
}

const step = record<CadenceStep>({
  name: text,
  kind: oneOf<CadenceStep['kind']>({ reminder: true, previsit: true }),
  when: stepTime,
  channels: list(channel),
  booked: optional(record<BookedWhen>({ atLeast: optional(duration), lessThan: optional(duration), after: optional(wallTime) })),
  quietHours: oneOf<CadenceStep['quietHours']>({ shift: true, ignore: true }),
  notAfter: duration,
})

const cadence = record<Cadence>({
  name: text,
  confirmation: list(channel),
  change: list(channel),
  cancellation: list(channel),
  absenceSms: oneOf<Cadence['absenceSms']>({ always: true, if_no_email: true }),
  mergesOwnAcrossAgendas: flag,
  steps: list(step),
})

export const settingsRecord = record<Settings>({
  version: number,
  clinic: record<Settings['clinic']>({
    id: text,
    name: text,
    phone: optional(text),
    address: optional(list(text)),
    zone: text,
    language: text,
    privacyContact: optional(text),
  }),
  communications: flag,
  rollout: optional(rollout),
  incumbentLog: optional(incumbentLog),
  smsActivated: flag,
  channelPolicy: oneOf<Settings['channelPolicy']>({
    email_only: true,
    email_and_sms: true,
    sms_if_no_email: true,
    patient_preference: true,
  }),
  smsToUnknown: flag,
  cadence,
  quietHours: optional(record<QuietHours>({ from: plainTime, until: plainTime })),
  grace: duration,
  noShow: optional(record<NonNullable<Settings['noShow']>>({ at: plainTime })),
  cancelUndo: duration,
  settingsEnabled: flag,
  dailyCap: number,
  fuse: record<Settings['fuse']>({ least: number, factor: number, agendas: number }),
  absence: record<Settings['absence']>({ least: number, within: duration }),
  smsPrices: list(smsPrice),
  smsBudget: optional(number),
  senders: list(senderRule),
  fallback: optional(record<Fallback>({ email: optional(channel), sms: optional(channel), push: optional(channel) })),
  consent: oneOf<Settings['consent']>({ implied: true, explicit: true }),
  minors: optional(oneOf<NonNullable<Settings['minors']>>({ record: true, guardian: true })),
  majority: optional(number),
  privacyAge: optional(number),
  sites: dictionary(site),
  agendas: dictionary(agenda),
  motifs: dictionary(motif),
  patients: dictionary(record<{ readonly notify: boolean }>({ notify: flag })),
  questionnaires: optional(dictionary(text)),
  templates: optional(dictionary(record<Template>({ subject: optional(text), body: text }))),
})
