import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, connect, patient, practitioner } from './fhir-story.ts'
import { pollStory } from './polling.ts'

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

const noSweep = { poll: { sweepEveryMs: 0 } } as const

describe('the initial load', () => {
  it('brings what is ahead within the horizon, as an import, and nothing that is past', async () => {
    const server = await open()
    server.put(appointment({ id: 'ahead' }), '2026-01-05T09:00:00Z')
    server.put(appointment({ id: 'past', start: '2026-02-04T08:00:00Z' }), '2026-01-05T09:00:00Z')
    server.put(appointment({ id: 'too-far', start: '2027-03-04T08:00:00Z' }), '2026-01-05T09:00:00Z')
    const story = pollStory(server)
    expect(await story.found()).toEqual(['ahead 1*'])
    expect(story.queries()).toEqual(['date=ge2026-02-28T23:00:00.000Z date=lt2026-08-28T11:00:00.000Z _count=100'])
  })

  it('of a server that ignores the date takes only what is ahead, all the same', async () => {
    const server = await open({ deafTo: ['date'] })
    server.put(appointment({ id: 'ahead' }))
    server.put(appointment({ id: 'past', start: '2025-02-04T08:00:00Z' }))
    expect(await pollStory(server).found()).toEqual(['ahead 1*'])
  })

  it('comes in parts, and is over when the last one is kept', async () => {
    const server = await open({ pageSize: 30 })
    for (let index = 0; index < 140; index++) server.put(appointment({ id: `a${index}` }), '2026-03-01T09:00:00Z')
    const story = pollStory(server)
    const parts = await story.round()
    expect(parts.map(({ envelopes, more }) => [envelopes.length, more])).toEqual([
      [60, true],
      [60, true],
      [20, false],
    ])
    expect(parts.flatMap(({ envelopes }) => envelopes).every(({ purpose }) => purpose === 'import')).toBe(true)
    story.pass('PT5M')
    expect(await story.found()).toEqual([])
  })

  it('that a restart broke off begins again, still as an import', async () => {
    const server = await open({ pageSize: 60 })
    for (let index = 0; index < 100; index++) server.put(appointment({ id: `a${index}` }))
    const story = pollStory(server)
    const first = await story.ask()
    expect(first).toMatchObject({ kind: 'read', more: true })
    story.restart()
    expect(await story.found()).toHaveLength(100)
  })

  it('of an empty EHR is an end too: what is booked next is news', async () => {
    const server = await open()
    const story = pollStory(server)
    expect(await story.found()).toEqual([])
    server.put(appointment(), '2026-03-01T11:03:00Z')
    story.pass('PT5M')
    expect(await story.found()).toEqual(['12 1'])
  })
})

describe('FHIR-POLL-1: changes by _lastUpdated', () => {
  it('are asked for from the newest word seen, less five minutes, by the server’s clock', async () => {
    const server = await open()
    server.put(appointment(), '2026-03-01T10:59:00Z')
    const story = pollStory(server, noSweep)
    await story.found()
    story.pass('PT5M')
    await story.found()
    expect(story.queries().at(-1)).toBe('_lastUpdated=ge2026-03-01T10:54:00.000Z _sort=_lastUpdated _count=100')
  })

  it('are found once: the overlap brings no version again', async () => {
    const server = await open()
    const story = pollStory(server, noSweep)
    await story.found()
    server.put(appointment(), '2026-03-01T11:04:00Z')
    story.pass('PT5M')
    expect(await story.found()).toEqual(['12 1'])
    story.pass('PT5M')
    expect(await story.found()).toEqual([])
    server.put(appointment({ start: '2026-03-05T08:00:00Z' }), '2026-03-01T11:04:30Z')
    story.pass('PT5M')
    expect(await story.found()).toEqual(['12 2'])
  })

  it('that were found but could not be kept are found again', async () => {
    const server = await open()
    const story = pollStory(server, noSweep)
    await story.found()
    server.put(appointment(), '2026-03-01T11:04:00Z')
    story.pass('PT5M')
    const lost = await story.ask()
    expect(lost.kind === 'read' && lost.envelopes).toHaveLength(1)
    expect(await story.found()).toEqual(['12 1'])
  })

  it('go on after a restart from the mark that was kept', async () => {
    const server = await open()
    server.put(appointment(), '2026-03-01T10:30:00Z')
    const story = pollStory(server, noSweep)
    await story.found()
    server.put(appointment({ id: '13' }), '2026-03-01T12:00:00Z')
    story.pass('PT24H')
    story.restart()
    expect(await story.found()).toEqual(['12 1', '13 1'])
  })

  it.each([
    ['two minutes behind ours', '2026-03-01T11:08:30Z', '2026-03-01T11:08:10Z'],
    ['two minutes ahead of ours', '2026-03-01T11:12:30Z', '2026-03-01T11:12:10Z'],
  ])('are not missed by a clock that is %s, even where two come out of order (R4)', async (_name, first, second) => {
    const server = await open()
    const story = pollStory(server, noSweep)
    await story.found()
    server.put(appointment({ id: 'a' }), first)
    story.pass('PT10M30S')
    expect(await story.found()).toEqual(['a 1'])
    server.put(appointment({ id: 'b' }), second)
    story.pass('PT5M')
    expect(await story.found()).toEqual(['b 1'])
  })

  it('are not lost to a server whose clock is far ahead', async () => {
    const server = await open()
    server.put(appointment(), '2027-01-01T00:00:00Z')
    const story = pollStory(server, noSweep)
    await story.found()
    story.pass('PT5M')
    await story.found()
    expect(story.queries().at(-1)).toContain('_lastUpdated=ge2026-03-01T10:55:00.000Z')
  })

  it('of a server that ignores _lastUpdated are refused: a person must choose another mode', async () => {
    const server = await open({ deafTo: ['_lastUpdated'] })
    server.put(appointment(), '2026-01-01T00:00:00Z')
    const story = pollStory(server, noSweep)
    await story.found()
    server.put(appointment({ id: '13' }), '2026-03-01T11:04:00Z')
    story.pass('PT5M')
    await story.found().catch(() => undefined)
    story.pass('PT5M')
    expect(await story.ask()).toMatchObject({ kind: 'refused', fault: { code: 'not-supported', at: '_lastUpdated' } })
  })

  it('of a server in trouble are asked for again from the same place', async () => {
    const server = await open()
    server.put(appointment(), '2026-03-01T10:59:00Z')
    const story = pollStory(server, noSweep)
    await story.found()
    story.pass('PT5M')
    server.meet(/Appointment/, { kind: 'answer', status: 503, headers: { 'retry-after': '7' } })
    expect(await story.ask()).toMatchObject({ kind: 'deferred', reason: 'HTTP 503' })
    await story.found()
    expect(new Set(story.queries().slice(1)).size).toBe(1)
  })
})

describe('FHIR-POLL-2: changes by _history', () => {
  const history = { poll: { mode: 'history' } } as const

  it('bring deletions too, and each appointment once, as it is now', async () => {
    const server = await open()
    server.put(appointment({ id: 'a' }), '2026-03-01T10:00:00Z')
    const story = pollStory(server, history)
    expect(await story.found()).toEqual(['a 1*'])
    server.put(appointment({ id: 'b' }), '2026-03-01T11:01:00Z')
    server.put(appointment({ id: 'b', status: 'arrived' }), '2026-03-01T11:02:00Z')
    server.remove('Appointment/a', '2026-03-01T11:03:00Z')
    story.pass('PT5M')
    expect([...(await story.found())].sort()).toEqual(['a gone', 'b 2'])
    expect(story.queries().at(-1)).toBe('_since=2026-03-01T09:55:00.000Z _count=100')
    story.pass('PT5M')
    expect(await story.found()).toEqual([])
  })
})

describe('FHIR-POLL-3: a window, for servers that search by date alone', () => {
  const window = {
    poll: { mode: 'window', by: 'practitioner', actors: ['Practitioner/moreau', 'Practitioner/roy'], sweepEveryMs: 3_600_000 },
  } as const
  const roy = [{ actor: { reference: 'Practitioner/roy' } }, { actor: { reference: 'Patient/7' } }]

  it('asks for each practitioner, two days ahead each time and to the horizon each hour', async () => {
    const server = await open({ deafTo: ['_lastUpdated'] })
    server.put(appointment({ id: 'near', start: '2026-03-02T08:00:00Z' }))
    server.put(appointment({ id: 'far', start: '2026-04-02T08:00:00Z', participant: roy }))
    const story = pollStory(server, window)
    expect(await story.found()).toEqual(['near 1*', 'far 1*'])
    expect(story.queries()[0]).toMatch(/^practitioner=moreau date=ge.* date=lt2026-08-28T11:00:00.000Z _count=100$/)
    server.put(appointment({ id: 'near', start: '2026-03-02T09:00:00Z' }))
    server.put(appointment({ id: 'far', start: '2026-04-02T09:00:00Z', participant: roy }))
    story.pass('PT15M')
    expect(await story.found()).toEqual(['near 2'])
    story.pass('PT1H')
    expect(await story.found()).toEqual(['far 2'])
  })

  it('tells what there is as a whole, of all practitioners together', async () => {
    const server = await open()
    server.put(appointment({ id: 'a', start: '2026-03-02T08:00:00Z' }))
    server.put(appointment({ id: 'b', start: '2026-03-02T09:00:00Z', participant: roy }))
    const story = pollStory(server, window)
    await story.found()
    story.pass('PT15M')
    const [answer] = await story.round()
    expect([...(answer?.whole?.ehrIds ?? [])]).toEqual(['a', 'b'])
    expect(answer?.whole?.until.toString()).toBe('2026-03-03T11:15:00Z')
  })
})

describe('the sweep, by which deletions are found', () => {
  async function swept(options: FhirServerOptions = {}, count = 5) {
    const server = await open(options)
    for (let index = 0; index < count; index++) server.put(appointment({ id: `a${index}` }), '2026-03-01T10:00:00Z')
    const story = pollStory(server)
    await story.found()
    story.pass('PT1H')
    return { server, story }
  }

  it('comes each hour behind the changes, and names all that is ahead', async () => {
    const { server, story } = await swept()
    server.remove('Appointment/a3')
    const answers = await story.round()
    expect(answers.map(({ whole }) => whole && [...whole.ehrIds])).toEqual([undefined, ['a0', 'a1', 'a2', 'a4']])
    expect(answers.flatMap(({ envelopes }) => envelopes)).toEqual([])
    expect(story.queries().at(-1)).toContain('_elements=id,meta')
    story.pass('PT30M')
    expect((await story.round()).map(({ whole }) => whole)).toEqual([undefined])
  })

  it('concludes nothing where the server says that there are more than it showed', async () => {
    const { server, story } = await swept()
    const first = { resourceType: 'Bundle', type: 'searchset', total: 9, entry: [{ resource: appointment({ id: 'a0' }) }] }
    server.meet(
      /Appointment/,
      { kind: 'answer', status: 200, body: { resourceType: 'Bundle', type: 'searchset' } },
      { kind: 'answer', status: 200, body: first },
    )
    expect((await story.round()).map(({ whole }) => whole)).toEqual([undefined, undefined])
  })

  it('concludes nothing where the pages lead in a circle', async () => {
    const { story } = await swept({ pageSize: 2, nextLink: (url) => url.replace(/_offset=\d+/, '_offset=2') })
    expect((await story.round()).map(({ whole }) => whole)).toEqual([undefined, undefined])
  })

  it('that the server refuses keeps no change waiting', async () => {
    const { server, story } = await swept()
    server.meet(
      /Appointment/,
      { kind: 'answer', status: 200, body: { resourceType: 'Bundle', type: 'searchset' } },
      { kind: 'answer', status: 400 },
    )
    const [changes] = await Promise.all([story.ask()])
    expect(changes).toMatchObject({ kind: 'read', more: true })
    await expect(story.round()).rejects.toThrow('refused')
    server.put(appointment({ id: 'new' }), '2026-03-01T11:59:00Z')
    expect(await story.found()).toEqual(['new 1'])
  })
})

describe('FHIR-PAGE-1: pages', () => {
  async function many(options: FhirServerOptions): Promise<FhirServer> {
    const server = await open({ pageSize: 2, ...options })
    for (let index = 0; index < 5; index++) server.put(appointment({ id: `a${index}` }), `2026-03-01T10:0${index}:00Z`)
    return server
  }

  it.each([
    ['absolute', (url: string) => url],
    ['relative to the base', (url: string) => url.slice(url.indexOf('Appointment'))],
    ['relative to the root', (url: string) => url.slice(url.indexOf('/fhir'))],
  ])('are followed to the last where links are %s', async (_name, nextLink) => {
    const story = pollStory(await many({ nextLink }))
    expect(await story.found()).toHaveLength(5)
    expect(story.searches()).toHaveLength(3)
  })

  const strays: [string, (url: string, canary: string) => string][] = [
    ['another server', (url, canary) => url.replace(/^http:\/\/[^/]+/, canary)],
    ['the same server by another name', (url) => url.replace('127.0.0.1', 'localhost')],
    ['the same server outside of its base', (url) => url.replace('/fhir/', '/admin/')],
    [
      'the same server outside of its base, by dots',
      (url) => url.slice(url.indexOf('Appointment')).replace('Appointment', '../admin/Appointment'),
    ],
    ['another server with our address as user', (url, canary) => url.replace(/^http:\/\/[^/]+/, `http://ehr.example@${canary.slice(7)}`)],
    ['an address without a scheme', (url, canary) => url.replace(/^http:\/\/[^/]+/, `//${canary.slice(7)}`)],
    ['a file', () => 'file:///etc/passwd'],
  ]
  it.each(strays)('are not followed to %s: a person must look', async (_name, stray) => {
    const canary = await open()
    const server = await many({ nextLink: (url) => stray(url, canary.origin) })
    expect(await pollStory(server).ask()).toMatchObject({ kind: 'refused', fault: { code: 'security', at: 'Bundle.link' } })
    expect([canary.requests.length, server.requests.length]).toEqual([0, 1])
  })

  it('behind a proxy that names an inner host are taken as ours where the configuration says so, and nowhere else', async () => {
    const canary = await open()
    const server = await many({ nextLink: (url) => url.replace(/^http:\/\/[^/]+\/fhir/, `${canary.origin}/inner/r4`) })
    expect(await pollStory(server, { poll: { rewriteNextLinks: true } }).found()).toHaveLength(5)
    expect(canary.requests).toEqual([])
  })

  it('that lead in a circle end', async () => {
    const story = pollStory(await many({ nextLink: (url) => url.replace(/_offset=\d+/, '_offset=2') }))
    expect(await story.found()).toHaveLength(4)
    expect(story.searches()).toHaveLength(2)
  })

  it('FHIR-PAGE-2: that ran out on the way begin again, with smaller pages', async () => {
    const server = await many({})
    const story = pollStory(server)
    server.meet(/Appointment/, { kind: 'first', act: () => server.meet(/Appointment/, { kind: 'answer', status: 410 }) })
    expect(await story.ask()).toMatchObject({ kind: 'deferred', reason: 'the next page is gone: HTTP 410' })
    expect(await story.found()).toHaveLength(5)
    expect(story.queries().at(-1)).toContain('_count=50')
  })

  it('of a server that cannot search so are refused', async () => {
    const server = await many({})
    const body = { resourceType: 'OperationOutcome', issue: [{ code: 'not-supported' }] }
    server.meet(/Appointment/, { kind: 'answer', status: 400, body })
    expect(await pollStory(server).ask()).toMatchObject({
      kind: 'refused',
      fault: { text: 'The EHR does not answer: HTTP 400 not-supported.' },
    })
  })
})

it('a connector that is told never to poll does not', async () => {
  const server = await open()
  expect(connect(server.baseUrl, { poll: { mode: 'none' } }).poll).toBeUndefined()
})

it('R3: whatever changes when, and whenever a process ends, each last version is found', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('change' as const), id: fc.integer({ min: 0, max: 5 }), late: fc.integer({ min: 0, max: 120 }) }),
    fc.record({ kind: fc.constantFrom('poll' as const, 'restart' as const, 'lost' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const server = await open({ pageSize: 3 })
      const story = pollStory(server, noSweep)
      const found = new Set(await story.found())
      let seconds = 0
      for (const each of steps) {
        seconds += 60
        story.pass('PT1M')
        if (each.kind === 'change') {
          const at = Date.UTC(2026, 2, 1, 11, 0, seconds - each.late)
          server.put(appointment({ id: `a${each.id}` }), new Date(at).toISOString())
        } else if (each.kind === 'restart') story.restart()
        else if (each.kind === 'lost') await story.ask()
        else for (const one of await story.found()) found.add(one)
      }
      for (const one of await story.found()) found.add(one)
      for (let id = 0; id <= 5; id++) {
        if (!server.holds(`Appointment/a${id}`)) continue
        expect(found).toContain(`a${id} ${server.get(`Appointment/a${id}`).meta?.versionId}`)
      }
      await server.close()
    }),
    { numRuns: 30 },
  )
})
