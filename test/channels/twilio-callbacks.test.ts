import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSignedByTwilio, signLikeTwilio } from '../../src/channels/twilio-signature.ts'
import { twilioSms } from '../../src/channels/twilio-sms.ts'
import { readStatusCallback } from '../../src/channels/twilio-status.ts'

/** The worked example of https://www.twilio.com/docs/usage/security, whose signature Twilio prints. */
const example = {
  token: '12345',
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  fields: { Digits: '1234', To: '+18005551212', From: '+14158675309', Caller: '+14158675309', CallSid: 'CA1234567890ABCDE' },
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
}

describe('a signature of Twilio', () => {
  const { token, url, fields, signature } = example

  it('is HMAC-SHA1 over the address and the sorted fields', () => {
    const signed =
      'https://mycompany.com/myapp.php?foo=1&bar=2CallSidCA1234567890ABCDECaller+14158675309Digits1234From+14158675309To+18005551212'
    expect(createHmac('sha1', token).update(signed).digest('base64')).toBe(signature)
    expect(signLikeTwilio(token, url, fields)).toBe(signature)
    expect(isSignedByTwilio(token, url, fields, signature)).toBe(true)
  })

  it.each([
    ['another token', '12346', url, fields, signature],
    ['another query', token, 'https://mycompany.com/myapp.php?foo=1&bar=3', fields, signature],
    ['http instead of https', token, url.replace('https', 'http'), fields, signature],
    ['a field changed', token, url, { ...fields, Digits: '1235' }, signature],
    ['a field added', token, url, { ...fields, Extra: '1' }, signature],
    ['a field missing', token, url, { To: fields.To }, signature],
    ['no signature', token, url, fields, undefined],
    ['an empty signature', token, url, fields, ''],
    ['a shorter signature', token, url, fields, signature.slice(0, -4)],
    ['an address that is none', token, 'not a url', fields, signature],
  ])('is not accepted with %s', (_name, givenToken, givenUrl, givenFields, given) => {
    expect(isSignedByTwilio(givenToken, givenUrl, givenFields, given)).toBe(false)
  })

  it('holds for whatever the fields say', () => {
    const anyFields = fc.dictionary(fc.string({ minLength: 1 }), fc.string())
    fc.assert(
      fc.property(anyFields, fc.webUrl({ withQueryParameters: true }), (some, where) => {
        expect(isSignedByTwilio(token, where, some, signLikeTwilio(token, where, some))).toBe(true)
      }),
    )
  })
})

describe('a status callback', () => {
  const sid = `SM${'0f'.repeat(16)}`
  const url = 'https://rappel.example/callbacks/twilio?attempt=ehr%3A4711%3Areminder%231'

  it.each([
    ['queued', 'queued'],
    ['accepted', 'queued'],
    ['sending', 'queued'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('says %s: %s', (word, status) => {
    expect(readStatusCallback(url, { MessageSid: sid, MessageStatus: word })).toEqual({
      attemptId: 'ehr:4711:reminder#1',
      providerId: sid,
      status,
    })
  })

  it('gives the error of a failure', () => {
    const fields = { MessageSid: sid, MessageStatus: 'undelivered', ErrorCode: '30003' }
    expect(readStatusCallback('https://rappel.example/callbacks/twilio', fields)).toEqual({
      providerId: sid,
      status: 'undelivered',
      errorCode: 30003,
    })
  })

  it.each([
    ['an inbound message', { MessageSid: sid, SmsStatus: 'received' }],
    ['no message', { MessageStatus: 'sent' }],
    ['a name that is none', { MessageSid: 'SM1', MessageStatus: 'sent' }],
    ['nothing', {}],
  ])('is not one: %s', (_name, fields) => {
    expect(readStatusCallback(url, fields)).toBeUndefined()
  })
})

describe('the channel reads a report', () => {
  const sid = `SM${'0f'.repeat(16)}`
  const url = 'https://rappel.example/callbacks/sms?attempt=a%231'
  const fields = { MessageSid: sid, MessageStatus: 'delivered' }
  const options = { accountSid: `AC${'0'.repeat(32)}`, from: '+14185550100', timeoutMs: 5_000 }
  const key = { apiKeySid: 'SK1', apiKeySecret: 'secret' }
  const signedWith = (token: string) => new Headers({ 'X-Twilio-Signature': signLikeTwilio(token, url, fields) })
  const report = { attemptId: 'a#1', providerId: sid, status: 'delivered' }

  it.each([
    ['signed with our token', { authToken: 't' }, signedWith('t'), report],
    ['signed with the token beside our key', { ...key, authToken: 't' }, signedWith('t'), report],
    ['signed with another token', { authToken: 't' }, signedWith('u'), undefined],
    ['signed with the secret of our key, as Twilio never does', key, signedWith('secret'), undefined],
    ['not signed', { authToken: 't' }, new Headers(), undefined],
  ])('%s', (_name, credentials, headers, expected) => {
    const body = new URLSearchParams(fields).toString()
    expect(twilioSms({ ...options, ...credentials }).readReport?.({ url, body, headers })).toEqual(expected)
  })
})

describe('the channel reads a text that came in', () => {
  const sid = `SM${'0f'.repeat(16)}`
  const url = 'https://rappel.example/callbacks/sms/inbound'
  const channel = (answersKeywords?: boolean) =>
    twilioSms({
      accountSid: `AC${'0'.repeat(32)}`,
      from: '+14185550100',
      timeoutMs: 5_000,
      authToken: 't',
      ...(answersKeywords !== undefined && { answersKeywords }),
    })
  const heard = (given: Record<string, string>, answersKeywords?: boolean, token = 't') => {
    const fields = { MessageSid: sid, From: '+14185550177', To: '+14185550100', NumMedia: '0', ...given }
    const headers = new Headers({ 'X-Twilio-Signature': signLikeTwilio(token, url, fields) })
    return channel(answersKeywords).readInbound?.({ url, body: new URLSearchParams(fields).toString(), headers })
  }
  const text = { id: sid, from: '+14185550177', media: false, answered: false }

  it('as it was written, less what acts on a screen', () => {
    expect(heard({ Body: 'Oui\u202E merci\u0007' })).toEqual({ ...text, text: 'Oui merci' })
  })

  it('R30: signed for this address with our token, or not at all', () => {
    expect(heard({ Body: 'OUI' }, true, 'u')).toBeUndefined()
  })

  it('R27: what Twilio answers by itself is not answered twice', () => {
    expect(heard({ Body: ' Stop ' })).toEqual({ ...text, text: ' Stop ', answered: true })
    expect(heard({ Body: 'ARRET' })).toMatchObject({ answered: false })
    expect(heard({ Body: 'STOP' }, false)).toMatchObject({ answered: false })
    expect(heard({ Body: 'arrêtez tout', OptOutType: 'STOP' }, false)).toMatchObject({ keyword: 'stop', answered: true })
    expect(heard({ Body: 'YES' })).toEqual({ ...text, text: 'YES' })
    expect(heard({ Body: 'yes', OptOutType: 'START' })).toEqual({ ...text, text: 'yes', answered: true })
  })

  it('tells that a picture came with it', () => {
    expect(heard({ Body: '', NumMedia: '1' })).toMatchObject({ text: '', media: true })
  })

  it.each([
    ['a short code', { From: '22000', Body: 'OUI' }],
    ['another product', { From: 'whatsapp:+14185550177', Body: 'OUI' }],
    ['no sid', { MessageSid: 'x', Body: 'OUI' }],
  ])('is not one of a person: %s', (_name, given) => {
    expect(heard(given)).toBeUndefined()
  })

  it('R24: is answered in TwiML, whatever the words', () => {
    expect(channel().answerInbound?.(undefined).body).toBe('<?xml version="1.0" encoding="UTF-8"?><Response></Response>')
    const { contentType, body } = channel().answerInbound?.('Dr. & <Sons> "1"') ?? {}
    expect(contentType).toBe('text/xml; charset=utf-8')
    expect(body).toContain('<Message>Dr. &amp; &lt;Sons&gt; &quot;1&quot;</Message>')
  })
})
