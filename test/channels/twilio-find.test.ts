import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Channel, Found } from '../../src/channels/channel.ts'
import { twilioSms } from '../../src/channels/twilio-sms.ts'
import { account, aMailbox, never } from './mailbox-for-tests.ts'
import { sampleMessage } from './sample-message.ts'
import { httpAnswer, openScriptedHttp } from './scripted-http.ts'

const [anne, leo] = ['+14185550101', '+14185550102']
const longAgo = Temporal.Instant.from('2020-01-01T00:00:00Z')
const options = { accountSid: account.sid, authToken: account.token, from: '+14185550100', timeoutMs: 5_000 }

async function withMailbox(work: (channel: Channel, mailbox: Awaited<ReturnType<typeof aMailbox>>) => Promise<void>): Promise<void> {
  const mailbox = await aMailbox({ dropsReply: [leo] })
  try {
    await work(twilioSms({ ...options, baseUrl: mailbox.twilioUrl }), mailbox)
  } finally {
    await mailbox.close()
  }
}

const find = (channel: Channel, sought: Parameters<NonNullable<Channel['find']>>[0]): Promise<Found> | undefined =>
  channel.find?.(sought, never)

describe('R6: Twilio is asked', () => {
  test('for one message by its sid', () =>
    withMailbox(async (channel, mailbox) => {
      const sent = await channel.send(sampleMessage({ channel: 'sms', to: anne }), never)
      const [kept] = mailbox.messages()
      expect(sent).toEqual({ kind: 'accepted', providerId: kept?.id })
      const found = await find(channel, { providerId: kept?.id ?? '', to: anne, since: longAgo })
      expect(found).toMatchObject({ kind: 'found', messages: [{ report: { providerId: kept?.id }, text: kept?.text }] })
    }))

  test('for those to a number, when its answer was lost: newest first, nobody else’s, past several pages', () =>
    withMailbox(async (channel, mailbox) => {
      await channel.send(sampleMessage({ channel: 'sms', to: anne }), never)
      const lost = sampleMessage({ channel: 'sms', to: leo })
      expect(await channel.send(lost, never)).toMatchObject({ kind: 'unknown' })
      for (let each = 0; each < 60; each += 1)
        mailbox.keep({ id: `SM${each.toString(16).padStart(32, '0')}`, channel: 'sms', to: leo, from: '+14185550100', text: `${each}` })
      const found = await find(channel, { to: leo, since: longAgo })
      const texts = found?.kind === 'found' ? found.messages.map(({ text }) => text) : []
      expect(texts).toHaveLength(61)
      expect([texts[0], texts.at(-1)]).toEqual(['59', lost.words.sms])
    }))

  test('what is older than asked for is left out, and more than a patient ever has concludes nothing', () =>
    withMailbox(async (channel, mailbox) => {
      await channel.send(sampleMessage({ channel: 'sms', to: anne }), never)
      const tomorrow = Temporal.Now.instant().add({ hours: 24 })
      expect(await find(channel, { to: anne, since: tomorrow })).toEqual({ kind: 'found', messages: [] })
      for (let each = 0; each < 210; each += 1)
        mailbox.keep({ id: `SM${each.toString(16).padStart(32, '0')}`, channel: 'sms', to: leo, from: '+14185550100', text: `${each}` })
      expect(await find(channel, { to: leo, since: longAgo })).toEqual({ kind: 'unknown', reason: 'twilio_too_many' })
    }))

  test('of one it does not have, it says so', () =>
    withMailbox(async (channel) => {
      const sought = { providerId: `SM${'f'.repeat(32)}`, to: anne, since: longAgo }
      expect(await find(channel, sought)).toEqual({ kind: 'found', messages: [] })
    }))

  test.each([
    ['refuses us', httpAnswer(401, '{"code":20003}'), 'twilio_http_401'],
    ['is down', httpAnswer(503, ''), 'twilio_http_503'],
    ['answers nonsense', httpAnswer(200, '<html>'), 'twilio_http_200'],
  ])('it %s: nothing is concluded', async (_name, say, reason) => {
    const server = await openScriptedHttp({ say, hangUp: true })
    try {
      const channel = twilioSms({ ...options, baseUrl: server.url })
      expect(await find(channel, { to: anne, since: longAgo })).toEqual({ kind: 'unknown', reason })
    } finally {
      await server.close()
    }
  })

  test('nobody listens: nothing is concluded', async () => {
    const channel = twilioSms({ ...options, baseUrl: 'http://127.0.0.1:9' })
    expect(await find(channel, { to: anne, since: longAgo })).toEqual({ kind: 'unknown', reason: 'twilio_econnrefused' })
  })
})
