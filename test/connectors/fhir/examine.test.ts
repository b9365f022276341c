import { afterEach, describe, expect, it } from 'vitest'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { connect, patience } from './fhir-story.ts'
import { oauthServer } from './oauth-server.ts'

const closing: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()))
})

async function open(options: FhirServerOptions = {}): Promise<FhirServer> {
  const server = await fhirServer(options)
  closing.push(server)
  return server
}

async function told(baseUrl: string, options: Partial<FhirOptions> = {}): Promise<readonly string[]> {
  const findings = await connect(baseUrl, options).examine?.(patience)
  return (findings ?? []).map(({ level, says }) => `${level}: ${says.en}`)
}

const endpoint = 'https://rappel.example/fhir/tilleuls'
const subscription = { kind: 'criteria', endpoint } as const
const held = (status: string, at = endpoint) => ({
  resourceType: 'Subscription',
  id: 'a',
  status,
  criteria: 'Appointment?status=booked',
  channel: { type: 'rest-hook', endpoint: at },
})

describe('what is told of a FHIR server', () => {
  it('a server that does all', async () => {
    const server = await open()
    expect(await told(server.baseUrl)).toEqual([
      'ok: Reachable, FHIR 4.0.1',
      'ok: Appointment offered: read, search-type, update, patch',
      'ok: Answers written: confirm, cancel, arrive',
      'ok: Appointments can be read.',
      'ok: The subscription is the EHR’s own affair.',
    ])
    expect(server.requests.every((request) => request.startsWith('GET '))).toBe(true)
  })

  it('a closed port', async () => {
    const server = await fhirServer()
    await server.close()
    expect(await told(server.baseUrl)).toEqual(['bad: The server does not answer: ECONNREFUSED'])
  })

  it('a token that is refused', async () => {
    const server = await oauthServer()
    closing.push(server)
    server.refuse({ status: 401, body: { error: 'invalid_client' } })
    const auth = { kind: 'client-secret', clientId: 'a', clientSecret: 'b' } as const
    expect(await told(server.baseUrl, { auth })).toEqual(['bad: No access token: token HTTP 401 invalid_client'])
  })

  it('a release we do not speak', async () => {
    const server = await open({ metadata: { resourceType: 'CapabilityStatement', fhirVersion: '3.0.2' } })
    expect((await told(server.baseUrl))[0]).toBe('bad: FHIR version not supported: 3.0.2')
  })

  it('a server that names no way to write', async () => {
    const server = await open({ metadata: { resourceType: 'CapabilityStatement', fhirVersion: '4.3.0' } })
    expect(await told(server.baseUrl)).toContain('warn: Answers to write: confirm, cancel, arrive, but the server names no way to do it.')
  })

  it('a right that is missing, without the server’s own words', async () => {
    const server = await open()
    const body = { resourceType: 'OperationOutcome', issue: [{ code: 'forbidden', diagnostics: 'Peter Chalmers' }] }
    server.meet(/GET Appointment/, { kind: 'answer', status: 403, body })
    const lines = await told(server.baseUrl)
    expect(lines).toContain('bad: The server does not let us read appointments: HTTP 403 forbidden')
    expect(lines.join()).not.toContain('Chalmers')
  })

  it('a server that is never polled, and cannot be searched', async () => {
    const server = await open()
    server.meet(/GET Appointment/, { kind: 'answer', status: 400 })
    expect(await told(server.baseUrl, { poll: { mode: 'none' } })).toContain('warn: The search for appointments fails: HTTP 400')
  })

  it.each([
    ['active', 'ok'],
    ['requested', 'warn'],
    ['error', 'bad'],
    ['off', 'bad'],
  ])('a subscription that is %s', async (status, level) => {
    const server = await open()
    server.put(held(status))
    expect(await told(server.baseUrl, { subscription })).toContain(`${level}: Subscription ${status}: Appointment?status=booked`)
  })

  it('no subscription yet; somebody else’s does not count', async () => {
    const server = await open()
    server.put(held('error', 'https://other.example/fhir/tilleuls'))
    expect((await told(server.baseUrl, { subscription })).at(-1)).toBe(
      'warn: No subscription at the EHR: the service makes it when it starts.',
    )
  })

  it('what its product cannot do, even where it does not answer', async () => {
    const server = await fhirServer()
    await server.close()
    const lines = await told(server.baseUrl, { preset: 'oracle-health', writeBack: {} })
    expect(lines).toContain('warn: There is no state "confirmed": without `byHand` patients are not asked to confirm.')
  })
})
