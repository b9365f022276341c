import type { Modality } from '../appointment.ts'
import type { DatePhrases, News, Phrases, SmsPhrases } from './phrases.ts'
import { NO_BREAK } from './typography.ts'

export const english: Phrases = {
  seeAndConfirm: 'See the details and confirm',
  see: 'See the details',
  allConfirmed: 'You have confirmed: there is nothing else to do.',
  answerAgain: 'If you had already answered, that answer no longer counts.',
  copyAddress: 'The button does not work? Copy this address into your browser:',
  openMessage: 'You have a message. Touch to open it.',
  otherLanguage: { language: 'fr', text: 'Ouvrez la page pour la lire en français.' },
  subject(news, asks, when) {
    switch (news) {
      case 'booked':
      case 'manual':
        return `Your appointment on ${when}`
      case 'reminder':
        return asks ? `Please confirm: your appointment on ${when}` : `Reminder: your appointment on ${when}`
      case 'changed':
        return `Your appointment has changed: ${when}`
      case 'restored':
        return `Your appointment stands: ${when}`
      case 'cancelled':
        return `Appointment cancelled: ${when}`
      case 'missed':
        return `Your appointment on ${when}`
      default:
        return news satisfies never
    }
  },
  title(news, modality, moved) {
    if (news === 'cancelled') return 'Appointment cancelled'
    if (news === 'missed') return 'Appointment missed'
    if (news === 'restored') return 'Your appointment stands'
    if (news === 'changed') return moved ? changes[moved] : 'Your appointment has changed'
    return titles[modality]
  },
  company: (practitioner) => `with ${practitioner}`,
  manner: (modality) => manners[modality],
  pleaseFillIn: 'A questionnaire is on the same page: please fill it in before the appointment.',
  pleaseConfirm: (modality) =>
    `Please confirm that you ${modality === 'onsite' || modality === 'unknown' ? 'are coming' : 'will be available'}.`,
  coming(modality, hour, { address, joinable }) {
    switch (modality) {
      case 'onsite':
        return address === undefined ? undefined : `Address: ${address}`
      case 'video':
        return joinable
          ? 'There is no need to travel: the video link is on the appointment page.'
          : 'There is no need to travel: the appointment is by video.'
      case 'phone':
        return `We will call you around ${hour}. Our number may be hidden.`
      case 'home':
        return `We will come to your home around ${hour}.`
      case 'unknown':
        return undefined
      default:
        return modality satisfies never
    }
  },
  notComing: (modality) => offs[modality],
  before: (when) => `Before: ${when}`,
  changedTo(fact, modality) {
    if (fact === 'place') return 'The place has changed.'
    if (fact === 'practitioner') return 'You will be seen by someone else.'
    return modality === 'unknown' ? 'The way to attend has changed.' : `The appointment is now ${manners[modality].slice(2)}.`
  },
  confirmFrom: (when) => `Nothing to do for now: you can confirm from ${when}.`,
  isOff: (news) =>
    news === 'cancelled' ? 'Your appointment is cancelled.' : 'We were expecting you, and this appointment could not take place.',
  cancelUntil: (when, phone) => `Something came up? You can cancel on this page until ${when}. After that, call ${phone ?? 'the clinic'}.`,
  callInstead: (phone) => `Something came up? Call ${phone ?? 'the clinic'}.`,
  callForAnother: (phone) => `For another appointment, call ${phone ?? 'the clinic'}.`,
  automatic: (phone) => `This message is automatic: to reach us, call ${phone ?? 'the number you know'}.`,
  stopHint: 'To receive no more reminders, open the appointment page.',
  sms: smsPhrases(),
  dates: datePhrases(),
}

const changes = { day: 'The date has changed', hour: 'The time has changed' }

const titles: Readonly<Record<Modality, string>> = {
  onsite: 'Your appointment',
  video: 'Video appointment',
  phone: 'Phone appointment',
  home: 'Home appointment',
  unknown: 'Your appointment',
}

const manners: Readonly<Record<Modality, string>> = {
  onsite: ', at the clinic',
  video: ', by video',
  phone: ', by phone',
  home: ', at your home',
  unknown: '',
}

const offs: Readonly<Record<Modality, string>> = {
  onsite: 'Please do not come.',
  video: 'Please do not connect.',
  phone: 'We will not call you.',
  home: 'We will not come to your home.',
  unknown: 'Please do not come.',
}

function smsPhrases(): SmsPhrases {
  const nouns: Readonly<Record<Modality, string>> = {
    onsite: 'appointment',
    video: 'video appt',
    phone: 'phone appt',
    home: 'home appt',
    unknown: 'appointment',
  }
  const ways: Readonly<Record<Modality, string>> = { onsite: '', video: 'video', phone: 'phone', home: 'at home', unknown: '' }
  const news: Readonly<Record<News, string>> = {
    booked: '',
    reminder: '',
    manual: '',
    changed: ' changed',
    restored: ' stands',
    cancelled: ' cancelled',
    missed: '',
  }
  return {
    head: (what, modality, moved) => (what === 'missed' ? 'we were expecting you' : `${nouns[modality]}${moved ? ' moved' : news[what]}`),
    manner: (modality) => ways[modality],
    company: (practitioner) => `with ${practitioner}`,
    another: (phone) => (phone ? `New appt: ${phone}.` : 'New appt: call us.'),
    link: (what, asks, fills) =>
      asks ? 'Confirm:' : fills ? 'Questionnaire:' : what === 'cancelled' || what === 'missed' ? 'Info:' : 'Details:',
    stop: 'End texts: STOP',
  }
}

function datePhrases(): DatePhrases {
  const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
  const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
  return {
    day: ({ dayOfWeek, day, month, year = '' }) =>
      [days[dayOfWeek - 1], day, months[month - 1], year].filter((word) => word !== '').join(' '),
    hour: (hour, minute) => sayHour(hour, minute, NO_BREAK),
    dayAndHour: (day, hour) => `${day} at ${hour}`,
    // never 26/11, which half its readers read the other way round
    shortDay: ({ dayOfWeek, day, month, year = '' }) =>
      [days[dayOfWeek - 1]?.slice(0, 3), day, months[month - 1]?.slice(0, 3), year].filter((word) => word !== '').join(' '),
    shortHour: (hour, minute) => sayHour(hour, minute, ''),
    clock: (name, isPlace) => (isPlace ? `${name} time` : name),
    places: {
      'America/Montreal': 'Montreal',
      'America/St_Johns': 'Newfoundland',
      'Europe/Brussels': 'Brussels',
      'Europe/London': 'London',
      'Indian/Reunion': 'Réunion',
    },
  }
}

/** Nobody is sure what 12 am is. */
function sayHour(hour: number, minute: number, space: string): string {
  if (minute === 0 && hour % 12 === 0) return `12${space || ' '}${hour === 0 ? 'midnight' : 'noon'}`
  const minutes = minute > 0 ? `:${String(minute).padStart(2, '0')}` : ''
  return `${hour % 12 === 0 ? 12 : hour % 12}${minutes}${space}${hour < 12 ? 'am' : 'pm'}`
}
