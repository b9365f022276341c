import type { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hl7v2 } from '../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options } from '../../src/connectors/hl7v2/options.ts'
import type { ReplyKind } from '../../src/core/reply.ts'
import type { Peer } from '../connectors/hl7v2/support/sockets.ts'
import { framed, servePeers } from '../connectors/hl7v2/support/sockets.ts'
import { fakeConnector } from '../support/fakes.ts'
import { openRappel } from '../support/rappel.ts'

const booking = [
  'MSH|^~\\&|EHR|HOSP|RAPPEL||20261120080000||SIU^S12^SIU_S12|1|P|2.5.1||||||UNICODE UTF-8',
  'SCH|P1|A1||||ADD|CONSULT^Consultation||30|min|^^30^20261126094000^20261126101000|||||9^Roy^Guy||||CLERK|||||Booked',
  'PID|1||P1^^^HOSP^MR||Roy^Anne||19880818|F|||||4185550177^PRN^CP~^NET^Internet^roy@example.org||fr',
  'PV1|1|O|||||||||||||||||V77',
  'RGS|1|A',
  'AIP|1|A|moreau^Moreau^Claire',
  'AIL|1|A|main^^^Clinique des Tilleuls',
]

/** A patient of an EHR that speaks SIU by real sockets, who was told and answers on the page. */
async function told(writeBack: Partial<NonNullable<Hl7v2Options['writeBack']>> = {}, now = '2026-11-25T13:00:00Z') {
  const ehr = await servePeers()
  onTestFinished(() => ehr.close())
  const real = hl7v2({
    id: 'siu',
    zone: 'America/Toronto',
    region: 'CA',
    mapping: { agenda: ['AIP-3'], motif: ['SCH-7'] },
    writeBack: { host: '127.0.0.1', port: ehr.port, theirApplication: 'EHR', theirFacility: 'HOSP', ...writeBack },
    now: () => rappel.clock.now(),
  })
  const connector = { ...fakeConnector('siu'), read: real.read, write: real.write }
  const rappel = await openRappel({ now, connectors: [connector] })
  const hear = (lines: readonly string[]) => {
    const body = Buffer.from(`${lines.join('\r')}\r`)
    return rappel.ingest.receive({ connectorId: 'siu', receivedAt: rappel.clock.now(), mediaType: 'application/hl7-v2', body })
  }
  await hear(booking)
  await rappel.send()
  const token = rappel.lastToken()
  const answer = async (kind: ReplyKind) => rappel.post(`/${token}/${kind}`, { basis: await rappel.basisShown(token) })
  /** Brings what is due; the EHR takes it with these lines. */
  const bring = async (answerOf: (controlId: string) => string): Promise<string[]> => {
    const taken: Promise<[Peer, string]> = ehr.accept().then(async (peer) => [peer, await peer.next()])
    const bringing = rappel.bring()
    const [peer, text] = await taken
    peer.write(framed(answerOf(text.split('|')[9] ?? '')))
    await bringing
    return text.split('\r').filter((line) => line !== '')
  }
  const messages = () => rappel.sms.sent.length + rappel.email.sent.length
  const states = async () => (await rappel.answers('siu:A1')).map(({ kind, state }) => `${kind} ${state}`)
  return { ...rappel, hear, answer, bring, messages, states }
}

const accept = (id: string) => `MSH|^~\\&|EHR|HOSP|RAPPEL||1||ACK^S14^ACK|9|P|2.5.1\rMSA|AA|${id}`

/** What we wrote, as an EHR or an engine in front of it sends it on: its own header, an hour of its own, its own event. */
function echoed(lines: readonly string[], at: Temporal.Instant): string[] {
  const stamp = at.toZonedDateTimeISO('America/Toronto').toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-T:]/g, '')
  return lines.map((line, n) => {
    if (n > 0) return line
    const msh = line.split('|')
    return [...msh.slice(0, 2), 'EHR', 'HOSP', 'RAPPEL', '', stamp, '', msh[8], '4711', ...msh.slice(10)].join('|')
  })
}

describe('V2-ORD-5: our own write that comes back', () => {
  test.each<[ReplyKind, string, Duration, number]>([
    ['confirm', '2026-11-25T13:00:00Z', { seconds: 0 }, 0],
    ['arrive', '2026-11-26T14:20:00Z', { seconds: 0 }, 0],
    ['cancel', '2026-11-25T13:00:00Z', { minutes: 6 }, 0],
  ])('%s: tells nobody, and is the proof that it is in the chart', async (kind, now, wait) => {
    const { answer, bring, hear, messages, states, send, clock } = await told({}, now)
    await answer(kind)
    clock.advance(wait)
    const written = await bring(accept)
    await send()
    expect(await states()).toEqual([`${kind} acknowledged`])
    const before = messages()
    clock.advance({ seconds: 20 })
    const receipt = await hear(echoed(written, clock.now()))
    clock.advance({ minutes: 30 })
    await send()
    expect(receipt.disposition).toBe('applied')
    expect(await states()).toEqual([`${kind} verified`])
    expect(messages(), 'nobody is told of it').toBe(before)
  })

  test('a request that the filler grants in its answer is verified without waiting for an SIU', async () => {
    const { answer, bring, states, clock } = await told({ cancel: ['SRM^S04'] })
    await answer('cancel')
    clock.advance({ minutes: 6 })
    const written = await bring((id) => `${accept(id)}\rSCH|P1|A1|||||||||||||||||||||||Cancelled`)
    expect(written[0]).toContain('|SRM^S04^SRM_S01|')
    expect(await states()).toEqual(['cancel verified'])
  })

  test('an echo with the old word in it proves nothing', async () => {
    const { answer, bring, hear, states, clock } = await told()
    await answer('confirm')
    await bring(accept)
    clock.advance({ seconds: 20 })
    await hear(echoed(booking, clock.now()))
    expect(await states()).toEqual(['confirm acknowledged'])
  })
})

type Duration = Temporal.DurationLike
