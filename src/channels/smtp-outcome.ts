import type { SendOutcome } from '../core/delivery.ts'

/** Refusals that are about us, whatever command they answer: authentication and encryption (RFC 4954), and 503, a dialogue gone wrong. */
const ours: ReadonlySet<number> = new Set([503, 530, 534, 535, 538])

/** Those that would meet every message alike: our name or password, or what they are sent by. */
const account: ReadonlySet<number> = new Set([530, 534, 535, 538])

/**
 * What may safely happen next after nodemailer's error. A reply tells: 4xx is *later*, 5xx is *never* when it answers the recipient or
 * the message, and ours to mend when it answers anything before (greeting, EHLO, STARTTLS, AUTH, MAIL FROM). Without a reply only the
 * moment tells: nothing was sent while the server had not asked for the message (354), perhaps all of it after.
 */
export function failureOf(error: unknown, messageWasRead: boolean): SendOutcome {
  const { responseCode, command, code } = fieldsOf(error)
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600) {
    const reason = `smtp_${responseCode}`
    const isFinal = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA') && !ours.has(responseCode)
    if (isFinal) return { kind: 'rejected', reason }
    return account.has(responseCode) ? { kind: 'deferred', reason, account: true } : { kind: 'deferred', reason }
  }
  return { kind: messageWasRead ? 'unknown' : 'deferred', reason: `smtp_${code ?? 'error'}` }
}

/** Codes only: the error's text quotes the server, which quotes the recipient (R25). */
function fieldsOf(error: unknown): { readonly responseCode?: number; readonly command?: string; readonly code?: string } {
  if (typeof error !== 'object' || error === null) return {}
  const responseCode = 'responseCode' in error && typeof error.responseCode === 'number' ? { responseCode: error.responseCode } : {}
  const command = 'command' in error && typeof error.command === 'string' ? { command: error.command } : {}
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code.toLowerCase() } : {}
  return { ...responseCode, ...command, ...code }
}
