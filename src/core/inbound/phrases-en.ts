import type { InboundPhrases } from './phrases.ts'

/** The words that are asked for here are none that carriers act on: C, N, DROP and KEEP are not, YES and CANCEL are (R27). */
export const english: InboundPhrases = {
  confirmed: (whens) =>
    whens.length === 1 ? [`appointment ${whens[0]} confirmed.`, 'Cannot come? Reply N.'] : [`appointments confirmed: ${whens.join(', ')}.`],
  partly: (whens, call) => [`confirmed: ${whens.join(', ')}. For the rest, open the link in our text or ${call}.`],
  tooEarly: (when, from) => [`appointment ${when}: you can reply C from ${from}.`, 'Nothing to do before.'],
  changed: (call) => [`this appointment has changed since our text, your answer does not count. Open the link in our text or ${call}.`],
  off: (when, call) => [`the appointment ${when} is cancelled.`, `For another one, ${call}.`],
  notAsked: (when, call) => [`appointment ${when}: no answer is needed by text.`, `To reach us, ${call}.`],
  which: (about, lines) => [`which one? ${lines}. Reply ${about === 'confirm' ? 'C 1, C 2...' : 'N 1, N 2...'}`],
  tooMany: (call) => [`several appointments at this number: open the link in each text, or ${call}.`],
  reallyCancel: (when) => [`to cancel the appointment ${when}, reply DROP 1. To keep it, reply KEEP.`],
  cancelled: (when, undoUntil) => [`appointment ${when} cancelled. A mistake? Reply KEEP before ${undoUntil}.`],
  cancelByPhone: (when, call) => [`to cancel the appointment ${when}, ${call}.`, 'It cannot be done by text.', 'The clinic has been told.'],
  kept: (when) => [`appointment ${when} kept.`],
  sayYes: (when) => [`to confirm the appointment ${when}, reply C.`, 'Cannot come? Reply N.'],
  nothing: (call) => ['no appointment at this number waits for an answer.', `To reach us, ${call}.`],
  passedOn: (call) => [`your message has been passed on. If it is pressing, ${call}.`, 'In an emergency call the emergency services.'],
  stopped: ['you will get no more texts.', 'To get them again, reply START.'],
  resumed: ['you will get our texts again.', 'To stop them, reply STOP.'],
  help: (call) => [`texts about appointments. To reach us, ${call}.`, 'To stop them, reply STOP.'],
  wrongNumber: ['we will not write to this number again.', 'If it is yours after all, reply START.'],
  call: (phone) => (phone === undefined ? 'call the clinic' : `call ${phone}`),
}
