import { createStorage } from 'unstorage'
import { afterEach, describe, expect, it } from 'vitest'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, changeIn, connect, envelopesIn, hookEnvelope, now, patience, patient, practitioner } from './fhir-story.ts'

let server: FhirServer
const others: FhirServer[] = []

async function open(options: FhirServerOptions = {}): Promise<FhirServer> {
  server = await fhirServer(options)
  others.push(server)
  for (const resource of [appointment(), patient, practitioner]) server.put(resource)
  return server
}

afterEach(async () => {
  await Promise.all(others.splice(0).map((each) => each.close()))
})

describe('an appointment that was named', () => {
  it('is read back with those who take part, in one envelope that reads as a change', async () => {
    const { baseUrl } = await open()
    const connector = connect(baseUrl)
    const [envelope, ...more] = envelopesIn(await connector.readBack(hookEnvelope('Appointment/12'), patience))
    if (!envelope) throw new Error('nothing was read')
    expect(more).toEqual([])
    expect(envelope).toMatchObject({ connectorId: 'tilleuls', receivedAt: now, mediaType: 'application/fhir+json' })
    expect(envelope.request).toBeUndefined()
    expect(connector.read(envelope).identity).toBe('Appointment/12/_history/1')
    expect(changeIn(connector, envelope)).toMatchObject({
      ehrId: '12',
      patient: { ehrId: '7' },
      practitioner: { name: 'Dre Claire Moreau' },
    })
  })

  it('is the same, byte for byte, while nothing changes', async () => {
    const { baseUrl } = await open()
    const read = async () => envelopesIn(await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience))[0]?.body
    expect(await read()).toEqual(await read())
  })

  it('is only a hint: a forged body with another patient and another hour changes nothing (FHIR-SUB-3)', async () => {
    const { baseUrl } = await open()
    const forged = appointment({
      start: '2026-03-05T08:00:00Z',
      participant: [{ actor: { reference: 'Patient/666', display: 'Mallory' } }],
    })
    const connector = connect(baseUrl)
    const [envelope] = envelopesIn(await connector.readBack(hookEnvelope('Appointment/12', forged, 'PUT'), patience))
    if (!envelope) throw new Error('nothing was read')
    const change = changeIn(connector, envelope)
    expect([change.patient?.ehrId, change.time?.start.toString()]).toEqual(['7', '2026-03-04T08:00:00Z'])
    expect(new TextDecoder().decode(envelope.body)).not.toContain('666')
    expect(server.requests.some((request) => request.includes('666'))).toBe(false)
  })

  it.each([
    ['410', () => server.remove('Appointment/12')],
    ['404', () => server.meet(/Appointment/, { kind: 'answer', status: 404 })],
  ])('that is gone (%s) was entered in error', async (_name, remove) => {
    const { baseUrl } = await open()
    remove()
    const connector = connect(baseUrl)
    const [envelope] = envelopesIn(await connector.readBack(hookEnvelope('Appointment/12', undefined, 'DELETE'), patience))
    if (!envelope) throw new Error('nothing was read')
    const change = changeIn(connector, envelope)
    expect(change).toEqual({ ehrId: '12', stamp: { at: now }, status: { value: 'entered-in-error', cancelKind: 'deleted' }, warnings: [] })
    expect(connector.read(envelope).identity).toBeUndefined()
  })

  it('that the server will not show is told as such, and the others of the hint are read', async () => {
    const { baseUrl, put, meet } = await open()
    put(appointment({ id: '13' }))
    meet(/Appointment\/13/, { kind: 'answer', status: 403 })
    const bundle = { resourceType: 'Bundle', entry: ['12', '13'].map((id) => ({ resource: appointment({ id }) })) }
    const connector = connect(baseUrl)
    const envelopes = envelopesIn(await connector.readBack(hookEnvelope('', bundle), patience))
    expect(envelopes.map((envelope) => connector.read(envelope).kind)).toEqual(['changes', 'unreadable'])
  })

  it('brings the patient who survived a merge', async () => {
    const { baseUrl, put } = await open()
    put({ ...patient, active: false, link: [{ type: 'replaced-by', other: { reference: 'Patient/8' } }] })
    put({ ...patient, id: '8' })
    const connector = connect(baseUrl)
    const [envelope] = envelopesIn(await connector.readBack(hookEnvelope('Appointment/12'), patience))
    expect(envelope && changeIn(connector, envelope).patient?.ehrId).toBe('8')
  })

  it('follows roles, services, slots and schedules as far as they are read, and no further', async () => {
    const { baseUrl, put, requests } = await open()
    put({ resourceType: 'Slot', id: 's', schedule: { reference: 'Schedule/c' }, owner: { reference: 'Organization/1' } })
    put({ resourceType: 'Schedule', id: 'c', actor: [{ reference: 'Location/1' }] })
    put({ resourceType: 'Location', id: '1', name: 'Aile sud', managingOrganization: { reference: 'Organization/1' } })
    put(appointment({ slot: [{ reference: 'Slot/s' }], basedOn: [{ reference: 'ServiceRequest/1' }] }))
    const connector = connect(baseUrl)
    const [envelope] = envelopesIn(await connector.readBack(hookEnvelope('Appointment/12'), patience))
    expect(envelope && changeIn(connector, envelope).location).toEqual({ key: 'Location/1', name: 'Aile sud' })
    expect(requests.map((request) => request.slice(4)).sort()).toEqual(
      ['Appointment/12', 'Location/1', 'Patient/7', 'Practitioner/moreau', 'Schedule/c', 'Slot/s'].sort(),
    )
  })
})

describe('a server in trouble', () => {
  const troubles: [string, number, Record<string, string>, object][] = [
    ['too busy, for so many seconds', 429, { 'retry-after': '7' }, { kind: 'deferred', retryAfter: 'PT7S' }],
    ['away until a date', 503, { 'retry-after': 'Sun, 01 Mar 2026 11:01:00 GMT' }, { kind: 'deferred', retryAfter: 'PT60S' }],
    ['broken', 500, {}, { kind: 'deferred' }],
    ['too early', 425, {}, { kind: 'deferred' }],
    ['timed out', 408, {}, { kind: 'deferred' }],
    ['does not know us any more', 401, {}, { kind: 'deferred' }],
  ]
  it.each(troubles)('%s (%i)', async (_name, status, headers, expected) => {
    const { baseUrl, meet } = await open()
    meet(/Appointment/, {
      kind: 'answer',
      status,
      headers,
      body: { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'Lambert' }] },
    })
    const result = await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience)
    expect(JSON.parse(JSON.stringify(result))).toMatchObject(expected)
    expect(JSON.stringify(result)).not.toContain('Lambert')
  })

  it('a reference that cannot be had now defers the whole; one that is gone or withheld leaves its own words', async () => {
    const { baseUrl, meet } = await open()
    const read = () => connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience)
    meet(/Practitioner/, { kind: 'answer', status: 503 })
    expect((await read()).kind).toBe('deferred')
    meet(/Practitioner/, { kind: 'answer', status: 403 }, { kind: 'answer', status: 404 })
    expect([(await read()).kind, (await read()).kind]).toEqual(['read', 'read'])
  })

  it('nobody answers, nothing answers in time, or the connection breaks: deferred', async () => {
    const { baseUrl, meet, close } = await open()
    const read = (timeoutMs = 2_000) => connect(baseUrl, { timeoutMs }).readBack(hookEnvelope('Appointment/12'), patience)
    meet(/Appointment/, { kind: 'hang' })
    expect(await read(100)).toMatchObject({ kind: 'deferred', reason: expect.stringMatching(/Timeout|TIMEOUT/) })
    meet(/Appointment/, { kind: 'drop' })
    expect((await read()).kind).toBe('deferred')
    await close()
    expect(await read()).toMatchObject({ kind: 'deferred', reason: 'ECONNREFUSED' })
  })

  it('answers with something that is not FHIR, or with somebody else’s resource: deferred', async () => {
    const { baseUrl, meet } = await open()
    const read = () => connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience)
    const deep = JSON.parse(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`)
    const bodies = [undefined, null, [], 'x', { ...patient, id: '12' }, appointment({ id: '13' }), deep]
    for (const body of bodies) {
      meet(/Appointment/, { kind: 'answer', status: 200, body })
      expect((await read()).kind).toBe('deferred')
    }
  })

  it('does not read an answer without end', async () => {
    const { baseUrl, meet } = await open()
    meet(/Appointment/, { kind: 'answer', status: 200, body: appointment({ comment: 'x'.repeat(17 * 1024 * 1024) }) })
    const result = await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience)
    expect(result).toMatchObject({ kind: 'deferred', reason: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' })
  })

  it('is left alone once we stop', async () => {
    const { baseUrl, meet } = await open()
    meet(/Appointment/, { kind: 'hang' })
    expect((await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), AbortSignal.timeout(50))).kind).toBe('deferred')
    expect((await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), AbortSignal.abort())).kind).toBe('deferred')
  })
})

describe('only the configured server is ever asked (FHIR-SEC-3, R23)', () => {
  const canaries = (origin: string) => [
    `${origin}/fhir/Patient/7`,
    `${origin.replace('127.0.0.1', 'localhost')}/fhir/Patient/7`,
    `//${origin.slice(7)}/fhir/Patient/7`,
    `${origin.replace('http://', 'http://ehr.example@')}/fhir/Patient/7`,
    `Patient/../../../${origin}`,
    'Patient/7?x=1',
    'Patient/%2e%2e%2fmetadata',
    'file:///etc/passwd',
    'metadata',
  ]

  it('whatever the references of an appointment say', async () => {
    const canary = await fhirServer()
    others.push(canary)
    const { baseUrl, put, requests } = await open()
    for (const reference of canaries(canary.origin)) {
      put(appointment({ participant: [{ actor: { reference } }, { actor: { reference: 'Patient/7' } }], slot: [{ reference }] }))
      expect((await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience)).kind).toBe('read')
    }
    expect(canary.requests).toEqual([])
    expect([...new Set(requests)].sort()).toEqual(['GET Appointment/12', 'GET Patient/7'])
  })

  it('whatever a notification says', async () => {
    const canary = await fhirServer()
    others.push(canary)
    const { baseUrl, requests } = await open()
    for (const url of canaries(canary.origin).map((each) => each.replaceAll('Patient', 'Appointment'))) {
      const bundle = { resourceType: 'Bundle', entry: [{ fullUrl: url, request: { method: 'PUT', url } }] }
      await connect(baseUrl).readBack(hookEnvelope('', bundle), patience)
    }
    expect(canary.requests).toEqual([])
    expect(requests.every((request) => /^GET (Appointment(\?|\/7$|\/12$)|Patient\/7$|Practitioner\/moreau$)/.test(request))).toBe(true)
  })

  it('whatever a redirect says', async () => {
    const canary = await fhirServer()
    others.push(canary)
    const { baseUrl, meet } = await open()
    for (const status of [301, 302, 303, 307, 308]) {
      meet(/Appointment/, { kind: 'answer', status, headers: { location: `${canary.baseUrl}/Appointment/12` } })
      expect((await connect(baseUrl).readBack(hookEnvelope('Appointment/12'), patience)).kind).toBe('deferred')
    }
    expect(canary.requests).toEqual([])
  })

  it('with the credentials of the configuration', async () => {
    const { baseUrl, headers } = await open()
    await connect(baseUrl, { auth: { kind: 'bearer', token: 't' } }).readBack(hookEnvelope('Appointment/12'), patience)
    expect(headers[0]?.authorization).toBe('Bearer t')
    await connect(baseUrl, { auth: { kind: 'basic', user: 'é', password: 'p' } }).readBack(hookEnvelope('Appointment/12'), patience)
    expect(headers.at(-1)?.authorization).toBe('Basic w6k6cA==')
  })
})

describe('what the server is spared', () => {
  it('is asked at most four things at once', async () => {
    const { baseUrl, put, busiest } = await open({ delayMs: 10 })
    const ids = Array.from({ length: 20 }, (_, index) => `a${index}`)
    for (const id of ids) put(appointment({ id }))
    const bundle = { resourceType: 'Bundle', entry: ids.map((id) => ({ request: { method: 'PUT', url: `Appointment/${id}` } })) }
    expect(envelopesIn(await connect(baseUrl).readBack(hookEnvelope('', bundle), patience))).toHaveLength(20)
    expect(busiest()).toBe(4)
  })

  it('is asked once for a practitioner of many appointments, and each time for the patient', async () => {
    const { baseUrl, put, requests } = await open()
    for (const id of ['13', '14']) put(appointment({ id }))
    const bundle = { resourceType: 'Bundle', entry: ['12', '13', '14'].map((id) => ({ resource: appointment({ id }) })) }
    await connect(baseUrl).readBack(hookEnvelope('', bundle), patience)
    expect(requests.filter((request) => request === 'GET Practitioner/moreau')).toHaveLength(1)
    expect(requests.filter((request) => request === 'GET Patient/7')).toHaveLength(3)
  })

  it('is asked again for a practitioner only when the cache is too old; a patient is never cached', async () => {
    const { baseUrl, requests } = await open()
    let clock = now
    const cache = createStorage()
    const connector = connect(baseUrl, { cache, cacheTtlMs: 60_000, now: () => clock })
    const read = () => connector.readBack(hookEnvelope('Appointment/12'), patience)
    const asked = (what: string) => requests.filter((request) => request === `GET ${what}`).length
    await read()
    await read()
    expect([asked('Practitioner/moreau'), asked('Patient/7')]).toEqual([1, 2])
    clock = now.add({ seconds: 61 })
    await read()
    expect(asked('Practitioner/moreau')).toBe(2)
    expect((await cache.getKeys()).every((key) => !key.includes('Patient'))).toBe(true)
  })

  it('is asked, and nothing is lost, where the cache is broken', async () => {
    const { baseUrl } = await open()
    const broken = {
      ...createStorage(),
      getItem: () => Promise.reject(new Error('down')),
      setItem: () => Promise.reject(new Error('down')),
    }
    expect((await connect(baseUrl, { cache: broken }).readBack(hookEnvelope('Appointment/12'), patience)).kind).toBe('read')
  })
})
