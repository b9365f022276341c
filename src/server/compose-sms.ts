import type { Channel } from '../channels/channel.ts'
import { httpSms } from '../channels/http-sms.ts'
import { twilioSms } from '../channels/twilio-sms.ts'
import type { Config } from './config/config.ts'
import { SMS_REPORTS } from './routes/reports.ts'

/** The provider of texts that the configuration names. Throws if its options can never work. */
export function smsChannel(config: NonNullable<Config['sms']>, publicUrl: string): Channel {
  const callbackUrl = `${publicUrl}${SMS_REPORTS}`
  const timeoutMs = config.timeout.total('milliseconds')
  switch (config.provider) {
    case 'twilio': {
      const { accountSid, authToken, from, messagingServiceSid, baseUrl, answersKeywords } = config
      const sender = from !== undefined ? { from } : { messagingServiceSid: messagingServiceSid ?? '' }
      return twilioSms({
        accountSid,
        authToken,
        ...sender,
        ...(baseUrl !== undefined && { baseUrl }),
        statusCallbackUrl: callbackUrl,
        answersKeywords,
        timeoutMs,
      })
    }
    case 'http': {
      const { provider: _provider, timeout: _timeout, ...gateway } = config
      return httpSms({ ...gateway, callbackUrl, timeoutMs })
    }
    default:
      return config satisfies never
  }
}
