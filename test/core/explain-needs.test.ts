import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { decide } from '../../src/core/decide.ts'
import { tryOut } from '../../src/core/explain/need.ts'
import type { GateInput } from '../../src/core/gates.ts'
import type { ContactPoint } from '../../src/core/patient.ts'
import type { AgendaSettings, MotifSettings, Settings } from '../../src/core/settings.ts'
import { columnOf, UNSET_AGENDA, UNSET_MOTIF } from '../../src/core/settings.ts'
import { someInput } from '../support/decisions.ts'
import { aPatient } from '../support/screens.ts'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

type Deed = (input: GateInput) => GateInput

const set =
  (settings: Partial<Settings>): Deed =>
  (input) => ({ ...input, settings: { ...input.settings, ...settings } })
const book =
  (appointment: Partial<Appointment>): Deed =>
  (input) => ({ ...input, appointment: { ...input.appointment, ...appointment } })
const around =
  (more: GateInput['around']): Deed =>
  (input) => ({ ...input, around: { ...input.around, ...more } })
const lift =
  (code: Appointment['holds'][number]): Deed =>
  (input) =>
    book({ holds: input.appointment.holds.filter((each) => each !== code) })(input)
const onFile =
  (contact: ContactPoint): Deed =>
  (input) => ({
    ...input,
    optedOut: false,
    ...(input.patient && {
      patient: { ...input.patient, contacts: [contact, ...input.patient.contacts.filter(({ kind }) => kind !== contact.kind)] },
    }),
  })

function agenda(change: (agenda: AgendaSettings, input: GateInput) => AgendaSettings): Deed {
  return (input) => {
    const key = input.appointment.agenda?.key ?? ''
    return set({ agendas: { ...input.settings.agendas, [key]: change(input.settings.agendas[key] ?? UNSET_AGENDA, input) } })(input)
  }
}

function motif(change: (motif: MotifSettings, input: GateInput) => MotifSettings): Deed {
  return (input) => {
    const key = input.appointment.motif?.key ?? ''
    return set({ motifs: { ...input.settings.motifs, [key]: change(input.settings.motifs[key] ?? UNSET_MOTIF, input) } })(input)
  }
}

const row = (channel: 'email' | 'sms' | 'push'): Deed =>
  agenda(({ switches, ...rest }, { kind }) => ({
    ...rest,
    switches: { ...switches, [channel]: { ...switches[channel], [columnOf(kind)]: true } },
  }))

/** What a person does who reads the sentence, written by hand: nothing of it is asked of the code under test. */
const deeds: readonly (readonly [RegExp, Deed])[] = [
  [/^Activer les communications automatisées de la clinique$/, set({ communications: true })],
  [
    /^Activer les communications automatisées du site « Site principal »$/,
    (input) => set({ sites: { main: { name: 'Site principal', patientMayCancel: false, patientMayArrive: false } } })(input),
  ],
  [/^Activer les messages d’absence de la clinique$/, set({ noShow: { at: Temporal.PlainTime.from('10:00') } })],
  [/^Changer, dans les réglages, qui prévient/, set({ senders: [{ sender: 'rappel' }] })],
  [/^Donner un agenda au rendez-vous dans le DSE$/, book({ agenda: { key: 'autre' } })],
  [/^Mettre l’agenda .+ en service$/, agenda((each) => ({ ...each, live: true }))],
  [/^Corriger l’heure du rendez-vous/, lift('H-TIME-CONFLICT')],
  [/^Donner une heure au rendez-vous/, lift('H-NO-TIME')],
  [/^Vérifier à quel patient est/, lift('H-PATIENT-CHANGED')],
  [
    /^Rattacher un patient/,
    (input) => ({ ...book({ patientId: 'tilleuls:P9' })(input), patient: { ...aPatient, id: 'tilleuls:P9', contacts: [] } }),
  ],
  [
    /^Remettre le rendez-vous à venir/,
    ({ appointment: { cancelKind: _, ...appointment }, ...rest }) => ({ ...rest, appointment: { ...appointment, status: 'booked' } }),
  ],
  [/^Annuler le rendez-vous dans le DSE autrement/, book({ cancelKind: 'cancelled' })],
  [/^Activer les notifications du motif/, motif((each) => ({ ...each, notify: true, listed: true }))],
  [/^Donner au motif .+ un type/, motif((each) => ({ ...each, notify: true, type: 'video' }))],
  [/^Activer les confirmations du motif/, motif((each) => ({ ...each, confirmation: true }))],
  [/^Activer les changements du motif/, motif((each) => ({ ...each, changes: true }))],
  [/^Activer les rappels du motif/, motif((each) => ({ ...each, reminder: true }))],
  [
    /^Activer « SMS de rappel » pour/,
    agenda(({ switches, ...rest }) => ({ ...rest, switches: { ...switches, sms: { ...switches.sms, reminder: true } } })),
  ],
  [/^Activer « SMS .+ » pour/, row('sms')],
  [/^Activer « Notification push .+ » et « E-mail .+ » pour/, (input) => row('email')(row('push')(input))],
  [/^Activer « Notification push .+ » pour/, row('push')],
  [/^Activer « E-mail .+ » pour/, row('email')],
  [
    /^Proposer au patient d’inscrire un appareil/,
    ({ patient, ...rest }) => {
      const device = { endpoint: 'https://fcm.googleapis.com/x', p256dh: 'x', auth: 'x', registeredAt: rest.now }
      return { ...rest, ...(patient && { patient: { ...patient, preferences: { ...patient.preferences, devices: [device] } } }) }
    },
  ],
  [/^Activer « Envoi de SMS et emails »/, (input) => set({ patients: { [input.appointment.patientId ?? '']: { notify: true } } })(input)],
  [/^Enregistrer l’accord/, around({ consent: 'given' })],
  [/^(Enregistrer un autre|Enregistrer un|Corriger le) numéro de mobile/, onFile({ kind: 'phone', value: '+14185550199', mobile: 'yes' })],
  [
    /^(Enregistrer une autre adresse|Enregistrer une adresse|Corriger l’adresse) e-mail/,
    onFile({ kind: 'email', value: 'autre@example.org' }),
  ],
  [
    /^Demander au patient de changer son choix/,
    ({ patient, ...rest }) => ({ ...rest, ...(patient && { patient: { ...patient, preferences: { channels: 'both' } } }) }),
  ],
  [/^Faire activer les SMS/, set({ smsActivated: true })],
  [/^Choisir pour la clinique la politique/, set({ channelPolicy: 'email_and_sms' })],
  [
    /^Choisir une cadence qui envoie toujours un SMS/,
    (input) => set({ cadence: { ...input.settings.cadence, absenceSms: 'always' } })(input),
  ],
  [/^Relever le budget/, around({ budgetSpent: false })],
  [/^Attendre le lendemain$/, around({ kindSentToday: false })],
  [/^Attendre le lendemain, ou relever/, set({ dailyCap: 99 })],
  [/^Libérer les envois retenus$/, around({ massHold: false })],
  [/^Vérifier les heures dans le DSE, puis libérer les envois retenus$/, around({ timeShift: false })],
  [/^Raccourcir les heures calmes/, ({ settings: { quietHours: _, ...settings }, ...rest }) => ({ ...rest, settings })],
]

function deedOf(need: string): Deed {
  const found = deeds.find(([says]) => says.test(plain(need)))
  if (!found) throw new Error(`nobody knows how to do this: ${plain(need)}`)
  return found[1]
}

const runs = { numRuns: 1_500 }

describe('section 6: what would have to change for it to be sent', () => {
  it('what is said to be needed, done by hand, is enough', () => {
    fc.assert(
      fc.property(someInput, (input) => {
        const { needs, never } = tryOut(input)
        if (never) return
        const done = needs.reduce((doing, { fr }) => deedOf(fr)(doing), input)
        expect(decide('plan', done).outcome.kind).toBe('send')
      }),
      runs,
    )
  })

  it('nothing is asked for that is not needed', () => {
    fc.assert(
      fc.property(someInput, (input) => {
        const { needs } = tryOut(input)
        for (const spared of needs) {
          const done = needs.filter((need) => need !== spared).reduce((doing, { fr }) => deedOf(fr)(doing), input)
          expect(decide('plan', done).outcome.kind).not.toBe('send')
        }
      }),
      runs,
    )
  })

  it('what would be sent needs nothing', () => {
    fc.assert(
      fc.property(someInput, (input) => {
        const { needs, never } = tryOut(input)
        expect(needs.length === 0 && !never).toBe(decide('plan', input).outcome.kind === 'send')
      }),
      runs,
    )
  })

  it('nothing can be done about time, death, what is known and what another text says; about all else something can', () => {
    const closed = new Set<string>()
    fc.assert(
      fc.property(someInput, (input) => {
        const { never } = tryOut(input)
        if (never) closed.add(plain(never.fr))
      }),
      { numRuns: 4_000 },
    )
    expect([...closed].sort()).toEqual([
      'Rien : il est trop tard pour que ce message serve',
      'Rien : le dossier du patient est inactif',
      'Rien : le patient le sait déjà',
      'Rien : le rendez-vous est passé',
      'Rien : un autre SMS du même jour le dit aussi',
    ])
  })
})
