import type { InboundPhrases } from './phrases.ts'

/** The words that are asked for here are none that carriers act on: ANNULER and GARDER are not, CANCEL and YES are (R27). */
export const french: InboundPhrases = {
  confirmed: (whens) =>
    whens.length === 1 ? [`RDV ${whens[0]} confirmé.`, 'Un empêchement? Répondez NON.'] : [`RDV confirmés: ${whens.join(', ')}.`],
  partly: (whens, call) => [`RDV confirmé: ${whens.join(', ')}. Pour le reste, ouvrez le lien du SMS ou ${call}.`],
  tooEarly: (when, from) => [`RDV ${when}: vous pourrez répondre OUI à partir du ${from}.`, 'Rien à faire avant.'],
  changed: (call) => [`ce RDV a changé depuis notre SMS, votre réponse ne compte pas. Ouvrez le lien du SMS ou ${call}.`],
  off: (when, call) => [`le RDV ${when} est annulé.`, `Pour un autre RDV, ${call}.`],
  notAsked: (when, call) => [`RDV ${when}: aucune réponse n'est attendue par SMS.`, `Pour nous joindre, ${call}.`],
  which: (about, lines) => [`quel RDV? ${lines}. Répondez ${about === 'confirm' ? 'OUI 1, OUI 2...' : 'NON 1, NON 2...'}`],
  tooMany: (call) => [`plusieurs RDV à ce numéro: ouvrez le lien de chaque SMS, ou ${call}.`],
  reallyCancel: (when) => [`pour annuler le RDV ${when}, répondez ANNULER 1. Pour le garder, répondez GARDER.`],
  cancelled: (when, undoUntil) => [`RDV ${when} annulé. Une erreur? Répondez GARDER avant ${undoUntil}.`],
  cancelByPhone: (when, call) => [`pour annuler le RDV ${when}, ${call}.`, 'Par SMS, ce n’est pas possible.', 'La clinique est prévenue.'],
  kept: (when) => [`RDV ${when} maintenu.`],
  sayYes: (when) => [`pour confirmer le RDV ${when}, répondez OUI.`, 'Un empêchement? Répondez NON.'],
  nothing: (call) => [`aucun RDV à ce numéro n'attend de réponse.`, `Pour nous joindre, ${call}.`],
  passedOn: (call) => [`votre message est transmis. Si c'est pressé, ${call}.`, 'Urgence: appelez les secours.'],
  stopped: ['vous ne recevrez plus de SMS.', 'Pour les reprendre, répondez START.'],
  resumed: ['vous recevrez de nouveau nos SMS.', 'Pour les arrêter, répondez STOP.'],
  help: (call) => [`SMS de rendez-vous. Pour nous joindre, ${call}.`, 'Pour arrêter les SMS, répondez STOP.'],
  wrongNumber: ['nous n’écrirons plus à ce numéro.', 'Si c’est bien le vôtre, répondez START.'],
  call: (phone) => (phone === undefined ? 'appelez la clinique' : `appelez le ${phone}`),
}
