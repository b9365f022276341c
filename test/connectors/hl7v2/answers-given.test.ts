import { Temporal } from 'temporal-polyfill'
import { afterEach, expect, it } from 'vitest'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { AnswersMethod } from '../../../src/connectors/hl7v2/outbound-answers.ts'
import type { AnswerSheet } from '../../../src/core/questionnaire/answer-sheet.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'
import type { PeerServer } from './support/sockets.ts'
import { framed, servePeers } from './support/sockets.ts'
import { writeBackOf } from './support/write-backs.ts'

const never = new AbortController().signal
const lastEnvelope = envelopeOf(hl7(msh('S12'), sch({ 2: 'F', 11: '^^^20260304090000^20260304093000' }), 'PID|1||1'))
const ehrs: PeerServer[] = []
afterEach(() => Promise.all(ehrs.splice(0).map((each) => each.close())))

async function open(answers?: readonly AnswersMethod[]) {
  const ehr = await servePeers()
  ehrs.push(ehr)
  const connector = hl7v2({
    id: 'tilleuls',
    zone: 'Europe/Paris',
    region: 'FR',
    now: () => Temporal.Instant.from('2026-03-03T17:13:00Z'),
    writeBack: { host: '127.0.0.1', port: ehr.port, ackTimeoutMs: 500, ...(answers && { answers }) },
  })
  return { ehr, connector }
}

const sheet: AnswerSheet = {
  reference: 'Questionnaire/visite',
  title: 'Avant votre visite',
  items: [
    {
      linkId: 'sante',
      text: 'Votre santé',
      values: [],
      items: [
        { linkId: 'allergie', text: 'Une allergie ?', values: [{ kind: 'yes-no', yes: true }], items: [] },
        { linkId: 'laquelle', text: 'Laquelle ?', values: [{ kind: 'text', text: 'noix | lait\nœufs' }], items: [] },
        {
          linkId: 'poids',
          text: 'Poids',
          code: { code: '29463-7', system: 'LN' },
          values: [{ kind: 'quantity', number: 61.5, unit: { code: 'kg' } }],
          items: [],
        },
        { linkId: 'depuis', text: 'Depuis', values: [{ kind: 'date', date: '2019-05-01' }], items: [] },
      ],
    },
  ],
}

it('O16: answers are told as results, one OBX each, and the acknowledgement is not yet the chart’s word', async () => {
  const { ehr, connector } = await open(['ORU^R01'])
  expect(connector.writes.has('answers')).toBe(true)
  const writing = connector.write({ writeBack: writeBackOf({ kind: 'answers' }), lastEnvelope, answers: sheet }, never)
  const peer = await ehr.accept()
  const heard = await peer.next()
  peer.write(framed(`MSH|^~\\&|EHR||RAPPEL||1||ACK|9|P|2.5\rMSA|AA|${heard.split('|')[9]}\r`))
  expect(await writing).toEqual({ kind: 'applied', verified: false })
  const lines = heard.split('\r')
  expect(lines[0]).toContain('ORU^R01')
  expect(lines.find((line) => line.startsWith('OBR'))).toContain('visite^Avant votre visite^L')
  const results = lines.filter((line) => line.startsWith('OBX')).map((line) => line.split('|').slice(2, 7).join('|'))
  expect(results).toEqual([
    'CE|allergie^Une allergie ?^L|1|Y^Yes^HL70136|',
    expect.stringContaining('TX|laquelle^Laquelle ?^L|1|noix \\F\\ lait'),
    'NM|29463-7^Poids^LN|1|61.5|kg',
    'DT|depuis^Depuis^L|1|20190501|',
  ])
})

it('WB-1: a move does not stop what a patient said of themselves', async () => {
  const { ehr, connector } = await open(['SIU^S14'])
  const moved = writeBackOf({ kind: 'answers', start: Temporal.Instant.from('2026-03-04T12:00:00Z') })
  const writing = connector.write({ writeBack: moved, lastEnvelope, answers: sheet }, never)
  const peer = await ehr.accept()
  const heard = await peer.next()
  peer.write(framed(`MSH|^~\\&|EHR||RAPPEL||1||ACK|9|P|2.5\rMSA|AA|${heard.split('|')[9]}\r`))
  expect(await writing).toMatchObject({ kind: 'applied' })
})

it('WB-6: an EHR that was not said to take answers is sent none', async () => {
  const { connector } = await open()
  expect(connector.writes.has('answers')).toBe(false)
  expect(await connector.write({ writeBack: writeBackOf({ kind: 'answers' }), lastEnvelope, answers: sheet }, never)).toEqual({
    kind: 'refused',
    reason: 'this EHR takes no such answer',
  })
})

it('more answers than a message holds are refused, and none is cut off in silence', async () => {
  const { connector } = await open(['ORU^R01'])
  const one = { linkId: 'a', text: 'A', values: [{ kind: 'yes-no', yes: true } as const], items: [] }
  const answers = { ...sheet, items: Array.from({ length: 201 }, () => one) }
  expect(await connector.write({ writeBack: writeBackOf({ kind: 'answers' }), lastEnvelope, answers }, never)).toEqual({
    kind: 'refused',
    reason: 'more answers than a message holds',
  })
})
