import { createECDH } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { SendOutcome } from '../core/delivery.ts'
import type { Message } from '../core/message.ts'
import type { Device } from '../core/preferences.ts'
import { isPushEndpoint } from '../core/push-endpoint.ts'
import type { Channel } from './channel.ts'
import { exchange, type HttpExchange } from './http-exchange.ts'

export interface WebPushOptions {
  /** `mailto:` or `https:`: whom a push service may write to about us (RFC 8292). */
  readonly subject: string
  /** P-256, uncompressed, base64url. Browsers registered with it take nothing signed by another. */
  readonly publicKey: string
  readonly privateKey: string
  /** Origins of push services beside the browsers' own. */
  readonly endpoints: readonly string[]
  /** Of one request, connecting included. */
  readonly timeoutMs: number
  /** These addresses of somebody are no more: their browser took the subscription back. */
  gone(patientId: string, endpoints: readonly string[]): Promise<void>
}

/** Seconds a push service may keep a message: its validity, and four weeks at most (RFC 8030 section 5.2). */
const LONGEST_TTL = 28 * 24 * 3600
const MAX_RETRY_AFTER_SECONDS = 3600

/** Messages to browsers (RFC 8030, encrypted by RFC 8291). They say that there is one, never what it says. Throws if a key can never work. */
export function webPush(options: WebPushOptions): Channel {
  if (publicKeyOf(options.privateKey) !== options.publicKey) throw new Error('push: publicKey is not that of privateKey')
  const accepts = (endpoint: string) => isPushEndpoint(endpoint, options.endpoints)
  return {
    kind: 'push',
    devices: { publicKey: options.publicKey, accepts },
    async send(message, signal) {
      if (signal.aborted) return { kind: 'deferred', reason: 'aborted' }
      const devices = (message.devices ?? []).filter(({ endpoint }) => accepts(endpoint))
      const outcomes = await Promise.all(devices.map((device) => sendTo(options, device, message, signal)))
      const gone = devices.filter((_, index) => isGone(outcomes[index]))
      // what is not forgotten now is told again that it is gone, at the next message
      if (gone.length > 0)
        await options
          .gone(
            message.to,
            gone.map(({ endpoint }) => endpoint),
          )
          .catch(() => undefined)
      return together(outcomes)
    },
  }
}

function publicKeyOf(privateKey: string): string | undefined {
  try {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'))
    return pair.getPublicKey().toString('base64url')
  } catch {
    return undefined
  }
}

async function sendTo(options: WebPushOptions, device: Device, message: Message, signal: AbortSignal): Promise<SendOutcome> {
  const details = await sealed(options, device, message)
  if (!details) return { kind: 'rejected', reason: GONE }
  const { method, headers, body } = details
  return outcomeOf(await exchange({ method, url: device.endpoint, headers, body, timeoutMs: options.timeoutMs }, signal))
}

interface Sealed {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Undefined where the browser's keys are none: nothing could ever be read there. The library is imported on first use. */
async function sealed({ subject, publicKey, privateKey }: WebPushOptions, device: Device, message: Message): Promise<Sealed | undefined> {
  const { default: library } = await import('web-push')
  const { endpoint, p256dh, auth } = device
  try {
    const { method, headers, body } = library.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      JSON.stringify(payloadOf(message)),
      {
        vapidDetails: { subject, publicKey, privateKey },
        TTL: secondsLeft(message),
        contentEncoding: 'aes128gcm',
        ...(message.tag !== undefined && { topic: message.tag }),
      },
    )
    return {
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: body ?? new Uint8Array(),
    }
  } catch {
    return undefined
  }
}

/** What the service worker shows: `tag` takes the place of an earlier one of the same appointment. */
function payloadOf({ words, tag }: Message) {
  const { subject, preheader, language, action } = words
  return { title: subject, body: preheader, lang: language, url: action.url, ...(tag !== undefined && { tag }) }
}

function secondsLeft({ sentAt, notAfter }: Message): number {
  return Math.min(LONGEST_TTL, Math.max(0, Math.floor(notAfter.since(sentAt).total('seconds'))))
}

const GONE = 'push_gone'

/** RFC 8030 section 7.3: 404 and 410 say that the subscription is no more. */
function outcomeOf(met: HttpExchange): SendOutcome {
  if (met.kind === 'failed') return { kind: met.perhapsWritten ? 'unknown' : 'deferred', reason: `push_${met.cause}` }
  const reason = `push_http_${met.status}`
  if (met.status >= 200 && met.status < 300) return { kind: 'accepted', providerId: pathOf(met.headers.location) }
  if (met.status === 404 || met.status === 410) return { kind: 'rejected', reason: GONE }
  if (met.status === 429 || met.status >= 500) return { kind: 'deferred', reason, ...retryAfterOf(met.headers['retry-after']) }
  // our keys or our clock: to be mended, and then it goes
  if (met.status === 401 || met.status === 403) return { kind: 'deferred', reason }
  return { kind: 'rejected', reason }
}

function isGone(outcome: SendOutcome | undefined): boolean {
  return outcome?.kind === 'rejected' && outcome.reason === GONE
}

const ranks = { accepted: 0, unknown: 1, deferred: 2, rejected: 3 } as const satisfies Record<SendOutcome['kind'], number>

/** One device that took it is enough; none is tried again while another may have it. */
function together(outcomes: readonly SendOutcome[]): SendOutcome {
  const [best] = [...outcomes].sort((a, b) => ranks[a.kind] - ranks[b.kind])
  return best ?? { kind: 'rejected', reason: 'push_no_device' }
}

/** The message's own address at the service (RFC 8030 section 5), of which only the end is kept. */
function pathOf(location: string | undefined): string {
  return location?.split('/').at(-1)?.slice(0, 64) || 'push'
}

function retryAfterOf(header: string | undefined): { readonly retryAfter?: Temporal.Duration } {
  if (!header || !/^\d{1,9}$/.test(header)) return {}
  return { retryAfter: Temporal.Duration.from({ seconds: Math.min(Number(header), MAX_RETRY_AFTER_SECONDS) }) }
}
