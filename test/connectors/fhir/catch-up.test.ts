import { afterEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import type { Envelope } from '../../../src/core/envelope.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, connect, envelopesIn, hookEnvelope, now, patience, patient, practitioner } from './fhir-story.ts'

const opened: FhirServer[] = []

async function open(options: FhirServerOptions = {}): Promise<FhirServer> {
  const server = await fhirServer(options)
  opened.push(server)
  for (const resource of [patient, practitioner]) server.put(resource)
  return server
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

const searches = (server: FhirServer) => server.requests.filter((request) => request.startsWith('GET Appointment?'))
const sinceOf = (search: string | undefined) => new URLSearchParams(search?.split('?')[1]).get('_lastUpdated')
const knock = (seconds = 0) => hookEnvelope('', undefined, 'POST', now.add({ seconds }))

async function found(connector: Connector, hint: Envelope): Promise<(string | undefined)[]> {
  const envelopes = envelopesIn(await connector.readBack(hint, patience))
  return envelopes.map((envelope) => connector.read(envelope).identity)
}

describe('an empty notification (FHIR-SUB-4)', () => {
  it('brings everything that changed since the horizon, in order', async () => {
    const server = await open()
    server.put(appointment({ id: 'b' }), '2026-03-01T10:59:00Z')
    server.put(appointment({ id: 'a' }), '2026-03-01T10:58:00Z')
    server.put(appointment({ id: 'old' }), '2026-02-20T10:00:00Z')
    expect(await found(connect(server.baseUrl), knock())).toEqual(['Appointment/a/_history/1', 'Appointment/b/_history/1'])
    const search = new URLSearchParams(searches(server)[0]?.split('?')[1])
    expect(Object.fromEntries(search)).toEqual({ _lastUpdated: 'ge2026-02-28T11:00:00.000Z', _sort: '_lastUpdated', _count: '100' })
  })

  it('is followed from the newest word seen, less five minutes, by the server’s clock', async () => {
    const server = await open()
    server.put(appointment(), '2026-03-01T10:59:00Z')
    let clock = now
    const connector = connect(server.baseUrl, { now: () => clock })
    await found(connector, knock())
    clock = now.add({ seconds: 10 })
    await found(connector, knock(10))
    expect(searches(server).map(sinceOf)).toEqual(['ge2026-02-28T11:00:00.000Z', 'ge2026-03-01T10:54:00.000Z'])
  })

  it('is not led into the future by a server whose clock is wrong', async () => {
    const server = await open()
    server.put(appointment(), '2027-01-01T00:00:00Z')
    const connector = connect(server.baseUrl)
    await found(connector, knock())
    await found(connector, knock(10))
    expect(sinceOf(searches(server)[1])).toBe('ge2026-03-01T10:55:00.000Z')
  })

  it('that came before the last query began was answered by it', async () => {
    const server = await open()
    server.put(appointment(), '2026-03-01T10:59:00Z')
    const connector = connect(server.baseUrl)
    await found(connector, knock())
    expect(await found(connector, knock(-1))).toEqual([])
    expect(searches(server)).toHaveLength(1)
  })

  it('whose answer was lost is asked again from where it began', async () => {
    const server = await open()
    server.put(appointment(), '2026-03-01T10:59:00Z')
    const connector = connect(server.baseUrl)
    await found(connector, knock(-1))
    await found(connector, knock(5))
    expect(await found(connector, knock(-1))).toEqual(['Appointment/12/_history/1'])
    expect(sinceOf(searches(server).at(-1))).toBe('ge2026-02-28T11:00:00.000Z')
  })

  it('coalesces: of fifty at once one runs and one waits', async () => {
    const server = await open({ delayMs: 5 })
    server.put(appointment(), '2026-03-01T10:59:00Z')
    const connector = connect(server.baseUrl)
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => found(connector, knock(index + 1))))
    expect(searches(server)).toHaveLength(2)
    expect(answers.flat()).toEqual(['Appointment/12/_history/1', 'Appointment/12/_history/1'])
  })

  it('that fails fails for all who waited with it, and the next one asks from the same place', async () => {
    const server = await open({ delayMs: 5 })
    server.put(appointment(), '2026-03-01T10:59:00Z')
    server.meet(/Appointment/, { kind: 'answer', status: 503 }, { kind: 'answer', status: 503 })
    const connector = connect(server.baseUrl)
    const results = await Promise.all([1, 2, 3].map((second) => connector.readBack(knock(second), patience)))
    expect(results.map(({ kind }) => kind)).toEqual(['deferred', 'deferred', 'deferred'])
    expect(await found(connector, knock(4))).toHaveLength(1)
    expect(new Set(searches(server).map(sinceOf)).size).toBe(1)
  })
})

describe('pages (FHIR-PAGE-1)', () => {
  async function many(options: FhirServerOptions): Promise<FhirServer> {
    const server = await open({ pageSize: 2, ...options })
    for (let index = 0; index < 5; index++) server.put(appointment({ id: `a${index}` }), `2026-03-01T10:0${index}:00Z`)
    return server
  }

  it('are followed to the last', async () => {
    const server = await many({})
    expect(await found(connect(server.baseUrl), knock())).toHaveLength(5)
    expect(searches(server)).toHaveLength(3)
  })

  it('are followed where the link is relative to the base', async () => {
    const server = await many({ nextLink: (url) => url.slice(url.indexOf('Appointment')) })
    expect(await found(connect(server.baseUrl), knock())).toHaveLength(5)
  })

  const strays: [string, (url: string, canary: string) => string][] = [
    ['another server', (url, canary) => url.replace(/^http:\/\/[^/]+/, canary)],
    ['the same server by another name', (url) => url.replace('127.0.0.1', 'localhost')],
    ['the same server outside of its base', (url) => url.replace('/fhir/', '/admin/')],
    ['another server with our address as user', (url, canary) => url.replace(/^http:\/\/[^/]+/, `http://ehr.example@${canary.slice(7)}`)],
    ['an address without a scheme', (url, canary) => url.replace(/^http:\/\/[^/]+/, `//${canary.slice(7)}`)],
    ['a file', () => 'file:///etc/passwd'],
  ]
  it.each(strays)('are not followed to %s: a person must look', async (_name, stray) => {
    const canary = await open()
    const server = await many({ nextLink: (url) => stray(url, canary.origin) })
    const result = await connect(server.baseUrl).readBack(knock(), patience)
    expect(result).toMatchObject({ kind: 'refused', fault: { code: 'security', at: 'Bundle.link' } })
    expect([canary.requests.length, server.requests.length]).toEqual([0, 1])
  })

  it('that lead in a circle end', async () => {
    const server = await many({ nextLink: (url) => url.replace(/_offset=\d+/, '_offset=2') })
    expect((await connect(server.baseUrl).readBack(knock(), patience)).kind).toBe('read')
    expect(searches(server)).toHaveLength(2)
  })

  it('that ran out on the way begin again later, from the same place', async () => {
    const server = await many({})
    server.meet(/nothing/)
    const connector = connect(server.baseUrl)
    server.meet(/Appointment/, { kind: 'first', act: () => server.meet(/Appointment/, { kind: 'answer', status: 410 }) })
    expect((await connector.readBack(knock(), patience)).kind).toBe('deferred')
    expect(await found(connector, knock())).toHaveLength(5)
  })

  it('of a server that cannot search so are refused', async () => {
    const server = await many({})
    server.meet(/Appointment/, {
      kind: 'answer',
      status: 400,
      body: { resourceType: 'OperationOutcome', issue: [{ code: 'not-supported' }] },
    })
    const result = await connect(server.baseUrl).readBack(knock(), patience)
    expect(result).toMatchObject({ kind: 'refused', fault: { text: 'The EHR does not answer: HTTP 400 not-supported.' } })
  })
})
