import { exchange } from '../http-exchange.ts'
import { signLikeTwilio } from '../twilio-signature.ts'
import type { CapturedMessage } from './kept-messages.ts'
import { happensTo, type Misbehaviour } from './misbehaviour.ts'
import type { MessageStatus, Progress, TwilioAccountKeys } from './twilio-api.ts'

export interface StatusCallbacks {
  progressOf(sid: string): Progress
  /** Moves a message from queued to sent to its end, telling its StatusCallback each time, signed as Twilio signs. */
  run(message: CapturedMessage): void
  /** Stops what runs. */
  close(): Promise<void>
}

const MAX_REMEMBERED = 1000
const UNREACHABLE_HANDSET = 30003

/** The life of a text message after it was taken. A callback that is not heard is not repeated, as with Twilio's default. */
export function statusCallbacks(account: TwilioAccountKeys, misbehaviour: Misbehaviour): StatusCallbacks {
  const progress = new Map<string, Progress>()
  const running = new Set<Promise<void>>()
  const stop = new AbortController()

  async function live(message: CapturedMessage): Promise<void> {
    const end = happensTo(misbehaviour.undelivered, message.to)
      ? { status: 'undelivered' as const, errorCode: UNREACHABLE_HANDSET }
      : { status: 'delivered' as const }
    const steps: readonly Progress[] = [{ status: 'sent' }, end]
    for (const step of steps) {
      if (stop.signal.aborted) return
      progress.set(message.id, step)
      await tell(message, step)
    }
  }

  async function tell(message: CapturedMessage, { status, errorCode }: Progress): Promise<void> {
    const url = message.headers?.StatusCallback
    if (!url || !URL.canParse(url)) return
    const fields = { ...fieldsOf(message, status), ...(errorCode !== undefined && { ErrorCode: String(errorCode) }) }
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': signLikeTwilio(account.token, url, fields),
    }
    await exchange({ method: 'POST', url, headers, body: new URLSearchParams(fields).toString(), timeoutMs: 10_000 }, stop.signal)
  }

  function fieldsOf(message: CapturedMessage, status: MessageStatus): Record<string, string> {
    return {
      AccountSid: account.sid,
      ApiVersion: '2010-04-01',
      From: message.from,
      MessageSid: message.id,
      MessageStatus: status,
      SmsSid: message.id,
      SmsStatus: status,
      To: message.to,
    }
  }

  return {
    progressOf: (sid) => progress.get(sid) ?? { status: 'queued' },
    run(message) {
      const life = live(message).finally(() => running.delete(life))
      running.add(life)
      const oldest = progress.keys().next().value
      if (progress.size > MAX_REMEMBERED && oldest !== undefined) progress.delete(oldest)
    },
    async close() {
      stop.abort()
      await Promise.all(running)
    },
  }
}
