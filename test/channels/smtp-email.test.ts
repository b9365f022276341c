import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { type SmtpEmailOptions, smtpEmail } from '../../src/channels/smtp-email.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import { aMailbox, never } from './mailbox-for-tests.ts'
import { sampleMessage } from './sample-message.ts'
import { type Act, type Moment, openScriptedSmtp } from './scripted-smtp.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const mail = sampleMessage({ channel: 'email', to: 'camille@example.org' })
const at = (port: number, more: Partial<SmtpEmailOptions> = {}) =>
  smtpEmail({
    host: '127.0.0.1',
    port,
    from: { address: 'rdv@tilleuls.example' },
    messageIdDomain: 'tilleuls.example',
    timeoutMs: 5_000,
    ...more,
  })

async function sendTo(script: Partial<Record<Moment, Act>>, more?: Partial<SmtpEmailOptions>) {
  const server = await openScriptedSmtp(script)
  closers.push(server.close)
  const outcome = await at(server.port, more).send(mail, never)
  return { outcome, taken: server.messages() }
}

const onePerCommand = { EHLO: { say: '250 scripted.example' } }
const withLogin = { EHLO: { say: '250-scripted.example\r\n250 AUTH PLAIN' } }
const login = { user: 'rappel', pass: 'secret' }

describe('what an SMTP server does, and what may then safely happen', () => {
  const deferred = (reason: string): SendOutcome => ({ kind: 'deferred', reason })
  const refusesUs = (reason: string): SendOutcome => ({ kind: 'deferred', reason, account: true })
  const rejected = (reason: string): SendOutcome => ({ kind: 'rejected', reason })
  const unknown = (reason: string): SendOutcome => ({ kind: 'unknown', reason })
  const close = { close: true } as const

  it.each<[string, Moment, Act, SendOutcome]>([
    ['hangs up instead of greeting', 'greeting', close, deferred('smtp_econnection')],
    ['has no service', 'greeting', { say: '554 no service' }, deferred('smtp_554')],
    ['is too busy to greet', 'greeting', { say: '421 busy' }, deferred('smtp_421')],
    ['hangs up before MAIL', 'EHLO', close, deferred('smtp_econnection')],
    ['refuses our sender', 'MAIL', { say: '550 who are you' }, deferred('smtp_550')],
    ['wants a login first', 'MAIL', { say: '530 log in' }, refusesUs('smtp_530')],
    ['hangs up after MAIL', 'MAIL', close, deferred('smtp_econnection')],
    ['does not know the recipient', 'RCPT', { say: '550 no such user' }, rejected('smtp_550')],
    ['finds the mailbox full for now', 'RCPT', { say: '452 full' }, deferred('smtp_452')],
    ['wants a login before a recipient', 'RCPT', { say: '530 log in' }, refusesUs('smtp_530')],
    ['has lost its place', 'RCPT', { say: '503 bad sequence' }, deferred('smtp_503')],
    ['hangs up after RCPT', 'RCPT', close, deferred('smtp_econnection')],
    ['does not want the message', 'DATA', { say: '554 no' }, rejected('smtp_554')],
    ['does not want the message now', 'DATA', { say: '451 later' }, deferred('smtp_451')],
    ['hangs up instead of 354', 'DATA', close, deferred('smtp_econnection')],
    ['hangs up after 354', 'DATA', { say: '354 go on\r\n', close: true }, unknown('smtp_econnection')],
    ['hangs up after the final dot', 'message', close, unknown('smtp_econnection')],
    ['hangs up within its last word', 'message', { say: '25', close: true }, unknown('smtp_econnection')],
    ['answers the final dot with nonsense', 'message', { say: 'perhaps' }, unknown('smtp_emessage')],
    ['throws the message away', 'message', { say: '554 spam' }, rejected('smtp_554')],
    ['could not store the message', 'message', { say: '452 disk full' }, deferred('smtp_452')],
    ['goes away and says so', 'message', { say: '421 stopping' }, deferred('smtp_421')],
  ])('%s', async (_name, moment, act, expected) => {
    expect((await sendTo({ [moment]: act })).outcome, 'commands sent together').toEqual(expected)
    expect((await sendTo({ ...onePerCommand, [moment]: act })).outcome, 'one command at a time').toEqual(expected)
  })

  it.each([
    ['never greets: nothing left', 'greeting', 'deferred'],
    ['is silent after RCPT: nothing left', 'RCPT', 'deferred'],
    ['is silent after the final dot', 'message', 'unknown'],
  ])('%s', async (_name, moment, kind) => {
    expect((await sendTo({ [moment]: {} }, { timeoutMs: 300 })).outcome.kind).toBe(kind)
  })

  it('refuses our password: ours to mend, and no message would fare better', async () => {
    const { outcome } = await sendTo({ ...withLogin, AUTH: { say: '535 wrong' } }, login)
    expect(outcome).toEqual({ kind: 'deferred', reason: 'smtp_535', account: true })
  })

  it.each([
    ['cannot check passwords now', { AUTH: { say: '454 later' } }, 'smtp_454'],
    ['hangs up during the login', { AUTH: { close: true } as const }, 'smtp_econnection'],
  ])('%s: ours to mend, the message waits', async (_name, script, reason) => {
    expect((await sendTo({ ...withLogin, ...script }, login)).outcome).toEqual({ kind: 'deferred', reason })
  })

  it('offers no login to someone who has one: nothing is sent without it', async () => {
    const { outcome, taken } = await sendTo({ AUTH: { say: '502 what' } }, login)
    expect(outcome.kind).toBe('deferred')
    expect(taken).toBe(0)
  })

  it('takes the message', async () => {
    const { outcome, taken } = await sendTo(withLogin, login)
    expect(outcome).toMatchObject({ kind: 'accepted', providerId: expect.stringMatching(/^<[0-9a-f]{64}@tilleuls\.example>$/) })
    expect(taken).toBe(1)
  })
})

describe('encryption', () => {
  /** Reaches this machine by a name that is not known for loopback. */
  const elsewhere = '0.0.0.0'

  it('sends nothing in clear to another machine', async () => {
    const { outcome, taken } = await sendTo({ STARTTLS: { say: '454 no TLS' } }, { host: elsewhere })
    expect(outcome).toMatchObject({ kind: 'deferred' })
    expect(taken).toBe(0)
  })

  it('breaks off during the TLS handshake: nothing left', async () => {
    const { outcome, taken } = await sendTo({ STARTTLS: { say: '220 go\r\n', close: true } }, { host: elsewhere })
    expect(outcome).toMatchObject({ kind: 'deferred' })
    expect(taken).toBe(0)
  })

  it.each([
    ['does not trust another machine’s homemade certificate', elsewhere, 'deferred', 0],
    ['does not mind a homemade certificate on this machine', '127.0.0.1', 'accepted', 1],
  ])('%s', async (_name, host, kind, expected) => {
    let secured = 0
    const server = new SMTPServer({
      authOptional: true,
      logger: false,
      onData(stream, session, done) {
        if (session.secure) secured++
        stream.resume().on('end', () => done(null))
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => server.close(resolve)))
    const { port } = server.server.address() as AddressInfo
    expect(await at(port, { host }).send(mail, never)).toMatchObject({ kind })
    expect(secured).toBe(expected)
  })

  it('sends in clear to another machine only when told so', async () => {
    expect((await sendTo({}, { host: elsewhere, insecure: true })).taken).toBe(1)
  })
})

it.each<[string, Partial<SmtpEmailOptions>]>([
  ['a sender that is none', { from: { address: 'rdv' } }],
  ['a sender with a line break', { from: { address: 'rdv@tilleuls.example\r\nBcc: a@example.org' } }],
  ['a reply address that is a list', { replyTo: 'a@example.org, b@example.org' }],
  ['a domain that is none', { messageIdDomain: 'x> <y' }],
])('refuses to start with %s', (_name, options) => {
  expect(() => at(25, options)).toThrow(/^SMTP: /)
})

describe('an e-mail', () => {
  it('waits when the caller stops before the server is ready, and is in doubt after', async () => {
    for (const [moment, kind] of [
      ['EHLO', 'deferred'],
      ['message', 'unknown'],
    ] as const) {
      const server = await openScriptedSmtp({ [moment]: {} })
      closers.push(server.close)
      const stop = new AbortController()
      const outcome = at(server.port, { timeoutMs: 10_000 }).send(mail, stop.signal)
      while (moment === 'message' && server.messages() === 0) await new Promise(setImmediate)
      stop.abort()
      expect((await outcome).kind).toBe(kind)
    }
  })

  it('comes from the clinic, says that a machine wrote it, and tells the same in plain text', async () => {
    const mailbox = await aMailbox()
    closers.push(mailbox.close)
    await at(mailbox.smtpPort, { replyTo: 'accueil@tilleuls.example' }).send(mail, never)
    const [kept] = mailbox.messages()
    expect(kept?.headers).toMatchObject({
      from: 'Clinique des Tilleuls <rdv@tilleuls.example>',
      to: 'camille@example.org',
      'reply-to': 'accueil@tilleuls.example',
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      date: 'Wed, 25 Nov 2026 02:40:00 +0000',
    })
    expect(kept).toMatchObject({ subject: mail.words.subject, from: 'rdv@tilleuls.example', links: [mail.words.action.url] })
    expect(kept?.html).toContain('<!doctype html>')
  })

  it.each([
    ['two addresses', 'a@example.org, b@example.org'],
    ['a line break', 'a@example.org\r\nRCPT TO:<b@example.org>'],
    ['a name around it', 'Camille <a@example.org>'],
    ['nothing', ''],
    ['no domain', 'camille'],
  ])('is not written to %s', async (_name, to) => {
    const mailbox = await aMailbox()
    closers.push(mailbox.close)
    expect(await at(mailbox.smtpPort).send({ ...mail, to }, never)).toEqual({ kind: 'rejected', reason: 'invalid_address' })
    expect(mailbox.messages()).toEqual([])
  })
})
