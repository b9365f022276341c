import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keptMessages } from '../../src/channels/mailbox/kept-messages.ts'
import { type Mailbox, openMailbox } from '../../src/channels/mailbox/mailbox.ts'
import { openTwilio } from '../../src/channels/twilio-client.ts'
import { isSignedByTwilio } from '../../src/channels/twilio-signature.ts'
import { readStatusCallback } from '../../src/channels/twilio-status.ts'
import { account, never } from './mailbox-for-tests.ts'

const now = () => Temporal.Instant.from('2026-11-25T02:40:00Z')
const unreachable = '+14185550177'

let mailbox: Mailbox
beforeEach(async () => {
  mailbox = await openMailbox({ account, now, misbehaviour: { undelivered: [unreachable], fails: ['+14185550188'] } })
})
afterEach(() => mailbox.close())

const connect = async () => {
  const options = { accountSid: account.sid, authToken: account.token, baseUrl: mailbox.twilioUrl, timeoutMs: 5_000 }
  return (await openTwilio(options, never)).client
}
const post = (
  fields: Record<string, string>,
  key = `${account.sid}:${account.token}`,
  path = `/2010-04-01/Accounts/${account.sid}/Messages.json`,
) =>
  fetch(`${mailbox.twilioUrl}${path}`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(key)}` },
    body: new URLSearchParams(fields),
  })
const good = { To: '+14185550199', From: '+14185550100', Body: 'RDV jeudi' }

describe('the mailbox as Twilio', () => {
  it('is listed and fetched by Twilio’s own client', async () => {
    const client = await connect()
    for (const body of ['one', 'two', 'three']) await client.messages.create({ to: good.To, from: good.From, body })
    await client.messages.create({ to: '+14185550155', messagingServiceSid: 'MG1', body: 'four' })
    const listed = await client.messages.list({ to: good.To, pageSize: 2 })
    expect(listed.map(({ body }) => body)).toEqual(['three', 'two', 'one'])
    const fetched = await client.messages(listed[0]?.sid ?? '').fetch()
    expect(fetched).toMatchObject({
      body: 'three',
      to: good.To,
      from: good.From,
      numSegments: '1',
      dateCreated: new Date('2026-11-25T02:40:00Z'),
    })
    expect(await client.messages.list({ dateSentAfter: new Date('2026-11-25T02:41:00Z') })).toEqual([])
  })

  it.each([
    [
      'no message of that name',
      () =>
        fetch(`${mailbox.twilioUrl}/2010-04-01/Accounts/${account.sid}/Messages/SM00.json`, {
          headers: { Authorization: `Basic ${btoa(`${account.sid}:${account.token}`)}` },
        }),
      404,
      20404,
    ],
    ['another account', () => post(good, undefined, '/2010-04-01/Accounts/AC1/Messages.json'), 404, 20404],
    ['a wrong password', () => post(good, 'AC1:x'), 401, 20003],
    ['no number', () => post({ ...good, To: '0418' }), 400, 21211],
    ['no sender', () => post({ To: good.To, Body: 'x' }), 400, 21603],
    ['no words', () => post({ ...good, Body: '' }), 400, 21602],
    ['too many words', () => post({ ...good, Body: 'x'.repeat(1601) }), 400, 21617],
    ['a validity of eleven hours', () => post({ ...good, ValidityPeriod: '39600' }), 400, 21624],
    ['a failure', () => post({ ...good, To: '+14185550188' }), 500, 20500],
  ])('answers as documented: %s', async (_name, ask, status, code) => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(await answer.json()).toEqual({
      code,
      status,
      message: expect.any(String),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
    })
    expect(mailbox.messages()).toEqual([])
  })

  it.each([
    ['delivered', good.To, ['sent', 'delivered'], undefined],
    ['undelivered', unreachable, ['sent', 'undelivered'], 30003],
  ])('tells the callback, signed, until the message is %s', async (_name, to, expected, errorCode) => {
    const heard: { url: string; body: string; signature: string | undefined }[] = []
    let done = () => {}
    const all = new Promise<void>((resolve) => {
      done = resolve
    })
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      heard.push({ url: `${base}${request.url}`, body, signature: request.headers['x-twilio-signature']?.toString() })
      response.end()
      if (heard.length === expected.length) done()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await post({ ...good, To: to, StatusCallback: `${base}/status?attempt=a%231` })
    await all
    server.close()
    const read = heard.map(({ url, body, signature }) => {
      const fields = Object.fromEntries(new URLSearchParams(body))
      expect(isSignedByTwilio(account.token, url, fields, signature)).toBe(true)
      return readStatusCallback(url, fields)
    })
    expect(read.map((status) => status?.status)).toEqual(expected)
    expect(read.at(-1)).toMatchObject({ attemptId: 'a#1', ...(errorCode && { errorCode }) })
  })
})

describe('what the mailbox keeps', () => {
  const draft = { id: '1', channel: 'sms', to: good.To, from: good.From, text: 'RDV' } as const

  it('is the last thousand, oldest first', () => {
    const kept = keptMessages(now)
    for (let n = 0; n < 1005; n++) kept.keep({ ...draft, id: String(n) })
    expect([kept.messages().length, kept.messages()[0]?.id, kept.messages().at(-1)?.id]).toEqual([1000, '5', '1004'])
    kept.clear()
    expect(kept.messages()).toEqual([])
  })

  it('is told to whoever listens, until they stop', () => {
    const kept = keptMessages(now)
    const heard: string[] = []
    const stop = kept.onMessage(({ id }) => heard.push(id))
    kept.keep(draft)
    stop()
    kept.keep({ ...draft, id: '2' })
    expect(heard).toEqual(['1'])
  })

  it('has the links without the punctuation around them, each once', () => {
    const text = 'Voir https://rdv.example/a, (https://rdv.example/b). Encore : https://rdv.example/a'
    expect(keptMessages(now).keep({ ...draft, text }).links).toEqual(['https://rdv.example/a', 'https://rdv.example/b'])
  })
})

it('refuses to open where a port is taken', async () => {
  await expect(openMailbox({ account, smtpPort: mailbox.smtpPort })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const twilioPort = Number(new URL(mailbox.twilioUrl).port)
  await expect(openMailbox({ account, twilioPort })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
