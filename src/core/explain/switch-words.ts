import type { NotificationKind } from '../kind.ts'
import type { ChannelKind } from '../patient.ts'
import type { SwitchColumn } from '../settings.ts'
import { agendaOf, columnOf, NO_MOTIF } from '../settings.ts'
import { nameAgenda, nameMotif, nameSwitch } from './names.ts'
import { supposeAgenda, supposeMotif, supposeSettings } from './suppose.ts'
import type { About, Bilingual, Catalogue, GateWords, Remedy } from './words.ts'
import { both } from './words.ts'

const onWords = both('activé', 'on')

/** What a type of appointment has switches for (O2). */
const columns: Readonly<Record<SwitchColumn, Bilingual>> = {
  confirmation: both('confirmations', 'confirmations'),
  reminder: both('rappels', 'reminders'),
  change: both('changements', 'changes'),
}

const columnWords = (kind: NotificationKind): Bilingual => columns[columnOf(kind)]

const isSet = ({ appointment, settings }: About): boolean => Object.hasOwn(settings.motifs, appointment.motif?.key ?? NO_MOTIF)

/** The cells of the agenda table that a message needs on and that are off: push needs another of its column beside it (D7a). */
function cellsOff({ appointment, settings }: About, channel: ChannelKind, column: SwitchColumn): readonly ChannelKind[] {
  const { switches } = agendaOf(settings, appointment)
  if (channel !== 'push') return [channel]
  const cells: readonly (ChannelKind | false)[] = [
    !switches.push[column] && 'push',
    !(switches.email[column] || switches.sms[column]) && 'email',
  ]
  return cells.filter((cell) => cell !== false)
}

/** Turns on what is off of them. */
function switchOn(channel: (about: About) => About['channel'], column: (about: About) => SwitchColumn): Remedy {
  return {
    say(about) {
      const names = cellsOff(about, channel(about), column(about)).map((cell) => nameSwitch(cell, column(about)))
      const agenda = nameAgenda(about)
      if (!about.appointment.agenda) return both('Donner un agenda au rendez-vous dans le DSE', 'Give the appointment an agenda in the EHR')
      const all = { fr: names.map(({ fr }) => fr).join(' et '), en: names.map(({ en }) => en).join(' and ') }
      return both(`Activer ${all.fr} pour l’${agenda.fr}`, `Turn on ${all.en} for ${agenda.en}`)
    },
    apply(input) {
      const cells = cellsOff(input, channel(input), column(input))
      return supposeAgenda(input, (agenda) => {
        const on = cells.map((cell) => [cell, { ...agenda.switches[cell], [column(input)]: true }] as const)
        return { ...agenda, switches: { ...agenda.switches, ...Object.fromEntries(on) } }
      })
    },
  }
}

/** What agendas, motifs and patients are switched to. */
export const switchWords: Catalogue<GateWords> = {
  motif: {
    title: both('Type et motif', 'Type and motif'),
    rule: 'D20',
    saw: {
      onsite: both('activé : sur place', 'on: on site'),
      video: both('activé : télémédecine', 'on: video'),
      phone: both('activé : téléphone', 'on: phone'),
      home: both('activé : domicile', 'on: home'),
    },
    reasons: {
      motif_off: {
        because: (about) => both(`le ${nameMotif(about).fr} est désactivé`, `${nameMotif(about).en} is off`),
        remedy: {
          say: (about) => both(`Activer les notifications du ${nameMotif(about).fr}`, `Turn on notifications for ${nameMotif(about).en}`),
          apply: (input) => supposeMotif(input, (motif) => ({ ...motif, listed: true, notify: true })),
        },
      },
      motif_silent: {
        rule: 'O4',
        because: (about) =>
          isSet(about)
            ? both(
                `le ${nameMotif(about).fr} est réglé sur « Aucune communication automatisée »`,
                `${nameMotif(about).en} is set to “No automatic communication”`,
              )
            : both('le motif de ce rendez-vous n’est pas encore réglé', 'nobody has set this appointment’s motif yet'),
        remedy: {
          say: (about) =>
            both(
              `Donner au ${nameMotif(about).fr} un type qui communique (sur place, télémédecine, téléphone ou domicile)`,
              `Give ${nameMotif(about).en} a type that communicates (on site, video, phone or home)`,
            ),
          apply: (input) =>
            supposeMotif(input, (motif) => ({ ...motif, notify: true, type: motif.type === 'none' ? 'onsite' : motif.type })),
        },
      },
      motif_kind_off: {
        rule: 'O2',
        because: (about) =>
          both(
            `les ${columnWords(about.kind).fr} sont coupés pour le ${nameMotif(about).fr}`,
            `${columnWords(about.kind).en} are off for ${nameMotif(about).en}`,
          ),
        remedy: {
          say: (about) =>
            both(
              `Activer les ${columnWords(about.kind).fr} du ${nameMotif(about).fr}`,
              `Turn on ${columnWords(about.kind).en} for ${nameMotif(about).en}`,
            ),
          apply: (input) =>
            supposeMotif(input, (motif) => {
              const column = columnOf(input.kind)
              return { ...motif, [column === 'change' ? 'changes' : column]: true }
            }),
        },
      },
    },
  },
  agenda: {
    title(about) {
      const name = nameSwitch(about.channel, columnOf(about.kind))
      return both(`Agenda : ${name.fr}`, `Agenda: ${name.en}`)
    },
    rule: 'D10',
    saw: { on: onWords },
    reasons: {
      agenda_off: {
        because(about) {
          const name = nameSwitch(about.channel, columnOf(about.kind))
          return both(`${name.fr} est coupé pour l’${nameAgenda(about).fr}`, `${name.en} is off for ${nameAgenda(about).en}`)
        },
        remedy: switchOn(
          ({ channel }) => channel,
          ({ kind }) => columnOf(kind),
        ),
      },
      agenda_sms_reminder_off: {
        rule: 'D12',
        because: (about) =>
          both(
            `« SMS de rappel » est coupé pour l’${nameAgenda(about).fr}, ce qui arrête aussi ses SMS d’annulation et de changement`,
            `“Reminder text” is off for ${nameAgenda(about).en}, which also stops its cancellation and change texts`,
          ),
        remedy: switchOn(
          () => 'sms',
          () => 'reminder',
        ),
      },
    },
  },
  patient: {
    title: both('Patient', 'Patient'),
    rule: 'D25',
    saw: { on: onWords },
    reasons: {
      patient_off: {
        because: () =>
          both('« Envoi de SMS et emails » est coupé au dossier du patient', '“Texts and e-mails” is off in the patient’s file'),
        remedy: {
          say: () => both('Activer « Envoi de SMS et emails » au dossier du patient', 'Turn on “Texts and e-mails” in the patient’s file'),
          apply(input) {
            const { patientId } = input.appointment
            if (patientId === undefined) return input
            return supposeSettings(input, { patients: { ...input.settings.patients, [patientId]: { notify: true } } })
          },
        },
      },
    },
  },
}
