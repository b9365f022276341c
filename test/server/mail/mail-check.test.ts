import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkMail } from '../../../src/server/mail/mail-check.ts'
import type { MailDns } from '../../../src/server/mail/mail-dns.ts'

const never = new AbortController().signal
const keyOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const strong = keyOf(2048)

type Zone = Readonly<Record<string, readonly string[]>>

const well: Zone = {
  'rdv.tilleuls.ca': ['google-site-verification=x', 'v=spf1 include:_spf.tilleuls.ca -all'],
  '_spf.tilleuls.ca': ['v=spf1 ip4:192.0.2.1 a:mail.tilleuls.ca ~all'],
  'k1._domainkey.rdv.tilleuls.ca': [`v=DKIM1; k=rsa; p=${strong.slice(0, 200)} ${strong.slice(200)}`],
  '_dmarc.tilleuls.ca': ['v=DMARC1; p=reject; sp=quarantine; rua=mailto:x@tilleuls.ca'],
  'MX rdv.tilleuls.ca': ['mail.tilleuls.ca'],
}

function dnsOf(zone: Zone): MailDns {
  return { txt: async (name) => zone[name] ?? [], mx: async (name) => zone[`MX ${name}`] ?? [] }
}

async function check(changes: Zone, selectors: readonly string[] = ['k1']) {
  const findings = await checkMail({ domain: 'rdv.tilleuls.ca', selectors }, dnsOf({ ...well, ...changes }), never)
  return findings.map(({ level, says }) => `${level} ${says.en}`)
}

describe('whether other people’s servers can believe the clinic’s e-mail', () => {
  test('all is well', async () => {
    expect(await check({})).toEqual([
      'ok SPF of rdv.tilleuls.ca: 2 look-ups',
      'ok DKIM key at k1._domainkey.rdv.tilleuls.ca',
      'ok DMARC of tilleuls.ca: quarantine',
      'ok rdv.tilleuls.ca receives mail.',
    ])
  })

  const includes = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`s${index}`, [`v=spf1 include:s${index + 1} -all`]]))
  test.each<[string, Zone, string]>([
    ['no SPF', { 'rdv.tilleuls.ca': [] }, 'bad rdv.tilleuls.ca has no SPF.'],
    ['two of them', { 'rdv.tilleuls.ca': ['v=spf1 -all', 'v=spf1 a -all'] }, 'bad rdv.tilleuls.ca has 2 SPF records: none counts.'],
    ['one for everybody', { 'rdv.tilleuls.ca': ['v=spf1 +all'] }, 'bad The SPF of rdv.tilleuls.ca lets anybody write in its name.'],
    [
      'one too long to be read',
      { ...includes, 'rdv.tilleuls.ca': ['v=spf1 include:s0 -all'] },
      'bad The SPF of rdv.tilleuls.ca needs more than ten',
    ],
    ['one that includes itself', { 'rdv.tilleuls.ca': ['v=spf1 include:rdv.tilleuls.ca -all'] }, 'ok SPF of rdv.tilleuls.ca: 2 look-ups'],
    ['no key', { 'k1._domainkey.rdv.tilleuls.ca': [] }, 'bad No DKIM key at k1._domainkey.rdv.tilleuls.ca.'],
    [
      'a key that was revoked',
      { 'k1._domainkey.rdv.tilleuls.ca': ['v=DKIM1; p='] },
      'bad The DKIM key k1._domainkey.rdv.tilleuls.ca is revoked.',
    ],
    [
      'a short key',
      { 'k1._domainkey.rdv.tilleuls.ca': [`p=${keyOf(1024)}`] },
      'warn The DKIM key k1._domainkey.rdv.tilleuls.ca has 1024 bits.',
    ],
    [
      'a key anybody breaks',
      { 'k1._domainkey.rdv.tilleuls.ca': [`p=${keyOf(512)}`] },
      'bad The DKIM key k1._domainkey.rdv.tilleuls.ca has 512 bits.',
    ],
    [
      'an Ed25519 key',
      { 'k1._domainkey.rdv.tilleuls.ca': ['v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='] },
      'ok DKIM key',
    ],
    ['no DMARC', { '_dmarc.tilleuls.ca': [] }, 'bad rdv.tilleuls.ca has no DMARC'],
    ['a DMARC of its own, that stops nobody', { '_dmarc.rdv.tilleuls.ca': ['v=DMARC1; p=none'] }, 'warn DMARC of rdv.tilleuls.ca: none'],
    ['no way to reply', { 'MX rdv.tilleuls.ca': ['.'] }, 'warn rdv.tilleuls.ca receives no mail'],
  ])('%s', async (_, zone, expected) => {
    expect(await check(zone)).toContainEqual(expect.stringContaining(expected))
  })

  test('a selector nobody has given cannot be looked up', async () => {
    expect(await check({}, [])).toContainEqual(expect.stringMatching(/^warn DKIM of rdv\.tilleuls\.ca: selector not known/))
  })

  test('a DNS that does not answer is a warning, and each thing that is wrong says what to do', async () => {
    const silent: MailDns = { txt: () => Promise.reject(new Error('timeout')), mx: () => Promise.reject(new Error('timeout')) }
    const findings = await checkMail({ domain: 'tilleuls.ca', selectors: ['k1'] }, silent, never)
    expect(findings.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn', 'warn'])
    expect(findings.every(({ fix }) => fix?.fr && fix.en)).toBe(true)
  })
})
