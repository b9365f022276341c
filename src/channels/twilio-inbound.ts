import { carrierWords } from '../core/carrier-words.ts'
import type { InboundText } from '../core/inbound/inbound-text.ts'
import { cleanText } from './clean-text.ts'
import type { FormFields } from './twilio-signature.ts'

/** Words that Twilio acts on and answers by itself for North American and toll-free numbers, when they are all a text says. */
const defaultKeywords: ReadonlySet<string> = new Set(Object.values(carrierWords).flat())

/** `OptOutType`, which a messaging service with Advanced Opt-Out adds to what it has acted on and answered. */
const optOutTypes: ReadonlyMap<string, NonNullable<InboundText['keyword']>> = new Map([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
])

/**
 * Reads a text that came in, whose signature was found good; undefined if it is none of a person's: a short code, another product's.
 * `answersKeywords`: Twilio answers STOP, START and HELP for this number, and so we do not. YES is no such word here: it also answers us.
 */
export function readInboundMessage(fields: FormFields, answersKeywords: boolean): InboundText | undefined {
  const { MessageSid: id = '', From: from = '', Body = '', NumMedia = '0', OptOutType = '' } = fields
  if (!/^(SM|MM)[0-9a-f]{32}$/i.test(id) || !/^\+[1-9]\d{6,14}$/.test(from)) return undefined
  const acted = optOutTypes.get(OptOutType.toUpperCase())
  const said = Body.trim().toUpperCase()
  return {
    id,
    from,
    text: cleanText(Body),
    media: /^[1-9]/.test(NumMedia),
    // Twilio takes YES for START where it was blocked: to us it is an answer, and nobody opts in by it
    ...(acted !== undefined && said !== 'YES' && { keyword: acted }),
    answered: acted !== undefined || (answersKeywords && defaultKeywords.has(said)),
  }
}

/** TwiML: one message to whoever wrote, or none. Cleaned of what XML 1.0 has no place for: a name may hold it, and Twilio would say nothing then. */
export function toTwiml(text: string | undefined): string {
  const message =
    text === undefined
      ? ''
      : `<Message>${cleanText(text)
          .replace(/[\uFFFE\uFFFF]/g, '')
          .replace(/[&<>"']/g, (character) => entities[character] ?? '')}</Message>`
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
