import { describe, expect, it } from 'vitest'
import type { ReadResult } from '../../../src/connectors/connector.ts'
import { connect, patient, snapshot } from './fhir-story.ts'

const base = 'https://ehr.example/fhir'
const plain = (result: ReadResult): unknown => JSON.parse(JSON.stringify(result))
const read = (...resources: Record<string, unknown>[]) => plain(connect(base).read(snapshot(...resources)))
const meta = { lastUpdated: '2026-03-01T10:00:00Z' }
const stamp = { at: '2026-03-01T10:00:00Z' }

describe('a patient by themselves', () => {
  it('is news: name, contacts, death, relatives, whole', () => {
    const contact = [
      { relationship: [{ coding: [{ code: 'MTH' }] }], telecom: [{ system: 'phone', value: '06 99 99 99 99' }] },
      { relationship: [{ coding: [{ code: 'C' }] }], telecom: [], period: { end: '2020' } },
    ]
    expect(read({ ...patient, meta, contact, deceasedDateTime: '2026-02-28' })).toMatchObject({
      kind: 'changes',
      changes: [],
      news: [
        {
          kind: 'patient',
          stamp,
          patient: {
            ehrId: '7',
            deceased: true,
            relatives: [{ guardian: true, contacts: [{ kind: 'phone', value: '+33699999999', mobile: 'yes' }] }],
          },
        },
      ],
    })
  })

  it('that was replaced is a merge first', () => {
    const link = [
      { type: 'replaced-by', other: { reference: `${base}/Patient/8` } },
      { type: 'seealso', other: { reference: 'Patient/9' } },
    ]
    expect(read({ ...patient, meta, active: false, link })).toMatchObject({
      news: [
        { kind: 'merge', prior: '7', survivor: '8', stamp },
        { kind: 'patient', patient: { ehrId: '7', deceased: true } },
      ],
    })
  })

  it('that replaces another one is the same merge', () => {
    expect(read({ ...patient, meta, link: [{ type: 'replaces', other: { reference: 'Patient/3' } }] })).toMatchObject({
      news: [{ kind: 'merge', prior: '3', survivor: '7', stamp }, { kind: 'patient' }],
    })
  })

  it('whose link leads to themselves is no merge', () => {
    expect(JSON.stringify(read({ ...patient, link: [{ type: 'replaces', other: { reference: 'Patient/7' } }] }))).not.toContain('merge')
  })
})

describe('an Encounter', () => {
  const encounter = (more: Record<string, unknown>) => ({
    resourceType: 'Encounter',
    id: 'e1',
    meta,
    status: 'arrived',
    subject: { reference: 'Patient/7' },
    ...more,
  })
  const arrivals: [string, Record<string, unknown>, boolean][] = [
    ['arrived', { status: 'arrived' }, true],
    ['triaged', { status: 'triaged' }, true],
    ['in progress', { status: 'in-progress' }, true],
    ['planned', { status: 'planned' }, false],
    ['finished', { status: 'finished' }, false],
    ['cancelled', { status: 'cancelled' }, false],
    ['R5, planned, whose subject has arrived', { status: 'planned', subjectStatus: { coding: [{ code: 'arrived' }] } }, true],
    ['R5, planned, whose subject has left', { status: 'planned', subjectStatus: { coding: [{ code: 'departed' }] } }, false],
  ]

  it.each(arrivals)('that is %s', (_name, more, isHere) => {
    const told = read(encounter({ appointment: [{ reference: 'Appointment/12' }], ...more }))
    expect(told).toEqual(
      isHere
        ? { kind: 'changes', news: [], changes: [{ ehrId: '12', stamp, status: { value: 'arrived' }, warnings: [] }] }
        : { kind: 'ignored', reason: 'no appointment' },
    )
  })

  it('without its appointment is known by the patient and the day, in the zone of the connector', () => {
    const period = { start: '2026-03-03T23:30:00Z' }
    expect(read(encounter({ period }))).toMatchObject({
      changes: [],
      news: [{ kind: 'arrival', here: true, patient: '7', day: '2026-03-04', stamp }],
    })
  })
})

describe('a Slot', () => {
  const schedule = { resourceType: 'Schedule', id: 's', actor: [{ reference: 'Practitioner/moreau' }] }
  const slot = (status: string, more: Record<string, unknown> = {}) => ({
    resourceType: 'Slot',
    id: 'x',
    meta,
    status,
    schedule: { reference: 'Schedule/s' },
    start: '2026-03-04T08:00:00Z',
    end: '2026-03-04T12:00:00Z',
    ...more,
  })
  const agendas = ['Schedule/s', 'Practitioner/moreau']

  it.each([
    ['busy-unavailable', true],
    ['free', false],
  ])('%s closes the diary: %s', (status, closed) => {
    expect(read(slot(status), schedule)).toMatchObject({
      news: [{ kind: 'block', closed, agendas, start: '2026-03-04T08:00:00Z', end: '2026-03-04T12:00:00Z', stamp }],
    })
  })

  it.each([
    ['busy: somebody has an appointment', slot('busy')],
    ['of no time', slot('free', { end: undefined })],
    ['that ends before it begins', slot('free', { end: '2026-03-04T07:00:00Z' })],
  ])('%s says nothing', (_name, each) => {
    expect(read(each, schedule)).toEqual({ kind: 'ignored', reason: 'no appointment' })
  })
})
