import type { Temporal } from 'temporal-polyfill'
import type { AppointmentChange } from '../../core/change.ts'
import { statusWords } from '../../core/explain/appointment-words.ts'
import type { Bilingual } from '../../core/explain/words.ts'
import { both } from '../../core/explain/words.ts'
import { sayClock, sayDayAndHour } from '../../core/local-time.ts'
import type { News } from '../../core/news.ts'
import type { Language } from '../../core/words/language.ts'

export interface Face {
  readonly language: Language
  /** In which its times are said. */
  readonly zone: string
  readonly now: Temporal.Instant
}

/** One thing a message says of an appointment, in words. */
export interface Said {
  readonly label: string
  readonly value: string
}

const words = {
  deleted: both('(effacé)', '(deleted)'),
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

type Label = keyof typeof labels

/** All that one change says, in the order in which a person asks for it. */
export function sayChange(change: AppointmentChange, face: Face): readonly Said[] {
  const { language } = face
  const { status, time, patient, motif, agenda, agendas, practitioner, location, modality } = change
  const at = (instant: Temporal.Instant) => `${sayDayAndHour(instant, face)} (${sayClock(face.zone, language)})`
  const coded = (row: { readonly key: string; readonly text?: string } | null | undefined) =>
    row === null ? words.deleted[language] : row && joined(' ', row.key, row.text && `(${row.text})`)
  const named = (row: { readonly key?: string; readonly name?: string } | null | undefined) =>
    row === null ? words.deleted[language] : row && joined(' ', row.name, row.key && `(${row.key})`)
  const rows: readonly (readonly [Label, string | undefined])[] = [
    ['ehrId', change.ehrId],
    ['said', at(change.stamp.at)],
    ['status', status && joined(', ', statusWords[status.value][language], status.cancelKind, status.raw && `« ${status.raw} »`)],
    ['confirmation', change.confirmation],
    [
      'time',
      time === null ? words.deleted[language] : time && joined(', ', at(time.start), time.conflict ? words.conflict[language] : undefined),
    ],
    ['reading', change.timeReading],
    ['agenda', agendas ? agendas.map(coded).join(', ') : coded(agenda)],
    ['motif', coded(motif)],
    ['modality', modality?.value],
    ['practitioner', named(practitioner)],
    ['location', named(location)],
    ['origin', change.origin ?? undefined],
    ['patient', patient && joined(' ', patient.name?.given, patient.name?.family, `(${patient.ehrId})`)],
    [
      'contacts',
      patient?.contacts?.map(({ kind, value, use }) => joined(' ', use, value ?? `${kind} ${words.unreachable[language]}`)).join(', '),
    ],
  ]
  return rows.flatMap(([label, value]) => (value ? [{ label: labels[label][language], value: plain(value) }] : []))
}

const joined = (between: string, ...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(between)

const newsWords: Readonly<Record<News['kind'], Bilingual>> = {
  patient: both('Des données de patient', 'Data of a patient'),
  merge: both('Deux dossiers d’un même patient', 'Two records of one patient'),
  'visit-moved': both('Une visite passe à un autre patient', 'A visit becomes another patient’s'),
  arrival: both('Une arrivée', 'An arrival'),
  block: both('Un agenda fermé ou rouvert', 'A diary closed or open again'),
}

/** As the model has it: the words of the EHR's ids and times are its own. */
export function sayNews({ kind, stamp: _, ...said }: News, language: Language): Said {
  return { label: newsWords[kind][language], value: plain(JSON.stringify(said)) }
}

/** A terminal acts on control characters; an EHR's are not for it. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}
