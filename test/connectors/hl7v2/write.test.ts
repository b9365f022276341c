import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options } from '../../../src/connectors/hl7v2/options.ts'
import type { Envelope } from '../../../src/core/envelope.ts'
import type { WriteBack } from '../../../src/core/write-back.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'
import type { PeerServer } from './support/sockets.ts'
import { framed, servePeers } from './support/sockets.ts'
import { writeBackOf } from './support/write-backs.ts'

const never = new AbortController().signal
const lastEnvelope = envelopeOf(hl7(msh('S12'), sch({ 2: 'F', 11: '^^^20260304090000^20260304093000' }), 'PID|1||1'))
let ehr: PeerServer
let connector: Connector

beforeEach(async () => {
  ehr = await servePeers()
  connector = hl7v2({
    id: 'tilleuls',
    zone: 'Europe/Paris',
    region: 'FR',
    now: () => Temporal.Instant.from('2026-03-03T17:13:00Z'),
    writeBack: {
      host: '127.0.0.1',
      port: ehr.port,
      ourApplication: 'RAPPEL',
      ourFacility: 'SITE1',
      theirApplication: 'EHR',
      theirFacility: 'HOSP',
      ackTimeoutMs: 100,
    },
  })
})
afterEach(() => ehr.close())

/** Answers the next message; `undefined`: with silence. */
async function answerWith(code: string | undefined, more = ''): Promise<string> {
  const peer = await ehr.accept()
  const heard = await peer.next()
  if (code !== undefined) peer.write(framed(`MSH|^~\\&|EHR||RAPPEL||1||ACK|9|P|2.5\rMSA|${code}|${heard.split('|')[9]}${more}\r`))
  return heard
}

describe('what becomes of an answer brought back (MLLP-7)', () => {
  it.each<[string | undefined, string, object]>([
    ['AA', '', { kind: 'applied', verified: false }],
    ['CA', '', { kind: 'applied', verified: false }],
    ['AE', '', { kind: 'refused', reason: 'acknowledged with AE' }],
    ['CE', '\rERR||SCH^1^2|204|E', { kind: 'refused', reason: 'acknowledged with CE 204' }],
    ['AR', '\rERR|||207|E', { kind: 'deferred', reason: 'acknowledged with AR 207' }],
    ['CR', '', { kind: 'deferred', reason: 'acknowledged with CR' }],
    ['??', '', { kind: 'refused', reason: 'acknowledged with ??' }],
    [undefined, '', { kind: 'unknown', reason: 'no answer in time' }],
  ])('%s%s', async (code, more, outcome) => {
    const [result] = await Promise.all([connector.write({ writeBack: writeBackOf(), lastEnvelope }, never), answerWith(code, more)])
    expect(result).toEqual(outcome)
  })

  it('the EHR is not there', async () => {
    await ehr.close()
    expect(await connector.write({ writeBack: writeBackOf(), lastEnvelope }, never)).toEqual({
      kind: 'deferred',
      reason: 'cannot connect: ECONNREFUSED',
    })
    ehr = await servePeers()
  })

  it('sends the same bytes again after silence', async () => {
    const send = async () => {
      const [, heard] = await Promise.all([connector.write({ writeBack: writeBackOf(), lastEnvelope }, never), answerWith(undefined)])
      return heard
    }
    expect(await send()).toBe(await send())
  })
})

describe('what is not sent at all', () => {
  it.each<[string, Partial<WriteBack>, Envelope | undefined, object]>([
    [
      'the appointment moved (WB-1)',
      { start: Temporal.Instant.from('2026-03-04T09:00:00Z') },
      lastEnvelope,
      { kind: 'conflict', reason: 'moved since it was answered' },
    ],
    ['nothing to echo', {}, undefined, { kind: 'refused', reason: 'no message of the EHR to echo' }],
    [
      'the message of another appointment',
      { ehrId: 'G' },
      lastEnvelope,
      { kind: 'refused', reason: 'the last message is not of this appointment' },
    ],
    ['answers to a questionnaire', { kind: 'answers' }, lastEnvelope, { kind: 'refused', reason: 'this EHR takes no such answer' }],
  ])('%s', async (_, part, envelope, outcome) => {
    expect(await connector.write({ writeBack: writeBackOf(part), ...(envelope && { lastEnvelope: envelope }) }, never)).toEqual(outcome)
  })

  it('an EHR that takes nothing back says so', async () => {
    const silent = hl7v2({ id: 'silent', zone: 'Europe/Paris', region: 'FR', now: () => Temporal.Instant.from('2026-03-03T17:13:00Z') })
    expect([...silent.writes]).toEqual([])
    expect([...connector.writes]).toEqual(['confirm', 'cancel', 'arrive'])
    expect(await silent.write({ writeBack: writeBackOf(), lastEnvelope }, never)).toMatchObject({ kind: 'refused' })
  })
})

describe('which messages tell it, and in which order', () => {
  let at = Temporal.Instant.from('2026-03-03T17:13:00Z')
  let stopped: boolean[] = []
  const wait = (minutes: number) => {
    at = at.add({ minutes })
  }

  function teller(part: Partial<NonNullable<Hl7v2Options['writeBack']>>): Connector {
    stopped = []
    return hl7v2({
      id: 'tilleuls',
      zone: 'Europe/Paris',
      region: 'FR',
      now: () => at,
      onStopped: (is) => void stopped.push(is),
      writeBack: { host: '127.0.0.1', port: ehr.port, ackTimeoutMs: 100, ...part },
    })
  }

  /** An EHR that answers each type of message in its own way, `AR 201` being all it says of the others. */
  async function speak(answers: Readonly<Record<string, string>>): Promise<string[]> {
    const heard: string[] = []
    const peer = await ehr.accept()
    void (async () => {
      for (;;) {
        const text = await peer.next().catch(() => undefined)
        if (text === undefined) return
        const fields = text.split('|')
        const type = fields[8]?.split('^').slice(0, 2).join('^') ?? ''
        heard.push(type)
        const answer = answers[type] ?? 'MSA|AR|ID\rERR|||201|E'
        peer.write(framed(`MSH|^~\\&|EHR||RAPPEL||1||SRR^S04^SRR_S01|9|P|2.5\r${answer.replace('ID', fields[9] ?? '')}\r`))
      }
    })()
    return heard
  }

  const cancel = () => ({ writeBack: writeBackOf({ kind: 'cancel', id: 'tilleuls:F:cancel:1' }), lastEnvelope })
  const confirm = () => ({ writeBack: writeBackOf(), lastEnvelope })

  it.each<[string, string, object]>([
    ['cancelled: it is done', 'MSA|AA|ID\rSCH||F|||||||||||||||||||||||Cancelled', { kind: 'applied', verified: true }],
    ['pending: an SIU is to follow', 'MSA|AA|ID\rSCH||F|||||||||||||||||||||||Pending', { kind: 'applied', verified: false }],
    ['still booked: an SIU is to follow', 'MSA|AA|ID\rSCH||F|||||||||||||||||||||||Booked', { kind: 'applied', verified: false }],
    ['without a word: an SIU is to follow', 'MSA|AA|ID', { kind: 'applied', verified: false }],
    ['refused', 'MSA|AE|ID\rSCH||F|||||||||||||||||||||||Cancelled', { kind: 'refused', reason: 'acknowledged with AE' }],
  ])('WB-V2-4: an SRR that says %s', async (_, answer, outcome) => {
    const [result] = await Promise.all([teller({ cancel: ['SRM^S04'] }).write(cancel(), never), speak({ 'SRM^S04': answer })])
    expect(result).toEqual(outcome)
  })

  it('WB-V2-4: a request to confirm is granted by Booked', async () => {
    const answer = 'MSA|AA|ID\rSCH||F|||||||||||||||||||||||Booked'
    const [result] = await Promise.all([teller({ confirm: ['SRM^S03'] }).write(confirm(), never), speak({ 'SRM^S03': answer })])
    expect(result).toEqual({ kind: 'applied', verified: true })
  })

  it('the next one is taken where the EHR knows no such message, and then at once', async () => {
    const connector = teller({ cancel: ['SRM^S04', 'SIU^S15'] })
    const [first, heard] = await Promise.all([connector.write(cancel(), never), speak({ 'SIU^S15': 'MSA|AA|ID' })])
    expect(first).toEqual({ kind: 'applied', verified: false })
    expect(await connector.write(cancel(), never)).toEqual(first)
    expect(heard).toEqual(['SRM^S04', 'SIU^S15', 'SIU^S15'])
  })

  it('MLLP-7: the channel is stopped on AR 200 to 203: what follows waits, and one is tried again after a quarter of an hour', async () => {
    const answers: Record<string, string> = {}
    const connector = teller({})
    const [first, heard] = await Promise.all([connector.write(confirm(), never), speak(answers)])
    const retryAfter = expect.objectContaining({ minutes: 15 })
    expect(first).toEqual({ kind: 'deferred', reason: 'acknowledged with AR 201', retryAfter })
    expect(await connector.write(confirm(), never)).toEqual({ kind: 'deferred', reason: 'the EHR takes no SIU^S14', retryAfter })
    expect([heard, stopped]).toEqual([['SIU^S14'], [true]])
    answers['SIU^S14'] = 'MSA|AA|ID'
    wait(15)
    expect(await connector.write(confirm(), never)).toEqual({ kind: 'applied', verified: false })
    expect([heard, stopped]).toEqual([
      ['SIU^S14', 'SIU^S14'],
      [true, false],
    ])
  })

  it('one that cannot be made of what the EHR sent is passed over', async () => {
    const connector = teller({ arrive: ['ADT^A10', 'SIU^S14'] })
    const arrive = { writeBack: writeBackOf({ kind: 'arrive', id: 'tilleuls:F:arrive:1' }), lastEnvelope }
    const [result, heard] = await Promise.all([connector.write(arrive, never), speak({ 'SIU^S14': 'MSA|AA|ID' })])
    expect([result, heard]).toEqual([{ kind: 'applied', verified: false }, ['SIU^S14']])
    expect(await teller({ arrive: ['ADT^A10'] }).write(arrive, never)).toMatchObject({ kind: 'refused' })
  })

  it('an EHR that takes no confirmations is sent none', async () => {
    const connector = teller({ confirm: [] })
    expect([...connector.writes]).toEqual(['cancel', 'arrive'])
    expect(await connector.write(confirm(), never)).toMatchObject({ kind: 'refused' })
  })

  it('an EHR that is away is left alone a while, by chance a little longer', async () => {
    await ehr.close()
    const away = hl7v2({
      id: 'away',
      zone: 'Europe/Paris',
      region: 'FR',
      now: () => at,
      chance: () => 1,
      writeBack: { host: '127.0.0.1', port: ehr.port },
    })
    expect(await away.write(confirm(), never)).toEqual({ kind: 'deferred', reason: 'cannot connect: ECONNREFUSED' })
    const second = await away.write(confirm(), never)
    expect(second).toMatchObject({ kind: 'deferred', reason: 'the peer is left alone for a while' })
    const waited = second.kind === 'deferred' ? (second.retryAfter?.total('milliseconds') ?? 0) : 0
    expect([waited > 500, waited <= 1200]).toEqual([true, true])
    ehr = await servePeers()
  })
})
