import type { Words } from '../message.ts'
import type { Settings } from '../settings.ts'
import { phrasesIn } from './catalogue.ts'
import type { Language } from './language.ts'
import { oneLine } from './typography.ts'

/** A lock screen is read by whoever is near: whose message it is, and that there is one (R28). */
export function pushWords({ clinic }: Settings, language: Language): Pick<Words, 'subject' | 'preheader'> {
  return { subject: oneLine(clinic.name), preheader: phrasesIn(language).openMessage }
}
