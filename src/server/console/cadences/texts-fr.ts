import { fr } from '../../../core/words/typography.ts'
import { number } from '../../simulate/report-words.ts'
import type { CadencesTexts } from './cadences-texts.ts'

const many = (count: number, one: string, more: string) => `${number(count, 'fr')} ${count > 1 ? more : one}`

export const french: CadencesTexts = {
  title: 'Cadences',
  hint: 'Ce qui part, et quand, pour toute la clinique. Rien ne change avant Enregistrer.',
  names: { ofys: 'Ofys', doctolib: 'Doctolib', own: 'Cadence de la clinique' },
  abouts: {
    ofys: 'Un rappel avant la visite, qui demande de confirmer.',
    doctolib: 'Des e-mails une semaine et la veille, un SMS avant la visite, un autre pour ce qui est pris trop tard.',
    own: 'Ses propres étapes.',
  },
  inUse: 'En service',
  channels: { email: 'e-mail', sms: 'SMS', push: 'push' },
  and: 'et',
  notices: { confirmation: 'Confirmation', change: 'Changement', cancellation: 'Annulation', none: 'aucun' },
  absenceSms: {
    always: 'Une absence est dite par SMS aussi.',
    if_no_email: 'Une absence est dite par SMS à qui n’a pas d’adresse e-mail.',
  },
  kinds: { reminder: 'Rappel', previsit: 'Rappel avant la visite' },
  before: (duration) => `${duration} avant le rendez-vous`,
  afterBooking: (duration) => `${duration} après la prise du rendez-vous`,
  daysBefore: (days, hour) =>
    days === 0 ? `le jour même à ${hour}` : days === 1 ? `la veille à ${hour}` : `${days} jours avant, à ${hour}`,
  bookedAtLeast: (duration) => `si le rendez-vous est pris au moins ${duration} avant`,
  bookedLessThan: (duration) => `si le rendez-vous est pris moins de ${duration} avant`,
  bookedAfter: (when) => `si le rendez-vous est pris plus tard que ${when}`,
  worthUntil: (duration) => `n’est plus envoyé à moins de ${duration} du rendez-vous`,
  days: (count) => many(count, 'jour', 'jours'),
  hours: (count) => many(count, 'heure', 'heures'),
  minutes: (count) => many(count, 'minute', 'minutes'),
  when: 'Quand',
  noSteps: 'Aucun rappel.',
  edit: 'Choisir la cadence',
  choice: 'Cadence',
  own: 'Étapes de la clinique (YAML)',
  ownHint: fr`Une étape par tiret : before: PT36H, ou daysBefore: 1 et at: "13:00" ; kind: reminder ou previsit ; channels: [email, sms] ; notAfter: PT1H.`,
  push: 'Dire aussi par push, là où le patient a inscrit un appareil',
  quiet: {
    legend: 'Heures calmes',
    hint: 'Aucun SMS ni push entre ces heures ; ce qui devait partir attend le matin.',
    from: 'De',
    until: 'À',
    none: fr`Vides : aucune heure calme.`,
  },
  unsaved: 'Modification non enregistrée.',
  see: 'Voir l’impact',
  save: 'Enregistrer',
  drop: 'Abandonner',
  saved: (version, cadence) =>
    fr`Enregistré : version ${String(version)} en service, cadence ${cadence}. Ce qui est à venir est prévu de nouveau.`,
  same: 'Rien n’a changé.',
  faults: (place, message) => fr`${place} : ${message}`,
  wrongHour: fr`Heures calmes : donnez les deux heures, comme 21:00 et 08:00, ou aucune.`,
  notYaml: fr`Les étapes ne sont pas une liste YAML : un tiret par étape.`,
  losing: (count) =>
    count === 1 ? 'Un patient n’aurait plus aucun canal.' : `${number(count, 'fr')} patients n’auraient plus aucun canal.`,
  losingRest: fr`Rien n’est encore enregistré : lisez l’impact, puis enregistrez.`,
  noRole: 'Votre rôle permet de lire les cadences. Les changer demande le rôle administration.',
}
