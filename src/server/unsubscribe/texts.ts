import type { Language } from '../../core/words/language.ts'
import { fr } from '../../core/words/typography.ts'

/** What the page for stopping e-mails says, before and after. */
export interface UnsubscribeTexts {
  readonly ask: { readonly title: string; readonly lines: readonly string[]; readonly button: string }
  readonly done: { readonly title: string; readonly lines: readonly string[]; readonly button: string }
  readonly again: { readonly title: string; readonly lines: readonly string[]; readonly button: string }
  readonly call: (phone: string) => string
}

const french: UnsubscribeTexts = {
  ask: {
    title: 'Ne plus recevoir de rappels par e-mail',
    lines: [
      fr`Nous ne vous enverrons plus de confirmations ni de rappels à cette adresse.`,
      fr`Si un rendez-vous change ou est annulé, nous vous l’écrirons toujours.`,
    ],
    button: 'Je ne veux plus de rappels par e-mail',
  },
  done: {
    title: 'C’est noté',
    lines: [
      fr`Vous ne recevrez plus de confirmations ni de rappels à cette adresse. Si un rendez-vous change ou est annulé, nous vous l’écrirons toujours.`,
      fr`C’était une erreur ?`,
    ],
    button: 'Je veux de nouveau les recevoir',
  },
  again: {
    title: 'C’est noté',
    lines: ['Vous recevrez de nouveau nos confirmations et nos rappels à cette adresse.'],
    button: 'Je ne veux plus de rappels par e-mail',
  },
  call: (phone) => fr`Pour nous joindre : ${phone}`,
}

const english: UnsubscribeTexts = {
  ask: {
    title: 'Receive no more reminders by e-mail',
    lines: [
      'We will send no more confirmations or reminders to this address.',
      'If an appointment changes or is cancelled, we will still write to you.',
    ],
    button: 'I want no more reminders by e-mail',
  },
  done: {
    title: 'It is noted',
    lines: [
      'You will receive no more confirmations or reminders at this address. If an appointment changes or is cancelled, we will still write to you.',
      'Was it a mistake?',
    ],
    button: 'I want to receive them again',
  },
  again: {
    title: 'It is noted',
    lines: ['You will receive our confirmations and reminders at this address again.'],
    button: 'I want no more reminders by e-mail',
  },
  call: (phone) => `To reach us: ${phone}`,
}

const texts: Readonly<Record<Language, UnsubscribeTexts>> = { fr: french, en: english }

export function unsubscribeTexts(language: Language): UnsubscribeTexts {
  return texts[language]
}
