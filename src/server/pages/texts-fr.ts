import type { Modality } from '../../core/appointment.ts'
import { fr } from '../../core/words/typography.ts'
import type { PageTexts } from './page-texts.ts'

const todays: Readonly<Record<Modality, string>> = {
  onsite: '',
  video: ', en vidéo',
  phone: ', par téléphone',
  home: ', chez vous',
  unknown: '',
}

export const french: PageTexts = {
  buttons: {
    confirm: 'Je confirme ma venue',
    confirmRemote: 'Je confirme',
    confirmNewTime: 'Je confirme la nouvelle heure',
    cancel: 'Je ne peux pas venir',
    cancelRemote: 'Je ne serai pas disponible',
    cancelForSure: 'Oui, annuler le rendez-vous',
    keep: 'Non, je garde mon rendez-vous',
    restore: 'Rétablir le rendez-vous',
    arrive: 'Je suis sur place',
    join: 'Rejoindre la vidéo',
    callForAnother: 'Appeler pour un autre rendez-vous',
    callToCancel: 'Appeler pour annuler',
    addToCalendar: 'Ajouter à mon calendrier',
    showMap: 'Voir le plan et l’itinéraire',
  },
  flash: {
    confirmed: { fact: 'Votre réponse est enregistrée.', rest: '' },
    cancelled: { fact: 'Votre réponse est enregistrée.', rest: '' },
    arrived: { fact: 'Votre réponse est enregistrée.', rest: '' },
    restored: { fact: 'Votre rendez-vous est rétabli.', rest: '' },
    closed: {
      fact: 'Votre réponse n’a pas été enregistrée.',
      rest: 'Ce n’est pas possible en ligne à cette heure. Voici ce que vous pouvez faire.',
    },
    stale: {
      fact: 'Votre réponse n’a pas été enregistrée.',
      rest: 'Le rendez-vous a changé entre-temps. Voici ce qui est prévu maintenant.',
    },
  },
  brokenLink: {
    title: 'Ce lien ne fonctionne pas',
    lines: [
      'Il a peut-être expiré, ou un message plus récent l’a remplacé. Ouvrez le lien du dernier message reçu.',
      'Si le problème continue, appelez votre clinique au numéro que vous connaissez.',
    ],
  },

  documentTitle: (when) => fr`Votre rendez-vous du ${when}`,
  untold: 'Votre rendez-vous',
  today: (modality) => `C’est aujourd’hui${todays[modality]}`,
  past: 'Rendez-vous passé',
  cancelQuestion: fr`Annuler ce rendez-vous ?`,
  with: 'avec',
  before: fr`Avant :`,
  toConfirm: 'À confirmer',
  isConfirmed: 'Confirmé',

  held: { fact: 'La clinique vérifie les détails de ce rendez-vous.', rest: 'Appelez-la pour en connaître le jour et l’heure.' },
  offByClinic: 'Ce rendez-vous est annulé.',
  offByPatient: 'Votre rendez-vous est annulé.',
  telling: (at) => `Nous prévenons la clinique${at ? ` à ${at}` : ''}.`,
  clinicKnows: 'La clinique en est informée.',
  noMoreReminders: 'Vous ne recevrez plus de rappel.',
  undoUntil: (hour) => fr`C’était une erreur ? Vous pouvez le rétablir jusqu’à ${hour}.`,
  confirmed: 'C’est confirmé, merci.',
  nothingYet: 'Rien à faire pour l’instant.',
  confirmFrom: (when) => `Vous pourrez confirmer à partir du ${when}.`,
  saidBefore: (when, moved) => `Notre message indiquait ${moved === 'day' ? 'le ' : ''}${when}.`,
  isNow: (when, moved) => `Le rendez-vous est maintenant ${moved === 'day' ? 'le' : 'à'} ${when}.`,
  saidOther: 'Ce n’est plus ce qu’indiquait notre message.',
  saidOff: { fact: 'Notre message disait que ce rendez-vous était annulé.', rest: 'Il est maintenu.' },
  answerVoid: 'Votre réponse précédente ne compte plus.',
  answerFailed: { fact: 'Votre dernière réponse n’est pas arrivée à la clinique.', rest: 'Appelez-la pour la lui donner.' },
  arrived: 'Nous savons que vous êtes là.',
  takeSeat: 'Installez-vous',
  willBeCalled: 'On vous appellera.',
  weCall: (hour, ending) => ({
    fact: 'Nous vous appelons',
    rest: `vers ${hour}${ending ? ` au numéro se terminant par ${ending}` : ''}. L’appel peut être masqué.`,
  }),
  weCome: (hour) => ({ fact: 'Nous venons chez vous', rest: `vers ${hour}.` }),
  begun: 'Le rendez-vous a commencé.',

  cancelMeans: 'La place sera proposée à une autre personne. Pour un nouveau rendez-vous, il faudra appeler la clinique.',
  pastHint: fr`Ce rendez-vous est passé : il n’y a plus rien à faire ici.`,
  arriveBetween: (from, until) => `À toucher une fois à la clinique, entre ${from} et ${until}.`,
  cancelUntil: (when) => `Vous pouvez annuler en ligne jusqu’au ${when}.`,
  cancelClosed: (when) => `L’annulation en ligne a fermé le ${when}.`,
  someoneElse: fr`Un empêchement ? Appelez-nous : quelqu’un d’autre pourra profiter de la place.`,
  videoHint: 'Prévoyez un endroit calme et une bonne connexion.',
  videoLater: fr`Le lien de la vidéo n’est pas encore ici : rouvrez cette page peu avant l’heure.`,

  coming: 'Pour venir',
  address: 'Adresse',
  onArrival: 'À votre arrivée',
  arriveFrom: (hour) => fr`À partir de ${hour}, revenez sur cette page et touchez « Je suis sur place ».`,
  question: fr`Une question, un imprévu ?`,
  call: 'Appelez le',
  callClinic: 'Appelez la clinique au numéro que vous connaissez.',
}
