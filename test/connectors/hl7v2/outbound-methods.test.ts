import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Method } from '../../../src/connectors/hl7v2/methods.ts'
import { buildOutbound } from '../../../src/connectors/hl7v2/outbound.ts'
import type { AnswersGiven } from '../../../src/connectors/hl7v2/outbound-answers.ts'
import { buildAnswers } from '../../../src/connectors/hl7v2/outbound-answers.ts'
import type { Message } from '../../../src/connectors/hl7v2/reader.ts'
import type { OutboundKind } from '../../../src/connectors/hl7v2/telling.ts'
import { booking, lastMessage, outboundOptions, tellingOf } from './support/outbound.ts'

function linesOf(kind: OutboundKind, method: Method, last = lastMessage()): string[] | undefined {
  return buildOutbound(tellingOf(last, { kind }), kind, method)?.bytes.toString('utf8').split('\r').slice(1, -1)
}

describe('SRM asks the filler (WB-V2-4)', () => {
  it('WB-V2-4: SRM^S03 names the appointment, its time, and who asks', () => {
    expect(linesOf('confirm', 'SRM^S03')).toEqual([
      'ARQ|FF000C0C6444454^RAPPEL|F^EHR|||AG1|CONFIRMED^Patient confirmed^L|RSN^Raison|T^Suivi|30|min^min|20260304090000+0100^20260304093000+0100||||RAPPEL^Reminder^Service||||RAPPEL^Reminder^Service',
      'NTE|1|P|Confirmed by patient 2026-03-03 18:12',
      'PID|1|OLD|1^^^HOSP^MR||Roy^Jeanne||19880818|F',
      'PV1|1|O|CARDIO^12||||7^Moreau^Claire||||||||||||V77',
      'RGS|1|X|G1',
      'AIS|1|X|CONS^Consultation',
      'AIP|1|X|7^Moreau^Claire|D',
    ])
  })

  it.each<[string, string, string, string, string]>([
    ['with both ids: our request, their appointment', 'P^EHR', 'F^EHR', 'ours', 'F^EHR'],
    ['which only the placer named: by the placer’s id', 'P^EHR', '', 'P^EHR', ''],
    ['which only the filler named: our request, their appointment', '', 'F^EHR', 'ours', 'F^EHR'],
  ])('an appointment %s', (_, placer, filler, first, second) => {
    const arq = linesOf('cancel', 'SRM^S04', lastMessage({ sch: `SCH|${placer}|${filler}|||AG1|ADD` }))?.[0]?.split('|') ?? []
    expect([arq[1]?.endsWith('^RAPPEL') ? 'ours' : arq[1], arq[2]]).toEqual([first, second])
  })

  it('cannot be asked of an appointment without an id', () => {
    expect(linesOf('cancel', 'SRM^S04', lastMessage({ sch: 'SCH|||||AG1|ADD' }))).toBeUndefined()
  })

  it('opens a group of resources where the EHR sent none, since the structure needs one', () => {
    const bare = booking().filter((line) => !/^(RGS|AI)/.test(line))
    expect(linesOf('cancel', 'SRM^S04', lastMessage({ lines: bare }))?.at(-1)).toBe('RGS|1|X')
  })
})

describe('ADT says that the patient is here', () => {
  it('A10 tracks the visit', () => {
    expect(linesOf('arrive', 'ADT^A10')).toEqual([
      'EVN|A10|20260303181241+0100|||RAPPEL^Reminder^Service|20260303181240+0100',
      'PID|1|OLD|1^^^HOSP^MR||Roy^Jeanne||19880818|F',
      'PV1|1|O|CARDIO^12||||7^Moreau^Claire||||||||||||V77',
    ])
  })

  it('EVN-1 is withdrawn from version 2.7 on', () => {
    expect(linesOf('arrive', 'ADT^A10', lastMessage({ version: '2.7' }))?.[0]).toMatch(/^EVN\|\|2026/)
  })

  it.each<[string, string, string]>([
    ['2.5.1', 'ARRIVED', ''],
    ['2.5.1', '01', '01'],
    ['2.7', 'ARRIVED', 'ARRIVED'],
  ])('EVN-4 has room for three characters up to 2.6: version %s, %s', (version, code, written) => {
    const options = { ...outboundOptions, reason: { ...outboundOptions.reason, arrive: { code } } }
    const built = buildOutbound(tellingOf(lastMessage({ version }), { kind: 'arrive' }, options), 'arrive', 'ADT^A10')
    expect(built?.bytes.toString().split('\r')[1]?.split('|')[4]).toBe(written)
  })

  it('A10 is not sent of a visit nobody numbered; A04 registers it, as an outpatient’s', () => {
    const unnumbered = lastMessage({ lines: booking().filter((line) => !line.startsWith('PV1')) })
    expect(linesOf('arrive', 'ADT^A10', unnumbered)).toBeUndefined()
    expect(linesOf('arrive', 'ADT^A04', unnumbered)?.at(-1)).toBe('PV1|1|O')
  })

  it('neither is sent of nobody', () => {
    const nobody = lastMessage({ lines: booking().filter((line) => !line.startsWith('PID')) })
    expect(linesOf('arrive', 'ADT^A10', nobody)).toBeUndefined()
    expect(linesOf('arrive', 'ADT^A04', nobody)).toBeUndefined()
  })

  it('A04, which may open billing, is refused at the start without an explicit word', () => {
    const options = { id: 'ehr', zone: 'Europe/Paris', region: 'FR', now: () => Temporal.Instant.from('2026-03-03T17:13:00Z') }
    const writeBack = { host: '127.0.0.1', port: 1, arrive: ['ADT^A04' as const] }
    expect(() => hl7v2({ ...options, writeBack })).toThrow(/mayOpenVisit/)
    expect([...hl7v2({ ...options, writeBack: { ...writeBack, mayOpenVisit: true } }).writes]).toContain('arrive')
  })
})

describe('the envelope of what we say', () => {
  it.each<[string, Method, OutboundKind, string]>([
    ['2.5.1', 'SIU^S14', 'confirm', 'SIU^S14^SIU_S12'],
    ['2.5.1', 'SIU^S15', 'cancel', 'SIU^S15^SIU_S12'],
    ['2.5.1', 'SRM^S04', 'cancel', 'SRM^S04^SRM_S01'],
    ['2.5.1', 'ADT^A10', 'arrive', 'ADT^A10^ADT_A09'],
    ['2.5.1', 'ADT^A04', 'arrive', 'ADT^A04^ADT_A01'],
    ['2.3.1', 'ADT^A04', 'arrive', 'ADT^A04^ADT_A01'],
    ['2.3', 'SRM^S03', 'confirm', 'SRM^S03'],
    ['2.2', 'SIU^S14', 'confirm', 'SIU^S14'],
  ])('version %s: %s', (version, method, kind, type) => {
    const built = buildOutbound(tellingOf(lastMessage({ version }), { kind }), kind, method)
    expect(built?.bytes.toString().split('|')[8]).toBe(type)
  })

  it('asks for an accept acknowledgement alone where the site says enhanced', () => {
    const telling = tellingOf(lastMessage(), {}, { ...outboundOptions, acknowledgement: 'enhanced' })
    expect(buildOutbound(telling, 'confirm', 'SIU^S14')?.bytes.toString().split('\r')[0]?.split('|').slice(14, 16)).toEqual(['AL', 'NE'])
  })

  it.each<[string, string, string | undefined]>([
    ['2.3', 'Jeanne', undefined],
    ['2.3', 'Zoé', 'UNICODE UTF-8'],
    ['2.3.1', 'Jeanne', 'UNICODE UTF-8'],
  ])('MSH-18 has no room for UTF-8 up to 2.3, so there it is named only where it is needed: version %s, %s', (version, name, charset) => {
    const lines = booking().map((line) => line.replace('Jeanne', name))
    const built = buildOutbound(tellingOf(lastMessage({ version, lines })), 'confirm', 'SIU^S14')
    expect(built?.bytes.toString().split('\r')[0]?.split('|')[17]).toBe(charset)
  })

  it('another method is another message, and the same one is the same bytes', () => {
    const ids = (['SIU^S14', 'SRM^S03'] as const).map((method) => buildOutbound(tellingOf(lastMessage()), 'confirm', method)?.controlId)
    expect(new Set(ids).size).toBe(2)
    const twice = [1, 2].map(() => buildOutbound(tellingOf(lastMessage()), 'confirm', 'SRM^S03')?.bytes.toString())
    expect(twice[0]).toBe(twice[1])
  })

  it('WB-V2-3: takes the resources off a cancelled appointment only where the site demands it', () => {
    const options = { ...outboundOptions, deleteResources: true }
    const actions = (kind: OutboundKind, method: Method) =>
      buildOutbound(tellingOf(lastMessage(), { kind }, options), kind, method)
        ?.bytes.toString()
        .split('\r')
        .filter((line) => /^(RGS|AI)/.test(line))
        .map((line) => line.split('|')[2])
    expect(actions('cancel', 'SIU^S15')).toEqual(['D', 'D', 'D'])
    expect(actions('confirm', 'SIU^S14')).toEqual(['X', 'X', 'X'])
  })
})

const given: AnswersGiven = {
  questionnaire: { code: 'PREOP', text: 'Avant l’opération' },
  answers: [
    { question: { code: 'Q1', text: 'Poids' }, value: { kind: 'number', number: 71.5, unit: 'kg' } },
    { question: { code: 'Q2' }, value: { kind: 'yes-no', yes: false } },
    { question: { code: 'Q3' }, value: { kind: 'choice', choice: { code: 'A+', text: 'A positif', system: 'LN' } } },
    { question: { code: 'Q4' }, value: { kind: 'text', text: 'Allergie : lait|œuf\r\nOBX|forged' } },
    { question: { code: 'Q5' }, value: { kind: 'date', date: '2026-02-11' } },
  ],
}

describe('answers to a questionnaire', () => {
  const answersOf = (last: Message, method: 'ORU^R01' | 'SIU^S14') =>
    buildAnswers(tellingOf(last, { kind: 'answers' }), given, method)
      ?.bytes.toString('utf8')
      .split('\r')
      .slice(1, -1)

  it('as a result, each question one OBX, and nothing can be injected (R24)', () => {
    expect(answersOf(lastMessage(), 'ORU^R01')).toEqual([
      'PID|1|OLD|1^^^HOSP^MR||Roy^Jeanne||19880818|F',
      'PV1|1|O|CARDIO^12||||7^Moreau^Claire||||||||||||V77',
      'OBR|1||685D014596ECFF2^RAPPEL|PREOP^Avant l’opération^L|||20260303181240+0100|||||||||||||||20260303181241+0100|||F',
      'NTE|1|P|Answered by patient 2026-03-03 18:12',
      'OBX|1|NM|Q1^Poids^L|1|71.5|kg|||||F|||20260303181240+0100||RAPPEL^Reminder^Service',
      'OBX|2|CE|Q2^^L|1|N^No^HL70136||||||F|||20260303181240+0100||RAPPEL^Reminder^Service',
      'OBX|3|CE|Q3^^L|1|A+^A positif^LN||||||F|||20260303181240+0100||RAPPEL^Reminder^Service',
      'OBX|4|TX|Q4^^L|1|Allergie : lait\\F\\œuf\\X0D\\\\X0A\\OBX\\F\\forged||||||F|||20260303181240+0100||RAPPEL^Reminder^Service',
      'OBX|5|DT|Q5^^L|1|20260211||||||F|||20260303181240+0100||RAPPEL^Reminder^Service',
    ])
  })

  it('with the quantity that version 2.3 requires of an OBR', () => {
    const obr = (version: string) => answersOf(lastMessage({ version }), 'ORU^R01')?.find((line) => line.startsWith('OBR'))
    expect([obr('2.3')?.split('|')[27], obr('2.3.1')?.split('|')[27]]).toEqual(['1', undefined])
  })

  it('with the appointment, the status the EHR gave it untouched', () => {
    const lines = answersOf(lastMessage({ version: '2.6' }), 'SIU^S14') ?? []
    expect(lines.map((line) => line.slice(0, 3))).toEqual([
      'SCH',
      'NTE',
      'PID',
      'PV1',
      'OBX',
      'OBX',
      'OBX',
      'OBX',
      'OBX',
      'RGS',
      'AIS',
      'AIP',
    ])
    expect(lines[0]?.split('|')[25]).toBe('Booked')
    expect(lines[5]?.split('|')[2], 'coded values are CWE from 2.6 on').toBe('CWE')
  })

  it('are not sent without a patient, nor empty', () => {
    const nobody = lastMessage({ lines: booking().filter((line) => !line.startsWith('PID')) })
    expect(answersOf(nobody, 'ORU^R01')).toBeUndefined()
    expect(buildAnswers(tellingOf(lastMessage()), { ...given, answers: [] }, 'ORU^R01')).toBeUndefined()
  })
})
