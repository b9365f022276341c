import type { Bilingual } from '../../core/explain/words.ts'
import { both } from '../../core/explain/words.ts'

export type AlarmCode =
  | 'store_unavailable'
  | 'loop_stalled'
  | 'restore_held'
  | 'mass_change_held'
  | 'feed_silent'
  | 'time_shift'
  | 'poll_failing'
  | 'subscription_trouble'
  | 'intake_overdue'
  | 'quarantine'
  | 'send_overdue'
  | 'sends_in_doubt'
  | 'channel_stopped'
  | 'write_back_overdue'
  | 'write_back_failed'
  | 'write_back_stopped'
  | 'webhook_failing'
  | 'disk_low'
  | 'clock_off'
  | 'certificate_ending'

export interface AlarmText {
  /** `bad`: patients are told too late or wrongly, or an EHR is; `warn`: they may be. */
  readonly level: 'bad' | 'warn'
  readonly says: Bilingual
  /** An infinitive: what to do. */
  readonly fix: Bilingual
  /** Where, in the console; `:clinic` is the alarm's. */
  readonly link: string
}

/** Each alarm there is (R37). What it is of, and how much, stands beside it. */
export const alarmTexts: Readonly<Record<AlarmCode, AlarmText>> = {
  store_unavailable: {
    level: 'bad',
    says: both('La base ne garde rien : les messages du DSE sont refusés.', 'The store keeps nothing: the EHR’s messages are turned away.'),
    fix: both('Faire de la place sur le disque, ou relancer la base de données.', 'Make room on the disk, or bring the database back.'),
    link: '/console/health',
  },
  loop_stalled: {
    level: 'bad',
    says: both('Une tâche du service n’avance plus.', 'A loop of the service does not get on.'),
    fix: both(
      'Chercher loop_failed dans le journal ; sans trace, relancer le service : rien ne se perd.',
      'Look for loop_failed in the log; without a trace restart the service: nothing is lost.',
    ),
    link: '/console/health#taches',
  },
  restore_held: {
    level: 'bad',
    says: both('La base vient d’une sauvegarde : rien n’est envoyé.', 'The store came from a backup: nothing is sent.'),
    fix: both(
      'Comparer avec le DSE, puis lever la retenue ou écarter ce qui attend.',
      'Compare with the EHR, then release or drop what waits.',
    ),
    link: '/console/holds#restored',
  },
  mass_change_held: {
    level: 'bad',
    says: both('Un changement en masse attend une personne.', 'A mass change waits for a person.'),
    fix: both('Regarder les rendez-vous touchés, puis envoyer ou écarter.', 'Look at the appointments, then release or drop.'),
    link: '/console/clinics/:clinic/holds',
  },
  feed_silent: {
    level: 'bad',
    says: both('Le flux se tait, contre son habitude.', 'The feed is silent, against its habit.'),
    fix: both(
      'Appeler l’intégrateur du DSE : l’émetteur ou le réseau est arrêté.',
      'Call the EHR’s integrator: the sender or the network has stopped.',
    ),
    link: '/console/connectors',
  },
  time_shift: {
    level: 'bad',
    says: both('Les heures d’un flux ont toutes glissé : ses envois attendent.', 'All times of a feed have shifted: its sends wait.'),
    fix: both('Vérifier zone du connecteur, puis lever la retenue.', 'Check the connector’s zone, then release the hold.'),
    link: '/console/connectors',
  },
  poll_failing: {
    level: 'bad',
    says: both('Le DSE ne répond plus quand on lui demande ce qui a changé.', 'The EHR no longer answers when asked what changed.'),
    fix: both('Lancer rappel doctor : adresse, certificat, droits.', 'Run rappel doctor: address, certificate, rights.'),
    link: '/console/connectors',
  },
  subscription_trouble: {
    level: 'warn',
    says: both(
      'L’abonnement auprès du DSE ne tient pas : seule la relève régulière voit les changements.',
      'The subscription at the EHR does not hold: only polling sees changes.',
    ),
    fix: both('Lancer rappel doctor ; regarder l’abonnement dans le DSE.', 'Run rappel doctor; look at the subscription in the EHR.'),
    link: '/console/connectors',
  },
  intake_overdue: {
    level: 'bad',
    says: both('Des messages reçus ne sont pas encore traités.', 'Messages that came are not yet acted on.'),
    fix: both(
      'Regarder le journal : le DSE ne rend pas ce qu’il annonce.',
      'Look at the log: the EHR does not hand out what it announces.',
    ),
    link: '/console/connectors',
  },
  quarantine: {
    level: 'warn',
    says: both('Des messages du DSE n’ont pas pu être lus.', 'Messages of the EHR could not be read.'),
    fix: both(
      'Les ouvrir en quarantaine, corriger la correspondance, les relire.',
      'Open them in quarantine, mend the mapping, read them again.',
    ),
    link: '/console/quarantine',
  },
  send_overdue: {
    level: 'bad',
    says: both('Des messages dus ne partent pas.', 'Messages that are due do not leave.'),
    fix: both('Regarder le journal et le fournisseur.', 'Look at the log and at the provider.'),
    link: '/console/health',
  },
  sends_in_doubt: {
    level: 'warn',
    says: both('On ne sait pas si des messages sont partis.', 'Nobody knows whether some messages left.'),
    fix: both('Voir chez le fournisseur ; téléphoner où c’est pressant.', 'Look at the provider’s; telephone where it presses.'),
    link: '/console/health',
  },
  channel_stopped: {
    level: 'bad',
    says: both('Le fournisseur refuse notre compte : ce canal est arrêté.', 'The provider refuses our account: this channel has stopped.'),
    fix: both(
      'Vérifier crédit, identifiants et expéditeur chez le fournisseur.',
      'Check credit, credentials and sender at the provider’s.',
    ),
    link: '/console/holds',
  },
  write_back_overdue: {
    level: 'bad',
    says: both('Des réponses de patients n’arrivent pas au DSE.', 'Patients’ answers do not reach the EHR.'),
    fix: both('Voir si le DSE écoute : rappel doctor.', 'See whether the EHR listens: rappel doctor.'),
    link: '/console/write-backs',
  },
  write_back_failed: {
    level: 'warn',
    says: both('Le DSE a refusé une réponse : une personne doit l’y inscrire.', 'The EHR refused an answer: a person must write it there.'),
    fix: both(
      'Ouvrir la boîte de la clinique et inscrire la réponse dans le DSE.',
      'Open the clinic’s inbox and write the answer into the EHR.',
    ),
    link: '/console/clinics/:clinic/inbox',
  },
  write_back_stopped: {
    level: 'bad',
    says: both(
      'Le DSE refuse notre sorte de message : plus rien n’y est écrit.',
      'The EHR refuses our kind of message: nothing is written there any more.',
    ),
    fix: both('Changer writeBack avec l’intégrateur du DSE, puis relancer.', 'Change writeBack with the EHR’s integrator, then restart.'),
    link: '/console/connectors',
  },
  webhook_failing: {
    level: 'warn',
    says: both('Un autre système ne prend plus ce qu’on lui annonce.', 'Another system takes no more of what it is told.'),
    fix: both('Corriger son adresse ou le remettre en marche, puis rejouer.', 'Mend its address or bring it back, then replay.'),
    link: '/console/clinics/:clinic/webhooks',
  },
  disk_low: {
    level: 'warn',
    says: both('Le disque est presque plein.', 'The disk is nearly full.'),
    fix: both(
      'Faire de la place : sans elle, les messages du DSE sont refusés.',
      'Make room: without it the EHR’s messages are turned away.',
    ),
    link: '/console/health',
  },
  clock_off: {
    level: 'bad',
    says: both('L’horloge de cette machine n’est pas à l’heure.', 'This machine’s clock is off.'),
    fix: both('Rétablir la synchronisation (NTP, chrony).', 'Bring synchronisation back (NTP, chrony).'),
    link: '/console/health',
  },
  certificate_ending: {
    level: 'warn',
    says: both('Un certificat expire bientôt.', 'A certificate ends soon.'),
    fix: both('Le renouveler, puis relancer le service.', 'Renew it, then restart the service.'),
    link: '/console/connectors',
  },
}
