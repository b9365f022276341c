import { afterEach, describe, expect, it } from 'vitest'
import type { FhirWriteBack } from '../../../src/connectors/fhir/options.ts'
import { paced } from '../../../src/connectors/fhir/pace.ts'
import type { WriteBack } from '../../../src/core/write-back.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, connect, patience, patient, practitioner, writeBack } from './fhir-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

/** What the server lists of each type. */
function stating(types: Record<string, string[]>, more: Record<string, unknown> = {}): FhirServerOptions {
  const resource = Object.entries(types).map(([type, codes]) => ({ type, interaction: codes.map((code) => ({ code })) }))
  return { metadata: { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', rest: [{ mode: 'server', resource }], ...more } }
}

async function open(options: FhirServerOptions, more: Record<string, unknown> = {}): Promise<FhirServer> {
  const server = await fhirServer(options)
  opened.push(server)
  for (const resource of [appointment(more), patient, practitioner]) server.put(resource)
  return server
}

function bring(server: FhirServer, answer: Partial<WriteBack>, settings: FhirWriteBack = {}) {
  return connect(server.baseUrl, { writeBack: { conflictPauseMs: 1, ...settings } }).write({ writeBack: writeBack(answer) }, patience)
}

const sent = (server: FhirServer) => server.requests.filter((request) => !request.startsWith('GET'))
const readOnly = { Appointment: ['read', 'search-type'] }
const visit = { resourceType: 'Encounter', id: 'v', status: 'planned', appointment: [{ reference: 'Appointment/12' }] }

describe('FHIR 2.7: the first way that the server takes', () => {
  it('an AppointmentResponse, where nobody may change an appointment', async () => {
    const server = await open(stating({ ...readOnly, AppointmentResponse: ['create'] }))
    const reason = 'an AppointmentResponse: the appointment is as before'
    expect(await bring(server, { kind: 'confirm' })).toEqual({ kind: 'applied', verified: false, reason })
    expect(server.get('AppointmentResponse/made-1')).toMatchObject({
      appointment: { reference: 'Appointment/12' },
      actor: { reference: 'Patient/7' },
      participantStatus: 'accepted',
      identifier: [{ system: 'urn:rappel:answer', value: 'tilleuls:12:confirm:x' }],
    })
    await bring(server, { kind: 'cancel', id: 'tilleuls:12:cancel:x' })
    expect(server.get('AppointmentResponse/made-2')).toMatchObject({ participantStatus: 'declined' })
  })

  it('one that the server follows is verified', async () => {
    const server = await open(stating({ ...readOnly, AppointmentResponse: ['create'] }))
    const accepted = [{ actor: { reference: 'Patient/7' }, status: 'accepted' }]
    server.meet(/POST/, { kind: 'first', act: () => server.put(appointment({ participant: accepted })) })
    expect(await bring(server, { kind: 'confirm' })).toMatchObject({ kind: 'applied', verified: true })
  })

  it('interop 7.8: a create that was not answered is found, and not made again', async () => {
    const server = await open(stating({ ...readOnly, AppointmentResponse: ['create'] }))
    server.meet(/POST/, { kind: 'drop after commit' })
    expect((await bring(server, { kind: 'confirm' })).kind).toBe('unknown')
    expect((await bring(server, { kind: 'confirm' })).kind).toBe('applied')
    expect(sent(server)).toEqual(['POST AppointmentResponse'])
  })

  it('what others wrote is not taken for ours, where the server ignores what is searched for', async () => {
    const server = await open({ ...stating({ ...readOnly, AppointmentResponse: ['create'] }), deafTo: ['identifier'] })
    server.put({ resourceType: 'AppointmentResponse', id: 'other', identifier: [{ system: 'urn:rappel:answer', value: 'another' }] })
    await bring(server, { kind: 'confirm' })
    expect(server.holds('AppointmentResponse/made-1')).toBe(true)
  })

  it('the appointment, where a list was written down, whatever the statement says', async () => {
    const server = await open(stating({ Appointment: ['read'] }))
    expect(await bring(server, { kind: 'confirm' }, { ways: { confirm: ['appointment'] }, method: 'put' })).toMatchObject({
      verified: true,
    })
    expect((await bring(server, { kind: 'cancel' })).kind).toBe('refused')
  })

  it('an arrival, by the visit that was planned', async () => {
    // this server ignores what is searched for, and shows another one's first
    const server = await open({ ...stating({ ...readOnly, Encounter: ['read', 'patch'] }), deafTo: ['appointment'] })
    server.put({ ...visit, id: 'other', appointment: [{ reference: 'Appointment/120' }] })
    server.put(visit)
    expect(await bring(server, { kind: 'arrive' })).toEqual({ kind: 'applied', verified: true })
    expect([server.get('Encounter/v').status, server.get('Encounter/other').status]).toEqual(['arrived', 'planned'])
    expect(await bring(server, { kind: 'arrive' })).toEqual({ kind: 'applied', verified: true })
    expect(sent(server)).toEqual(['PATCH Encounter/v'])
    expect(server.headers[server.requests.indexOf('PATCH Encounter/v')]?.['if-match']).toBe('W/"1"')
  })

  it('an arrival in R5, where the status has no such word', async () => {
    const server = await open(stating({ ...readOnly, Encounter: ['read', 'update'] }, { fhirVersion: '5.0.0' }))
    server.put(visit)
    expect(await bring(server, { kind: 'arrive' })).toEqual({ kind: 'applied', verified: true })
    expect(server.get('Encounter/v')).toMatchObject({ status: 'planned', subjectStatus: { coding: [{ code: 'arrived' }] } })
  })

  it('no visit is ever made: that may open billing', async () => {
    const server = await open(stating({ ...readOnly, Encounter: ['read', 'update', 'create'] }))
    expect(await bring(server, { kind: 'arrive' })).toMatchObject({ kind: 'refused', reason: 'no Encounter is planned for it' })
    expect(sent(server)).toEqual([])
  })
})

describe('WB-6: a person is the last way', () => {
  it.each(['task', 'communication'] as const)('a %s, once, for who shall see to it', async (as) => {
    const server = await open(stating(readOnly))
    const hand = { byHand: { as, recipient: 'Group/desk' } }
    const type = as === 'task' ? 'Task' : 'Communication'
    server.meet(/POST/, { kind: 'drop after commit' })
    expect((await bring(server, { kind: 'cancel' }, hand)).kind).toBe('unknown')
    const reason = `by hand: a ${type} at the EHR`
    expect(await bring(server, { kind: 'cancel' }, hand)).toEqual({ kind: 'applied', verified: false, reason })
    expect(sent(server)).toEqual([`POST ${type}`])
    const made = JSON.stringify(server.get(`${type}/made-1`))
    for (const part of ['Appointment/12', 'Patient/7', 'Group/desk', 'The patient cancels']) expect(made).toContain(part)
    // who they are stays where it is kept
    expect(made).not.toContain('Lambert')
  })

  it('also of what the server refuses by a rule of its own', async () => {
    const server = await open({})
    server.meet(/PATCH/, { kind: 'answer', status: 422 })
    expect(await bring(server, { kind: 'cancel' }, { byHand: { as: 'task' } })).toMatchObject({
      kind: 'applied',
      reason: 'by hand: a Task at the EHR',
    })
  })

  it('not of an answer to what is no longer so, nor of one that is in the chart', async () => {
    const server = await open(stating(readOnly), { start: '2026-03-05T08:00:00Z' })
    expect((await bring(server, { kind: 'cancel' }, { byHand: { as: 'task' } })).kind).toBe('conflict')
    server.put(appointment({ status: 'cancelled' }))
    expect(await bring(server, { kind: 'cancel' }, { byHand: { as: 'task' } })).toMatchObject({ verified: true })
    expect(sent(server)).toEqual([])
  })

  it('nothing that needs another way is offered where there is none', () => {
    const writes = (settings: FhirWriteBack) => [...connect('http://127.0.0.1:1/fhir', { writeBack: settings }).writes]
    expect(writes({})).toEqual(['confirm', 'cancel', 'arrive'])
    expect(writes({ ways: { confirm: [] } })).toEqual(['cancel', 'arrive'])
    expect(writes({ ways: { confirm: [] }, byHand: { as: 'task' } })).toEqual(['confirm', 'cancel', 'arrive'])
  })
})

describe('a server with its own idea of a confirmation', () => {
  const settings: FhirWriteBack = { confirmedBy: 'booked', byHand: { as: 'communication' } }

  it('a proposal is confirmed by its booking', async () => {
    const server = await open({}, { status: 'proposed' })
    expect(await bring(server, { kind: 'confirm' }, settings)).toMatchObject({ kind: 'applied', verified: true })
    expect(server.get('Appointment/12').status).toBe('booked')
  })

  it('of what is booked a person is told', async () => {
    const server = await open({})
    expect(await bring(server, { kind: 'confirm' }, settings)).toMatchObject({ reason: 'by hand: a Communication at the EHR' })
  })

  it.each([
    ['the site’s own', { system: 'urn:site', code: '17' }, { coding: [{ system: 'urn:site', code: '17' }] }],
    ['none', 'none', undefined],
  ] as const)('a cancellation’s reason is %s', async (_name, reason, expected) => {
    const server = await open({})
    await bring(server, { kind: 'cancel' }, { cancelReason: reason })
    const { status, cancelationReason } = server.get('Appointment/12')
    expect({ status, cancelationReason }).toEqual({ status: 'cancelled', cancelationReason: expected })
  })

  it('in R5 the reason has another name', async () => {
    const server = await open(stating({ Appointment: ['patch'] }, { fhirVersion: '5.0.0' }))
    await bring(server, { kind: 'cancel' })
    expect(server.get('Appointment/12')).toMatchObject({ cancellationReason: { coding: [{ code: 'pat-crs' }] } })
    expect(server.get('Appointment/12').cancelationReason).toBeUndefined()
  })
})

describe('WB-5: a server is not hurried', () => {
  it('the sixth change waits for the second to be over', async () => {
    const turn = paced(5)
    const began = performance.now()
    for (let each = 0; each < 6; each++) await turn(patience)
    expect(performance.now() - began).toBeGreaterThanOrEqual(990)
  })

  it('who stops waiting leaves the others their turn', async () => {
    const turn = paced(1)
    await turn(patience)
    await expect(turn(AbortSignal.timeout(20))).rejects.toThrow()
    await expect(turn(patience)).resolves.toBeUndefined()
  })
})
