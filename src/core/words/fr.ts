import type { Modality } from '../appointment.ts'
import type { DatePhrases, News, Phrases, SmsPhrases } from './phrases.ts'
import { fr, NO_BREAK } from './typography.ts'

/** Written to be read on a phone, by someone who is worried, at eight in the evening. */
export const french: Phrases = {
  seeAndConfirm: 'Voir les détails et confirmer',
  see: 'Voir les détails',
  allConfirmed: fr`C’est confirmé : vous n’avez rien d’autre à faire.`,
  answerAgain: fr`Si vous aviez déjà répondu, cette réponse ne compte plus.`,
  copyAddress: fr`Le bouton ne marche pas ? Copiez cette adresse dans votre navigateur :`,
  openMessage: 'Vous avez un message. Touchez pour l’ouvrir.',
  otherLanguage: { language: 'en', text: 'Open the page to read it in English.' },
  subject(news, asks, when) {
    switch (news) {
      case 'booked':
      case 'manual':
        return fr`Votre rendez-vous du ${when}`
      case 'reminder':
        return asks ? fr`À confirmer : votre rendez-vous du ${when}` : fr`Rappel : votre rendez-vous du ${when}`
      case 'changed':
        return fr`Votre rendez-vous a changé : ${when}`
      case 'restored':
        return fr`Rendez-vous maintenu : ${when}`
      case 'cancelled':
        return fr`Rendez-vous annulé : ${when}`
      case 'missed':
        return fr`Votre rendez-vous du ${when}`
      default:
        return news satisfies never
    }
  },
  title(news, modality, moved) {
    if (news === 'cancelled') return 'Rendez-vous annulé'
    if (news === 'missed') return 'Rendez-vous manqué'
    if (news === 'restored') return 'Rendez-vous maintenu'
    if (news === 'changed') return moved ? changes[moved] : 'Votre rendez-vous a changé'
    return titles[modality]
  },
  company: (practitioner) => fr`avec ${practitioner}`,
  manner: (modality) => manners[modality],
  pleaseFillIn: fr`Un questionnaire vous attend sur la même page : merci de le remplir avant le rendez-vous.`,
  pleaseConfirm: (modality) => `Merci de confirmer votre ${modality === 'onsite' || modality === 'unknown' ? 'venue' : 'disponibilité'}.`,
  coming(modality, hour, { address, joinable }) {
    switch (modality) {
      case 'onsite':
        return address === undefined ? undefined : fr`Adresse : ${address}`
      case 'video':
        return joinable
          ? fr`Ne vous déplacez pas : le lien de la vidéo est sur la page du rendez-vous.`
          : fr`Ne vous déplacez pas : le rendez-vous se passe en vidéo.`
      case 'phone':
        return fr`Nous vous appelons vers ${hour}. L’appel peut être masqué.`
      case 'home':
        return fr`Nous venons chez vous vers ${hour}.`
      case 'unknown':
        return undefined
      default:
        return modality satisfies never
    }
  },
  notComing: (modality) => offs[modality],
  before: (when) => fr`Avant : ${when}`,
  changedTo(fact, modality) {
    if (fact === 'place') return 'Le lieu a changé.'
    if (fact === 'practitioner') return 'La personne qui vous reçoit a changé.'
    return modality === 'unknown' ? 'La façon de venir a changé.' : `Le rendez-vous se passe maintenant ${manners[modality].slice(2)}.`
  },
  confirmFrom: (when) => fr`Rien à faire pour l’instant : vous pourrez confirmer à partir du ${when}.`,
  isOff: (news) =>
    news === 'cancelled' ? 'Votre rendez-vous est annulé.' : 'Nous vous attendions, et ce rendez-vous n’a pas pu avoir lieu.',
  cancelUntil: (when, phone) =>
    fr`Un empêchement ? Vous pouvez annuler sur cette page jusqu’au ${when}. Ensuite, ${phone ? `appelez le ${phone}` : 'appelez la clinique'}.`,
  callInstead: (phone) => fr`Un empêchement ? ${phone ? `Appelez le ${phone}` : 'Appelez la clinique'}.`,
  callForAnother: (phone) => fr`Pour un autre rendez-vous, ${phone ? `appelez le ${phone}` : 'appelez la clinique'}.`,
  automatic: (phone) =>
    fr`Ce message est automatique : pour nous joindre, ${phone ? `appelez le ${phone}` : 'appelez-nous au numéro que vous connaissez'}.`,
  stopHint: 'Pour ne plus recevoir de rappels, ouvrez la page du rendez-vous.',
  sms: smsPhrases(),
  dates: datePhrases(),
}

const changes = { day: 'La date a changé', hour: 'L’heure a changé' }

const titles: Readonly<Record<Modality, string>> = {
  onsite: 'Votre rendez-vous',
  video: 'Rendez-vous en vidéo',
  phone: 'Rendez-vous par téléphone',
  home: 'Rendez-vous à domicile',
  unknown: 'Votre rendez-vous',
}

const manners: Readonly<Record<Modality, string>> = {
  onsite: ', à la clinique',
  video: ', en vidéo',
  phone: ', par téléphone',
  home: ', chez vous',
  unknown: '',
}

const offs: Readonly<Record<Modality, string>> = {
  onsite: 'Ne vous déplacez pas.',
  video: 'Ne vous connectez pas.',
  phone: 'Nous ne vous appellerons pas.',
  home: 'Nous ne viendrons pas chez vous.',
  unknown: 'Ne vous déplacez pas.',
}

function smsPhrases(): SmsPhrases {
  const ways: Readonly<Record<Modality, string>> = { onsite: '', video: ' vidéo', phone: ' tél.', home: ' à domicile', unknown: '' }
  const news: Readonly<Record<News, string>> = {
    booked: '',
    reminder: '',
    manual: '',
    changed: ' modifié',
    restored: ' maintenu',
    cancelled: ' annulé',
    missed: '',
  }
  return {
    head: (what, modality, moved) =>
      what === 'missed' ? 'nous vous attendions' : `RDV${ways[modality]}${moved ? ' déplacé' : news[what]}`,
    manner: (modality) => ways[modality].trim(),
    company: (practitioner) => `avec ${practitioner}`,
    another: (phone) => (phone ? `Autre RDV: ${phone}.` : 'Autre RDV: appelez-nous.'),
    link: (what, asks, fills) =>
      asks ? 'Confirmer:' : fills ? 'Questionnaire:' : what === 'cancelled' || what === 'missed' ? 'Infos:' : 'Détails:',
    stop: 'Fin SMS: STOP',
  }
}

function datePhrases(): DatePhrases {
  const days = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche']
  const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre']
  return {
    day: ({ dayOfWeek, day, month, year = '' }) =>
      [days[dayOfWeek - 1], day === 1 ? '1er' : day, months[month - 1], year].filter((word) => word !== '').join(' '),
    hour: (hour, minute) => [hour, 'h', ...(minute > 0 ? [String(minute).padStart(2, '0')] : [])].join(NO_BREAK),
    dayAndHour: (day, hour) => `${day} à ${hour}`,
    shortDay: ({ dayOfWeek, day, month, year }) =>
      `${days[dayOfWeek - 1]?.slice(0, 3)}. ${[day, String(month).padStart(2, '0'), ...(year === undefined ? [] : [year])].join('/')}`,
    shortHour: (hour, minute) => `${hour}h${minute > 0 ? String(minute).padStart(2, '0') : ''}`,
    clock: (name, isPlace) => (isPlace ? (/^[AEIOUÉÎ]/.test(name) ? `heure d’${name}` : `heure de ${name}`) : `heure ${name}`),
    places: {
      'America/Montreal': 'Montréal',
      'America/St_Johns': 'Terre-Neuve',
      'Europe/Brussels': 'Bruxelles',
      'Europe/London': 'Londres',
      'Indian/Reunion': 'La Réunion',
    },
  }
}
