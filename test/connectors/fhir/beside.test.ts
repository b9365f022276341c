import { afterEach, describe, expect, it } from 'vitest'
import { type FhirServer, fhirServer, type Resource } from './fhir-server.ts'
import { appointment, connect, envelopesIn, hookEnvelope, patience, patient, practitioner } from './fhir-story.ts'

let server: FhirServer | undefined

afterEach(async () => {
  await server?.close()
})

const encounter: Resource = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'arrived',
  subject: { reference: 'Patient/7' },
  appointment: [{ reference: 'Appointment/12' }],
}
const slot: Resource = {
  resourceType: 'Slot',
  id: 's1',
  status: 'busy-unavailable',
  schedule: { reference: 'Schedule/d1' },
  start: '2026-03-04T08:00:00Z',
  end: '2026-03-04T10:00:00Z',
}
const schedule: Resource = { resourceType: 'Schedule', id: 'd1', actor: [{ reference: 'Practitioner/moreau' }] }

async function told(path: string, body?: unknown) {
  server = await fhirServer()
  for (const resource of [appointment(), patient, practitioner, encounter, slot, schedule]) server.put(resource)
  const connector = connect(server.baseUrl)
  const envelopes = envelopesIn(await connector.readBack(hookEnvelope(path, body, 'PUT'), patience))
  return { read: envelopes.map((each) => connector.read(each)), requests: server.requests, server }
}

describe('what comes without an appointment is read by itself', () => {
  it('a patient: their contacts, from the server and not from the notification', async () => {
    const { read, requests } = await told('Patient/7', { ...patient, telecom: [{ system: 'phone', value: '06 66 66 66 66' }] })
    expect(read).toMatchObject([{ kind: 'changes', changes: [], news: [{ kind: 'patient', patient: { ehrId: '7' } }] }])
    expect(JSON.stringify(read)).toContain('+33612345678')
    expect(JSON.stringify(read)).not.toContain('+33666666666')
    expect(requests[0]).toBe('GET Patient/7')
  })

  it('a visit: its appointment is here', async () => {
    const { read } = await told('Encounter/e1')
    expect(read).toMatchObject([{ kind: 'changes', changes: [{ ehrId: '12', status: { value: 'arrived' } }] }])
  })

  it('a closed slot: in the diary of whoever it belongs to', async () => {
    const { read } = await told('', slot)
    expect(read).toMatchObject([
      { kind: 'changes', news: [{ kind: 'block', closed: true, agendas: ['Schedule/d1', 'Practitioner/moreau'] }] },
    ])
  })

  it('a patient who is gone: nothing', async () => {
    const { read } = await told('Patient/8', undefined)
    expect(read).toMatchObject([{ kind: 'ignored' }])
  })

  it('beside an appointment it is read with that, and not twice', async () => {
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }, { resource: appointment() }] }
    const { read, requests } = await told('', bundle)
    expect(read).toMatchObject([{ kind: 'changes', changes: [{ ehrId: '12' }] }])
    expect(requests.filter((each) => each === 'GET Patient/7')).toHaveLength(1)
  })
})
