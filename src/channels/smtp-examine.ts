import { withDeadline } from './deadline.ts'
import { type SmtpEmailOptions, transportOf } from './smtp-email.ts'

/** Connects, begins TLS as a send would, and signs in; nothing is sent. Undefined: all of it works; else a code. */
export async function examineSmtp(options: SmtpEmailOptions, signal: AbortSignal): Promise<string | undefined> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(transportOf(options))
  try {
    await withDeadline(signal, options.timeoutMs, () => transport.verify())
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    const response = error instanceof Error && 'responseCode' in error ? ` ${String(error.responseCode)}` : ''
    return `${code}${response}`
  } finally {
    transport.close()
  }
}
