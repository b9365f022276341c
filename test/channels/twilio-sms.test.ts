import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import { troubleOf } from '../../src/channels/twilio-errors.ts'
import { twilioSms, validitySeconds } from '../../src/channels/twilio-sms.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import { account, aMailbox, never } from './mailbox-for-tests.ts'
import { sampleMessage } from './sample-message.ts'
import { type HttpScript, httpAnswer, openScriptedHttp } from './scripted-http.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const at = (baseUrl: string, more: { readonly timeoutMs?: number; readonly statusCallbackUrl?: string } = {}) =>
  twilioSms({ accountSid: account.sid, authToken: account.token, from: '+14185550100', baseUrl, timeoutMs: 5_000, ...more })

async function sendTo(script: HttpScript, more?: { readonly timeoutMs?: number }) {
  const server = await openScriptedHttp(script)
  closers.push(server.close)
  const outcome = await at(server.url, more).send(sampleMessage(), never)
  return { outcome, requests: server.requests() }
}

const sid = `SM${'a1'.repeat(16)}`
const errorBody = (code: number) => JSON.stringify({ code, message: 'To +14185550199 is wrong', more_info: '', status: 400 })

describe('what Twilio answers, and what may then safely happen', () => {
  const rejected = (reason: string): SendOutcome => ({ kind: 'rejected', reason })
  const deferred = (reason: string): SendOutcome => ({ kind: 'deferred', reason })
  const refusesUs = (reason: string): SendOutcome => ({ kind: 'deferred', reason, account: true })
  const unknown = (reason: string): SendOutcome => ({ kind: 'unknown', reason })

  it.each<[string, number, string, SendOutcome]>([
    ['it took the message', 201, JSON.stringify({ sid, status: 'queued' }), { kind: 'accepted', providerId: sid }],
    ['the number is none', 400, errorBody(21211), rejected('twilio_21211')],
    ['the number is no mobile', 400, errorBody(21614), rejected('twilio_21614')],
    ['the number is a landline', 400, errorBody(21635), rejected('twilio_21635')],
    ['there is no route', 400, errorBody(21612), rejected('twilio_21612')],
    ['our account does not text that country', 400, errorBody(21408), rejected('twilio_21408')],
    ['the handset is unreachable', 400, errorBody(30003), rejected('twilio_30003')],
    ['the recipient answered STOP', 400, errorBody(21610), { ...rejected('twilio_21610'), optedOut: true } as SendOutcome],
    ['a refusal of tomorrow', 400, errorBody(29999), rejected('twilio_29999')],
    ['a refusal that gives no code', 400, '{}', rejected('twilio_http_400')],
    ['our password is wrong', 401, errorBody(20003), refusesUs('twilio_20003')],
    ['our account is suspended', 403, errorBody(20005), refusesUs('twilio_20005')],
    ['our account is forbidden something', 403, '', refusesUs('twilio_http_403')],
    ['our account is not here', 404, errorBody(20404), refusesUs('twilio_20404')],
    ['our sender cannot text', 400, errorBody(21606), refusesUs('twilio_21606')],
    ['our messaging service is empty', 400, errorBody(21703), refusesUs('twilio_21703')],
    ['our sender’s queue is full', 400, errorBody(21611), deferred('twilio_21611')],
    ['we are too fast', 429, errorBody(20429), deferred('twilio_20429')],
    ['it sends us elsewhere', 302, '', refusesUs('twilio_http_302')],
    ['it broke, perhaps after taking the message', 500, errorBody(20500), unknown('twilio_20500')],
    ['its gateway gave up waiting', 504, '<html>', unknown('twilio_http_504')],
    ['it is unavailable', 503, errorBody(20503), unknown('twilio_20503')],
    ['it timed out on the request', 408, '', unknown('twilio_http_408')],
    ['it took the message and said so in another language', 201, '<html>', unknown('twilio_unreadable')],
    ['it took the message and gave no name for it', 201, '{}', unknown('twilio_unreadable')],
    ['it took the message and named it oddly', 201, '{"sid":"1"}', unknown('twilio_unreadable')],
    ['it took the message and answered null', 201, 'null', unknown('twilio_unreadable')],
  ])('%s', async (_name, status, body, expected) => {
    const { outcome, requests } = await sendTo({ say: httpAnswer(status, body) })
    expect(outcome).toEqual(expected)
    expect(requests, 'it never tries again by itself').toBe(1)
  })

  it.each([
    ['30', 'PT30S'],
    ['999999', 'PT3600S'],
    ['Wed, 25 Nov 2026 02:40:00 GMT', undefined],
    ['-1', undefined],
  ])('is asked to come back after "%s"', async (header, expected) => {
    const { outcome } = await sendTo({ say: httpAnswer(429, errorBody(20429), { 'Retry-After': header }) })
    expect(outcome.kind === 'deferred' && outcome.retryAfter?.toString()).toBe(expected)
  })
})

describe('how a connection to Twilio fails, and what may then safely happen', () => {
  const half = httpAnswer(201, JSON.stringify({ sid })).slice(0, -10)

  it.each<[string, HttpScript, SendOutcome['kind']]>([
    ['hangs up before it read anything, but after it could have', { early: true }, 'unknown'],
    ['hangs up after it read the message', { hangUp: true }, 'unknown'],
    ['hangs up in the middle of its answer', { say: half, hangUp: true }, 'unknown'],
    ['answers with something that is not HTTP', { say: 'hello\r\n\r\n', hangUp: true }, 'unknown'],
    ['answers without end', { say: httpAnswer(201, 'x'.repeat(300_000)) }, 'unknown'],
  ])('%s', async (_name, script, kind) => {
    expect((await sendTo(script)).outcome.kind).toBe(kind)
  })

  it('does not answer in time', async () => {
    expect((await sendTo({}, { timeoutMs: 200 })).outcome).toEqual({ kind: 'unknown', reason: 'twilio_timeout' })
  })

  it('breaks off the TLS handshake: nothing left', async () => {
    const server = await openScriptedHttp({ early: true })
    closers.push(server.close)
    const outcome = await at(server.url.replace('http:', 'https:')).send(sampleMessage(), never)
    expect(outcome).toMatchObject({ kind: 'deferred' })
    expect(server.requests()).toBe(0)
  })

  it('has no address: nothing left', async () => {
    expect(await at('http://no-such-host.invalid').send(sampleMessage(), never)).toMatchObject({ kind: 'deferred' })
  })

  it('is not waited for once the caller stops, and stays in doubt', async () => {
    const server = await openScriptedHttp({})
    closers.push(server.close)
    const stop = new AbortController()
    const outcome = at(server.url).send(sampleMessage(), stop.signal)
    while (server.requests() === 0) await new Promise(setImmediate)
    stop.abort()
    expect(await outcome).toEqual({ kind: 'unknown', reason: 'twilio_aborted' })
  })
})

it('refuses to start with an account or a callback that can never work', () => {
  const options = { authToken: 'x', from: '+1', timeoutMs: 1 }
  expect(() => twilioSms({ ...options, accountSid: 'SK1' })).toThrow('accountSid')
  expect(() => twilioSms({ ...options, accountSid: account.sid, statusCallbackUrl: '/callbacks' })).toThrow('statusCallbackUrl')
})

describe('a text message', () => {
  it('goes with its callback, its validity and the sender', async () => {
    const mailbox = await aMailbox()
    closers.push(mailbox.close)
    const message = sampleMessage()
    await at(mailbox.twilioUrl, { statusCallbackUrl: 'http://127.0.0.1:9/callbacks/twilio' }).send(message, never)
    const [kept] = mailbox.messages()
    expect(kept).toMatchObject({ to: message.to, from: '+14185550100', text: message.words.sms })
    expect(kept?.headers).toEqual({
      StatusCallback: `http://127.0.0.1:9/callbacks/twilio?attempt=${encodeURIComponent(message.attemptId).replaceAll('%20', '+')}`,
      ValidityPeriod: '10800',
    })
  })

  it('goes by a messaging service and an API key as well', async () => {
    const mailbox = await aMailbox()
    closers.push(mailbox.close)
    const options = { accountSid: account.sid, messagingServiceSid: `MG${'1'.repeat(32)}`, baseUrl: mailbox.twilioUrl, timeoutMs: 5_000 }
    const outcome = await twilioSms({ ...options, authToken: account.token }).send(sampleMessage(), never)
    expect(outcome.kind).toBe('accepted')
    expect(mailbox.messages()).toMatchObject([{ from: options.messagingServiceSid }])
    const byKey = await twilioSms({ ...options, apiKeySid: 'SK1', apiKeySecret: 'not this mailbox’s' }).send(sampleMessage(), never)
    expect(byKey).toEqual({ kind: 'deferred', reason: 'twilio_20003', account: true })
  })

  it('carries nothing that acts on a phone: controls and marks that turn the reading direction (R24)', async () => {
    const mailbox = await aMailbox()
    closers.push(mailbox.close)
    await at(mailbox.twilioUrl).send(sampleMessage({ words: { sms: 'RDV\u0007 9h40\u202Egnp\u2066\r\nDre \uD800Moreau' } }), never)
    expect(mailbox.messages()[0]?.text).toBe('RDV 9h40gnp\nDre Moreau')
  })

  it.each([
    ['three hours', '2026-11-25T05:40:00Z', 10_800],
    ['ten hours, all that Twilio allows', '2026-11-27T00:00:00Z', 36_000],
    ['a second and a half, rounded down', '2026-11-25T02:40:01.5Z', 1],
    ['nothing at all: the shortest there is', '2026-11-25T02:40:00Z', 1],
    ['less than nothing', '2026-11-24T00:00:00Z', 1],
  ])('is worth sending for %s', (_name, notAfter, seconds) => {
    expect(validitySeconds(Temporal.Instant.from('2026-11-25T02:40:00Z'), Temporal.Instant.from(notAfter))).toBe(seconds)
  })

  it.each([
    ['a code we know, whatever the status', 400, 30_001, 'transient'],
    ['a code we do not know', 400, 39_999, 'permanent'],
    ['no code, too fast', 429, undefined, 'transient'],
    ['no code, unprocessable', 422, undefined, 'permanent'],
    ['no code, method not allowed', 405, undefined, 'account'],
  ] as const)('is judged: %s', (_name, status, code, trouble) => {
    expect(troubleOf(status, code)).toBe(trouble)
  })
})
