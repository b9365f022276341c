import { describe, expect, it } from 'vitest'
import { hl7Mapping, taken } from '../../../src/server/config/hl7v2-mapping.ts'

describe('what a site may say of its HL7 v2 messages', () => {
  it('everything at once', () => {
    const all = {
      agenda: ['SCH-5', 'ZCH-4'],
      motif: ['SCH-7'],
      practitioner: ['AIP-3'],
      primaryTypes: ['MD'],
      location: ['AIL-3'],
      resourceTypes: { SALLE: 'location', '1': 'practitioner', X: 'other' },
      idFields: ['SCH-26'],
      visit: ['PV1-19'],
      replaces: ['SCH-4'],
      unknownId: 'tombstone',
      patientIdTypes: ['PI'],
      guardianCodes: ['MERE', 'PERE'],
      languages: { '01': 'fr-CA' },
      junkNumbers: ['514 555-0000'],
      statusFields: ['SCH-25', 'AIS-10'],
      statusMap: { EXC: { status: 'cancelled', cancelKind: 'excused' }, BLOC: { ignore: true } },
      triggerWins: false,
      origin: [{ path: 'SCH-20', in: ['WEB'], value: 'patient_online' }],
      modality: [{ path: 'AIL-3', startsWith: 'VIDEO', value: 'video' }],
      zones: [{ path: 'AIL-3.4', equals: 'REUNION', value: 'Indian/Reunion' }],
      durationUnit: 'min',
      offsetTrust: 'wallclock',
      timeSources: ['resources', 'TQ1', 'SCH'],
      midnightMeansUnknown: true,
      fieldOverrides: { start: 'SCH-12', end: 'SCH-13', duration: 'ZCH-9' },
      arrivalEvents: ['A01', 'A04'],
      linkVisit: 'patient-day',
    }
    expect(hl7Mapping.parse(all)).toEqual(all)
  })

  it.each<[string, object, string]>([
    ['a word of its own', { agneda: ['SCH-5'] }, 'agneda'],
    ['a zone that is none', { zones: [{ path: 'AIL-3', equals: 'A', value: 'Paris' }] }, 'not an IANA time zone'],
    ['two tests in one rule', { zones: [{ path: 'AIL-3', equals: 'A', startsWith: 'B', value: 'Europe/Paris' }] }, 'exactly one of'],
    ['an event that is none', { arrivalEvents: ['ADT^A04'] }, 'an event of MSH-9.2'],
    ['a language that is none', { languages: { '01': 'français' } }, 'a language'],
    ['a source of starts that is none', { timeSources: ['TQ2'] }, 'TQ1'],
  ])('%s is refused', (_, mapping, says) => {
    expect(JSON.stringify(hl7Mapping.safeParse(mapping).error?.issues)).toContain(says)
  })

  it('which events are taken', () => {
    expect(taken.acceptEvents.safeParse(['S12', 'Z02', 'A08']).success).toBe(true)
    expect(taken.acceptEvents.safeParse(['SIU^S12']).success).toBe(false)
  })
})
