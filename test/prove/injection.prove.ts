import fc from 'fast-check'
import { smtpEmail } from '../../src/channels/smtp-email.ts'
import { frame } from '../../src/connectors/hl7v2/mllp.ts'
import { aMailbox, never } from '../channels/mailbox-for-tests.ts'
import { sampleMessage } from '../channels/sample-message.ts'
import { anyDelimiters, faultIn, faultWith, hostileText, hostileWords } from '../connectors/hl7v2/support/injection.ts'
import { emitters } from './emitters.ts'
import { prove } from './proof.ts'

/** What breaks out of tags, headers, lines, cells and formulas, beside what breaks out of segments. */
const hostile = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'<>"\'&=+-@|%,;:\\\r\n\t\0\u2028\u2029\u202e\u2066\ufeffaé '), minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    'a\r\nBcc: b@example.org',
    '"><img src=x onerror=alert(1)>',
    "' onclick='x",
    '--><script>alert(1)</script>',
    '<![endif]--><b>',
    '=?utf-8?q?=0D=0ABcc:_b@example.org?=',
    '=cmd|"/C calc"!A0',
    '＝1+1',
    '\n@SUM(A1)',
    '\r\nEND:VEVENT\r\nBEGIN:VEVENT',
    '","msg":"forged"}\n{"level":"error',
    '</Message></Response>',
    ']]>',
    '\uffff',
  ),
)

/** Nine strings a run, all that we write to an EHR. */
const nine = 9

/** Real mail by SMTP: its headers, from the mail that arrived. */
async function headersHold(strings: readonly string[]): Promise<string | undefined> {
  const mailbox = await aMailbox()
  try {
    const from = { address: 'rdv@tilleuls.example' }
    const channel = smtpEmail({ host: '127.0.0.1', port: mailbox.smtpPort, from, messageIdDomain: 'tilleuls.example', timeoutMs: 30_000 })
    const mailOf = (said: string) =>
      sampleMessage({ channel: 'email', to: 'camille@example.org', clinic: { name: `x${said}` }, words: { subject: `x${said}` } })
    await channel.send(mailOf(''), never)
    const namesOf = (headers: Readonly<Record<string, string>> = {}) => Object.keys(headers).sort().join()
    const expected = namesOf(mailbox.messages()[0]?.headers)
    for (let at = 0; at < strings.length; at += 20) {
      const some = strings.slice(at, at + 20)
      mailbox.clear()
      await Promise.all(some.map((said) => channel.send(mailOf(said), never)))
      const kept = mailbox.messages()
      if (kept.length !== some.length) return `${some.length} mails became ${kept.length}`
      const wrong = kept.find(
        ({ headers, to, from: by }) => namesOf(headers) !== expected || to !== 'camille@example.org' || by !== from.address,
      )
      if (wrong) return `headers became ${namesOf(wrong.headers)}`
    }
    return undefined
  } finally {
    await mailbox.close()
  }
}

prove({
  id: 'R24',
  promise: 'what is emitted cannot be injected',
  async run({ seed, of }) {
    const hl7 = of({ landing: 1_500, long: 30_000 })
    const each = of({ landing: 9_700, long: 80_000 })
    const mails = of({ landing: 400, long: 4_000 })
    fc.assert(
      fc.property(hostileWords, anyDelimiters, (said, chosen) => faultWith(said, chosen) === undefined),
      { numRuns: hl7, seed },
    )
    for (const { name, emit, isWhole } of emitters) {
      const broken = fc.sample(hostile, { numRuns: each, seed }).find((said) => !isWhole(emit(said), said))
      if (broken !== undefined) throw new Error(`${name}: ${JSON.stringify(broken)} broke out`)
    }
    const fault = await headersHold(fc.sample(hostile, { numRuns: mails, seed }))
    if (fault) throw new Error(`mail headers: ${fault}`)
    const count = hl7 * nine + emitters.length * each + mails
    return {
      figure: `${count} strings: ${hl7 * nine} in 7 kinds of HL7 message, ${each} in each of ${emitters.map(({ name }) => name).join(', ')}, ${mails} in mail headers; 0 broke out`,
    }
  },
  async control({ seed }) {
    const caught = emitters.map(({ name, careless, isWhole }) => {
      const strings = fc.sample(hostile, { numRuns: 2_000, seed })
      const at = strings.findIndex((said) => !isWhole(careless(said), said))
      if (at < 0) throw new Error(`${name} without its escapes was found well`)
      return at + 1
    })
    const bare = fc.sample(hostileWords, { numRuns: 200, seed }).filter((said) => {
      const lines = [`MSH|^~\\&|${said.application}|${said.facility}|||||SIU^S14|1|P|2.5.1`, `SCH|||||${said.code}^${said.text}`, 'PID|1']
      return faultIn(Buffer.from(lines.join('\r')), 'SIU^S14', said) !== undefined && frame(Buffer.from(lines.join('\r'))).length > 0
    })
    if (bare.length === 0) throw new Error('segments without escapes were found well')
    return `each of ${emitters.length} emitters without its escapes broke by string ${Math.max(...caught)} at the latest, ${bare.length} of 200 bare HL7 messages`
  },
  timeoutMs: { landing: 300_000, long: 3_600_000 },
})
