/**
 * What North American carriers, and the providers before them, act on by themselves when it is all a text says (R27). Elsewhere they
 * do not, and the text reaches us. *YES* is an opt-in to some of them too, but an answer to us.
 */
export const carrierWords = {
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  start: ['START', 'UNSTOP'],
  help: ['HELP', 'INFO'],
} as const

export type CarrierAct = keyof typeof carrierWords
