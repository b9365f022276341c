import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { smtpEmail } from '../../src/channels/smtp-email.ts'
import type { CalendarEntry } from '../../src/core/calendar.ts'
import type { Message } from '../../src/core/message.ts'
import { start } from '../support/clinic.ts'
import { never } from './mailbox-for-tests.ts'
import { link, sampleMessage } from './sample-message.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** As it crossed the wire, read by a parser that is not ours. */
async function received(changes: Partial<Message>) {
  const kept: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData: (stream, _session, done) =>
      void textOf(stream).then((raw) => {
        kept.push(raw)
        done(null)
      }, done),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const channel = smtpEmail({
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    from: { address: 'rdv@tilleuls.example' },
    messageIdDomain: 'tilleuls.example',
    timeoutMs: 5_000,
  })
  expect(await channel.send({ ...sampleMessage({ channel: 'email', to: 'camille@example.org' }), ...changes }, never)).toMatchObject({
    kind: 'accepted',
  })
  const [raw = ''] = kept
  const mail = await PostalMime.parse(raw)
  return { raw, mail, header: (key: string) => mail.headers.find((each) => each.key === key)?.value }
}

const entry: CalendarEntry = {
  uid: '0123456789abcdef@rappel',
  sequence: 3,
  off: false,
  start,
  summary: 'Votre rendez-vous – Clinique des Tilleuls',
  changedAt: start.subtract({ hours: 72 }),
  now: start.subtract({ hours: 36 }),
}
const stop = 'https://rdv.example/u/k7Qm2xV9bT4nR8wYc3Lp6Z'

describe('an e-mail that can be stopped', () => {
  it('says where to its mail program, in one press (RFC 8058)', async () => {
    const { raw, header } = await received({ unsubscribeUrl: stop })
    expect([header('list-unsubscribe'), header('list-unsubscribe-post')]).toEqual([`<${stop}>`, 'List-Unsubscribe=One-Click'])
    expect(raw).toContain(`List-Unsubscribe: <${stop}>\r\n`)
  })

  it('promises no press where the address is not https, and nothing where there is none', async () => {
    const plain = await received({ unsubscribeUrl: stop.replace('https', 'http') })
    expect([plain.header('list-unsubscribe'), plain.header('list-unsubscribe-post')]).toEqual([
      `<${stop.replace('https', 'http')}>`,
      undefined,
    ])
    expect((await received({})).header('list-unsubscribe')).toBeUndefined()
    expect((await received({ unsubscribeUrl: 'https://x>\r\nBcc: a@b' })).header('list-unsubscribe')).toBeUndefined()
  })
})

describe('an e-mail with an entry for the calendar', () => {
  it.each([
    ['gives it', false, 'PUBLISH', 'CONFIRMED'],
    ['takes it away', true, 'CANCEL', 'CANCELLED'],
  ])('%s: once beside the text, and once as a file', async (_, off, method, status) => {
    const { raw, mail } = await received({ calendar: { ...entry, off } })
    expect(raw).toMatch(new RegExp(`Content-Type: text/calendar; charset=utf-8; method=${method}`, 'i'))
    const texts = mail.attachments.map(({ mimeType, content }) => ({
      mimeType,
      text: typeof content === 'string' ? content : new TextDecoder().decode(content),
    }))
    expect(texts.map(({ mimeType }) => mimeType).sort()).toEqual(['application/ics', 'text/calendar'])
    for (const { text } of texts) {
      expect(text).toMatch(new RegExp(`^METHOD:${method}\r?$`, 'm'))
      expect(text).toMatch(new RegExp(`^STATUS:${status}\r?$`, 'm'))
      expect(text).toContain('mailto:rdv@tilleuls.example')
      expect(text).not.toContain(link)
    }
    expect([mail.text?.includes('9\u00a0h\u00a040'), mail.html?.includes(link)]).toEqual([true, true])
  })
})
