import { Temporal } from 'temporal-polyfill'
import type { Message, Words } from '../../src/core/message.ts'

export const link = 'https://rdv.example/k7Qm2xV9bT4nR8wYc3Lp6Z'

export const words: Words = {
  language: 'fr',
  subject: 'Votre rendez-vous du jeudi 26 novembre à 9\u00a0h\u00a040',
  preheader: 'Avec Dre Claire Moreau, à la clinique. Merci de confirmer votre venue.',
  title: 'Votre rendez-vous',
  day: 'Jeudi 26 novembre',
  time: '9\u00a0h\u00a040',
  off: false,
  lines: ['avec Dre Claire Moreau, à la clinique', 'Merci de confirmer votre venue et de remplir le court questionnaire avant de venir.'],
  action: { label: 'Voir les détails et confirmer', url: link },
  asides: [
    'Un empêchement\u00a0? Vous pouvez annuler sur cette page jusqu’au mercredi 25 novembre à 9\u00a0h\u00a040. Ensuite, appelez le 418\u00a0555-0140.',
  ],
  footer: [
    'Clinique des Tilleuls, 1240, avenue des Tilleuls, bureau 210, Québec. Ce message est automatique\u00a0: pour nous joindre, appelez le 418\u00a0555-0140.',
    'Pour ne plus recevoir ces messages, ouvrez la page du rendez-vous.',
  ],
  sms: `Clinique des Tilleuls: RDV jeudi 26/11 9h40 avec Dre Moreau. ${link} STOP pour arreter`,
}

/** A reminder, the day before yesterday of an appointment that does not exist. */
export function sampleMessage(changes: Partial<Omit<Message, 'words'>> & { readonly words?: Partial<Words> } = {}): Message {
  const notificationId = changes.notificationId ?? 'ehr:4711:reminder:PT36H:2026-11-26T14:40:00Z:sms:ehr:12'
  return {
    channel: 'sms',
    to: '+14185550199',
    attemptId: `${notificationId}#1`,
    notificationId,
    clinic: { name: 'Clinique des Tilleuls', phone: '418 555-0140', address: ['1240, avenue des Tilleuls', 'Québec'] },
    sentAt: Temporal.Instant.from('2026-11-25T02:40:00Z'),
    notAfter: Temporal.Instant.from('2026-11-25T05:40:00Z'),
    ...changes,
    words: { ...words, ...changes.words },
  }
}
