import type { Temporal } from 'temporal-polyfill'
import type { Aspect } from '../appointment.ts'
import type { Clockface } from '../local-time.ts'
import { sayDayAndHour } from '../local-time.ts'
import type { Told } from '../told.ts'
import type { WriteBack, WriteBackKind, WriteBackState } from '../write-back.ts'
import { causeOf } from './reason-words.ts'
import { becauseOf } from './sentence.ts'
import type { About, Bilingual } from './words.ts'
import { both } from './words.ts'

/** Whose clock, and what now is; each language says it its own way. */
export type Face = Omit<Clockface, 'language'>

/** Said beside the aspects the EHR spoke of: section 4, modality guard. */
export const MODALITY_CONFLICT = 'modality-conflict'

const aspects: Readonly<Record<Aspect | typeof MODALITY_CONFLICT, Bilingual>> = {
  status: both('statut', 'status'),
  time: both('heure', 'time'),
  agenda: both('agenda', 'agenda'),
  motif: both('motif', 'motif'),
  modality: both('modalité', 'modality'),
  practitioner: both('professionnel', 'professional'),
  location: both('lieu', 'place'),
  origin: both('origine', 'origin'),
  patient: both('patient', 'patient'),
  visit: both('venue', 'visit'),
  confirmation: both('confirmation', 'confirmation'),
  [MODALITY_CONFLICT]: both(
    'une autre modalité que celle du motif : rien n’en est dit au patient, à vérifier',
    'another modality than the motif’s: the patient is told neither, to be checked',
  ),
}

const answers: Readonly<Record<WriteBackKind, Bilingual>> = {
  confirm: both('le patient confirme', 'the patient confirms'),
  cancel: both('le patient annule', 'the patient cancels'),
  arrive: both('le patient est sur place', 'the patient has arrived'),
  answers: both('le patient a rempli le questionnaire', 'the patient filled in the questionnaire'),
}

const steps: Readonly<Record<WriteBackState, Bilingual>> = {
  queued: both('à porter au DSE', 'to be brought to the EHR'),
  sending: both('en route vers le DSE', 'on its way to the EHR'),
  acknowledged: both('accepté par le DSE', 'accepted by the EHR'),
  verified: both('relu dans le DSE', 'read back from the EHR'),
  withdrawn: both('repris, ou remplacé par une réponse plus récente', 'taken back, or replaced by a later answer'),
  stale: both('périmé, le rendez-vous a changé depuis', 'out of date, the appointment has changed since'),
  failed: both('pas porté au DSE, à faire à la main', 'not brought to the EHR, to be done by hand'),
}

/** `Mardi 24 novembre à 8 h 22 : le patient confirme, relu dans le DSE.` */
export function sayAnswer({ kind, state, answeredAt }: WriteBack, face: Face): Bilingual {
  const [answer, step] = [answers[kind], nameStep(state)]
  return dated(answeredAt, face, both(`${answer.fr}, ${step.fr}`, `${answer.en}, ${step.en}`))
}

/** `le patient confirme`. */
export function nameAnswer(kind: WriteBackKind): Bilingual {
  return answers[kind]
}

/** How far an answer has come on its way to the chart. */
export function nameStep(state: WriteBackState): Bilingual {
  return steps[state]
}

/** `Lundi 23 novembre à 14 h : le DSE dit l’heure, le statut.` `changed`: aspects as the audit keeps them, with spaces between. */
export function sayHeard(at: Temporal.Instant, changed: string, face: Face): Bilingual {
  return dated(at, face, nameHeard(changed))
}

/** The same without its hour. */
export function nameHeard(changed: string): Bilingual {
  const known = changed.split(' ').flatMap((word) => (Object.hasOwn(aspects, word) ? [aspects[word as Aspect]] : []))
  const [french, english] = [known.map((each) => each.fr).join(', '), known.map((each) => each.en).join(', ')]
  return both(`le DSE a parlé (${french || '…'})`, `the EHR spoke (${english || '…'})`)
}

/** What the patient is taken to know, and from where. */
export function sayTold(told: Told | undefined, about: Pick<About, 'appointment' | 'settings'>, face: Face): Bilingual {
  if (!told) return both('Le patient n’a encore rien appris de nous.', 'The patient has been told nothing by us yet.')
  const state = told.facts.stands
    ? both('que ce rendez-vous a lieu', 'that this appointment stands')
    : both('que ce rendez-vous n’a plus lieu', 'that this appointment is off')
  if (told.assumed === undefined)
    return both(
      `Le patient sait depuis le ${sayDayAndHour(told.at, { ...face, language: 'fr' })} ${state.fr}.`,
      `The patient has known since ${sayDayAndHour(told.at, { ...face, language: 'en' })} ${state.en}.`,
    )
  const why = becauseOf(causeOf(told.assumed, [], { kind: 'confirmation', channel: 'sms', ...about }))
  return both(
    `Le patient est réputé savoir ${state.fr} sans message de nous${why.fr}.`,
    `The patient is taken to know ${state.en} without a message of ours${why.en}.`,
  )
}

function dated(at: Temporal.Instant, face: Face, said: Bilingual): Bilingual {
  return both(
    `${sayDayAndHour(at, { ...face, language: 'fr' })} : ${said.fr}.`,
    `${sayDayAndHour(at, { ...face, language: 'en' })}: ${said.en}.`,
  )
}
