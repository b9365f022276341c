import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import type { FhirSubscription } from '../../../src/connectors/fhir/watch-options.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { connect, hookEnvelope, now, patience, secret } from './fhir-story.ts'
import { backportStatus, notification } from './topic-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

const endpoint = 'https://rappel.example/fhir/tilleuls'
const criteria: FhirSubscription = { kind: 'criteria', endpoint }
const topic: FhirSubscription = { kind: 'topic', endpoint, topics: ['https://ehr.example/topic'] }

async function story(subscription: FhirSubscription = criteria, options: FhirServerOptions = {}) {
  const server = await fhirServer(options)
  opened.push(server)
  let clock = now
  const kept = new Map<string, string>()
  const marks = { find: async (name: string) => kept.get(name), save: async (name: string, value: string) => void kept.set(name, value) }
  const open = () => connect(server.baseUrl, { now: () => clock, marks, subscription })
  let connector = open()
  return {
    server,
    async tend(): Promise<string> {
      const tended = await connector.tend?.(patience)
      if (!tended) throw new Error('nothing is tended')
      return tended.kind === 'well' ? 'well' : `${tended.kind}: ${tended.reason}`
    },
    pass: (duration: string) => {
      clock = clock.add(Temporal.Duration.from(duration))
    },
    restart: () => {
      connector = open()
    },
    forget: () => kept.clear(),
    hear: (said: Parameters<typeof backportStatus>[1]) =>
      connector.readBack(hookEnvelope('', notification(backportStatus(server.baseUrl, said)), 'POST', clock), patience),
    ours: () => server.get('Subscription/made-1'),
    /** The EHR changes it by itself. */
    set: (change: Record<string, unknown>) => void server.put({ ...server.get('Subscription/made-1'), ...change }),
    writes: () => server.requests.filter((request) => /^(POST|PUT)/.test(request)),
  }
}

describe('a Subscription of ours is created', () => {
  it('FHIR-SUB-1: for every status, with the secret in a header and an end (R4)', async () => {
    const { tend, server } = await story()
    expect(await tend()).toBe('revived: created')
    expect(server.bodies).toEqual([
      {
        resourceType: 'Subscription',
        status: 'requested',
        reason: 'appointment notifications',
        end: '2027-03-01T11:00:00Z',
        criteria: 'Appointment?status=proposed,pending,booked,arrived,fulfilled,cancelled,noshow,entered-in-error,checked-in,waitlist',
        channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json', header: [`Authorization: Bearer ${secret}`] },
      },
    ])
    expect(await tend()).toBe('well')
  })

  it('in the words of a server that wants more: no payload, another status, extensions', async () => {
    const extension = [{ url: 'https://ehr.example/e', valueBoolean: true }]
    const { tend, server } = await story({
      ...criteria,
      criteria: 'Appointment?',
      payload: 'empty',
      initialStatus: 'active',
      extension,
      channelExtension: extension,
    })
    await tend()
    expect(server.bodies[0]).toMatchObject({ status: 'active', criteria: 'Appointment?', extension, channel: { extension } })
    expect(server.bodies[0]).not.toHaveProperty('channel.payload')
  })

  it('for a topic, by the Backport IG (R4, R4B)', async () => {
    const { tend, server } = await story({
      ...topic,
      filter: 'Appointment?location=Location/12',
      heartbeatMs: 3_600_000,
      timeoutMs: 30_000,
      maxCount: 20,
    })
    await tend()
    const base = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition'
    expect(server.bodies[0]).toMatchObject({
      meta: { profile: [`${base}/backport-subscription`] },
      criteria: 'https://ehr.example/topic',
      _criteria: { extension: [{ url: `${base}/backport-filter-criteria`, valueString: 'Appointment?location=Location/12' }] },
      channel: {
        payload: 'application/fhir+json',
        _payload: { extension: [{ url: `${base}/backport-payload-content`, valueCode: 'id-only' }] },
        extension: [
          { url: `${base}/backport-heartbeat-period`, valueUnsignedInt: 3600 },
          { url: `${base}/backport-timeout`, valueUnsignedInt: 30 },
          { url: `${base}/backport-max-count`, valuePositiveInt: 20 },
        ],
      },
    })
  })

  it('for a topic, in the words of R5 where the server says that it speaks it', async () => {
    const metadata = { resourceType: 'CapabilityStatement', fhirVersion: '5.0.0' }
    const { tend, server } = await story({ ...topic, filter: 'Appointment?location=Location/12', heartbeatMs: 60_000 }, { metadata })
    await tend()
    expect(server.bodies[0]).toMatchObject({
      topic: 'https://ehr.example/topic',
      filterBy: [{ resourceType: 'Appointment', filterParameter: 'location', value: 'Location/12' }],
      channelType: { code: 'rest-hook' },
      endpoint,
      parameter: [{ name: 'Authorization', value: `Bearer ${secret}` }],
      heartbeatPeriod: 60,
      contentType: 'application/fhir+json',
      content: 'id-only',
    })
    expect(await tend()).toBe('well')
  })

  it('one for each topic (athenahealth)', async () => {
    const { tend, writes } = await story({ ...topic, topics: ['https://ehr.example/a', 'https://ehr.example/b'] })
    await tend()
    expect(await tend()).toBe('well')
    expect(writes()).toEqual(['POST Subscription', 'POST Subscription'])
  })

  it('FHIR-SUB-6: not twice: by its id after a restart, and by our address where the id is lost', async () => {
    const { tend, restart, forget, writes } = await story()
    await tend()
    restart()
    expect(await tend()).toBe('well')
    restart()
    forget()
    expect(await tend()).toBe('well')
    expect(writes()).toEqual(['POST Subscription'])
  })

  it('not in the place of another system’s', async () => {
    const { tend, server } = await story()
    server.put({
      resourceType: 'Subscription',
      id: 'theirs',
      status: 'off',
      criteria: 'Appointment?',
      channel: { endpoint: 'https://other.example/hook' },
    })
    expect(await tend()).toBe('revived: created')
    expect(server.get('Subscription/theirs').status).toBe('off')
  })

  it('and what the server has against it is told, and tried again later and later', async () => {
    const { tend, server, pass, writes } = await story()
    const body = { resourceType: 'OperationOutcome', issue: [{ code: 'processing' }] }
    server.meet(/^POST/, { kind: 'answer', status: 422, body }, { kind: 'answer', status: 422, body })
    expect(await tend()).toBe('trouble: not created: HTTP 422 processing')
    pass('PT4M')
    expect(await tend()).toBe('trouble: there is none, and it could not be created')
    pass('PT1M')
    expect(await tend()).toBe('trouble: not created: HTTP 422 processing')
    pass('PT5M')
    await tend()
    expect(writes()).toHaveLength(2)
    pass('PT5M')
    expect(await tend()).toBe('revived: created')
  })
})

describe('FHIR-SUB-5: it is watched', () => {
  it.each(['error', 'off'])('set to %s at the EHR, it is asked for again at the next look, and the rest of it is kept', async (status) => {
    const { tend, pass, set, ours } = await story()
    await tend()
    pass('PT5M')
    expect(await tend()).toBe('well')
    set({ status, error: 'the hook did not answer', contact: [{ system: 'email', value: 'it@ehr.example' }] })
    pass('PT5M')
    expect(await tend()).toBe(`revived: it was ${status}`)
    expect(ours()).toMatchObject({
      status: 'requested',
      contact: [{ system: 'email' }],
      channel: { header: [`Authorization: Bearer ${secret}`] },
    })
    expect(ours()).not.toHaveProperty('error')
  })

  it('what stays broken is asked for after 5 min, 10 min, 20 min … 6 h', async () => {
    const { tend, pass, set } = await story()
    await tend()
    await tend()
    const revivedAt: number[] = []
    for (let minutes = 0; minutes <= 24 * 60; minutes += 5) {
      set({ status: 'error' })
      if ((await tend()).startsWith('revived')) revivedAt.push(minutes)
      pass('PT5M')
    }
    expect(revivedAt).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 995, 1355])
  })

  it.each([
    ['deleted (410)', (server: FhirServer) => server.remove('Subscription/made-1')],
    ['unknown (404)', (server: FhirServer) => server.meet(/Subscription\/made-1/, { kind: 'answer', status: 404 })],
    ['entered in error', (server: FhirServer) => void server.put({ ...server.get('Subscription/made-1'), status: 'entered-in-error' })],
  ])('%s, it is created anew at the next look, or found again', async (_name, lose) => {
    const { tend, server, pass } = await story()
    await tend()
    pass('PT5M')
    await tend()
    lose(server)
    pass('PT5M')
    const tended = await tend()
    expect(['revived: created', 'well']).toContain(tended)
    expect(await tend()).toBe('well')
  })

  it('requested for more than ten minutes is an alarm', async () => {
    const { tend, pass } = await story(criteria, { subscriptionStatus: 'requested' })
    await tend()
    pass('PT10M')
    expect(await tend()).toBe('well')
    pass('PT1S')
    expect(await tend()).toBe('trouble: requested for more than 10 min')
  })

  it('is extended when less than 30 days are left, and not at every look where the EHR allows no more', async () => {
    const { tend, pass, set, writes, ours } = await story()
    await tend()
    await tend()
    pass('PT8041H')
    await tend()
    expect(ours().end).toBe('2028-01-30T12:00:00Z')
    set({ end: '2026-03-02T11:00:00Z' })
    for (let looks = 0; looks < 5; looks++) await tend()
    expect(writes()).toHaveLength(2)
    pass('PT12H')
    await tend()
    expect(writes()).toHaveLength(3)
  })

  it('led elsewhere at the EHR, it is set right; a server that words it otherwise is not told for ever', async () => {
    const { tend, restart, set, ours, writes } = await story()
    await tend()
    restart()
    set({ criteria: 'Appointment?status=booked' })
    expect(await tend()).toBe('revived: it was not ours any more')
    expect(ours().criteria).toMatch(/^Appointment\?status=proposed/)
    set({ criteria: 'Appointment?status=booked' })
    await tend()
    expect(writes()).toHaveLength(2)
  })

  it('an EHR that does not answer is an alarm, and nothing is created', async () => {
    const { tend, server, writes } = await story()
    server.meet(/Subscription/, { kind: 'answer', status: 503 })
    expect(await tend()).toBe('trouble: HTTP 503')
    expect(writes()).toEqual([])
  })

  it('without a sound for twice its heartbeat, the EHR is asked how it does', async () => {
    const asked: string[] = []
    const operation = (name: string) => {
      asked.push(name)
      return notification(backportStatus('', { type: 'query-status', counter: 3 }))
    }
    const { tend, pass, hear } = await story({ ...topic, heartbeatMs: 3_600_000 }, { operation })
    await tend()
    await tend()
    pass('PT2H')
    expect(await tend()).toBe('well')
    pass('PT1M')
    expect(await tend()).toBe('trouble: no heartbeat, and the EHR says that it is active')
    expect(asked).toEqual(['status'])
    await hear({ type: 'heartbeat', counter: 3 })
  })
})

describe('a secret that no header can hold is refused at the start', () => {
  it.each(['with:colon', 'with space', 'with\r\nX-Other: y', 'é'])('%s', (each) => {
    const make = () => connect('http://127.0.0.1:9/fhir', { subscription: criteria, hook: { secrets: [each] } })
    expect(make).toThrow('fhir tilleuls: the first of hook.secrets')
  })

  it('in a header of the site’s choice it stands bare', async () => {
    const server = await fhirServer()
    opened.push(server)
    await connect(server.baseUrl, { subscription: criteria, hook: { secrets: ['s3cret'], header: 'X-Hook' } }).tend?.(patience)
    expect(server.bodies[0]).toMatchObject({ channel: { header: ['X-Hook: s3cret'] } })
  })

  it('nothing is tended where a person sees to it', () => {
    expect(connect('http://127.0.0.1:9/fhir').tend).toBeUndefined()
    expect(connect('http://127.0.0.1:9/fhir', { subscription: { kind: 'none', endpoint } }).tend).toBeUndefined()
  })
})

describe('FHIR-SUB-6: one subscription of ours', () => {
  const left = (id: string, more: Record<string, unknown> = {}, at = endpoint) => ({
    resourceType: 'Subscription',
    id,
    status: 'active',
    reason: 'appointment notifications',
    criteria: 'Appointment?status=booked',
    channel: { type: 'rest-hook', endpoint: at },
    ...more,
  })

  it('those we left behind are deleted once ours is well, and nobody else’s', async () => {
    const { server, tend } = await story()
    server.put(left('of-an-old-token', {}, `${endpoint}/an-old-token-of-the-path`))
    server.put(left('of-a-person', { reason: 'made by hand' }, `${endpoint}/by-hand`))
    server.put(left('of-another', {}, 'https://rappel.example/fhir/tilleuls-2'))
    server.put(left('of-another-host', {}, 'https://other.example/fhir/tilleuls'))
    const removed = () => server.requests.filter((request) => request.startsWith('DELETE '))
    expect(await tend()).toBe('revived: created')
    expect(removed()).toEqual([])
    expect(await tend()).toBe('well')
    expect(await tend()).toBe('well')
    expect(removed()).toEqual(['DELETE Subscription/of-an-old-token'])
  })
})
