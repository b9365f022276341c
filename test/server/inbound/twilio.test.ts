import { describe, expect, test } from 'vitest'
import { signLikeTwilio } from '../../../src/channels/twilio-signature.ts'
import { twilioSms } from '../../../src/channels/twilio-sms.ts'
import { bookedChange } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel, PUBLIC_URL } from '../../support/rappel.ts'

const url = `${PUBLIC_URL}/callbacks/sms/inbound`

/** A patient was texted; from now on it is Twilio that calls. */
async function texted(): Promise<Rappel> {
  const rappel = await openRappel({ now: '2026-11-25T08:40:00Z' })
  await rappel.hear(bookedChange())
  await rappel.send()
  const options = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'test-token', from: '+14185550100', timeoutMs: 5_000 }
  rappel.channels.set('sms', twilioSms(options))
  return rappel
}

const fields = { MessageSid: `SM${'a'.repeat(32)}`, From: '+14185550177', To: '+14185550100', Body: 'Oui', NumMedia: '0' }
const signed = (given: Record<string, string>, to = url, token = 'test-token') => ({
  'x-twilio-signature': signLikeTwilio(token, to, given),
})

describe('R30: a text by Twilio, over the route it calls', () => {
  test('signed for the public address: taken, and answered in TwiML', async () => {
    const rappel = await texted()
    const response = await rappel.post('/callbacks/sms/inbound', fields, signed(fields))
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(await response.text()).toContain('<Message>Clinique des Tilleuls: RDV jeu. 26/11 9h40 confirmé.')
    expect(await rappel.answers()).toMatchObject([{ kind: 'confirm', state: 'queued' }])
    const again = await rappel.post('/callbacks/sms/inbound', fields, signed(fields))
    expect(await again.text()).toContain('<Response></Response>')
    expect(await rappel.answers()).toHaveLength(1)
  })

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['another token', fields, signed(fields, url, 'other')],
    ['another address', fields, signed(fields, `${PUBLIC_URL}/callbacks/sms`)],
    ['another text', { ...fields, Body: 'STOP' }, signed(fields)],
    ['another number', { ...fields, From: '+14185550178' }, signed(fields)],
    ['none', fields, {}],
  ])('signed with %s: nothing', async (_name, given, headers) => {
    const rappel = await texted()
    const before = await rappel.dump()
    expect((await rappel.post('/callbacks/sms/inbound', given, headers)).status).toBe(401)
    expect(await rappel.dump()).toBe(before)
  })
})
