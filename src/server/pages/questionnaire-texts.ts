import type { Fault } from '../../core/questionnaire/typed.ts'
import type { Language } from '../../core/words/language.ts'
import { fr } from '../../core/words/typography.ts'

/** What stands around the clinic's own questions. */
export interface QuestionnaireTexts {
  readonly title: string
  /** `when` is said already. */
  intro(when: string, questions: number): string
  readonly why: string
  readonly back: string
  readonly next: string
  readonly previous: string
  readonly more: string
  readonly submit: string
  readonly change: string
  readonly reviewTitle: string
  readonly reviewHint: string
  readonly yes: string
  readonly no: string
  readonly none: string
  readonly other: string
  readonly optional: string
  readonly several: string
  readonly dateHint: string
  readonly urgent: string
  readonly sent: { readonly title: string; readonly known: string; readonly telling: string; readonly failed: string }
  readonly mayChange: string
  readonly error: string
  faults(count: number): string
  fault(fault: Fault, isChoice: boolean): string
}

const french: QuestionnaireTexts = {
  title: 'Avant votre rendez-vous',
  intro: (when, questions) =>
    fr`${when}. ${String(questions)} ${questions > 1 ? 'questions' : 'question'}. Vos réponses vont dans votre dossier à la clinique.`,
  why: 'Elle protège vos réponses.',
  back: 'Retour au rendez-vous',
  next: 'Continuer',
  previous: 'Page précédente',
  more: 'Ajouter une réponse',
  submit: 'Envoyer mes réponses',
  change: 'Modifier mes réponses',
  reviewTitle: 'Relisez vos réponses',
  reviewHint: 'Vous pourrez les modifier jusqu’au rendez-vous.',
  yes: 'Oui',
  no: 'Non',
  none: 'Sans réponse',
  other: 'Autre réponse',
  optional: 'Facultatif.',
  several: 'Cochez tout ce qui convient.',
  dateHint: fr`Année, mois et jour : 1979-04-12.`,
  urgent: fr`En cas d’urgence, n’utilisez pas ce formulaire : appelez les secours.`,
  sent: {
    title: 'Vos réponses sont envoyées',
    known: 'La clinique les a reçues.',
    telling: 'Nous les transmettons à la clinique.',
    failed: 'Elles n’ont pas pu être transmises à la clinique. Appelez-la, ou envoyez-les de nouveau.',
  },
  mayChange: 'Vous pouvez les modifier jusqu’au rendez-vous.',
  error: fr`Erreur :`,
  faults: (count) => (count > 1 ? `${count} réponses sont à revoir` : 'Une réponse est à revoir'),
  fault(fault, isChoice) {
    switch (fault.kind) {
      case 'missing':
        return isChoice ? 'Choisissez une réponse' : 'Écrivez une réponse'
      case 'not-a-number':
        return 'Écrivez un nombre en chiffres, par exemple 12,5'
      case 'not-whole':
        return 'Écrivez un nombre entier, sans virgule'
      case 'not-a-date':
        return 'Écrivez une date : année, mois et jour, par exemple 1979-04-12'
      case 'not-an-option':
        return 'Choisissez l’une des réponses proposées'
      case 'too-small':
        return `Écrivez ${fault.least} ou plus`
      case 'too-large':
        return `Écrivez ${fault.most} ou moins`
      case 'too-long':
        return `Écrivez au plus ${fault.longest} caractères`
      case 'only-one':
        return 'Donnez une seule réponse'
      default:
        return fault satisfies never
    }
  },
}

const english: QuestionnaireTexts = {
  title: 'Before your appointment',
  intro: (when, questions) =>
    `${when}. ${questions} ${questions === 1 ? 'question' : 'questions'}. Your answers go into your record at the clinic.`,
  why: 'It protects your answers.',
  back: 'Back to the appointment',
  next: 'Continue',
  previous: 'Previous page',
  more: 'Add an answer',
  submit: 'Send my answers',
  change: 'Change my answers',
  reviewTitle: 'Read your answers again',
  reviewHint: 'You can change them until the appointment.',
  yes: 'Yes',
  no: 'No',
  none: 'No answer',
  other: 'Another answer',
  optional: 'Optional.',
  several: 'Tick all that apply.',
  dateHint: 'Year, month and day: 1979-04-12.',
  urgent: 'In an emergency, do not use this form: call the emergency services.',
  sent: {
    title: 'Your answers are sent',
    known: 'The clinic has received them.',
    telling: 'We are passing them on to the clinic.',
    failed: 'They could not be passed on to the clinic. Call it, or send them again.',
  },
  mayChange: 'You can change them until the appointment.',
  error: 'Error:',
  faults: (count) => (count > 1 ? `${count} answers need another look` : 'One answer needs another look'),
  fault(fault, isChoice) {
    switch (fault.kind) {
      case 'missing':
        return isChoice ? 'Choose an answer' : 'Write an answer'
      case 'not-a-number':
        return 'Write a number in figures, for example 12.5'
      case 'not-whole':
        return 'Write a whole number'
      case 'not-a-date':
        return 'Write a date: year, month and day, for example 1979-04-12'
      case 'not-an-option':
        return 'Choose one of the answers offered'
      case 'too-small':
        return `Write ${fault.least} or more`
      case 'too-large':
        return `Write ${fault.most} or less`
      case 'too-long':
        return `Write ${fault.longest} characters at most`
      case 'only-one':
        return 'Give one answer only'
      default:
        return fault satisfies never
    }
  },
}

const texts: Readonly<Record<Language, QuestionnaireTexts>> = { fr: french, en: english }

export function questionnaireTextsIn(language: Language): QuestionnaireTexts {
  return texts[language]
}
