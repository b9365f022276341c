import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, test } from 'vitest'
import { fhir } from '../../../src/connectors/fhir/fhir.ts'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import { marksOf } from '../../../src/server/compose-fhir-watching.ts'
import { loopNames } from '../../../src/server/loop-names.ts'
import { startService } from '../../../src/server/service.ts'
import { StoreUnavailable } from '../../../src/store/store.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from '../../connectors/fhir/fhir-server.ts'
import { appointment, patient, practitioner, secret } from '../../connectors/fhir/fhir-story.ts'
import { agendaSettings, clinicSettings } from '../../support/clinic.ts'
import { fakeConnector, type ManualClock } from '../../support/fakes.ts'
import { openRappel } from '../../support/rappel.ts'

const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close()
})

const settings = clinicSettings({
  agendas: { 'Practitioner/moreau': agendaSettings() },
  motifs: { CONSULT: { type: 'onsite', notify: true, listed: true, confirmation: true, changes: true, reminder: true } },
})

const booked = (id: string, more: Record<string, unknown> = {}) =>
  appointment({
    id,
    start: '2026-12-03T14:00:00Z',
    end: '2026-12-03T14:30:00Z',
    appointmentType: { coding: [{ code: 'CONSULT' }] },
    ...more,
  })

interface World {
  readonly ehr?: FhirServerOptions
  readonly options?: Partial<FhirOptions>
  /** What the EHR holds before we first ask. */
  readonly before?: (server: FhirServer) => void
  /** Another EHR of the same clinic, that never answers. */
  readonly deaf?: boolean
}

/** The whole service with a real FHIR connector, beside a FHIR server none of whose notifications arrive. */
async function serving({ ehr, options, before, deaf }: World = {}) {
  const server = await fhirServer(ehr)
  opened.push(server)
  for (const resource of [patient, practitioner]) server.put(resource, '2026-11-01T00:00:00Z')
  before?.(server)
  const silent = fakeConnector('silent-fhir')
  const hanging = {
    ...silent,
    poll: (_mark: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }
  const fake = fakeConnector('tilleuls-fhir')
  const rappel = await openRappel({ now: '2026-11-25T15:00:00Z', settings, connectors: deaf ? [fake, hanging] : [fake] })
  const { clock, store } = rappel
  const real = fhir({
    id: 'tilleuls-fhir',
    baseUrl: server.baseUrl,
    zone: 'America/Toronto',
    region: 'FR',
    hook: { secrets: [secret] },
    marks: marksOf(store, clock, 'tilleuls-fhir'),
    now: clock.now,
    ...options,
  })
  const connectors = new Map(deaf ? [real, hanging].map((each) => [each.id, each]) : [[real.id, real]])
  // so that what is found beside a subscription is found because of it
  const watches = new Map(options?.subscription ? [[real.id, { pollEvery: Temporal.Duration.from({ hours: 24 }) }]] : [])
  const service = await startService({ ...rappel, connectors, watches, host: '127.0.0.1', port: 0, sendRetries: [], writeBackRetries: [] })
  opened.push({ close: () => service.stop() })
  const mark = () => store.read((tx) => tx.marks.find('tilleuls-fhir', 'poll'))
  await expect.poll(mark).toBeDefined()
  // the service's and the poll: with fewer asleep, something is still being done
  const loops = loopNames.length + 1 + (options?.subscription ? 1 : 0)
  return {
    ...rappel,
    server,
    mark,
    /** Nothing more is to be done now. */
    settled: () => clock.sleeping(loops),
    /** Time passes once nothing more is to be done now. */
    async pass(duration: Temporal.DurationLike) {
      await clock.sleeping(loops)
      clock.advance(duration)
    },
    polls: () => server.requests.filter((request) => /^GET Appointment\?/.test(request)).length,
    knock: (path = '', init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${service.port}/fhir/tilleuls-fhir${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
        ...init,
      }),
    status: async (id: string) => (await rappel.appointment(`tilleuls-fhir:${id}`))?.status,
  }
}

/** The EHR's clock runs with ours. */
const stamp = (clock: ManualClock) => clock.now().toString()

describe('R4: with every notification lost', () => {
  const many = Number(process.env.RAPPEL_CHANGES ?? 100)

  test('each change is seen within the poll interval: a hundred of them or more, none missing, and none before it was asked for', async () => {
    const { server, clock, pass, store, status } = await serving({ ehr: { pageSize: 50 } })
    const ids = Array.from({ length: many }, (_, index) => `a${index}`)
    await pass({ minutes: 1 })
    for (const id of ids) server.put(booked(id), stamp(clock))
    expect(await status('a0')).toBeUndefined()
    await pass({ minutes: 4 })
    const held = () => store.read((tx) => tx.appointments.ahead('tilleuls', clock.now(), undefined, 10_000))
    await expect.poll(async () => (await held()).length, { timeout: 60_000 }).toBe(many)
    await pass({ minutes: 1 })
    for (const id of ids) server.put(booked(id, { status: 'cancelled' }), stamp(clock))
    await pass({ minutes: 4 })
    await expect.poll(async () => (await held()).filter((each) => each.status === 'cancelled').length, { timeout: 60_000 }).toBe(many)
  }, 180_000)

  test('what the first load finds was told by others: nothing is said, but what changes afterwards is', async () => {
    const { server, clock, pass, status, sms, metrics } = await serving({
      before: (ehr) => void ehr.put(booked('old'), '2026-11-20T12:00:00Z'),
    })
    expect(await status('old')).toBe('booked')
    expect(sms.sent).toEqual([])
    await pass({ minutes: 1 })
    server.put(booked('old', { start: '2026-12-04T14:00:00Z', end: '2026-12-04T14:30:00Z' }), stamp(clock))
    server.put(booked('new'), stamp(clock))
    await pass({ minutes: 4 })
    await expect.poll(() => sms.sent.map(({ notificationId }) => notificationId.split(':')[2]).sort()).toEqual(['change', 'confirmation'])
    expect((await metrics.foundByPoll.get()).values[0]?.value).toBe(2)
  })

  test('what was deleted at the EHR is found by the sweep, read again, and only then believed', async () => {
    const { server, pass, status } = await serving({ before: (ehr) => void ehr.put(booked('gone'), '2026-11-20T12:00:00Z') })
    server.remove('Appointment/gone')
    await pass({ minutes: 5 })
    await expect.poll(() => server.requests.filter((request) => request.includes('_lastUpdated')).length).toBeGreaterThan(0)
    expect(await status('gone')).toBe('booked')
    await pass({ minutes: 55 })
    await expect.poll(() => status('gone')).toBe('entered-in-error')
  })

  test('what a search leaves out but the EHR still shows stays as it is (FHIR-POLL-3)', async () => {
    const { server, pass, status } = await serving({ before: (ehr) => void ehr.put(booked('kept'), '2026-11-20T12:00:00Z') })
    const nothing = { kind: 'answer', status: 200, body: { resourceType: 'Bundle', type: 'searchset' } } as const
    server.meet(/^GET Appointment$/, nothing, nothing)
    await pass({ minutes: 60 })
    await expect.poll(() => server.requests.at(-1)).toMatch(/^GET (Patient|Practitioner|Appointment\/kept)/)
    expect(await status('kept')).toBe('booked')
  })
})

describe('a poll', () => {
  test('comes at once after an empty notification, and fifty of them are one or two (FHIR-SUB-4, FHIR-SEC-4)', async () => {
    const { server, clock, pass, knock, polls, status } = await serving()
    const before = polls()
    await pass({ seconds: 30 })
    server.put(booked('a'), stamp(clock))
    const answers = await Promise.all(Array.from({ length: 50 }, () => knock()))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    await expect.poll(() => status('a')).toBe('booked')
    await pass({ seconds: 2 })
    await expect.poll(polls).toBeGreaterThan(before)
    expect(polls() - before).toBeLessThanOrEqual(2)
  })

  test('whose findings could not be kept finds them again: the mark had not moved', async () => {
    const { server, clock, pass, mark, spoil, status } = await serving()
    const before = await mark()
    await pass({ minutes: 1 })
    server.put(booked('a'), stamp(clock))
    const full = () => Promise.reject(new StoreUnavailable('disk full'))
    await pass({ minutes: 0 })
    spoil((tx) => ({ ...tx, inbox: { ...tx.inbox, insert: full } }))
    await pass({ minutes: 4 })
    await expect.poll(() => server.requests.some((request) => request.includes('Patient/7'))).toBe(true)
    await pass({ minutes: 0 })
    expect(await mark()).toBe(before)
    spoil(undefined)
    await pass({ seconds: 1 })
    await expect.poll(() => status('a')).toBe('booked')
    await expect.poll(mark).not.toBe(before)
  })

  test('of an EHR that never answers delays no other', async () => {
    const { server, clock, pass, status } = await serving({ deaf: true })
    server.put(booked('a'), stamp(clock))
    await pass({ minutes: 5 })
    await expect.poll(() => status('a')).toBe('booked')
  })

  test('of an EHR in trouble is tried again after 15 s, then less often, and asking does not hurry it', async () => {
    const { server, pass, settled, knock, polls } = await serving()
    const fault = { kind: 'answer', status: 503 } as const
    server.meet(/^GET Appointment$/, fault, fault)
    const before = polls()
    await pass({ minutes: 5 })
    await expect.poll(polls).toBe(before + 1)
    await knock()
    await pass({ seconds: 14 })
    await settled()
    expect(polls()).toBe(before + 1)
    await pass({ seconds: 1 })
    await expect.poll(polls).toBe(before + 2)
  })
})

describe('our subscription', () => {
  const subscription = { kind: 'criteria', endpoint: 'https://rappel.example/fhir/tilleuls-fhir' } as const

  test('set to off at the EHR is revived at the next look, and what was missed meanwhile is found', async () => {
    const { server, clock, pass, status, metrics } = await serving({ options: { subscription } })
    await expect.poll(() => server.holds('Subscription/made-1')).toBe(true)
    await pass({ minutes: 5 })
    await expect.poll(() => server.requests.includes('GET Subscription/made-1')).toBe(true)
    server.put({ ...server.get('Subscription/made-1'), status: 'off' })
    server.put(booked('a'), stamp(clock))
    await pass({ minutes: 5 })
    await expect.poll(() => server.get('Subscription/made-1').status).toBe('requested')
    await expect.poll(() => status('a')).toBe('booked')
    expect((await metrics.subscription.get()).values[0]?.value).toBe(1)
  })

  test('deleted at the EHR is created again', async () => {
    const { server, pass } = await serving({ options: { subscription } })
    await expect.poll(() => server.holds('Subscription/made-1')).toBe(true)
    server.remove('Subscription/made-1')
    await pass({ minutes: 5 })
    await expect.poll(() => server.holds('Subscription/made-2')).toBe(true)
  })
})
