import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import { type FhirServer, fhirServer } from './fhir-server.ts'
import { appointment, changeIn, connect, envelopesIn, hookEnvelope, now, patience, patient } from './fhir-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

async function open(birthDate: string | undefined): Promise<FhirServer> {
  const server = await fhirServer()
  opened.push(server)
  server.put(appointment())
  server.put({ ...patient, birthDate })
  return server
}

const mother = {
  resourceType: 'RelatedPerson',
  id: 'm',
  patient: { reference: 'Patient/7' },
  relationship: [{ coding: [{ code: 'GUARD' }] }],
  telecom: [{ system: 'phone', value: '06 99 99 99 99' }],
}
const found = { kind: 'answer', status: 200, body: { resourceType: 'Bundle', entry: [{ resource: mother }] } } as const
const searches = ({ requests }: FhirServer) => requests.filter((request) => request.startsWith('GET RelatedPerson'))

async function readBack(server: FhirServer, more: Partial<FhirOptions> = {}) {
  const connector = connect(server.baseUrl, more)
  const take = async () => connector.readBack(hookEnvelope('Appointment/12'), patience)
  return { take, relatives: async () => changeIn(connector, envelopesIn(await take())[0] as never).patient?.relatives }
}

describe('V2-REL-1: who may be told in the place of a minor', () => {
  it('a child’s RelatedPersons are read with the appointment', async () => {
    const server = await open('2015-01-01')
    server.meet(/RelatedPerson/, found)
    expect(await (await readBack(server)).relatives()).toEqual([
      { ehrId: 'RelatedPerson/m', guardian: true, contacts: [{ kind: 'phone', mobile: 'yes', value: '+33699999999' }] },
    ])
    expect(searches(server)).toEqual(['GET RelatedPerson?patient=7&_count=20'])
  })

  it.each([
    ['an adult', '1980-05-06'],
    ['somebody of 21 years today', '2005-03-01'],
    ['whoever has no birth date', undefined],
  ])('nobody is looked for beside %s', async (_name, birthDate) => {
    const server = await open(birthDate)
    expect(await (await readBack(server)).relatives()).toEqual([])
    expect(searches(server)).toEqual([])
  })

  it.each([400, 403, 404])('a server that answers %i has none, and is not asked again for a day', async (status) => {
    const server = await open('2015-01-01')
    let at = now
    const { take, relatives } = await readBack(server, { now: () => at })
    server.meet(/RelatedPerson/, { kind: 'answer', status })
    expect(await relatives()).toEqual([])
    await take()
    expect(searches(server)).toHaveLength(1)
    at = at.add(Temporal.Duration.from({ hours: 25 }))
    await take()
    expect(searches(server)).toHaveLength(2)
  })

  it('a server in trouble is asked again: nobody’s guardian is lost by it', async () => {
    const server = await open('2015-01-01')
    server.meet(/RelatedPerson/, { kind: 'answer', status: 503, headers: { 'retry-after': '7' } })
    expect(await (await readBack(server)).take()).toMatchObject({ kind: 'deferred', reason: 'HTTP 503' })
  })
})
