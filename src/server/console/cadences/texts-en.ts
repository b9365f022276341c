import { number } from '../../simulate/report-words.ts'
import type { CadencesTexts } from './cadences-texts.ts'

const many = (count: number, one: string, more: string) => `${number(count, 'en')} ${count === 1 ? one : more}`

export const english: CadencesTexts = {
  title: 'Cadences',
  hint: 'What leaves, and when, for the whole clinic. Nothing changes before Save.',
  names: { ofys: 'Ofys', doctolib: 'Doctolib', own: 'The clinic’s own' },
  abouts: {
    ofys: 'One reminder before the visit, which asks to confirm.',
    doctolib: 'E-mails a week and a day before, one text before the visit, another for what is booked too late.',
    own: 'Steps of its own.',
  },
  inUse: 'In use',
  channels: { email: 'e-mail', sms: 'text', push: 'push' },
  and: 'and',
  notices: { confirmation: 'Confirmation', change: 'Change', cancellation: 'Cancellation', none: 'none' },
  absenceSms: {
    always: 'An absence is told by text too.',
    if_no_email: 'An absence is told by text to whoever has no e-mail address.',
  },
  kinds: { reminder: 'Reminder', previsit: 'Pre-visit reminder' },
  before: (duration) => `${duration} before the appointment`,
  afterBooking: (duration) => `${duration} after booking`,
  daysBefore: (days, hour) =>
    days === 0 ? `the same day at ${hour}` : days === 1 ? `the day before at ${hour}` : `${days} days before, at ${hour}`,
  bookedAtLeast: (duration) => `if booked at least ${duration} ahead`,
  bookedLessThan: (duration) => `if booked less than ${duration} ahead`,
  bookedAfter: (when) => `if booked later than ${when}`,
  worthUntil: (duration) => `not sent any more less than ${duration} before the appointment`,
  days: (count) => many(count, 'day', 'days'),
  hours: (count) => many(count, 'hour', 'hours'),
  minutes: (count) => many(count, 'minute', 'minutes'),
  when: 'When',
  noSteps: 'No reminder.',
  edit: 'Choose the cadence',
  choice: 'Cadence',
  own: 'The clinic’s steps (YAML)',
  ownHint:
    'One step for each dash: before: PT36H, or daysBefore: 1 and at: "13:00"; kind: reminder or previsit; channels: [email, sms]; notAfter: PT1H.',
  push: 'Tell by push too, where the patient has registered a device',
  quiet: {
    legend: 'Quiet hours',
    hint: 'No text and no push between these hours; what was to leave waits for the morning.',
    from: 'From',
    until: 'Until',
    none: 'Empty: no quiet hours.',
  },
  unsaved: 'Unsaved edit.',
  see: 'See the impact',
  save: 'Save',
  drop: 'Drop',
  saved: (version, cadence) => `Saved: version ${version} is in use, cadence ${cadence}. What is ahead is planned again.`,
  same: 'Nothing has changed.',
  faults: (place, message) => `${place}: ${message}`,
  wrongHour: 'Quiet hours: give both, like 21:00 and 08:00, or none.',
  notYaml: 'The steps are no YAML list: one dash for each step.',
  losing: (count) =>
    count === 1 ? 'One patient would be left without a channel.' : `${number(count, 'en')} patients would be left without a channel.`,
  losingRest: 'Nothing is saved yet: read the impact, then save.',
  noRole: 'Your role may read the cadences. Changing them takes the administration role.',
}
