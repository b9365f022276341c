import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emailHtml } from '../../src/channels/email-html.ts'
import { emailText } from '../../src/channels/email-text.ts'
import type { Mailbox } from '../../src/channels/mailbox/mailbox.ts'
import { smtpEmail } from '../../src/channels/smtp-email.ts'
import type { Message, Words } from '../../src/core/message.ts'
import { aMailbox, never } from './mailbox-for-tests.ts'
import { link, sampleMessage, words } from './sample-message.ts'

const cancelled = sampleMessage({ words: { off: true, title: 'Rendez-vous annulé', lines: ['Ne venez pas.'], asides: [] } })

/** What a mail program shows: no comment, head or hidden text, tags away, entities back. */
function visibleText(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<!--\[if mso\]>[\s\S]*?<!\[endif\]-->/g, '')
    .replace(/<div style="display:none[\s\S]*?<\/div>/, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&(\w+|#39);/g, (_, name: string) => entities[name] ?? '?')
}

/** Every tag and comment with its attributes' names, in order; the values go, since whatever stands in quotes is a value. */
const tagsOf = (html: string) => html.replace(/"[^"]*"/g, '').match(/<[^>]*>/g)

describe('the e-mail', () => {
  it('has one link, and its address to copy', () => {
    const html = emailHtml(sampleMessage())
    expect(new Set(html.match(/https?:\/\/[^"'\s<]+/g))).toEqual(new Set([link]))
    expect(html.match(/<a /g)).toHaveLength(1)
    expect(visibleText(html)).toContain(link.replace('https://', ''))
  })

  it('shows the address once when an aside already names it', () => {
    const asides = [`Le bouton ne marche pas ? Copiez cette adresse : ${link.replace('https://', '')}`]
    expect(visibleText(emailHtml(sampleMessage({ words: { asides } }))).split('rdv.example/')).toHaveLength(2)
  })

  it('names its language', () => {
    expect(emailHtml(sampleMessage({ words: { language: 'en-CA' } }))).toContain('<html lang="en-CA"')
  })

  it('has the date as its only heading, and fetches nothing', () => {
    const html = emailHtml(sampleMessage())
    expect(html.match(/<h1 [\s\S]*?<\/h1>/g)).toEqual([expect.stringMatching(/Jeudi 26 novembre[\s\S]*9\u00a0h\u00a040/)])
    expect(html).not.toMatch(/<(img|script|link|iframe|form|h2)|url\(|@import/)
  })

  it('strikes the date on grey when the appointment is off', () => {
    const html = emailHtml(cancelled)
    expect(html).toContain('<s>Jeudi 26 novembre</s>')
    expect(html).toContain('<td class="off edge" bgcolor="#e6ebe8"')
    expect(emailHtml(sampleMessage())).not.toContain('<s>')
  })

  it('leaves room for no date at all', () => {
    expect(emailHtml(sampleMessage({ words: { day: '', time: '', lines: [], asides: [], footer: [] } }))).not.toMatch(
      /class="(day|time)"|undefined/,
    )
  })

  it.each([
    ['reminder', sampleMessage()],
    ['cancellation', cancelled],
  ])('says the same in plain text: %s', (_name, message) => {
    const shown = visibleText(emailHtml(message))
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    const text = emailText(message)
    expect(shown.length).toBeGreaterThan(5)
    for (const line of shown) expect(text).toContain(line)
    for (const line of text.split('\n').filter(Boolean)) expect(shown).toContain(line.replace('https://', ''))
  })

  it('shows every character as it was written', () => {
    const name = `Cabinet "L'Étage" <Nord> & Cie &amp; 100\u00a0% — 診療所 مركز`
    const message = sampleMessage({ clinic: { name } })
    expect(visibleText(emailHtml(message))).toContain(name)
    expect(emailText(message)).toContain(name)
  })

  it('is small', () => {
    expect(Buffer.byteLength(emailHtml(sampleMessage()))).toBeLessThan(10_000)
  })
})

/** Strings that break out where they can: of quotes, tags, comments, headers, lines. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'a\r\nBcc: b@example.org',
    'a\n\n<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onclick='x",
    '--><a href="http://evil.example">',
    '<![endif]--><b>',
    '&lt;b&gt;',
    '=?utf-8?q?=0D=0ABcc:_b@example.org?=',
    'a\u2028Bcc: b',
    '\u202Etxt.exe',
  ),
)
const hostileWords: fc.Arbitrary<Partial<Words>> = fc.record({
  language: hostile,
  subject: hostile,
  preheader: hostile,
  title: hostile,
  lines: fc.tuple(hostile, hostile),
  asides: fc.tuple(hostile),
  footer: fc.tuple(hostile, hostile),
  action: hostile.map((label) => ({ label, url: link })),
})
const withHostile = (changes: Partial<Words>, name: string): Message =>
  sampleMessage({ channel: 'email', to: 'camille@example.org', clinic: { name }, words: { ...changes, day: words.day, time: words.time } })

describe('nothing can be injected (R24)', () => {
  const plain = sampleMessage({ channel: 'email', to: 'camille@example.org' })

  it('into the HTML: no text makes a tag, an attribute or a comment of its own', () => {
    const expected = tagsOf(emailHtml(plain))
    fc.assert(
      fc.property(hostileWords, hostile, (changes, name) => {
        const html = emailHtml(withHostile(changes, name))
        expect(tagsOf(html)).toEqual(expected)
        expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
      }),
      { numRuns: 500 },
    )
  })

  it('into the plain text: a paragraph stays on its line', () => {
    const expected = emailText(withHostile({ lines: ['x'], asides: ['x'] }, 'x')).split('\n').length
    fc.assert(
      fc.property(hostile, hostile, (line, name) => {
        const text = emailText(withHostile({ lines: [`x${line}`], asides: [`x${line}`] }, `x${name}`))
        expect(text.split(/[\r\n\u2028\u2029\u0085]/)).toHaveLength(expected)
      }),
    )
  })

  describe('into the headers', () => {
    let mailbox: Mailbox
    beforeAll(async () => {
      mailbox = await aMailbox()
    })
    afterAll(() => mailbox.close())

    it('whatever the clinic is called and the subject says', async () => {
      const channel = smtpEmail({
        host: '127.0.0.1',
        port: mailbox.smtpPort,
        from: { address: 'rdv@tilleuls.example' },
        messageIdDomain: 'tilleuls.example',
        timeoutMs: 5_000,
      })
      await channel.send(plain, never)
      const expected = Object.keys(mailbox.messages()[0]?.headers ?? {}).sort()
      const ten = fc.array(fc.tuple(hostile, hostile), { minLength: 10, maxLength: 10 })
      await fc.assert(
        fc.asyncProperty(ten, async (pairs) => {
          mailbox.clear()
          const mails = pairs.map(([subject, name]) => withHostile({ subject: `x${subject}` }, `x${name}`))
          await Promise.all(mails.map((mail) => channel.send(mail, never)))
          expect(mailbox.messages()).toHaveLength(mails.length)
          for (const kept of mailbox.messages()) {
            expect(Object.keys(kept.headers ?? {}).sort()).toEqual(expected)
            expect(kept).toMatchObject({ to: 'camille@example.org', from: 'rdv@tilleuls.example' })
          }
        }),
        { numRuns: 10 },
      )
    })
  })
})
