import { openTwilio, type TwilioAccount } from './twilio-client.ts'

/** Asks Twilio for the account itself. Undefined: it is there, and active; else a code. */
export async function examineTwilio(account: TwilioAccount, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { client, lastExchange } = await openTwilio(account, signal)
    try {
      const { status } = await client.api.v2010.accounts(account.accountSid).fetch()
      return status === 'active' ? undefined : `account_${String(status)}`
    } catch (error) {
      const exchanged = lastExchange()
      if (exchanged?.kind === 'failed') return 'unreachable'
      return error instanceof Error && 'status' in error ? `http_${String(error.status)}` : 'failed'
    }
  } catch {
    return 'failed'
  }
}
