import { number } from '../../simulate/report-words.ts'
import type { AbsencesTexts } from './absences-texts.ts'

export const english: AbsencesTexts = {
  title: 'Absences',
  hint: 'What an absence will tell whom, before it is set in the EHR. Nothing is sent or kept here.',
  agenda: 'Agenda',
  choose: 'Choose an agenda',
  from: 'From',
  until: 'Until',
  preview: 'Preview',
  errors: {
    agenda: 'Choose an agenda of the list.',
    from: 'Give the day and hour it begins.',
    until: 'Give the day and hour it ends.',
    order: 'Give an end after the beginning.',
  },
  found: (count, agenda) =>
    count === 1 ? `1 appointment would be cancelled: ${agenda}` : `${number(count, 'en')} appointments would be cancelled: ${agenda}`,
  more: 'Only the first are shown and counted: take a shorter time.',
  nothing: 'No appointment ahead in this agenda at these hours: this absence will tell nobody anything.',
  figures: {
    appointments: 'Appointments',
    concerned: 'ahead, in this time',
    channel: { email: 'Told by e-mail', sms: 'Told by text', push: 'Told by push' },
    of: (count) => `of ${number(count, 'en')}`,
    toCall: 'To call',
    toCallHint: 'no channel will reach them',
    silent: 'Neither message nor call',
    silentHint: 'by a rule of the clinic, or they had been told nothing',
  },
  list: 'Who will be told what',
  columns: ['Appointment', 'Patient', 'Will be told', 'Why not'],
  noName: '(no name)',
  goes: 'leaves at once',
  later: 'leaves after quiet hours',
  not: 'does not leave',
  call: 'To call',
  nothingToTell: 'had been told nothing: there is nothing to undo',
  asOne: 'So many cancellations of one agenda are an absence: they are never held as a mass change.',
  asSingle: (least) => `Fewer than ${number(least, 'en')} cancellations: they are treated one by one.`,
  moves: 'A move follows the same rules as a cancellation.',
}
