import { describe, expect, it } from 'vitest'
import { fhir } from '../../../src/connectors/fhir/fhir.ts'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import { appointment, changeIn, connect, now, patient, practitioner, snapshot, start } from './fhir-story.ts'

const base = 'https://ehr.example/fhir'
const read = (
  more: Record<string, unknown> = {},
  others: Record<string, unknown>[] = [patient, practitioner],
  options: Partial<FhirOptions> = {},
) => changeIn(connect(base, options), snapshot(appointment(more), ...others))

describe('an appointment as the EHR says it', () => {
  it('is read whole', () => {
    const updated = { meta: { versionId: '4', lastUpdated: '2026-03-01T10:00:00.123456Z' } }
    const place = {
      resourceType: 'Location',
      id: '1',
      name: 'Cabinet des Tilleuls',
      address: { line: ['12 rue des Tilleuls'], postalCode: '75011', city: 'Paris' },
    }
    const { participant } = appointment() as unknown as { participant: object[] }
    const change = read({ ...updated, participant: [...participant, { actor: { reference: 'Location/1' } }] }, [
      patient,
      practitioner,
      place,
    ])
    expect(JSON.parse(JSON.stringify(change))).toEqual({
      ehrId: '12',
      stamp: { at: '2026-03-01T10:00:00.123456Z' },
      status: { value: 'booked' },
      time: { start: '2026-03-04T08:00:00Z', end: '2026-03-04T08:20:00Z' },
      timeReading: 'Appointment.start with its own offset',
      agenda: { key: 'Practitioner/moreau', text: 'Dre Claire Moreau' },
      agendas: [
        { key: 'Practitioner/moreau', text: 'Dre Claire Moreau' },
        { key: 'Location/1', text: 'Cabinet des Tilleuls' },
      ],
      motif: null,
      modality: { value: 'unknown' },
      practitioner: { key: 'Practitioner/moreau', name: 'Dre Claire Moreau' },
      location: { key: 'Location/1', name: 'Cabinet des Tilleuls', address: ['12 rue des Tilleuls', '75011 Paris'] },
      origin: 'unknown',
      patient: {
        stamp: { at: '2026-03-01T11:00:00Z' },
        ehrId: '7',
        name: { given: 'Inès', family: 'Lambert' },
        birthDate: '1980-05-06',
        language: null,
        contacts: [{ kind: 'phone', value: '+33612345678', mobile: 'yes', use: 'mobile' }],
        deceased: false,
        otherIds: [],
        relatives: [],
      },
      etag: 'W/"4"',
      warnings: [],
    })
  })

  it('is named by its version, or by when it was written, or not at all', () => {
    const identity = (meta: object | undefined) => connect(base).read(snapshot(appointment({ meta }), patient)).identity
    expect(identity({ versionId: '4', lastUpdated: '2026-03-01T10:00:00Z' })).toBe('Appointment/12/_history/4')
    expect(identity({ lastUpdated: '2026-03-01T10:00:00Z' })).toBe('Appointment/12@2026-03-01T10:00:00Z')
    expect(identity(undefined)).toBeUndefined()
  })

  const statuses: [string, object][] = [
    ['proposed', { value: 'proposed' }],
    ['pending', { value: 'pending' }],
    ['waitlist', { value: 'waitlist' }],
    ['booked', { value: 'booked' }],
    ['arrived', { value: 'arrived' }],
    ['checked-in', { value: 'checked-in' }],
    ['fulfilled', { value: 'fulfilled' }],
    ['noshow', { value: 'noshow' }],
    ['cancelled', { value: 'cancelled', cancelKind: 'cancelled' }],
    ['entered-in-error', { value: 'entered-in-error', cancelKind: 'deleted' }],
    ['confirmed', { value: 'unknown', raw: 'confirmed' }],
    ['unknown', { value: 'unknown', raw: 'unknown' }],
  ]
  it.each(statuses)('status %s', (status, expected) => {
    expect(read({ status }).status).toEqual(expected)
  })

  it('is excused where the site’s rule says so', () => {
    const mapping = { excused: [{ path: 'cancelationReason.coding.code', equals: 'EXC' }] }
    const reason = { cancelationReason: { coding: [{ code: 'EXC' }] } }
    expect(read({ status: 'noshow', ...reason }, [patient], { mapping }).status).toEqual({ value: 'cancelled', cancelKind: 'excused' })
    expect(read({ status: 'booked', ...reason }, [patient], { mapping }).status).toEqual({ value: 'booked' })
  })
})

describe('its time', () => {
  it('without an offset is wall time of the connector’s zone, with a warning', () => {
    const change = read({ start: '2026-03-04T09:00:00', end: '2026-03-04T09:20:00' })
    expect(change.time?.start.equals(start)).toBe(true)
    expect(change.warnings).toContain('W-INSTANT-NO-ZONE')
  })

  it.each([
    ['the end that is given, before the duration', { end: '2026-03-04T08:30:00Z', minutesDuration: 10 }, '2026-03-04T08:30:00Z'],
    ['the duration, without an end', { end: undefined, minutesDuration: 15 }, '2026-03-04T08:15:00Z'],
    ['no end that is not after the start', { end: '2026-03-04T08:00:00Z' }, undefined],
    ['no end, without either', { end: undefined }, undefined],
  ])('takes %s', (_name, more, end) => {
    expect(read(more).time?.end?.toString()).toBe(end)
  })

  it('is none without a start', () => {
    expect(read({ status: 'proposed', start: undefined, end: undefined }).time).toBeNull()
  })

  it.each([
    ['Appointment.start', { start: 'demain' }],
    ['Appointment.start', { start: '2026-02-30T09:00:00Z' }],
    ['Appointment.start', { start: '2026-03-04' }],
    ['Appointment.start', { start: 1772611200 }],
    ['Appointment.end', { end: '2026-03-04T25:00:00Z' }],
    ['Appointment.status', { status: undefined }],
    ['Appointment.participant[1].actor.reference', { participant: [{}, { actor: { reference: 7 } }] }],
  ])('names what it cannot read: %s', (at, more) => {
    const result = connect(base).read(snapshot(appointment(more), patient))
    expect(result).toMatchObject({ kind: 'unreadable', fault: { kind: 'content', at } })
  })

  it.each([
    ['missing', undefined],
    ['unreadable', 'yesterday'],
    ['without a zone', '2026-03-01T10:00:00'],
    ['an hour ahead', '2026-03-01T12:00:00Z'],
  ])('is ordered by arrival where lastUpdated is %s', (_name, lastUpdated) => {
    const change = read({ meta: { lastUpdated } })
    expect([change.stamp.at.equals(now), change.warnings]).toEqual([true, ['W-CLOCK']])
  })
})

describe('who takes part', () => {
  it('no patient: a blocked slot, ignored', () => {
    const result = connect(base).read(snapshot(appointment({ participant: [{ actor: { reference: 'Practitioner/moreau' } }] })))
    expect(result).toMatchObject({ kind: 'ignored', reason: 'no patient takes part' })
  })

  it('no patient, but off: said all the same', () => {
    expect(read({ status: 'cancelled', participant: [] }).status?.value).toBe('cancelled')
  })

  it('a patient whom the server will not show keeps what is known of them', () => {
    const change = read({}, [])
    expect([change.patient, change.warnings.includes('W-REFERENCE')]).toEqual([{ ehrId: '7' }, true])
  })

  it('a patient known by an identifier alone', () => {
    const actor = { type: 'Patient', identifier: { system: 'urn:ins', value: '99' } }
    expect(read({ participant: [{ actor }] }).patient).toEqual({ ehrId: 'urn:ins|99' })
  })

  it('a patient at our own address for the server, of a version', () => {
    expect(read({ participant: [{ actor: { reference: `${base}/Patient/7/_history/2` } }] }).patient?.name?.given).toBe('Inès')
  })

  it('a patient contained in the appointment', () => {
    const change = read({ contained: [{ ...patient, id: 'p' }], participant: [{ actor: { reference: '#p' } }] }, [])
    expect([change.patient?.ehrId, change.patient?.name?.given]).toEqual(['Appointment/12#p', 'Inès'])
  })

  it('a patient merged into another one is that other one', () => {
    const old = { resourceType: 'Patient', id: '7', active: false, link: [{ type: 'replaced-by', other: { reference: 'Patient/8' } }] }
    const change = read({}, [old, { ...patient, id: '8' }])
    expect([change.patient?.ehrId, change.patient?.deceased]).toEqual(['8', false])
  })

  it('patients merged in a circle end somewhere', () => {
    const link = (id: string, other: string) => ({
      resourceType: 'Patient',
      id,
      link: [{ type: 'replaced-by', other: { reference: `Patient/${other}` } }],
    })
    expect(['7', '8']).toContain(read({}, [link('7', '8'), link('8', '7')]).patient?.ehrId)
  })

  it('of several patients the first, with a warning', () => {
    const participant = ['7', '8'].map((id) => ({ actor: { reference: `Patient/${id}` } }))
    const change = read({ participant })
    expect([change.patient?.ehrId, change.warnings.includes('W-GROUP')]).toEqual(['7', true])
  })

  it('a practitioner behind a role, with the role’s location', () => {
    const role = {
      resourceType: 'PractitionerRole',
      id: 'r',
      practitioner: { reference: 'Practitioner/moreau' },
      location: [{ reference: 'Location/1', display: 'Aile sud' }],
    }
    const participant = [{ actor: { reference: 'PractitionerRole/r' } }, { actor: { reference: 'Patient/7' } }]
    const change = read({ participant }, [patient, practitioner, role])
    expect(change.practitioner).toEqual({ key: 'Practitioner/moreau', name: 'Dre Claire Moreau' })
    expect(change.agenda?.key).toBe('Practitioner/moreau')
    expect(change.location).toEqual({ key: 'Location/1', name: 'Aile sud' })
  })

  it('nobody’s agenda is the slot’s schedule, and its place the schedule’s', () => {
    const participant = [{ actor: { reference: 'Patient/7' } }]
    const slot = { resourceType: 'Slot', id: 's', schedule: { reference: 'Schedule/c' } }
    const schedule = { resourceType: 'Schedule', id: 'c', actor: [{ reference: 'Location/1', display: 'Aile sud' }] }
    const change = read({ participant, slot: [{ reference: 'Slot/s' }] }, [patient, slot, schedule])
    expect([change.agenda?.key, change.location?.key, change.practitioner]).toEqual(['Schedule/c', 'Location/1', null])
  })

  it('a practitioner of another server has the name the reference gives, and is told apart by address', () => {
    const actor = { reference: 'https://other.example/fhir/Practitioner/3', display: 'Dr Ailleurs' }
    const change = read({ participant: [{ actor }, { actor: { reference: 'Patient/7' } }] })
    expect(change.practitioner).toEqual({ key: 'https://other.example/fhir/Practitioner/3', name: 'Dr Ailleurs' })
  })
})

describe('confirmation (WB-7)', () => {
  const withPatient = (status: string, more: Record<string, unknown> = {}) => ({
    participant: [{ actor: { reference: 'Patient/7' }, status }],
    ...more,
  })
  const trusting = { participantAcceptedMeansConfirmed: true }
  const cases: [string, Record<string, unknown>, Partial<FhirOptions>, string | undefined][] = [
    ['accepted proves nothing', withPatient('accepted'), {}, undefined],
    ['accepted, where the site says that it does', withPatient('accepted'), trusting, 'confirmed'],
    ['needs-action', withPatient('needs-action'), trusting, undefined],
    ['declined', withPatient('declined'), {}, 'declined'],
    ['declined, of a cancelled one, is only its cancellation', withPatient('declined', { status: 'cancelled' }), {}, undefined],
  ]
  it.each(cases)('%s', (_name, more, options, expected) => {
    expect(read(more, [patient], options).confirmation).toBe(expected)
  })
})

describe('how the patient comes, and who booked (interop.md 3.4)', () => {
  const virtual = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService'
  const extension = (...parts: object[]) => ({ extension: [{ url: virtual, extension: parts }] })
  const link = (value: string) => ({ resourceType: 'HealthcareService', telecom: [{ system: 'url', value }] })
  const cases: [string, Record<string, unknown>, object][] = [
    [
      'a virtual service with a link',
      extension({ url: 'addressUrl', valueUrl: 'https://visio.example/a' }),
      { value: 'video', joinUrl: 'https://visio.example/a' },
    ],
    [
      'a virtual service with a number',
      extension({ url: 'address', valueContactPoint: { system: 'phone', value: '1' } }),
      { value: 'phone' },
    ],
    [
      'the second contained link is the patient’s',
      { contained: [link('https://visio.example/dr'), link('https://visio.example/pt')] },
      { value: 'video', joinUrl: 'https://visio.example/pt' },
    ],
    ['a link that is not https is none', { contained: [link('javascript:alert(1)'), link('http://visio.example')] }, { value: 'unknown' }],
    ['a link with credentials is none', { contained: [link('https://a:b@visio.example')] }, { value: 'unknown' }],
    ['nothing', {}, { value: 'unknown' }],
  ]
  it.each(cases)('%s', (_name, more, expected) => {
    expect(read(more).modality).toEqual(expected)
  })

  it('a virtual place is video, a residence is home', () => {
    const at = (code: string) => {
      const place = { resourceType: 'Location', id: '1', physicalType: { coding: [{ code }] } }
      return read({ participant: [{ actor: { reference: 'Location/1' } }, { actor: { reference: 'Patient/7' } }] }, [patient, place])
        .modality?.value
    }
    expect(['vi', 'ho', 'ro'].map(at)).toEqual(['video', 'home', 'unknown'])
  })

  it('the site’s rules come first, and the first that holds wins', () => {
    const mapping = {
      modality: [{ path: 'serviceType.coding.code', in: ['TEL'], value: 'phone' as const }],
      origin: [
        { path: 'meta.tag.code', equals: 'kiosk', value: 'kiosk' as const },
        { path: 'identifier(urn:portal)', value: 'patient_online' as const },
      ],
      motif: ['serviceType.coding.code'],
      agenda: ['identifier(urn:agenda).value'],
    }
    const more = {
      serviceType: [{ coding: [{ code: 'TEL', display: 'Téléphone' }] }],
      identifier: [
        { system: 'urn:portal', value: 'x' },
        { system: 'urn:agenda', value: 'A9' },
      ],
    }
    const change = read(more, [patient], { mapping })
    expect([change.modality, change.origin, change.motif, change.agenda]).toEqual([
      { value: 'phone' },
      'patient_online',
      { key: 'TEL', text: 'Téléphone' },
      { key: 'A9' },
    ])
  })
})

describe('options that can never work are refused at the start, by name', () => {
  const options = { id: 'x', baseUrl: base, zone: 'Europe/Paris', region: 'FR', hook: { secrets: [] }, now: () => now }
  it.each([
    ['baseUrl', { baseUrl: 'ftp://ehr.example' }],
    ['baseUrl', { baseUrl: 'https://user:pw@ehr.example/fhir' }],
    ['baseUrl', { baseUrl: 'ehr.example' }],
    ['zone', { zone: 'Paris' }],
    ['region', { region: 'XX' }],
    ['path', { mapping: { agenda: ['a..b'] } }],
  ])('%s', (name, wrong) => {
    expect(() => fhir({ ...options, ...wrong })).toThrow(name)
  })
})

describe('a patient who changed after the appointment did', () => {
  it('is stamped with their own last change', () => {
    const moved = { ...patient, meta: { lastUpdated: '2026-03-01T10:59:00Z' } }
    expect(
      read({ meta: { versionId: '1', lastUpdated: '2026-02-01T08:00:00Z' } }, [moved, practitioner]).patient?.stamp?.at.toString(),
    ).toBe('2026-03-01T10:59:00Z')
  })
})
