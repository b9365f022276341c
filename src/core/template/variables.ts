/** Where a template's text ends up. What is read on a locked screen may say less (R28). */
export type Spot = 'sms' | 'subject' | 'email' | 'push'

/** One word a template may use; what is not in this list is in no message (R28). */
export interface TemplateVariable {
  readonly name: string
  /** A flag is asked for (`{% if asks %}`), not written. */
  readonly is: 'text' | 'flag'
  readonly spots: readonly Spot[]
  readonly means: { readonly fr: string; readonly en: string }
}

const everywhere = ['sms', 'subject', 'email', 'push'] as const
const inBodies = ['sms', 'email'] as const

function text(name: string, spots: readonly Spot[], fr: string, en: string): TemplateVariable {
  return { name, is: 'text', spots, means: { fr, en } }
}

function flag(name: string, fr: string, en: string): TemplateVariable {
  return { name, is: 'flag', spots: everywhere, means: { fr, en } }
}

/** Neither motif, specialty nor questionnaire, and no patient: several may read one telephone, and the text of a household names them by itself. */
export const templateVariables: readonly TemplateVariable[] = [
  text('clinic.name', everywhere, 'le nom de la clinique', 'the clinic’s name'),
  text('clinic.phone', everywhere, 'le numéro de la clinique', 'the clinic’s number'),
  text('clinic.address', ['email'], 'l’adresse de la clinique', 'the clinic’s address'),
  text('when', everywhere, 'le jour et l’heure', 'day and hour'),
  text(
    'date',
    everywhere,
    'le jour : « jeudi 26 novembre », « jeu. 26/11 » par SMS',
    'the day: “Thursday 26 November”, “Thu 26 Nov” by text',
  ),
  text('day', everywhere, 'le jour de la semaine', 'the day of the week'),
  text('time', everywhere, 'l’heure', 'the hour'),
  text('clock', everywhere, 'de quel lieu est cette heure, s’il faut le dire', 'whose clock it is, where that must be said'),
  text('before', everywhere, 'le jour et l’heure d’avant, si l’heure a changé', 'day and hour before, where it has moved'),
  text('practitioner', everywhere, 'qui reçoit le patient', 'whom the patient will see'),
  text('manner', everywhere, 'à la clinique, en vidéo, par téléphone, chez vous', 'at the clinic, by video, by phone, at your home'),
  text('place', inBodies, 'le nom du lieu', 'the name of the place'),
  text('address', inBodies, 'l’adresse du lieu', 'the address of the place'),
  text('joinLink', ['email'], 'l’adresse de la vidéo', 'the address of the video call'),
  text('link', ['sms'], 'l’adresse privée de la page du rendez-vous', 'the private address of the appointment’s page'),
  text('optOut', ['sms'], 'comment ne plus recevoir de SMS', 'how to receive no more texts'),
  text('confirmFrom', inBodies, 'dès quand on peut confirmer', 'from when one can confirm'),
  text('confirmUntil', inBodies, 'jusqu’à quand on peut confirmer', 'until when one can confirm'),
  text('cancelUntil', inBodies, 'jusqu’à quand on peut annuler en ligne, si on le peut', 'until when one can cancel online, where one can'),
  flag('asks', 'vrai si le message demande de confirmer', 'true where the message asks to confirm'),
  flag('confirmed', 'vrai si le patient a déjà confirmé', 'true where the patient has confirmed'),
  flag('fillIn', 'vrai si un questionnaire reste à remplir', 'true where a questionnaire is left to fill in'),
]

/** `clinic.name` for the text of an SMS, and so on. */
export function variablesIn(spot: Spot): readonly TemplateVariable[] {
  return templateVariables.filter(({ spots }) => spots.includes(spot))
}
