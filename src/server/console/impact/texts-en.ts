import { number } from '../../simulate/report-words.ts'
import type { ImpactTexts } from './impact-texts.ts'

export const english: ImpactTexts = {
  title: 'Impact, before saving',
  basis: (hour, total) =>
    `Worked out at ${hour} by the sending engine, of ${number(total, 'en')} appointments of the next 30 days, from confirmation to reminder`,
  estimate: (hour, seen, total) =>
    `Estimated at ${hour} by the sending engine, from ${number(seen, 'en')} of the ${number(total, 'en')} appointments of the next 30 days`,
  sms: 'Texts',
  email: 'E-mails',
  cost: 'Cost',
  losing: 'Patients without a channel',
  gaining: 'Patients told again',
  spared: 'Still told by text',
  in30Days: (before, after) => `${before} → ${after} in 30 days`,
  toCall: 'will be on the list to call',
  toldAgain: 'nothing left for them before',
  online: 'booked online by the patient',
  byAgenda: 'By agenda',
  agenda: 'Agenda',
  withoutChannel: 'Without a channel',
  noAgenda: '(no agenda)',
  more: (count) => `And ${number(count, 'en')} more agendas.`,
  line: {
    less: (sms) => `${sms} fewer texts`,
    more: (sms) => `${sms} more texts`,
    same: 'As many texts',
    cheaper: (price) => `${price} less`,
    dearer: (price) => `${price} more`,
  },
  lineLosing: (count) => `, ${count} without a channel`,
  see: 'See the impact',
  nothing: 'No appointment in the next 30 days: nobody is concerned for now.',
}
