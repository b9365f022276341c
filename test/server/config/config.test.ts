import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ConfigFault } from '../../../src/server/config/config.ts'
import { parseConfig, sayFault } from '../../../src/server/config/config.ts'
import { env, good, secretFile, spoilt, strong } from './starts.ts'
import { unsafeStarts } from './unsafe-starts.ts'

function parse(text: string) {
  return parseConfig(text, { env, readFile: secretFile })
}

function faultsOf(text: string): readonly ConfigFault[] {
  const result = parse(text)
  return result.ok ? [] : result.faults
}

describe('a good file', () => {
  test('is taken, with its secrets', () => {
    const result = parse(good)
    if (!result.ok) throw new Error(result.faults.map((fault) => sayFault('good', fault)).join('\n'))
    const { config } = result
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8080, apiToken: env.API })
    expect(config.store.key).toBe(env.KEY)
    expect(config.connectors.map(({ id }) => id)).toEqual(['ehr-hl7', 'ehr-fhir'])
    expect(config.clinics[0]).toMatchObject({ clinic: { id: 'tilleuls' }, agendas: { MOREAU: { siteId: 'main', live: true } } })
  })

  test('names a file with a secret, and the line break at its end is no part of it', () => {
    const result = parse(good.replace('key: { env: KEY }', 'key: { file: /run/secrets/key }'))
    expect(result.ok && result.config.store.key).toBe(strong('f'))
  })

  test('need say little', () => {
    const little = `
server: { port: 0, publicUrl: http://localhost:8080 }
store: { path: rappel.db }
archive: { directory: archive }
clinics: [{ id: c, name: C, zone: Europe/Paris }]
connectors: [{ id: ehr, protocol: hl7v2, clinic: c, zone: Europe/Paris, region: FR }]
`
    const result = parse(little)
    expect(result.ok).toBe(true)
    const [clinic] = result.ok ? result.config.clinics : []
    expect(clinic, 'nothing is sent before somebody says so (O7, O22)').toMatchObject({ communications: false, smsActivated: false })
    expect(clinic?.cadence).toMatchObject({ name: 'ofys' })
    expect(clinic?.quietHours?.from.toString()).toBe('21:00:00')
  })

  test.each([
    ['writes its public address with a slash at its end', 'publicUrl: https://rdv.example', 'publicUrl: https://rdv.example/'],
    ['says that a private network protects MLLP', 'listen: { port: 2575 }', 'listen: { host: 0.0.0.0, port: 2575, insecure: true }'],
    ['says that a private network protects FHIR', 'baseUrl: https://ehr.example/fhir', 'baseUrl: http://ehr.example/fhir\ninsecure: true'],
    ['has no quiet hours', 'quietHours: { from: "21:00", until: "08:00" }', 'quietHours: none'],
    ['lists its own steps', 'cadence: ofys', 'cadence: [{ before: PT36H }, { daysBefore: 1, at: "13:00", channels: [sms] }]'],
    [
      'switches column by column',
      'MOREAU: { site: main, sms: true }',
      'MOREAU: { sms: { confirmation: true, reminder: false, change: true } }',
    ],
    ['has no e-mail', 'cadence: ofys', 'cadence: []'],
  ])('%s', (_, line, by) => {
    expect(faultsOf(spoilt(line, by).text)).toEqual([])
  })
})

/** What is wrong, the line, what stands there instead, and what the message must say. */
const bad: readonly (readonly [string, string, string, RegExp])[] = [
  ['three hook secrets', 'hook: { secrets: [{ env: HOOK }] }', 'hook: { secrets: [{ env: HOOK }, { env: KEY }, { env: API }] }', /<=2/],
  ['a public address that is none', 'publicUrl: https://rdv.example', 'publicUrl: rdv.example', /not an http or https address/],
  ['a public address with a query', 'publicUrl: https://rdv.example', 'publicUrl: https://rdv.example/?a=1', /ends before any/],
  ['an SMTP user without a password', 'password: { env: SMTP }', '', /go together/],
  ['no sender of texts', 'from: "+14185550140"', '', /from, or messagingServiceSid/],
  ['two senders of texts', 'from: "+14185550140"', 'from: "+14185550140"\nmessagingServiceSid: MG1', /not both/],
  ['an account that is none', 'accountSid: AC00000000000000000000000000000000', 'accountSid: AC1', /32 hexadecimal/],
  [
    'an e-mail sender that is no address',
    'from: { name: Clinique, address: rdv@clinic.example }',
    'from: { name: C, address: clinic }',
    /email/i,
  ],
  [
    'nobody whom push services may write to',
    'log: info',
    'push: { vapid: { subject: rdv, publicKey: B, privateKey: { env: KEY } } }',
    /mailto: or https:/,
  ],
  ['a provider nobody knows', 'provider: smtp', 'provider: pigeon', /smtp/],
  ['a zone that is none', 'zone: America/Toronto', 'zone: America/Quebec-City', /not an IANA time zone.*Europe\/Paris/],
  ['a zone by its offset', 'zone: America/Toronto', 'zone: "+02:00"', /not an IANA time zone/],
  ['a zone by its old abbreviation', 'zone: America/Toronto', 'zone: EST', /not an IANA time zone/],
  ['a region in small letters', 'region: CA', 'region: ca', /two capital letters/],
  ['a duration in days', 'grace: PT0S', 'grace: P1D', /hours, minutes and seconds: write PT36H/],
  ['a duration that is none', 'grace: PT0S', 'grace: 10 min', /write PT36H/],
  ['a duration of no end', 'grace: PT0S', 'grace: PT999999H', /write PT36H/],
  ['a negative duration', 'sendRetries: [PT30S]', 'sendRetries: [-PT30S]', /write PT36H/],
  ['no retries at all', 'sendRetries: [PT30S]', 'sendRetries: []', />=1/],
  ['patience without end', 'timeout: PT30S', 'timeout: PT3M', /PT2M at most/],
  ['no patience', 'timeout: PT30S', 'timeout: PT0S', /more than nothing/],
  [
    'a time that is none',
    'quietHours: { from: "21:00", until: "08:00" }',
    'quietHours: { from: "25:00", until: "08:00" }',
    /time of day.*in quotes/,
  ],
  ['a night without an end', 'quietHours: { from: "21:00", until: "08:00" }', 'quietHours: { from: "21:00" }', /missing/],
  ['a cadence nobody knows', 'cadence: ofys', 'cadence: often', /ofys.*or a list/],
  ['a step that is never sent', 'cadence: ofys', 'cadence: [{ before: PT30M }]', /never be sent.*notAfter/],
  ['a step in days', 'cadence: ofys', 'cadence: [{ before: P2D }]', /write PT36H/],
  ['two steps at one time', 'cadence: ofys', 'cadence: [{ before: PT36H }, { before: PT36H, channels: [sms] }]', /same time/],
  ['a channel nobody knows', 'cadence: ofys', 'cadence: [{ before: PT36H, channels: [fax] }]', /email.*sms/],
  ['a motif of no type', 'CONSULT: { type: onsite }', 'CONSULT: { type: sur-place }', /onsite/],
  ['an agenda at a site that is not there', 'MOREAU: { site: main, sms: true }', 'MOREAU: { site: annexe }', /no site .* annexe/],
  ['an agenda at a site of JavaScript’s', 'MOREAU: { site: main, sms: true }', 'MOREAU: { site: constructor }', /no site .* constructor/],
  ['a switch that is neither on nor off', 'MOREAU: { site: main, sms: true }', 'MOREAU: { sms: sometimes }', /true, false/],
  ['a language without words', 'language: fr', 'language: de', /fr.*en/],
  ['a clinic that is not there', 'clinic: tilleuls', 'clinic: erables', /no clinic is called erables/],
  ['a name that is no part of a path', '- id: ehr-hl7', '- id: EHR HL7', /lower-case/],
  ['two connectors of one name', '- id: ehr-fhir', '- id: ehr-hl7', /named twice/],
  ['a protocol nobody speaks', 'protocol: fhir', 'protocol: dicom', /hl7v2 or fhir/],
  ['no protocol', 'protocol: fhir', '', /hl7v2 or fhir/],
  ['a port beyond the last', 'listen: { port: 2575 }', 'listen: { port: 70000 }', /65535/],
  ['a port in words', 'port: 8080', 'port: http', /a number here/],
  [
    'a rule with two tests',
    'mapping: { agenda: [AIP-3] }',
    'mapping: { origin: [{ path: SCH-16, equals: a, in: [b], value: staff }] }',
    /exactly one of/,
  ],
  ['a list that is none', 'mapping: { agenda: [AIP-3] }', 'mapping: { agenda: AIP-3 }', /a list/],
  ['a setting with a slip of the pen', 'communications: true', 'comunications: true', /no such setting/],
  ['a setting of another place', 'log: info', 'log: info\ncommunications: true', /no such setting/],
  ['a level of log nobody knows', 'log: info', 'log: debug', /info/],
  ['no name of the clinic', 'name: Clinique des Tilleuls', '', /missing: give a text/],
  ['a name that YAML reads as a number', 'name: Clinique des Tilleuls', 'name: 42', /a text, in quotes/],
  ['no public address', 'publicUrl: https://rdv.example', '', /missing/],
  ['YAML that is none', 'log: info', 'log: [info', /not YAML/],
  ['a setting twice', 'log: info', 'log: info\nlog: warn', /not YAML.*unique/],
  ['an alias to nothing', 'log: info', 'log: *nothing', /not (plain )?YAML/],
]

describe('a configuration that is wrong is refused, with the line and what to change (R32)', () => {
  test('forty of them would be unsafe to start with', () => {
    expect(new Set(unsafeStarts.map(([name]) => name)).size).toBe(40)
  })

  test.each([...unsafeStarts, ...bad])('%s', (_, line, by, says) => {
    const { text, at } = spoilt(line, by)
    const faults = faultsOf(text)
    expect(faults.length).toBeGreaterThan(0)
    const fault = faults.find(({ message }) => says.test(message))
    expect(fault?.message ?? faults.map(({ message }) => message).join(' | ')).toMatch(says)
    expect(fault?.message).not.toMatch(/^Invalid input/)
    // what is missing is told where its block begins; an alias has no place
    if (by !== '' && !says.test('not plain YAML')) expect(Math.abs((fault?.line ?? 0) - at)).toBeLessThanOrEqual(by.split('\n').length)
    if (by === '') expect(fault?.line ?? 0).toBeGreaterThan(0)
    for (const value of Object.values(env)) if (value.length > 8) expect(faults.map(({ message }) => message).join()).not.toContain(value)
  })
})

describe('every fault', () => {
  test('is told at once, in the order of the file', () => {
    let text = good
    for (const [line, by] of [
      ['publicUrl: https://rdv.example', 'publicUrl: http://rdv.example'],
      ['language: fr', 'language: de'],
      ['clinic: tilleuls', 'clinic: erables'],
      ['- id: ehr-fhir', '- id: ehr-hl7'],
    ] as const)
      text = text.replace(line, by)
    const faults = faultsOf(text)
    expect(faults.map(({ path }) => path)).toEqual(['server.publicUrl', 'clinics.0.language', 'connectors.0.clinic', 'connectors.1.id'])
    const lines = faults.map(({ line }) => line ?? 0)
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
  })

  test('is told where it is', () => {
    const { text, at } = spoilt('language: fr', 'language: de')
    const [fault] = faultsOf(text)
    expect(fault && sayFault('rappel.yaml', fault)).toMatch(new RegExp(`^rappel\\.yaml:${at} clinics\\.0\\.language: `))
  })

  test('of texts that are switched on, with nobody to carry them, is told at the switch', () => {
    const text = good.replace(/^sms:\n( .*\n)+/m, '')
    expect(faultsOf(text)).toMatchObject([
      { path: 'clinics.0.smsActivated', message: expect.stringContaining('no provider carries texts') },
    ])
  })

  test('of two connectors at one port is told of the second', () => {
    const { text } = spoilt('baseUrl: https://ehr.example/fhir', 'baseUrl: https://ehr.example/fhir')
    const twice = `${text}  - { id: third, protocol: hl7v2, clinic: tilleuls, zone: Europe/Paris, region: FR, listen: { port: 2575 } }\n`
    expect(faultsOf(twice)).toMatchObject([
      { path: 'connectors.2.listen.port', message: expect.stringContaining('another connector listens at 2575') },
    ])
  })

  test.each([
    ['nothing', ''],
    ['a comment', '# later'],
    ['a list', '- a'],
    ['a word', 'rappel'],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]},`.repeat(10)}]`)
        .join('\n')}`,
    ],
  ])('of a file that is %s is one a person can read', (_, text) => {
    const faults = faultsOf(text)
    expect(faults.length).toBeGreaterThan(0)
    for (const { message } of faults) expect(message).not.toMatch(/undefined|null|Invalid input/)
  })
})

const random = (name: string) => createHash('sha256').update(name).digest('base64')

test('the example is a file to begin with: it is taken as it stands, given its secrets', () => {
  const asked = new Set<string>()
  const text = readFileSync('examples/rappel.yaml', 'utf8')
  const secrets = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name))
        return random(String(name))
      },
    },
  )
  const result = parseConfig(text, {
    env: secrets,
    readFile: (path) => {
      asked.add(path)
      return random(path)
    },
  })
  if (!result.ok) throw new Error(result.faults.map((fault) => sayFault('examples/rappel.yaml', fault)).join('\n'))
  expect(result.config.connectors.map(({ protocol }) => protocol)).toEqual(['hl7v2', 'fhir'])
  expect(asked.size).toBeGreaterThanOrEqual(8)
  for (const clinic of result.config.clinics) expect(clinic, 'a first start tells nobody anything').toMatchObject({ communications: false })
})
