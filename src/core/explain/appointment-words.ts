import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentStatus, HoldCode } from '../appointment.ts'
import type { GateInput } from '../gates.ts'
import { isNotice } from '../kind.ts'
import { supposeAppointment, supposePatient } from './suppose.ts'
import type { About, Bilingual, Catalogue, GateWords, ReasonWords } from './words.ts'
import { because, both, entryOf } from './words.ts'

/** As staff call them (rules.md, Words); `excused` is Absent excusé. */
export const statusWords: Readonly<Record<AppointmentStatus | 'excused', Bilingual>> = {
  proposed: both('proposé', 'proposed'),
  pending: both('à valider', 'pending'),
  waitlist: both('liste d’attente', 'on the waiting list'),
  booked: both('à venir', 'upcoming'),
  arrived: both('salle d’attente', 'in the waiting room'),
  'checked-in': both('salle d’attente', 'in the waiting room'),
  fulfilled: both('vu', 'seen'),
  noshow: both('absent', 'did not come'),
  cancelled: both('annulé', 'cancelled'),
  'entered-in-error': both('saisi par erreur', 'entered in error'),
  unknown: both('statut que le connecteur ne connaît pas', 'a status the connector does not know'),
  excused: both('absent excusé', 'excused'),
}

const without = (input: GateInput, ...codes: readonly HoldCode[]): GateInput =>
  supposeAppointment(input, { holds: input.appointment.holds.filter((code) => !codes.includes(code)) })

const holds: Readonly<Record<HoldCode, ReasonWords>> = {
  'H-TIME-CONFLICT': because('le DSE donne deux heures qui se contredisent', 'the EHR gives two times that contradict each other', {
    remedy: {
      say: () => both('Corriger l’heure du rendez-vous dans le DSE', 'Mend the appointment’s time in the EHR'),
      apply: (input) => without(input, 'H-TIME-CONFLICT'),
    },
  }),
  'H-NO-TIME': because('le DSE ne donne pas d’heure', 'the EHR gives no time', {
    remedy: {
      say: () => both('Donner une heure au rendez-vous dans le DSE', 'Give the appointment a time in the EHR'),
      apply: (input) => supposeAppointment(without(input, 'H-NO-TIME'), { start: startAhead(input) }),
    },
  }),
  'H-PATIENT-CHANGED': because('le DSE a mis un autre patient à ce rendez-vous', 'the EHR has put another patient in this appointment', {
    remedy: {
      say: () => both('Vérifier à quel patient est ce rendez-vous', 'Check whose appointment this is'),
      apply: (input) => without(input, 'H-PATIENT-CHANGED'),
    },
  }),
  'H-MERGE-AMBIGUOUS': because(
    'deux dossiers ont été fusionnés l’un dans l’autre, dans les deux sens',
    'two files were merged into each other, both ways',
    {
      remedy: {
        say: () => both('Vérifier à quel patient est ce rendez-vous', 'Check whose appointment this is'),
        apply: (input) => without(input, 'H-MERGE-AMBIGUOUS'),
      },
    },
  ),
  'H-NO-PATIENT': because('le DSE ne nomme aucun patient', 'the EHR names no patient', {
    remedy: {
      say: () => both('Rattacher un patient au rendez-vous dans le DSE', 'Attach a patient to the appointment in the EHR'),
      apply: (input) => without(input.patient ? input : supposePatient(input), 'H-NO-PATIENT'),
    },
  }),
}

function startAhead({ appointment, notAfter, now }: GateInput): Temporal.Instant {
  if (appointment.start) return appointment.start
  return Temporal.Instant.compare(notAfter, now) > 0 ? notAfter : now.add({ hours: 1 })
}

/** A notice of an appointment that is excused would go if it were plainly cancelled; all else wants it upcoming. */
const wantsCancelled = ({ kind }: About): boolean => isNotice(kind) && kind !== 'confirmation'

const setBack = both(
  'Remettre le rendez-vous à venir dans le DSE avant l’heure d’envoi',
  'Set the appointment back to upcoming in the EHR before the send',
)

const plainly = both(
  'Annuler le rendez-vous dans le DSE autrement que par « absent excusé »',
  'Cancel the appointment in the EHR by another status than “excused”',
)

function upcoming({ cancelKind: _, ...appointment }: Appointment): Appointment {
  return { ...appointment, status: 'booked' }
}

/** What the EHR says of the appointment, and what the patient already knows of it. */
export const appointmentWords: Catalogue<GateWords> = {
  future: {
    title: both('Rendez-vous à venir, message encore utile', 'Appointment ahead, message still of use'),
    rule: 'R10',
    saw: { ahead: both('oui', 'yes') },
    reasons: {
      appointment_past: because('le rendez-vous est passé', 'the appointment is past', { rule: 'O13' }),
      not_after: because('il est trop tard pour que ce message serve', 'it is too late for this message to be of use'),
    },
  },
  hold: {
    title: both('Doute sur le rendez-vous', 'Doubt about the appointment'),
    rule: 'MOD-3',
    saw: { none: both('aucun', 'none') },
    reasons: holds,
  },
  status: {
    title: both('Statut', 'Status'),
    rule: 'D27',
    saw: statusWords,
    reasons: {
      status_at_send_time: {
        because(_about, saw) {
          const status = entryOf<Bilingual>(statusWords, saw) ?? both(saw, saw)
          return both(`le rendez-vous n’est pas à venir : ${status.fr}`, `the appointment is not upcoming: ${status.en}`)
        },
        remedy: {
          say: (about) => (wantsCancelled(about) ? plainly : setBack),
          apply: (input) =>
            wantsCancelled(input)
              ? supposeAppointment(input, { cancelKind: 'cancelled' })
              : { ...input, appointment: upcoming(input.appointment) },
        },
      },
    },
  },
  news: {
    title: both('Nouvelle pour le patient', 'News to the patient'),
    rule: '§ 4',
    saw: {
      'never told': both('oui : jamais dit', 'yes: never told'),
      'told by another channel': both('oui : dit seulement par un autre canal', 'yes: told by another channel only'),
      'differs from what was told': both('oui : autre chose que ce qui lui a été dit', 'yes: not what they were told'),
    },
    reasons: { nothing_new: because('le patient le sait déjà', 'the patient already knows it') },
  },
}
