import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HttpSmsOptions } from '../../src/channels/http-sms.ts'
import { httpSms } from '../../src/channels/http-sms.ts'
import { channelContract } from '../contract/channel-contract.ts'
import { openGateway } from './gateway-for-tests.ts'
import { never } from './mailbox-for-tests.ts'
import { sampleMessage } from './sample-message.ts'
import { httpAnswer, openScriptedHttp } from './scripted-http.ts'

const options = (url: string, more: Partial<HttpSmsOptions> = {}): HttpSmsOptions => ({
  url,
  method: 'POST',
  from: 'Tilleuls',
  secrets: { key: 's3cret' },
  headers: { 'X-Key': '{secret.key}' },
  query: {},
  json: { to: '{to}', message: '{text}', ref: '{id}', report: '{callback}' },
  success: { path: 'state', in: ['queued'], id: 'messages.0.id' },
  errors: { path: 'error.code', rejected: ['E_NUMBER'], optedOut: ['E_STOP'], account: ['E_KEY'], later: ['E_BUSY'] },
  callbackUrl: 'https://rdv.example/callbacks/sms',
  timeoutMs: 5_000,
  ...more,
})

channelContract('http-sms', {
  kind: 'sms',
  recipients: ['+14185550101', '+14185550102', '+14185550103', '+14185550104', '+14185550105'],
  async open(misbehaviour) {
    const gateway = await openGateway(misbehaviour)
    return {
      channel: httpSms(options(gateway.url)),
      received: gateway.messages,
      unreachable: () => httpSms(options('http://127.0.0.1:9/send')),
      close: gateway.close,
    }
  },
  markOf: ({ headers }) => new URL(headers?.report ?? '').searchParams.get('attempt') ?? undefined,
  expectedMark: ({ attemptId }) => attemptId,
})

describe('what is sent to a gateway', () => {
  it('R24: whatever the words, they stay words, in JSON, forms and addresses', async () => {
    const gateway = await openGateway()
    const ways: readonly Partial<HttpSmsOptions>[] = [{}, { query: { t: '{text}' } }]
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constantFrom(...ways), async (words, way) => {
        const message = sampleMessage({ channel: 'sms', to: '+14185550101' })
        const text = `a${words}{to}{secret.key}","x":"`
        await httpSms(options(gateway.url, way)).send({ ...message, words: { ...message.words, sms: text } }, never)
        const request = gateway.requests.at(-1)
        const body = JSON.parse(request?.body ?? '') as Record<string, string>
        expect(Object.keys(body)).toEqual(['to', 'message', 'ref', 'report'])
        expect(body.message).toContain('{to}{secret.key}","x":"')
        if (way.query) expect(new URLSearchParams(request?.query).get('t')).toBe(body.message)
      }),
      { numRuns: 40 },
    )
    await gateway.close()
  })

  it('as a form, with the number in the spelling it wants', async () => {
    const server = await openScriptedHttp({ say: httpAnswer(200, '{"status":100}') })
    const { json: _json, ...plain } = options(server.url)
    const channel = httpSms({ ...plain, form: { to: '00{toDigits}', body: '{text}' }, success: { path: 'status', in: ['100'] } })
    const message = sampleMessage({ channel: 'sms', to: '+33612345678' })
    expect(await channel.send(message, never)).toEqual({ kind: 'accepted', providerId: message.attemptId })
    await server.close()
  })

  it.each<[string, Partial<HttpSmsOptions>, string]>([
    ['a placeholder nobody knows', { json: { to: '{to}', text: '{text}', key: '{secret.other}' } }, 'nothing is called {secret.other}'],
    ['no words', { json: { to: '{to}' } }, 'no {text}'],
    ['nobody to send to', { json: { text: '{text}' } }, 'no {to} or {toDigits}'],
    ['the words in a header', { headers: { 'X-Text': '{text}' } }, 'the header X-Text may hold {id} and secrets only'],
    ['a header that is none', { headers: { 'X Key': 'a' } }, 'the header X Key'],
    ['a form and JSON', { form: { a: '{text}{to}' } }, 'give form or json'],
    ['a body of GET', { method: 'GET' }, 'GET has no body'],
    ['a number in the path', { url: 'https://sms.example/{to}' }, 'url holds no placeholder'],
    ['a password in the address', { url: 'https://me:pw@sms.example/' }, 'without user or password'],
  ])('%s is refused at the start', (_name, more, message) => {
    expect(() => httpSms(options('https://sms.example/send', more))).toThrow(message)
  })
})

describe('R21: what a gateway answers', () => {
  it.each([
    [
      'takes it, and gives no name where it should',
      httpAnswer(200, '{"state":"queued"}'),
      { kind: 'unknown', reason: 'gateway_unreadable' },
    ],
    [
      'says yes and means no, by a code',
      httpAnswer(200, '{"state":"no","error":{"code":"E_NUMBER"}}'),
      { kind: 'rejected', reason: 'gateway_e_number' },
    ],
    ['says yes and means something nobody listed', httpAnswer(200, '{"state":"no"}'), { kind: 'unknown', reason: 'gateway_http_200' }],
    ['answers a page', httpAnswer(200, '<html>'), { kind: 'unknown', reason: 'gateway_http_200' }],
    ['refuses our key', httpAnswer(403, '{"error":{"code":"E_KEY"}}'), { kind: 'deferred', reason: 'gateway_e_key', account: true }],
    ['refuses us without a word', httpAnswer(401, ''), { kind: 'deferred', reason: 'gateway_http_401', account: true }],
    [
      'sends us elsewhere',
      httpAnswer(302, '', { Location: 'http://127.0.0.1:9/' }),
      { kind: 'deferred', reason: 'gateway_http_302', account: true },
    ],
    ['cannot make sense of it', httpAnswer(422, ''), { kind: 'rejected', reason: 'gateway_http_422' }],
    ['is down', httpAnswer(503, ''), { kind: 'unknown', reason: 'gateway_http_503' }],
    [
      'quotes the number as a code',
      httpAnswer(400, '{"error":{"code":"+14185550101 bad"}}'),
      { kind: 'rejected', reason: 'gateway_other' },
    ],
    ['is too fast', httpAnswer(429, '', { 'Retry-After': '7' }), { kind: 'deferred', reason: 'gateway_http_429' }],
  ])('%s', async (_name, say, expected) => {
    const server = await openScriptedHttp({ say, hangUp: true })
    const outcome = await httpSms(options(server.url)).send(sampleMessage({ channel: 'sms', to: '+14185550101' }), never)
    expect(outcome).toMatchObject(expected)
    expect(Object.keys(outcome).includes('account')).toBe('account' in expected)
    expect(server.requests()).toBe(1)
    await server.close()
  })
})

describe('what a gateway tells us', () => {
  const reports = {
    header: 'X-Hook',
    secret: 'hook-secret',
    id: 'id',
    status: 'state',
    error: 'code',
    delivered: ['DELIVRD'],
    failed: ['UNDELIV', 'EXPIRED'],
    sent: ['ENROUTE'],
  }
  const inbound = { header: 'X-Hook', secret: 'hook-secret', id: 'msg.id', from: 'msg.from', text: 'msg.text' }
  const channel = httpSms(options('https://sms.example/send', { reports, inbound }))
  const url = 'https://rdv.example/callbacks/sms?attempt=a1'
  const json = (secret: string, body: unknown) => ({ url, body: JSON.stringify(body), headers: new Headers({ 'X-Hook': secret }) })

  it('what became of a message, by its words', () => {
    const read = (body: unknown) => channel.readReport?.(json('hook-secret', body))
    expect(read({ id: 7, state: 'DELIVRD' })).toEqual({ providerId: '7', status: 'delivered', attemptId: 'a1' })
    expect(read({ id: '7', state: 'EXPIRED', code: 12 })).toEqual({
      providerId: '7',
      status: 'undelivered',
      attemptId: 'a1',
      errorCode: 12,
    })
    expect(read({ id: '7', state: 'ENROUTE' })).toMatchObject({ status: 'sent' })
    expect(read({ id: '7', state: 'WHATEVER' })).toBeUndefined()
    expect(read('nothing')).toBeUndefined()
  })

  it('in a form, where it names the attempt itself', () => {
    const named = httpSms(options('https://sms.example/send', { reports: { ...reports, attempt: 'ref' } }))
    const headers = new Headers({ 'X-Hook': 'hook-secret', 'content-type': 'application/x-www-form-urlencoded' })
    const report = named.readReport?.({ url: 'https://rdv.example/callbacks/sms', body: 'id=7&state=DELIVRD&ref=a2', headers })
    expect(report).toEqual({ providerId: '7', status: 'delivered', attemptId: 'a2' })
  })

  it.each(['', 'hook', 'hook-secret2'])('R30: with the secret “%s” nothing', (secret) => {
    expect(channel.readReport?.(json(secret, { id: '7', state: 'DELIVRD' }))).toBeUndefined()
    expect(channel.readInbound?.(json(secret, { msg: { id: '1', from: '+14185550177', text: 'STOP' } }))).toBeUndefined()
  })

  it.each(['+14185550177', '0014185550177', '14185550177'])('a text from %s', (from) => {
    expect(channel.readInbound?.(json('hook-secret', { msg: { id: '1', from, text: 'OUI' } }))).toEqual({
      id: 'gateway:1',
      from: '+14185550177',
      text: 'OUI',
      media: false,
      answered: false,
    })
  })

  it('is answered by a text of its own', async () => {
    const gateway = await openGateway()
    await httpSms(options(gateway.url)).reply?.({ to: '+14185550177', text: 'RDV confirmé.', id: 'r1' }, never)
    expect(gateway.messages()).toMatchObject([{ to: '+14185550177', text: 'RDV confirmé.', headers: { ref: 'r1' } }])
    await gateway.close()
  })
})
