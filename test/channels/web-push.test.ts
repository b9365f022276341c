import { createECDH } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { webPush } from '../../src/channels/web-push.ts'
import type { Message } from '../../src/core/message.ts'
import { aPushService, claimsOf, decrypt, vapid } from './push-service.ts'
import { sampleMessage } from './sample-message.ts'

type Service = Awaited<ReturnType<typeof aPushService>>

async function trial(answers: Parameters<typeof aPushService>[0] = {}, headers: Record<string, string> = {}) {
  const service = await aPushService(answers, headers)
  onTestFinished(service.close)
  const gone: string[] = []
  const channel = webPush({
    ...vapid,
    endpoints: [service.origin],
    timeoutMs: 5_000,
    gone: async (to, endpoints) => void gone.push(...endpoints.map((endpoint) => `${to} ${endpoint.slice(service.origin.length)}`)),
  })
  const send = (names: readonly string[], changes: Partial<Message> = {}) =>
    channel.send(pushTo(service, names, changes), new AbortController().signal)
  return { ...service, channel, gone, send, service }
}

function pushTo(service: Service, names: readonly string[], changes: Partial<Message> = {}): Message {
  const words = { subject: 'Clinique des Tilleuls', preheader: 'Vous avez un message. Touchez pour l’ouvrir.' }
  return sampleMessage({ channel: 'push', to: 'tilleuls:P1', tag: 'abc123', devices: names.map(service.device), ...changes, words })
}

test('the reader of these tests reads what RFC 8291 section 5 wrote', () => {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(Buffer.from('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url'))
  const auth = Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url')
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
  expect(decrypt(Buffer.from(body, 'base64url'), { ecdh, auth }).toString()).toBe('When I grow up, I want to be a watermelon')
})

describe('a message to a browser', () => {
  test('is read there, and says that there is one: the clinic, a link, and nothing of the visit (R28)', async () => {
    const { send, pushed } = await trial()
    expect(await send(['phone'])).toEqual({ kind: 'accepted', providerId: '1' })
    expect(pushed.map(({ payload }) => payload)).toEqual([
      {
        title: 'Clinique des Tilleuls',
        body: 'Vous avez un message. Touchez pour l’ouvrir.',
        lang: 'fr',
        url: 'https://rdv.example/k7Qm2xV9bT4nR8wYc3Lp6Z',
        tag: 'abc123',
      },
    ])
  })

  test('is signed by the clinic’s key for that service alone, for a day at most (RFC 8292)', async () => {
    const { send, pushed, origin } = await trial()
    await send(['phone'])
    const { aud, sub, exp } = claimsOf(pushed[0]?.headers.authorization ?? '')
    expect([aud, sub]).toEqual([origin, vapid.subject])
    expect(exp - Temporal.Now.instant().epochMilliseconds / 1000).toBeLessThanOrEqual(24 * 3600)
    expect(pushed[0]?.headers.authorization).toContain(`k=${vapid.publicKey}`)
  })

  test('is kept by the service as long as it is worth something, and takes the place of an earlier one (RFC 8030)', async () => {
    const { send, pushed } = await trial()
    await send(['phone'])
    expect(pushed[0]?.headers).toMatchObject({ ttl: String(3 * 3600), topic: 'abc123', 'content-encoding': 'aes128gcm' })
  })

  test.each([
    ['past its hour', '-PT1S', '0'],
    ['four weeks at most', 'PT8760H', String(28 * 24 * 3600)],
  ])('lives %s', async (_, left, ttl) => {
    const { send, pushed } = await trial()
    const sentAt = Temporal.Instant.from('2026-11-25T02:40:00Z')
    await send(['phone'], { sentAt, notAfter: sentAt.add(left) })
    expect(pushed[0]?.headers.ttl).toBe(ttl)
  })
})

describe('what a push service answers', () => {
  test.each([
    [201, { kind: 'accepted' }],
    [200, { kind: 'accepted' }],
    [404, { kind: 'rejected', reason: 'push_gone' }],
    [410, { kind: 'rejected', reason: 'push_gone' }],
    [413, { kind: 'rejected', reason: 'push_http_413' }],
    [400, { kind: 'rejected', reason: 'push_http_400' }],
    [401, { kind: 'deferred', reason: 'push_http_401' }],
    [403, { kind: 'deferred', reason: 'push_http_403' }],
    [429, { kind: 'deferred', reason: 'push_http_429' }],
    [500, { kind: 'deferred', reason: 'push_http_500' }],
    [503, { kind: 'deferred', reason: 'push_http_503' }],
    [307, { kind: 'rejected', reason: 'push_http_307' }],
    ['drop', { kind: 'unknown', reason: 'push_econnreset' }],
  ] as const)('%s', async (answer, outcome) => {
    const { send, gone } = await trial({ phone: answer })
    expect(await send(['phone'])).toMatchObject(outcome)
    expect(gone).toEqual(answer === 404 || answer === 410 ? ['tilleuls:P1 /phone'] : [])
  })

  test('how long to wait is kept to, an hour at most', async () => {
    const soon = await trial({ phone: 429 }, { 'retry-after': '120' })
    expect(await soon.send(['phone'])).toMatchObject({ retryAfter: Temporal.Duration.from({ seconds: 120 }) })
    const late = await trial({ phone: 429 }, { 'retry-after': '999999' })
    expect(await late.send(['phone'])).toMatchObject({ retryAfter: Temporal.Duration.from({ seconds: 3600 }) })
  })
})

describe('several devices of one patient', () => {
  test.each([
    ['one took it, one is gone', { phone: 201, tablet: 410 }, 'accepted', ['/tablet']],
    ['one may have it, one is busy', { phone: 'drop', tablet: 503 }, 'unknown', []],
    ['one is busy, one is gone', { phone: 503, tablet: 404 }, 'deferred', ['/tablet']],
    ['both are gone', { phone: 410, tablet: 410 }, 'rejected', ['/phone', '/tablet']],
  ] as const)('%s', async (_, answers, kind, lost) => {
    const { send, gone } = await trial(answers)
    expect((await send(['phone', 'tablet'])).kind).toBe(kind)
    expect(gone).toEqual(lost.map((each) => `tilleuls:P1 ${each}`))
  })

  test('none is left', async () => {
    const { send } = await trial()
    expect(await send([])).toEqual({ kind: 'rejected', reason: 'push_no_device' })
  })

  test('what cannot be forgotten now is no trouble of the message', async () => {
    const service = await aPushService({ phone: 410 })
    onTestFinished(service.close)
    const channel = webPush({ ...vapid, endpoints: [service.origin], timeoutMs: 5_000, gone: () => Promise.reject(new Error('disk full')) })
    const outcome = await channel.send(pushTo(service, ['phone', 'tablet']), new AbortController().signal)
    expect(outcome.kind).toBe('accepted')
  })
})

describe('where it goes (R23)', () => {
  test('an address that is no push service is not written to, whatever the store holds', async () => {
    const elsewhere = await aPushService()
    onTestFinished(elsewhere.close)
    const { channel } = await trial()
    const outcome = await channel.send(pushTo(elsewhere, ['phone']), new AbortController().signal)
    expect(outcome).toEqual({ kind: 'rejected', reason: 'push_no_device' })
    expect(elsewhere.pushed).toEqual([])
  })

  test('keys that are none can never be written to', async () => {
    const { channel, service } = await trial()
    const device = { ...service.device('phone'), p256dh: `B${'A'.repeat(86)}` }
    const outcome = await channel.send(pushTo(service, [], { devices: [device] }), new AbortController().signal)
    expect(outcome).toEqual({ kind: 'rejected', reason: 'push_gone' })
  })

  test.each([
    ['another’s public key', { publicKey: `B${'A'.repeat(86)}` }],
    ['a private key that is none', { privateKey: 'x' }],
  ])('is refused at the start: %s', (_, wrong) => {
    expect(() => webPush({ ...vapid, ...wrong, endpoints: [], timeoutMs: 1, gone: async () => {} })).toThrow('publicKey')
  })
})
