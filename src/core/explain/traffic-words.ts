import { supposeAround } from './suppose.ts'
import type { Catalogue, GateWords, Remedy } from './words.ts'
import { because, both } from './words.ts'

const tomorrow: Remedy = {
  say: () => both('Attendre le lendemain', 'Wait for the next day'),
  apply: (input) => supposeAround(input, { kindSentToday: false }),
}

const moreADay: Remedy = {
  say: () =>
    both('Attendre le lendemain, ou relever le nombre de messages par jour', 'Wait for the next day, or allow more messages a day'),
  apply: (input) => supposeAround(input, { sentToday: 0 }),
}

const oneOfMany = because('un autre SMS du même jour le dit aussi', 'another text of the same day says it too')

/** What else is being sent: to the household, to the same contact, by the whole clinic. */
export const trafficWords: Catalogue<GateWords> = {
  merge: {
    title: both('Regroupement du jour', 'Merging by day'),
    rule: 'D29',
    saw: { 'by itself': both('aucun', 'none') },
    reasons: {},
    otherwise: oneOfMany,
  },
  cap: {
    title: both('Messages du jour', 'Messages of the day'),
    rule: '§ 4',
    saw(saw) {
      const count = saw.replace(/\D/g, '')
      return both(`${count} aujourd’hui`, `${count} today`)
    },
    reasons: {
      kind_cap: because('un message du même genre est déjà parti aujourd’hui', 'a message of the same kind has already left today', {
        remedy: tomorrow,
      }),
      daily_cap: because('ce contact a déjà reçu aujourd’hui tous les messages permis', 'this contact has had all the messages of a day', {
        remedy: moreADay,
      }),
    },
  },
  fuse: {
    title: both('Changement en masse', 'Mass change'),
    rule: 'R8',
    saw: { usual: both('non', 'no') },
    reasons: {
      mass_change: because('un changement en masse attend qu’une personne le libère', 'a mass change waits for a person to release it', {
        remedy: {
          say: () => both('Libérer les envois retenus', 'Release the held sends'),
          apply: (input) => supposeAround(input, { massHold: false }),
        },
      }),
    },
  },
  clock: {
    title: both('Horloge du DSE', 'Clock of the EHR'),
    rule: '§ 4',
    saw: { 'as usual': both('comme d’habitude', 'as usual') },
    reasons: {
      time_shift: because(
        'les heures de ce DSE se sont toutes décalées, et une personne doit y regarder',
        'the times of this EHR have all moved, and a person must look',
        {
          remedy: {
            say: () =>
              both(
                'Vérifier les heures dans le DSE, puis libérer les envois retenus',
                'Check the times in the EHR, then release the held sends',
              ),
            apply: (input) => supposeAround(input, { timeShift: false }),
          },
        },
      ),
    },
  },
}
