import type { Twilio } from 'twilio'
import { exchange, type HttpExchange } from './http-exchange.ts'

export type TwilioAccount = {
  /** `AC…`. */
  readonly accountSid: string
  /** Twilio's own address when absent; tests and the demo name another. */
  readonly baseUrl?: string
  /** Of one request, connecting included. */
  readonly timeoutMs: number
} & (
  | { readonly authToken: string }
  /** The token beside a key is for its callbacks alone, which Twilio signs with it. */
  | { readonly apiKeySid: string; readonly apiKeySecret: string; readonly authToken?: string }
)

export interface TwilioSession {
  readonly client: Twilio
  /** What the last request met on the wire: the client's own errors do not tell *not sent* from *perhaps sent*. Absent: nothing was requested. */
  lastExchange(): HttpExchange | undefined
}

/**
 * The `twilio` client for the requests of one call, over our own exchange: it then honours `signal`, bounds the answer and knows
 * whether a request may have left. It is imported on first use (0.3 s), never retries by itself (a create has no idempotency key),
 * and takes no edge, region or proxy from the environment.
 */
export async function openTwilio(account: TwilioAccount, signal: AbortSignal): Promise<TwilioSession> {
  const { default: twilio } = await import('twilio')
  let last: HttpExchange | undefined
  const httpClient = new twilio.RequestClient({ autoRetry: false, keepAlive: false })
  httpClient.axios.defaults.adapter = async (config) => {
    const headers = Object.fromEntries(Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)]))
    const body = typeof config.data === 'string' ? { body: config.data } : {}
    const url = httpClient.axios.getUri(config)
    last = await exchange({ method: (config.method ?? 'get').toUpperCase(), url, headers, timeoutMs: account.timeoutMs, ...body }, signal)
    if (last.kind === 'failed') throw new Error(last.cause)
    return { data: last.body, status: last.status, statusText: '', headers: {}, config }
  }
  const [user, password] = 'apiKeySid' in account ? [account.apiKeySid, account.apiKeySecret] : [account.accountSid, account.authToken]
  const options = { accountSid: account.accountSid, httpClient, autoRetry: false, edge: '', region: '', logLevel: '' }
  const client = twilio(user, password, options)
  if (account.baseUrl) client.api.baseUrl = account.baseUrl
  return { client, lastExchange: () => last }
}
