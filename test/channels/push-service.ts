import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Temporal } from 'temporal-polyfill'
import type { Device } from '../../src/core/preferences.ts'

/** Invented keys of a clinic. */
export const vapid = {
  subject: 'mailto:rendez-vous@tilleuls.example',
  publicKey: 'BPrUlTbWA2_l-1-VBhfP-WarWyJOaedvL5GPb1UdQ3PzoAi5Hibuy7nIcb6D5UcnUrDoUQSlMIpUjal48Hq1BKo',
  privateKey: 'df5AT8L8HrB_vQyNG8kXEOCS_hfExoBxOMWYRHGI4cU',
}

export interface Pushed {
  /** The device it was for. */
  readonly name: string
  readonly headers: IncomingHttpHeaders
  /** Decrypted as its browser would. */
  readonly payload: { readonly title: string; readonly body: string; readonly url: string; readonly lang: string; readonly tag?: string }
}

/** What the service does with what is for a device: an HTTP status, or `drop` once it was read. */
type Answer = number | 'drop'

/** A push service and the browsers behind it, on this machine. */
export async function aPushService(answers: Readonly<Record<string, Answer>> = {}, headers: Readonly<Record<string, string>> = {}) {
  const browsers = new Map<string, Browser>()
  const pushed: Pushed[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const name = decodeURIComponent(request.url?.slice(1) ?? '')
    const answer = answers[name] ?? 201
    const browser = browsers.get(name)
    if (browser && (answer === 'drop' || answer < 300)) {
      pushed.push({ name, headers: request.headers, payload: JSON.parse(decrypt(Buffer.concat(chunks), browser).toString()) })
    }
    if (answer === 'drop') return void request.socket.destroy()
    response.writeHead(answer, { location: `https://push.example/message/${pushed.length}`, ...headers }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    pushed,
    /** A browser that registers: what it gives, and what it keeps. */
    device(name: string): Device {
      const browser = browsers.get(name) ?? newBrowser()
      browsers.set(name, browser)
      return {
        endpoint: `${origin}/${encodeURIComponent(name)}`,
        p256dh: browser.ecdh.getPublicKey().toString('base64url'),
        auth: browser.auth.toString('base64url'),
        registeredAt: Temporal.Instant.from('2026-11-20T12:00:00Z'),
      }
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}

interface Browser {
  readonly ecdh: ReturnType<typeof createECDH>
  readonly auth: Buffer
}

function newBrowser(): Browser {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return { ecdh, auth: randomBytes(16) }
}

const hmac = (key: Buffer, ...data: readonly Buffer[]) => createHmac('sha256', key).update(Buffer.concat(data)).digest()
const text = (value: string) => Buffer.from(value, 'latin1')
const one = Buffer.from([1])

/** RFC 8291 section 3.4 over RFC 8188 section 2: written from the text, with nothing of the library that encrypted. */
export function decrypt(body: Buffer, { ecdh, auth }: Browser): Buffer {
  const salt = body.subarray(0, 16)
  const recordSize = body.readUInt32BE(16)
  const keyLength = body.readUInt8(20)
  const serverKey = body.subarray(21, 21 + keyLength)
  const record = body.subarray(21 + keyLength)
  if (record.length > recordSize) throw new Error('more than one record')
  // HKDF-SHA-256: combine the shared secret with the authentication secret
  const secret = ecdh.computeSecret(serverKey)
  const keyInfo = Buffer.concat([text('WebPush: info\0'), ecdh.getPublicKey(), serverKey])
  const ikm = hmac(hmac(auth, secret), keyInfo, one)
  // HKDF-SHA-256: the content encryption key and the nonce
  const prk = hmac(salt, ikm)
  const key = hmac(prk, text('Content-Encoding: aes128gcm\0'), one).subarray(0, 16)
  const nonce = hmac(prk, text('Content-Encoding: nonce\0'), one).subarray(0, 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(record.subarray(-16))
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  // the delimiter of the last record is 2, and zeros may follow it
  const end = plain.lastIndexOf(2)
  if (end < 0 || plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('not padded as RFC 8188 says')
  return plain.subarray(0, end)
}

/** RFC 8292: the claims of `vapid t=…, k=…`, once its signature was found good. */
export function claimsOf(authorization: string): { readonly aud: string; readonly exp: number; readonly sub: string } {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=([\w-]+)$/.exec(authorization) ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!good) throw new Error('not signed by its key')
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}
