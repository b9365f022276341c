import type { Words } from '../message.ts'
import type { Story } from './story.ts'

/** A lock screen is read by whoever is near: whose message it is, and that there is one (R28). */
export function pushWords({ clinic, phrases }: Story): Pick<Words, 'subject' | 'preheader'> {
  // a name of signs that cannot be printed leaves nothing of itself
  return { subject: clinic || phrases.openMessage, preheader: phrases.openMessage }
}
