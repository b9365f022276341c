import { afterEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, changeIn, connect, envelopesIn, patience, patient, practitioner } from './fhir-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

async function open(options: FhirServerOptions = {}): Promise<FhirServer> {
  const server = await fhirServer(options)
  opened.push(server)
  for (const id of ['1', '2', '3']) server.put(appointment({ id }))
  for (const resource of [patient, practitioner]) server.put(resource)
  return server
}

async function again(connector: Connector, ...ids: string[]) {
  const result = await connector.reread?.(ids, patience)
  if (!result) throw new Error('it cannot be asked')
  return result
}

async function statusesOf(connector: Connector, ...ids: string[]) {
  const changes = envelopesIn(await again(connector, ...ids)).map((envelope) => changeIn(connector, envelope))
  return changes.map(({ ehrId, status, patient: who }) => [ehrId, status?.value, who?.name?.given])
}

const appointmentsAsked = ({ requests }: FhirServer) => requests.filter((request) => /^GET Appointment\W/.test(request))

describe('FHIR-POLL-4: appointments are read again just before something is said of them', () => {
  it('many in one search', async () => {
    const server = await open()
    const connector = connect(server.baseUrl)
    expect(await statusesOf(connector, '1', '2', '2')).toEqual([
      ['1', 'booked', 'Inès'],
      ['2', 'booked', 'Inès'],
    ])
    expect(appointmentsAsked(server)).toEqual(['GET Appointment?_id=1%2C2&_count=50'])
  })

  it('one that the search leaves out is read by itself, and is gone if the server says so', async () => {
    const server = await open()
    server.remove('Appointment/2')
    expect(await statusesOf(connect(server.baseUrl), '1', '2')).toEqual([
      ['1', 'booked', 'Inès'],
      ['2', 'entered-in-error', undefined],
    ])
  })

  it('one that only another page names is no less there', async () => {
    const server = await open({ pageSize: 1 })
    expect((await statusesOf(connect(server.baseUrl), '1', '2', '3')).map(([id]) => id)).toEqual(['1', '2', '3'])
  })

  it('one by one, where the server searches nothing by id', async () => {
    const server = await open()
    server.meet(/GET Appointment$/, { kind: 'answer', status: 400 })
    expect(await statusesOf(connect(server.baseUrl), '1', '2')).toHaveLength(2)
    expect(appointmentsAsked(server)).toHaveLength(3)
  })

  it('what a search brings along is not asked for again', async () => {
    const resource = [{ type: 'Appointment', searchInclude: ['Appointment:patient', 'Appointment:practitioner', '*'] }]
    const server = await open({ metadata: { rest: [{ mode: 'server', resource }] } })
    const entry = [appointment({ id: '1' }), appointment({ id: '2' }), patient, practitioner].map((each) => ({ resource: each }))
    server.meet(/GET Appointment$/, { kind: 'answer', status: 200, body: { resourceType: 'Bundle', entry } })
    expect(await statusesOf(connect(server.baseUrl), '1', '2')).toEqual([
      ['1', 'booked', 'Inès'],
      ['2', 'booked', 'Inès'],
    ])
    expect(server.requests).toEqual([
      'GET metadata',
      'GET Appointment?_id=1%2C2&_count=50&_include=Appointment%3Apatient&_include=Appointment%3Apractitioner',
    ])
  })

  it('50 at most, and nothing that is no id', async () => {
    const server = await open()
    await again(connect(server.baseUrl), '../Patient', ...Array.from({ length: 60 }, (_, index) => `x${index}`))
    expect(appointmentsAsked(server)).toHaveLength(51)
    expect(server.requests.some((request) => request.includes('..'))).toBe(false)
  })

  it('a server in trouble is asked another time', async () => {
    const server = await open()
    server.meet(/GET Appointment$/, { kind: 'answer', status: 503, headers: { 'retry-after': '9' } })
    const answer = await again(connect(server.baseUrl), '1', '2')
    expect(answer).toMatchObject({ kind: 'deferred', reason: 'HTTP 503' })
  })
})
