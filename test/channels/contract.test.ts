import { Temporal } from 'temporal-polyfill'
import { captured } from '../../src/channels/captured.ts'
import { keptMessages } from '../../src/channels/mailbox/kept-messages.ts'
import { messageIdOf, smtpEmail } from '../../src/channels/smtp-email.ts'
import { twilioSms } from '../../src/channels/twilio-sms.ts'
import { webPush } from '../../src/channels/web-push.ts'
import type { Message } from '../../src/core/message.ts'
import { channelContract } from '../contract/channel-contract.ts'
import { account, aMailbox } from './mailbox-for-tests.ts'
import { aPushService, vapid } from './push-service.ts'

const phones = ['+14185550101', '+14185550102', '+14185550103', '+14185550104', '+14185550105'] as const
const addresses = ['a@example.org', 'b@example.org', 'c@example.org', 'd@example.org', 'e@example.org'] as const

channelContract('twilio-sms', {
  kind: 'sms',
  recipients: phones,
  async open(misbehaviour) {
    const mailbox = await aMailbox(misbehaviour)
    const callback = { statusCallbackUrl: 'http://127.0.0.1:9/twilio/status?clinic=tilleuls' }
    const options = { accountSid: account.sid, authToken: account.token, from: '+14185550100', timeoutMs: 5_000, ...callback }
    return {
      channel: twilioSms({ ...options, baseUrl: mailbox.twilioUrl }),
      received: mailbox.messages,
      unreachable: () => twilioSms({ ...options, baseUrl: 'http://127.0.0.1:9' }),
      close: mailbox.close,
    }
  },
  markOf: ({ headers }) => new URL(headers?.StatusCallback ?? '').searchParams.get('attempt') ?? undefined,
  expectedMark: ({ attemptId }) => attemptId,
})

channelContract('smtp-email', {
  kind: 'email',
  recipients: addresses,
  async open(misbehaviour) {
    const mailbox = await aMailbox(misbehaviour)
    const options = { host: '127.0.0.1', from: { address: 'rdv@tilleuls.example' }, messageIdDomain: 'tilleuls.example', timeoutMs: 5_000 }
    return {
      channel: smtpEmail({ ...options, port: mailbox.smtpPort }),
      received: mailbox.messages,
      unreachable: () => smtpEmail({ ...options, port: 9 }),
      close: mailbox.close,
    }
  },
  markOf: ({ headers }) => headers?.['message-id'],
  expectedMark: ({ notificationId }) => messageIdOf(notificationId, 'tilleuls.example'),
})

for (const kind of ['email', 'sms'] as const) {
  channelContract(`captured ${kind}`, {
    kind,
    recipients: kind === 'sms' ? phones : addresses,
    async open() {
      const kept = keptMessages(() => Temporal.Instant.from('2026-11-25T02:40:00Z'))
      return { channel: captured(kind, kept), received: kept.messages, close: async () => undefined }
    },
    markOf: ({ headers }) => headers?.attempt,
    expectedMark: ({ attemptId }) => attemptId,
    cannotFail: true,
  })
}

let pushService: Awaited<ReturnType<typeof aPushService>>

channelContract('web-push', {
  kind: 'push',
  recipients: ['good', 'refused', 'stopped', 'deferred', 'doubtful'],
  async open() {
    pushService = await aPushService({ refused: 400, stopped: 410, deferred: 429, doubtful: 'drop' })
    const { origin, pushed, close } = pushService
    const channel = webPush({ ...vapid, endpoints: [origin, 'http://127.0.0.1:9'], timeoutMs: 5_000, gone: async () => {} })
    const nowhere = (message: Message): Message => ({
      ...message,
      devices: (message.devices ?? []).map((device) => ({ ...device, endpoint: 'http://127.0.0.1:9/x' })),
    })
    return {
      channel,
      received: () =>
        pushed.map(({ name, headers, payload }) => ({
          to: name,
          channel: 'push',
          links: [payload.url],
          headers: { topic: String(headers.topic) },
        })),
      unreachable: () => ({ ...channel, send: (message, signal) => channel.send(nowhere(message), signal) }),
      close,
    }
  },
  addressed: (message) => ({
    ...message,
    devices: [pushService.device(message.to)],
    tag: message.attemptId.replaceAll(/[^\w-]/g, '').slice(-32),
  }),
  markOf: ({ headers }) => headers?.topic,
  expectedMark: ({ tag }) => tag ?? '',
})
