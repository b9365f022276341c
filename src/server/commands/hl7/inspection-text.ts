import type { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../../../core/change.ts'
import type { Fault } from '../../../core/envelope.ts'
import { statusWords } from '../../../core/explain/appointment-words.ts'
import type { Bilingual } from '../../../core/explain/words.ts'
import { both } from '../../../core/explain/words.ts'
import { sayClock, sayDayAndHour } from '../../../core/local-time.ts'
import type { News } from '../../../core/news.ts'
import type { Language } from '../../../core/words/language.ts'
import { sayExplained } from '../../explain/why.ts'
import type { Inspection } from './inspection.ts'
import { warningWordsOf } from './warning-words.ts'

export interface Face {
  readonly language: Language
  /** In which its times are said. */
  readonly zone: string
  readonly now: Temporal.Instant
}

/** One message for a person at a terminal: its fields by name, what it means, and what would be decided. */
export function sayInspection({ shown, result, appointments }: Inspection, index: number, face: Face): string {
  const say = (text: Bilingual) => text[face.language]
  const lines = [
    [`— ${index}`, shown?.type, shown?.controlId].filter(Boolean).join(' · '),
    ...tableOf(shown?.fields.map(({ at, name = '', value }) => [at, name, plain(value)]) ?? []),
    '',
  ]
  switch (result.kind) {
    case 'changes':
      for (const change of result.changes) lines.push(...sayChange(change, face))
      for (const news of result.news ?? []) lines.push(sayNews(news, face))
      break
    case 'ignored':
      lines.push(`${say(words.ignored)} ${result.reason}`)
      break
    case 'unreadable':
      lines.push(`${say(words.unreadable)} ${sayFault(result.fault)}`)
      break
    case 'hint':
      lines.push(say(words.hint))
      break
    default:
      return result satisfies never
  }
  for (const appointment of appointments) lines.push('', sayExplained(appointment, face.language, face.now).trimEnd())
  return `${lines.join('\n')}\n\n`
}

const words = {
  ignored: both('Reçu sans effet :', 'Taken without effect:'),
  unreadable: both('Illisible, irait en quarantaine :', 'Cannot be read, would go to quarantine:'),
  hint: both('Un signal : à relire dans le DSE.', 'A hint: to be read back from the EHR.'),
  deleted: both('(effacé)', '(deleted)'),
  warnings: both('Avertissements', 'Warnings'),
  conflict: both('contredite par un autre champ', 'contradicted by another field'),
  unreachable: both('inutilisable', 'not usable'),
}

const labels = {
  ehrId: both('rendez-vous', 'appointment'),
  said: both('dit le', 'said on'),
  status: both('statut', 'status'),
  confirmation: both('confirmation', 'confirmation'),
  time: both('heure', 'time'),
  reading: both('heure lue de', 'time read from'),
  agenda: both('agenda', 'agenda'),
  motif: both('motif', 'motif'),
  modality: both('modalité', 'modality'),
  practitioner: both('professionnel', 'professional'),
  location: both('lieu', 'place'),
  origin: both('origine', 'origin'),
  patient: both('patient', 'patient'),
  contacts: both('joignable par', 'reached by'),
} satisfies Readonly<Record<string, Bilingual>>

function sayChange(change: AppointmentChange, face: Face): string[] {
  const { language } = face
  const { status, time, patient, motif, agenda, agendas, practitioner, location, modality } = change
  const at = (instant: Temporal.Instant) => `${sayDayAndHour(instant, face)} (${sayClock(face.zone, language)})`
  const coded = (row: { readonly key: string; readonly text?: string } | null | undefined) =>
    row === null ? words.deleted[language] : row && [row.key, row.text && `(${row.text})`].filter(Boolean).join(' ')
  const named = (row: { readonly key?: string; readonly name?: string } | null | undefined) =>
    row === null ? words.deleted[language] : row && [row.name, row.key && `(${row.key})`].filter(Boolean).join(' ')
  const rows: readonly (readonly [keyof typeof labels, string | undefined])[] = [
    ['ehrId', change.ehrId],
    ['said', at(change.stamp.at)],
    [
      'status',
      status && [statusWords[status.value][language], status.cancelKind, status.raw && `« ${status.raw} »`].filter(Boolean).join(', '),
    ],
    ['confirmation', change.confirmation],
    [
      'time',
      time === null
        ? words.deleted[language]
        : time && [at(time.start), time.conflict && words.conflict[language]].filter(Boolean).join(', '),
    ],
    ['reading', change.timeReading],
    ['agenda', agendas ? agendas.map(coded).join(', ') : coded(agenda)],
    ['motif', coded(motif)],
    ['modality', modality?.value],
    ['practitioner', named(practitioner)],
    ['location', named(location)],
    ['origin', change.origin],
    ['patient', patient && [patient.name?.given, patient.name?.family, `(${patient.ehrId})`].filter(Boolean).join(' ')],
    [
      'contacts',
      patient?.contacts
        ?.map(({ kind, value, use }) => [use, value ?? `${kind} ${words.unreachable[language]}`].filter(Boolean).join(' '))
        .join(', '),
    ],
  ]
  const known = rows.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [[labels[label][language], plain(value)]]))
  const warnings = change.warnings.map((code) => [code, warningWordsOf(code)?.[language] ?? ''])
  return [...tableOf(known), ...(warnings.length > 0 ? [`${words.warnings[language]}`, ...tableOf(warnings)] : [])]
}

const newsWords: Readonly<Record<News['kind'], Bilingual>> = {
  patient: both('Des données de patient', 'Data of a patient'),
  merge: both('Deux dossiers d’un même patient', 'Two records of one patient'),
  'visit-moved': both('Une visite passe à un autre patient', 'A visit becomes another patient’s'),
  arrival: both('Une arrivée', 'An arrival'),
  block: both('Un agenda fermé ou rouvert', 'A diary closed or open again'),
}

/** As the model has it: the words of the EHR's ids and times are its own. */
function sayNews({ kind, stamp: _, ...said }: News, { language }: Face): string {
  return `${newsWords[kind][language]} : ${plain(JSON.stringify(said))}`
}

export function sayFault({ kind, code, at, text }: Fault): string {
  return [at, text, `(${kind} ${code})`].filter(Boolean).join(' ')
}

/** Columns as wide as their widest; two spaces before and between. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    `  ${row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')}`.trimEnd(),
  )
}

/** A terminal acts on control characters; an EHR's are not for it. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}
