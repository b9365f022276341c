import type { SwitchColumn } from '../../../core/settings.ts'
import type { SettingsChange, SettingsDraft } from '../../../core/settings-diff.ts'
import type { Language } from '../../../core/words/language.ts'
import { fr } from '../../../core/words/typography.ts'

interface PathWords {
  readonly agenda: (name: string) => string
  readonly motif: (name: string) => string
  readonly site: (name: string) => string
  readonly patient: string
  readonly message: string
  readonly channels: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<SwitchColumn, string>>
  readonly on: string
  readonly off: string
  readonly nothing: string
  readonly known: Readonly<Record<string, string>>
}

const french: PathWords = {
  agenda: (name) => fr`Agenda « ${name} »`,
  motif: (name) => fr`Motif « ${name} »`,
  site: (name) => fr`Site « ${name} »`,
  patient: 'Un patient',
  message: 'Message',
  channels: { email: 'E-mail', sms: 'SMS', push: 'Push' },
  columns: { confirmation: 'confirmation', reminder: 'rappel', change: 'changement' },
  on: 'oui',
  off: 'non',
  nothing: '∅',
  known: {
    notify: 'notifications',
    listed: 'dans la liste du patient',
    type: 'communication',
    confirmation: 'confirmation',
    changes: 'changements',
    reminder: 'rappel',
    questionnaire: 'questionnaire',
    label: 'nom',
    specialty: 'spécialité',
    category: 'catégorie',
    live: 'en service',
    cadence: 'Cadence',
    communications: 'Communications automatisées',
    smsActivated: 'SMS activés',
    channelPolicy: 'Canaux',
    quietHours: 'Heures calmes',
    smsBudget: 'Budget SMS',
    dailyCap: 'Messages par jour au plus',
  },
}

const english: PathWords = {
  agenda: (name) => `Agenda “${name}”`,
  motif: (name) => `Motif “${name}”`,
  site: (name) => `Site “${name}”`,
  patient: 'A patient',
  message: 'Message',
  channels: { email: 'E-mail', sms: 'Text', push: 'Push' },
  columns: { confirmation: 'confirmation', reminder: 'reminder', change: 'change' },
  on: 'yes',
  off: 'no',
  nothing: '∅',
  known: {
    notify: 'notifications',
    listed: 'in the patient’s list',
    type: 'communication',
    confirmation: 'confirmation',
    changes: 'changes',
    reminder: 'reminder',
    questionnaire: 'questionnaire',
    label: 'name',
    specialty: 'specialty',
    category: 'category',
    live: 'in use',
    cadence: 'Cadence',
    communications: 'Automatic communications',
    smsActivated: 'Texts activated',
    channelPolicy: 'Channels',
    quietHours: 'Quiet hours',
    smsBudget: 'Budget of texts',
    dailyCap: 'Messages a day at most',
  },
}

const words: Readonly<Record<Language, PathWords>> = { fr: french, en: english }

/** Which setting changed, as staff call it; of a patient never which. */
export function sayPath(path: readonly string[], settings: SettingsDraft, language: Language): string {
  const say = words[language]
  const [top = '', key = '', ...rest] = path
  switch (top) {
    case 'agendas':
      return joined([say.agenda(rowOf(settings.agendas, key)?.label ?? key), sayCell(rest, say)])
    case 'motifs':
      return joined([say.motif(rowOf(settings.motifs, key)?.label ?? key), sayRest(rest, say)])
    case 'sites':
      return joined([say.site(rowOf(settings.sites, key)?.name ?? key), sayRest(rest, say)])
    case 'patients':
      return joined([say.patient, sayRest(rest, say)])
    case 'templates':
      return joined([say.message, [key, ...rest].join(' · ')])
    default:
      return joined([say.known[top] ?? top, [key, ...rest].filter(Boolean).join(' · ')])
  }
}

function sayCell([part = '', channel = '', column = '', ...more]: readonly string[], say: PathWords): string {
  const known = part === 'switches' && more.length === 0 && Object.hasOwn(say.columns, column)
  if (!known) return sayRest([part, channel, column, ...more].filter(Boolean), say)
  return [say.channels[channel] ?? channel, say.columns[column as SwitchColumn]].join(' · ')
}

function sayRest(rest: readonly string[], say: PathWords): string {
  return rest.map((part) => say.known[part] ?? part).join(' · ')
}

function joined(parts: readonly string[]): string {
  return parts.filter(Boolean).join(', ')
}

const longest = 300

export function sayValue(value: SettingsChange['before'], language: Language): string {
  const say = words[language]
  if (value === undefined) return say.nothing
  return typeof value === 'boolean' ? (value ? say.on : say.off) : String(value).slice(0, longest)
}

function rowOf<Row>(rows: Readonly<Record<string, Row>>, key: string): Row | undefined {
  return Object.hasOwn(rows, key) ? rows[key] : undefined
}
