import type { ToCallTexts } from './texts-shape.ts'

export const english: ToCallTexts = {
  title: 'To call',
  hint: 'No message reaches them, and they have something to learn. The nearest appointment first.',
  list: 'Patients to call',
  columns: ['Appointment', 'Patient', 'Phone', 'To say', 'Why', 'Done'],
  news: {
    confirmation: 'This appointment is booked',
    reminder: 'This appointment is near',
    previsit: 'This appointment is near',
    change: 'This appointment has changed',
    cancellation: 'This appointment is cancelled: do not come',
    correction: 'What they were told is no longer true',
    no_show: 'This appointment was missed',
    manual: 'A message did not arrive',
  },
  called: 'Called',
  calledFor: (hour) => `Called, for the appointment of ${hour}`,
  flash: {
    called: 'The call is noted. The patient is taken to know, and nothing else will be sent about it.',
    reopened: 'The call is to be made again.',
  },
  undo: 'Undo',
  empty: 'Nobody to call. A patient appears here when a change or a cancellation cannot be sent to them by any channel.',
  more: (shown) => `The ${shown} nearest are shown; the next ones appear as these are called.`,
  reason: 'Reason',
  anyReason: 'Any reason',
  noStart: 'No time',
  noPhone: 'No number on file',
  noName: 'No name on file',
  ofRelative: 'guardian',
}
