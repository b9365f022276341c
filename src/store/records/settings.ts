import type { CadenceStep, QuietHours, StepTime } from '../../core/cadence.ts'
import type { AgendaSettings, AgendaSwitches, MotifSettings, Settings, SiteSettings, SwitchColumn } from '../../core/settings.ts'
import { asObject, type Codec, dictionary, duration, flag, list, number, oneOf, optional, plainTime, record, text } from '../codec.ts'
import { channel } from './notification.ts'

const columns = record<Readonly<Record<SwitchColumn, boolean>>>({ confirmation: flag, reminder: flag, change: flag })

const agenda = record<AgendaSettings>({
  label: optional(text),
  siteId: optional(text),
  zone: optional(text),
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
})

const site = record<SiteSettings>({
  name: text,
  address: optional(list(text)),
  zone: optional(text),
  patientMayCancel: flag,
  patientMayArrive: flag,
  waitingRoom: optional(text),
})

type Elapsed = Extract<StepTime, { before: unknown }>
type WallTime = Extract<StepTime, { at: unknown }>

const elapsed = record<Elapsed>({ before: duration })
const wallTime = record<WallTime>({ daysBefore: number, at: plainTime })

const stepTime: Codec<StepTime> = {
  encode: (when) => ('before' in when ? elapsed.encode(when) : wallTime.encode(when)),
  decode: (stored) => ('before' in asObject(stored) ? elapsed.decode(stored) : wallTime.decode(stored)),
}

const step = record<CadenceStep>({
  name: text,
  kind: oneOf<CadenceStep['kind']>({ reminder: true, previsit: true }),
  when: stepTime,
  channels: list(channel),
  notAfter: duration,
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
  }),
  communications: flag,
  smsActivated: flag,
  channelPolicy: oneOf<Settings['channelPolicy']>({
    email_only: true,
    email_and_sms: true,
    sms_if_no_email: true,
    patient_preference: true,
  }),
  smsToUnknown: flag,
  cadence: list(step),
  quietHours: optional(record<QuietHours>({ from: plainTime, until: plainTime })),
  grace: duration,
  cancelUndo: duration,
  sites: dictionary(site),
  agendas: dictionary(agenda),
  motifs: dictionary(motif),
  patients: dictionary(record<{ readonly notify: boolean }>({ notify: flag })),
})
