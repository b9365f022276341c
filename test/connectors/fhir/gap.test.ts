import { afterEach, describe, expect, it } from 'vitest'
import type { ReadBack } from '../../../src/connectors/connector.ts'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, connect, hookEnvelope, now, patience, patient, practitioner } from './fhir-story.ts'
import { backportStatus, notification, statusR5, type Told } from './topic-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

type Says = (baseUrl: string, said: Told) => object

async function story(options: FhirServerOptions = {}, more: Partial<FhirOptions> = {}, says: Says = backportStatus) {
  const server = await fhirServer(options)
  opened.push(server)
  for (const resource of [patient, practitioner, ...['a', 'b', 'c'].map((id) => appointment({ id }))]) server.put(resource)
  let clock = now
  const kept = new Map<string, string>()
  const marks = { find: async (name: string) => kept.get(name), save: async (name: string, value: string) => void kept.set(name, value) }
  const open = () => connect(server.baseUrl, { now: () => clock, marks, ...more })
  let connector = open()

  /** Ids that were read, `hint` for what must be followed later, `poll` where that is asked for. */
  function say(answer: ReadBack): string {
    if (answer.kind !== 'read') return answer.kind
    const said = answer.envelopes.map((envelope) => {
      const result = connector.read(envelope)
      return result.kind === 'changes' ? (result.changes[0]?.ehrId ?? '') : result.kind
    })
    return [...said, ...(answer.poll ? ['poll'] : [])].join(' ')
  }

  const follow = async (envelope: Parameters<typeof connector.readBack>[0]) => await connector.readBack(envelope, patience)
  const hear = (said: Told) => follow(hookEnvelope('', notification(says(server.baseUrl, said), said.at), 'POST', clock))
  return {
    server,
    hear,
    tell: async (said: Told) => say(await hear(said)),
    say,
    follow,
    pass: (seconds: number) => {
      clock = clock.add({ seconds })
    },
    restart: () => {
      connector = open()
    },
    /** The hint that a notification left behind. */
    left(answer: ReadBack) {
      const envelope = answer.kind === 'read' ? answer.envelopes.find((each) => connector.read(each).kind === 'hint') : undefined
      if (!envelope) throw new Error('no hint was left')
      return envelope
    },
  }
}

const event = (number: number, id: string, at = `2026-03-01T10:59:${String(number % 60).padStart(2, '0')}Z`): Told => ({
  events: [[number, id]],
  at,
})

describe.each([
  ['R4 Parameters', backportStatus],
  ['R4B and R5 SubscriptionStatus', statusR5],
])('event numbers in %s', (_name, says) => {
  it('name what is read, and leave a gap to be followed', async () => {
    const { tell } = await story({}, {}, says)
    expect(await tell({ type: 'handshake', counter: 0, status: 'requested' })).toBe('')
    expect(await tell(event(1, 'a'))).toBe('a')
    expect(await tell(event(3, 'c'))).toBe('c hint')
    expect(await tell(event(4, 'a'))).toBe('a')
  })

  it('a heartbeat with a higher count leaves a gap, one with the same none', async () => {
    const { tell } = await story({}, {}, says)
    await tell(event(1, 'a'))
    expect(await tell({ type: 'heartbeat', counter: 1, at: '2026-03-01T11:00:00Z' })).toBe('')
    expect(await tell({ type: 'heartbeat', counter: 2, at: '2026-03-01T11:00:00Z' })).toBe('hint')
  })
})

describe('a gap', () => {
  const events = (numbers: readonly (readonly [number, string])[]) => (baseUrl: () => string) => ({
    resourceType: 'Bundle',
    type: 'history',
    entry: [{ resource: backportStatus(baseUrl(), { type: 'query-event', events: numbers }) }],
  })

  async function withGap(answer: (baseUrl: () => string) => unknown) {
    const made: { baseUrl?: string } = {}
    const told = await story({ operation: () => answer(() => made.baseUrl ?? '') })
    made.baseUrl = told.server.baseUrl
    await told.tell(event(1, 'a'))
    const hint = told.left(await told.hear(event(3, 'c')))
    return { ...told, hint }
  }

  it('is waited for 30 s, since events overtake each other', async () => {
    const { follow, hint, pass } = await withGap(events([[2, 'b']]))
    expect(await follow(hint)).toMatchObject({ kind: 'deferred', retryAfter: expect.anything() })
    pass(29)
    expect((await follow(hint)).kind).toBe('deferred')
    pass(1)
    expect((await follow(hint)).kind).toBe('read')
  })

  it('that closes by itself is not asked for', async () => {
    const { follow, say, hint, pass, tell, server } = await withGap(events([[2, 'b']]))
    expect(await tell(event(2, 'b'))).toBe('b')
    pass(30)
    expect(say(await follow(hint))).toBe('')
    expect(server.requests.filter((request) => request.includes('$events'))).toEqual([])
  })

  it('is asked for by $events, once, and what it names is read', async () => {
    const { follow, say, hint, pass, server, restart } = await withGap(events([[2, 'b']]))
    pass(30)
    restart()
    expect(say(await follow(hint))).toBe('b')
    expect(server.requests.filter((request) => request.includes('$events'))).toEqual([
      'GET Subscription/s1/$events?eventsSinceNumber=2&eventsUntilNumber=2',
    ])
    expect(say(await follow(hint))).toBe('')
  })

  it.each([
    ['the server does not know $events', () => ({ resourceType: 'OperationOutcome', issue: [] })],
    ['$events leaves one out', events([[7, 'b']])],
    ['$events names no appointment', (baseUrl: () => string) => ({ ...events([])(baseUrl) })],
  ])('is caught up by a poll where %s', async (_name, answer) => {
    const { follow, say, hint, pass } = await withGap(answer)
    pass(30)
    expect(say(await follow(hint))).toBe('poll')
    expect(say(await follow(hint))).toBe('')
  })

  it('outlives a restart between the notification and its answer', async () => {
    const told = await story()
    await told.tell(event(1, 'a'))
    await told.hear(event(3, 'c'))
    told.restart()
    expect(await told.tell(event(3, 'c'))).toBe('c hint')
  })
})

describe('what must be caught up as a whole', () => {
  it('a counter that began again', async () => {
    const { tell } = await story()
    await tell(event(41, 'a'))
    expect(await tell(event(1, 'b', '2026-03-01T11:00:00Z'))).toBe('b poll')
    expect(await tell(event(2, 'c', '2026-03-01T11:00:01Z'))).toBe('c')
  })

  it('not a repeated notification, nor an overtaken one', async () => {
    const { tell } = await story()
    for (const number of [41, 42]) await tell(event(number, 'a'))
    expect(await tell(event(41, 'a'))).toBe('a')
  })

  it('a notification without names (payload empty, an empty POST)', async () => {
    const { tell, say, follow } = await story()
    expect(await tell({ counter: 1 })).toBe('poll')
    expect(say(await follow(hookEnvelope('')))).toBe('poll')
  })

  it('or is refused, visibly, where the EHR is never polled', async () => {
    const { follow } = await story({}, { poll: { mode: 'none' } })
    expect(await follow(hookEnvelope(''))).toMatchObject({ kind: 'refused', fault: { code: 'not-supported' } })
  })

  it('not where numbers mean nothing (athenahealth counts within each Bundle)', async () => {
    const subscription = {
      kind: 'topic',
      topics: ['https://ehr.example/t'],
      endpoint: 'https://rappel.example/fhir/x',
      eventNumbers: 'none',
    } as const
    const { tell } = await story({}, { subscription })
    expect(await tell(event(1, 'a'))).toBe('a')
    expect(await tell(event(3, 'b'))).toBe('b')
    expect(await tell(event(1, 'c', '2026-03-01T11:00:00Z'))).toBe('c')
  })
})
