import { describe, expect, it, test } from 'vitest'
import { sayAnswer, sayTold } from '../../src/core/explain/story-words.ts'
import { explain } from '../../src/core/explain.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import { timelineOf } from '../../src/core/timeline.ts'
import type { Told } from '../../src/core/told.ts'
import { factsOf } from '../../src/core/told.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import { bookedChange, clinicSettings } from '../support/clinic.ts'
import { anAnswer, anAppointment, at } from '../support/screens.ts'
import { story } from '../support/story.ts'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')
const now = at('2026-11-24T15:00:00Z')
const face = { zone: 'America/Toronto', now }
const about = { appointment: anAppointment(), settings: clinicSettings() }

test('what was heard, sent and answered, then what is still to come', () => {
  const teller = story().hear(bookedChange()).until(now.toString())
  const appointment = teller.appointment() ?? anAppointment()
  const context = {
    appointment,
    settings: clinicSettings(),
    optedOut: new Set<ChannelKind>(),
    channels: new Set<ChannelKind>(['email', 'sms']),
    now,
  }
  const timeline = timelineOf(
    {
      heard: [{ at: at('2026-11-20T12:00:00Z'), aspects: 'status time' }],
      lines: teller.notifications().map((each) => explain(each, context)),
      writeBacks: [anAnswer('confirm', 'verified')],
      unplanned: [
        {
          step: 'D7',
          kind: 'reminder',
          channel: 'email',
          at: at('2026-11-19T12:00:00Z'),
          reason: 'booked_too_late',
          sentence: { fr: 'Non prévu.', en: 'Not planned.' },
        },
      ],
    },
    face,
  )
  expect(timeline.map(({ what, ahead, sentence }) => `${ahead ? 'ahead' : 'past'} ${what} ${plain(sentence.fr)}`)).toEqual([
    'past message Non prévu.',
    'past ehr vendredi 20 novembre à 7 h : le DSE a parlé (statut, heure).',
    'past message E-mail de confirmation du vendredi 20 novembre à 7 h : envoyé.',
    'past message SMS de confirmation du vendredi 20 novembre à 7 h : envoyé.',
    'past answer mardi 24 novembre à 8 h 22 : le patient confirme, relu dans le DSE.',
    'ahead message E-mail de rappel du mardi 24 novembre à 21 h 40 : en l’état, ne partira pas, parce que le DSE ne nomme aucun patient (MOD-3).',
    'ahead message SMS de rappel du mardi 24 novembre à 21 h 40 : en l’état, ne partira pas, parce que le DSE ne nomme aucun patient (MOD-3).',
  ])
})

test('section 4, modality guard: two words for how one comes are a line to look at', () => {
  const [line] = timelineOf(
    { heard: [{ at: at('2026-11-20T12:00:00Z'), aspects: 'modality-conflict' }], lines: [], writeBacks: [], unplanned: [] },
    face,
  )
  expect(plain(line?.sentence.fr ?? '')).toContain('une autre modalité que celle du motif')
  expect(line?.sentence.en).toContain('to be checked')
})

describe('what the patient answered, step by step into the EHR', () => {
  it.each([
    ['confirm', 'queued', 'le patient confirme, à porter au DSE', 'the patient confirms, to be brought to the EHR'],
    ['cancel', 'acknowledged', 'le patient annule, accepté par le DSE', 'the patient cancels, accepted by the EHR'],
    [
      'arrive',
      'failed',
      'le patient est sur place, pas porté au DSE, à faire à la main',
      'the patient has arrived, not brought to the EHR, to be done by hand',
    ],
  ] as const satisfies readonly (readonly [WriteBack['kind'], WriteBack['state'], string, string])[])(
    '%s, %s',
    (kind, state, french, english) => {
      const said = sayAnswer(anAnswer(kind, state), face)
      expect([plain(said.fr), plain(said.en)]).toEqual([
        `mardi 24 novembre à 8 h 22 : ${french}.`,
        `Tuesday 24 November at 8:22 am: ${english}.`,
      ])
    },
  )
})

describe('what the patient is taken to know', () => {
  const told = (more: Partial<Told> = {}): Told => ({
    facts: factsOf(anAppointment()),
    version: 1,
    by: 'confirmation:notice:0',
    at: now,
    ...more,
  })
  it.each([
    ['nothing yet', undefined, 'Le patient n’a encore rien appris de nous.'],
    ['told', told(), 'Le patient sait depuis le mardi 24 novembre à 10 h que ce rendez-vous a lieu.'],
    [
      'told that it is off',
      told({ facts: { ...factsOf(anAppointment()), stands: false } }),
      'Le patient sait depuis le mardi 24 novembre à 10 h que ce rendez-vous n’a plus lieu.',
    ],
    [
      'Told: an import causes no confirmation',
      told({ assumed: 'import' }),
      'Le patient est réputé savoir que ce rendez-vous a lieu sans message de nous, parce que ce rendez-vous était déjà dans le DSE quand Rappel l’a chargé.',
    ],
    [
      'D20 a motif that was off',
      told({ assumed: 'motif_off' }),
      'Le patient est réputé savoir que ce rendez-vous a lieu sans message de nous, parce que le motif « CONSULT » est désactivé (D20).',
    ],
  ] as const)('%s', (_name, known, sentence) => {
    expect(plain(sayTold(known, about, face).fr)).toBe(sentence)
  })
})
