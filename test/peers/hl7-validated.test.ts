import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnswersGiven } from '../../src/connectors/hl7v2/outbound-answers.ts'
import { buildAnswers } from '../../src/connectors/hl7v2/outbound-answers.ts'
import { readMessage } from '../../src/connectors/hl7v2/reader.ts'
import { tellingOf } from '../connectors/hl7v2/support/outbound.ts'
import type { Version } from './hl7-bookings.ts'
import { booking, versions } from './hl7-bookings.ts'
import { freePort, programs, tool, until } from './programs.ts'
import { python, script } from './python.ts'
import { validators } from './validators.ts'

/** Every kind of message this service writes is judged by programs that share no code with it. */
const { folder, start, serve, rows, close } = programs('hl7-validated')
const ports = { web: 0, smtp: 0, ehr: 0, siu: 0, srm: 0, adt: 0 }

/** What patients do, and by which message each connector tells it. */
const acts = [
  { id: 'SIUC', connector: 'siu', act: 'confirm', type: 'SIU^S14' },
  { id: 'SIUX', connector: 'siu', act: 'cancel', type: 'SIU^S15' },
  { id: 'SIUA', connector: 'siu', act: 'arrive', type: 'SIU^S14' },
  { id: 'SRMC', connector: 'srm', act: 'confirm', type: 'SRM^S03' },
  { id: 'SRMX', connector: 'srm', act: 'cancel', type: 'SRM^S04' },
  { id: 'ADTA', connector: 'srm', act: 'arrive', type: 'ADT^A10' },
  { id: 'ADTB', connector: 'adt', act: 'arrive', type: 'ADT^A04' },
] as const

const people = versions.flatMap((version) => acts.map((each) => ({ ...each, version, id: `${each.id}${version.replaceAll('.', '')}` })))
const soon = Temporal.Now.instant().add({ minutes: 25 })
const tomorrow = Temporal.Now.instant().add({ hours: 30 })

interface Mail {
  readonly to: readonly string[]
  readonly text: string
}

beforeAll(async () => {
  for (const name of ['web', 'smtp', 'ehr', 'siu', 'srm', 'adt'] as const) ports[name] = await freePort()
  await start('python3', [tool('mail_sink.py'), '--port', String(ports.smtp), '--ledger', join(folder, 'mail.jsonl')], 'mail sink on')
  await start(python(), [script('hl7_receiver.py'), '--port', String(ports.ehr), '--ledger', join(folder, 'received.jsonl')], 'receiver on')
  writeFileSync(join(folder, 'rappel.yaml'), configuration())
  await serve()
}, 300_000)

afterAll(close)

const judges = validators()
  .map(({ name }) => name)
  .join(' and ')

describe(`acknowledgements, judged by ${judges}`, () => {
  it.each(versions)('V2-ACK-1, V2-ACK-2, V2-ACK-6: HL7 %s: AA, AE, AR, CA, CE, CR', (version) => {
    const of = (part: object) => booking({ version, id: 'ACK', start: tomorrow, ...part })
    const answers = converse('siu', [
      { message: of({}), answers: 1 },
      { message: of({ asks: '|||AL|AL' }), answers: 2 },
      { message: of({ named: false }), answers: 1 },
      { message: of({ event: 'S11' }), answers: 1 },
      { message: of({ named: false, asks: '|||AL|NE' }), answers: 1 },
      { message: of({ event: 'S11', asks: '|||AL|NE' }), answers: 1 },
    ]).flat()
    expect(answers.map((each) => /\rMSA\|(..)/.exec(each)?.[1])).toEqual(['AA', 'CA', 'AA', 'AE', 'AR', 'CE', 'CR'])
    expect(faultsOf(answers)).toEqual([])
  })
})

describe(`what patients answered, judged by ${judges}`, () => {
  it('R11: reaches the EHR once each, by the message it takes', async () => {
    for (const connector of ['siu', 'srm', 'adt'] as const) {
      const mine = people.filter((each) => each.connector === connector)
      const codes = converse(
        connector,
        mine.map(({ version, id }) => ({ message: booking({ version, id, start: tomorrow }), answers: 1 })),
      )
      expect(codes.flat().filter((each) => !each.includes('\rMSA|AA|'))).toEqual([])
    }
    for (const { id, act, version, connector } of people) {
      const mail = await until(`a mail to ${id}`, 120, () => mailsTo(id)[0])
      if (act === 'arrive') converse(connector, [{ message: booking({ version, id, start: soon, event: 'S13' }), answers: 1 }])
      await answer(mail, act)
    }
    const received = await until('what was answered', 120, () => (told().length >= people.length ? told() : undefined))
    expect(received.toSorted()).toEqual(people.map(({ version, type, id }) => `${version} ${type} ${id}`).toSorted())
  }, 600_000)

  it.each(versions)('WB-V2-1, WB-V2-4: HL7 %s: SIU, SRM and ADT are valid', (version) => {
    const messages = received().filter((each) => header(each)[11] === version)
    expect(messages).toHaveLength(acts.length)
    expect(faultsOf(messages)).toEqual([])
  })
})

describe(`answers to a questionnaire, judged by ${judges}`, () => {
  it.each(versions)('HL7 %s: ORU^R01, and SIU^S14 with OBX', (version) => {
    const messages = (['ORU^R01', 'SIU^S14'] as const).map((method) => buildAnswers(telling(version), given, method)?.bytes.toString())
    expect(faultsOf(messages.map((each) => each ?? 'nothing'))).toEqual([])
  })
})

/** A validator, what it refuses, and why that is none of our doing. */
const known: readonly (readonly [validator: string, type: string, refusal: RegExp])[] = [
  // hl7apy 1.3.5 takes each OBX of a 2.8 result for that of its ORDER_DOCUMENT group, which comes first and does not repeat
  ['hl7apy', 'ORU^R01', /ORU_R01_ORDER_DOCUMENT.*max limit/],
]

function faultsOf(messages: readonly string[]): readonly string[] {
  return validators().flatMap(({ name, judge }) =>
    judge(messages).flatMap((fault, n) => {
      const type = header(messages[n] ?? '')[8] ?? ''
      const isKnown = known.some(([validator, kind, refusal]) => validator === name && type.startsWith(kind) && refusal.test(fault))
      return fault === '' || isKnown ? [] : [`${name}, ${type}: ${fault}`]
    }),
  )
}

interface Sent {
  readonly message: string
  readonly answers: number
}

function converse(connector: 'siu' | 'srm' | 'adt', messages: readonly Sent[]): readonly (readonly string[])[] {
  const input = messages.map((each) => `${JSON.stringify(each)}\n`).join('')
  const said = execFileSync(python(), [script('hl7_converse.py'), '--port', String(ports[connector])], { input, encoding: 'utf8' })
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as readonly string[])
}

/** Its fields; `[n - 1]` is MSH-n. */
const header = (message: string) => message.split('\r', 1)[0]?.split('|') ?? []

const received = () => rows<{ message: string }>('received.jsonl').map(({ message }) => message)

/** `2.5.1 SIU^S14 SIUC251`. */
function told(): readonly string[] {
  return received().map((message) => {
    const fields = header(message)
    return `${fields[11]} ${fields[8]?.split('^').slice(0, 2).join('^')} ${/\rPID\|1\|\|(\w+)/.exec(message)?.[1]}`
  })
}

const mailsTo = (id: string) => rows<Mail>('mail.jsonl').filter(({ to }) => to.includes(`${id.toLowerCase()}@example.org`))

/** As a browser does it: the page first, then its form. */
async function answer(mail: Mail, act: string): Promise<void> {
  const site = `http://127.0.0.1:${ports.web}`
  const link = new RegExp(`${site}/\\S+`).exec(mail.text)?.[0]
  const page = await (await fetch(`${link}${act === 'cancel' ? '?step=cancel' : ''}`)).text()
  const basis = /name="basis" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const response = await fetch(`${link}/${act}`, {
    method: 'POST',
    headers: { origin: site, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ basis }),
    redirect: 'manual',
  })
  expect(response.headers.get('location'), act).toMatch(/done=(confirmed|cancelled|arrived)$/)
}

function telling(version: Version) {
  const last = readMessage(Buffer.from(booking({ version, id: 'ANSWERS', start: tomorrow })))
  if (!last) throw new Error('no message')
  return tellingOf(last, { kind: 'answers' })
}

const given: AnswersGiven = {
  questionnaire: { code: 'PREOP', text: 'Avant operation' },
  answers: [
    { question: { code: 'Q1', text: 'Poids' }, value: { kind: 'number', number: 71.5, unit: 'kg' } },
    { question: { code: 'Q2' }, value: { kind: 'yes-no', yes: false } },
    { question: { code: 'Q3' }, value: { kind: 'choice', choice: { code: 'A+', text: 'A positif', system: 'LN' } } },
    { question: { code: 'Q4' }, value: { kind: 'text', text: 'lait | oeuf & soja\r\nOBX|2|TX' } },
    { question: { code: 'Q5' }, value: { kind: 'date', date: '2026-02-11' } },
  ],
}

const connector = (id: 'siu' | 'srm' | 'adt', methods: string) =>
  `  - { id: ${id}, protocol: hl7v2, clinic: tilleuls, zone: Europe/Paris, region: FR, listen: { port: ${ports[id]} }, mapping: { agenda: [AIP-3.1] }, writeBack: { host: 127.0.0.1, port: ${ports.ehr}, ${methods} } }`

const configuration = () => `
server: { port: ${ports.web}, publicUrl: "http://127.0.0.1:${ports.web}" }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
email: { provider: smtp, host: 127.0.0.1, port: ${ports.smtp}, from: { name: Peers, address: peers@example.org } }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: Europe/Paris
    communications: true
    quietHours: none
    cancelUndo: PT1S
    fuse: { least: 1000000 }
    sites: { main: { name: Clinique des Tilleuls, patientMayCancel: true, patientMayArrive: true } }
    agendas: { D1: { live: true, site: main } }
    motifs: { ROUTINE: { type: onsite } }
connectors:
${connector('siu', 'ourApplication: RAPPEL')}
${connector('srm', 'confirm: [SRM^S03], cancel: [SRM^S04], arrive: [ADT^A10]')}
${connector('adt', 'arrive: [ADT^A04], mayOpenVisit: true')}
`
