import type { Words } from './message.ts'
import { fr } from './words/typography.ts'

/** Names a contact so that whoever knows it recognises it, and nobody learns it: `r…@example.org`, `…77`. */
export function maskContact(contact: string): string {
  const at = contact.lastIndexOf('@')
  return at > 0 ? `${contact.slice(0, 1)}…${contact.slice(at)}` : `…${contact.slice(-2)}`
}

/** The words of a message that goes to a test address: at their head stands whom they were for. In a text inside GSM-7. */
export function markForTest(words: Words, intended: string): Words {
  const masked = maskContact(intended)
  const { label, head } = words.language.startsWith('en')
    ? { label: `Test, for ${masked}`, head: `Test message: it was meant for ${masked}, who has not received it.` }
    : { label: `Essai, pour ${masked}`, head: fr`Message d’essai : il était destiné à ${masked}, qui ne l’a pas reçu.` }
  return {
    ...words,
    subject: `[${label}] ${words.subject}`,
    lines: [head, ...words.lines],
    sms: `[${label.replaceAll('…', '..')}] ${words.sms}`,
  }
}
