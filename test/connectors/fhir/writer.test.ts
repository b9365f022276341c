import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import type { FhirOptions, FhirWriteBack } from '../../../src/connectors/fhir/options.ts'
import type { WriteBack } from '../../../src/core/write-back.ts'
import { type Fault, type FhirServer, type FhirServerOptions, fhirServer, type Resource } from './fhir-server.ts'
import { appointment, connect, patience, patient, practitioner, writeBack } from './fhir-story.ts'

const opened: FhirServer[] = []
/** Of whatever is written to the server. */
const lastUpdated = Temporal.Instant.from('2026-03-01T10:30:00Z')

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

async function open(options: FhirServerOptions = {}, held: Resource = appointment()): Promise<FhirServer> {
  const server = await fhirServer(options)
  opened.push(server)
  for (const resource of [held, patient, practitioner]) server.put(resource)
  return server
}

function bring(server: FhirServer, more: Partial<WriteBack> = {}, settings: FhirWriteBack = {}, options: Partial<FhirOptions> = {}) {
  const connector = connect(server.baseUrl, { writeBack: { conflictPauseMs: 1, ...settings }, ...options })
  return connector.write({ writeBack: writeBack(more) }, patience)
}

const writes = (server: FhirServer) => server.requests.filter((request) => /^(PATCH|PUT)/.test(request))
const held = (server: FhirServer) => server.get('Appointment/12')
const taking = (server: FhirServer) => (held(server).participant as { status: string }[])[1]?.status
const crs = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: 'pat-crs' }] }

describe('an answer is written, and read back', () => {
  const methods: [string, FhirServerOptions, FhirWriteBack][] = [
    ['by PATCH, which the server offers', {}, {}],
    ['by PUT, where it does not', { patch: false }, {}],
    ['by PUT, where the site wants it', {}, { method: 'put' }],
    [
      'by FHIRPath Patch, where the server knows no other',
      { metadata: { ...offering('patch'), patchFormat: ['application/fhir+json'] } },
      {},
    ],
    ['by FHIRPath Patch, where the site wants it', {}, { method: 'fhirpath' }],
    ['by PUT, where the server offers PATCH and then does not know it', { patch: false, metadata: { ...offering('patch') } }, {}],
    ['where every write wants If-Match (Oracle Health)', { requireIfMatch: true }, {}],
    ['where a write is answered without a body (Oracle Health)', { silentWrites: true }, {}],
    ['by PATCH without test operations', {}, { patchTestOps: false }],
  ]

  it.each(methods)('%s', async (_name, options, settings) => {
    const extension = [{ url: 'urn:vendor', valueDecimal: 1.5 }]
    const server = await open(options, appointment({ extension, comment: 'à jeun' }))
    const before = structuredClone(held(server))
    expect(await bring(server, { kind: 'confirm' }, settings)).toEqual({ kind: 'applied', verified: true, etag: 'W/"2"', at: lastUpdated })
    expect(taking(server)).toBe('accepted')
    const participant = structuredClone(before.participant) as { status: string }[]
    if (participant[1]) participant[1].status = 'accepted'
    expect({ ...held(server), meta: undefined }).toEqual({ ...before, participant, meta: undefined })
    expect(await bring(server, { kind: 'cancel' }, settings)).toEqual({ kind: 'applied', verified: true, etag: 'W/"3"', at: lastUpdated })
    expect(held(server)).toMatchObject({ status: 'cancelled', cancelationReason: crs })
    expect(server.headers.filter((_, index) => /^(PATCH|PUT)/.test(server.requests[index] ?? '')).every((each) => each['if-match'])).toBe(
      true,
    )
  })

  it('pins a PATCH to the patient and the start that were read', async () => {
    const server = await open()
    await bring(server, { kind: 'cancel' })
    expect(server.bodies).toEqual([
      [
        { op: 'test', path: '/participant/1/actor/reference', value: 'Patient/7' },
        { op: 'test', path: '/start', value: '2026-03-04T09:00:00+01:00' },
        { op: 'replace', path: '/status', value: 'cancelled' },
        { op: 'add', path: '/cancelationReason', value: crs },
      ],
    ])
  })

  it('asks for the CapabilityStatement once', async () => {
    const server = await open()
    const connector = connect(server.baseUrl)
    await connector.write({ writeBack: writeBack({ kind: 'confirm' }) }, patience)
    await connector.write({ writeBack: writeBack({ kind: 'arrive' }) }, patience)
    expect(server.requests.filter((request) => request === 'GET metadata')).toHaveLength(1)
  })

  it.each(['arrived', 'checked-in'] as const)('who is there is %s, as the site says', async (arrivedStatus) => {
    const server = await open()
    expect(await bring(server, { kind: 'arrive' }, { arrivedStatus })).toMatchObject({ kind: 'applied', verified: true })
    expect(held(server).status).toBe(arrivedStatus)
  })

  it('finds the patient who was merged since', async () => {
    const server = await open()
    server.put({ ...patient, link: [{ type: 'replaced-by', other: { reference: 'Patient/8' } }] })
    server.put({ ...patient, id: '8' })
    expect(await bring(server, { kind: 'confirm', patientEhrId: '8' })).toMatchObject({ kind: 'applied', verified: true })
    expect(taking(server)).toBe('accepted')
  })
})

describe('an answer that needs no writing, or must not be written', () => {
  const patientWith = (status: string) => ({
    participant: [{ actor: { reference: 'Practitioner/moreau' } }, { actor: { reference: 'Patient/7' }, status }],
  })
  const cases: [string, Record<string, unknown>, Partial<WriteBack>, object][] = [
    ['confirmed already', patientWith('accepted'), { kind: 'confirm' }, { kind: 'applied', verified: true }],
    ['cancelled already', { status: 'cancelled' }, { kind: 'cancel' }, { kind: 'applied', verified: true }],
    ['deleted already', { status: 'entered-in-error' }, { kind: 'cancel' }, { kind: 'applied', verified: true }],
    ['there already', { status: 'arrived' }, { kind: 'arrive' }, { kind: 'applied', verified: true }],
    ['checked in already', { status: 'checked-in' }, { kind: 'arrive' }, { kind: 'applied', verified: true }],
    [
      'confirmed for another hour',
      { ...patientWith('accepted'), start: '2026-03-04T10:00:00+01:00' },
      { kind: 'confirm' },
      { kind: 'conflict' },
    ],
    ['cancelled, but moved since', { start: '2026-03-04T10:00:00+01:00' }, { kind: 'cancel' }, { kind: 'conflict' }],
    [
      'confirmed, but cancelled since',
      { status: 'cancelled' },
      { kind: 'confirm' },
      { kind: 'conflict', reason: 'the status is cancelled' },
    ],
    ['confirmed, but without a start now', { start: undefined }, { kind: 'confirm' }, { kind: 'conflict' }],
    ['cancelled, but seen already', { status: 'fulfilled' }, { kind: 'cancel' }, { kind: 'conflict' }],
    ['cancelled, but in the waiting room', { status: 'arrived' }, { kind: 'cancel' }, { kind: 'conflict' }],
    ['arrived, but missed', { status: 'noshow' }, { kind: 'arrive' }, { kind: 'conflict' }],
    ['arrived, but never booked', { status: 'proposed' }, { kind: 'arrive' }, { kind: 'conflict' }],
    ['confirmed by somebody who takes part no more', {}, { kind: 'confirm', patientEhrId: '9' }, { kind: 'conflict' }],
  ]
  it.each(cases)('%s', async (_name, more, answer, expected) => {
    const server = await open({}, appointment(more))
    expect(await bring(server, answer)).toMatchObject(expected)
    expect(writes(server)).toEqual([])
  })

  it('an appointment that is gone', async () => {
    const server = await open()
    server.remove('Appointment/12')
    expect(await bring(server)).toEqual({ kind: 'conflict', reason: 'the appointment is gone' })
  })

  it('the same hour written with another offset is the same hour', async () => {
    const server = await open({}, appointment({ start: '2026-03-04T08:00:00Z' }))
    expect(await bring(server)).toMatchObject({ kind: 'applied', verified: true })
  })

  it('a server that nothing is written to', async () => {
    const { baseUrl } = await open()
    const connector = connect(baseUrl, { writeBack: undefined as never })
    expect([...connector.writes]).toEqual([])
    expect((await connector.write({ writeBack: writeBack() }, patience)).kind).toBe('refused')
  })

  it('answers to a questionnaire, for now', async () => {
    const server = await open()
    expect((await bring(server, { kind: 'answers' })).kind).toBe('refused')
    expect(connect(server.baseUrl).writes).toEqual(new Set(['confirm', 'cancel', 'arrive']))
  })
})

describe('somebody else is quicker: nothing of theirs is lost (R12)', () => {
  const methods: [string, FhirWriteBack][] = [
    ['PATCH', {}],
    ['PUT', { method: 'put' }],
  ]
  it.each(methods)('%s: a clinician’s note written between our reading and our writing stays', async (_name, settings) => {
    const server = await open()
    server.meet(/PATCH|PUT/, { kind: 'first', act: () => server.put({ ...held(server), comment: 'apporter les radios' }) })
    expect(await bring(server, { kind: 'confirm' }, settings)).toMatchObject({ kind: 'applied', verified: true })
    expect([held(server).comment, taking(server)]).toEqual(['apporter les radios', 'accepted'])
  })

  it.each(methods)('%s: a move between our reading and our writing makes the answer stale', async (_name, settings) => {
    const server = await open()
    server.meet(/PATCH|PUT/, { kind: 'first', act: () => server.put({ ...held(server), start: '2026-03-05T08:00:00Z' }) })
    expect((await bring(server, { kind: 'cancel' }, settings)).kind).toBe('conflict')
    expect(held(server)).toMatchObject({ status: 'booked', start: '2026-03-05T08:00:00Z' })
  })

  it.each(methods)('%s: a patient put in the other’s place is not confirmed in their stead', async (_name, settings) => {
    const server = await open()
    const reversed = () => ({ ...held(server), participant: (held(server).participant as unknown[]).toReversed() })
    server.meet(/PATCH|PUT/, { kind: 'first', act: () => server.put(reversed() as Resource) })
    expect(await bring(server, { kind: 'confirm' }, settings)).toMatchObject({ kind: 'applied', verified: true })
    expect((held(server).participant as { status: string }[]).map(({ status }) => status)).toEqual(['accepted', 'accepted'])
  })

  it('two clinicians, one after the other; the third reading holds', async () => {
    const server = await open()
    const edit = (word: string): Fault => ({ kind: 'first', act: () => server.put({ ...held(server), [word]: word }) })
    server.meet(/PATCH/, edit('comment'), edit('patientInstruction'))
    expect(await bring(server)).toMatchObject({ kind: 'applied', verified: true })
    expect(held(server)).toMatchObject({ comment: 'comment', patientInstruction: 'patientInstruction' })
  })

  it('a third one: another time', async () => {
    const server = await open()
    const edit: Fault = { kind: 'first', act: () => server.put(held(server)) }
    server.meet(/PATCH/, edit, edit, edit)
    expect(await bring(server)).toEqual({ kind: 'deferred', reason: 'HTTP 412 conflict' })
    expect([writes(server).length, taking(server)]).toEqual([3, 'needs-action'])
  })

  it('without a version there is no PUT, which could overwrite', async () => {
    const server = await open({ unversioned: true, patch: false })
    expect((await bring(server)).kind).toBe('refused')
    expect([writes(server).length, taking(server)]).toEqual([0, 'needs-action'])
  })

  it('without a version a PATCH is pinned by its tests', async () => {
    const server = await open({ unversioned: true })
    server.meet(/PATCH/, { kind: 'first', act: () => server.put({ ...held(server), start: '2026-03-05T08:00:00Z' }) })
    expect((await bring(server, { kind: 'cancel' })).kind).not.toBe('applied')
    expect(held(server).status).toBe('booked')
  })
})

describe('what the server answers to a write (interop.md 2.7)', () => {
  const outcome = (code: string) => ({ resourceType: 'OperationOutcome', issue: [{ code, diagnostics: 'Inès Lambert' }] })
  const answers: [number, Record<string, string>, string | undefined, object][] = [
    [400, {}, 'invalid', { kind: 'refused', reason: 'HTTP 400 invalid' }],
    [422, {}, 'business-rule', { kind: 'refused', reason: 'HTTP 422 business-rule' }],
    [409, {}, 'conflict', { kind: 'refused', reason: 'HTTP 409 conflict' }],
    [403, {}, undefined, { kind: 'refused', reason: 'HTTP 403' }],
    [401, {}, undefined, { kind: 'deferred', reason: 'HTTP 401' }],
    [404, {}, undefined, { kind: 'conflict' }],
    [410, {}, undefined, { kind: 'conflict' }],
    [423, {}, 'lock-error', { kind: 'deferred', reason: 'HTTP 423 lock-error' }],
    [429, { 'retry-after': '120' }, undefined, { kind: 'deferred', retryAfter: Temporal.Duration.from('PT120S') }],
    [503, { 'retry-after': 'Sun, 01 Mar 2026 11:00:30 GMT' }, undefined, { kind: 'deferred', retryAfter: Temporal.Duration.from('PT30S') }],
    [408, {}, undefined, { kind: 'deferred' }],
    [425, {}, undefined, { kind: 'deferred' }],
    [500, {}, undefined, { kind: 'unknown', reason: 'HTTP 500' }],
    [502, {}, undefined, { kind: 'unknown' }],
    [504, {}, undefined, { kind: 'unknown' }],
  ]
  it.each(answers)('%i', async (status, headers, code, expected) => {
    const server = await open()
    server.meet(/PATCH/, { kind: 'answer', status, headers, ...(code && { body: outcome(code) }) })
    const result = await bring(server)
    expect(JSON.parse(JSON.stringify(result))).toMatchObject(JSON.parse(JSON.stringify(expected)))
    expect(JSON.stringify(result)).not.toContain('Lambert')
    expect([writes(server).length, taking(server)]).toEqual([1, 'needs-action'])
  })

  it('424 is tried again, and holds', async () => {
    const server = await open()
    server.meet(/PATCH/, { kind: 'answer', status: 424 })
    expect(await bring(server)).toMatchObject({ kind: 'applied', verified: true })
  })

  it('neither PATCH nor PUT: refused, and both are tried again another time', async () => {
    const server = await open()
    const connector = connect(server.baseUrl)
    for (const method of [/PATCH/, /PUT/]) server.meet(method, { kind: 'answer', status: 405 })
    expect((await connector.write({ writeBack: writeBack() }, patience)).kind).toBe('refused')
    expect((await connector.write({ writeBack: writeBack() }, patience)).kind).toBe('applied')
  })

  it('acknowledged, but not so when asked again: applied, not verified', async () => {
    const server = await open()
    server.meet(/PATCH/, { kind: 'answer', status: 200, body: {} })
    expect(await bring(server)).toEqual({ kind: 'applied', verified: false, reason: 'diverged: it reads otherwise' })
  })

  it('acknowledged, and then silent: applied, not verified', async () => {
    const server = await open()
    server.meet(/PATCH/, { kind: 'first', act: () => server.meet(/GET Appointment/, { kind: 'answer', status: 503 }) })
    expect(await bring(server)).toEqual({ kind: 'applied', verified: false, reason: 'not read back' })
    expect(taking(server)).toBe('accepted')
  })

  it('no answer: perhaps written; the next time finds that it was, and writes no more', async () => {
    const server = await open()
    server.meet(/PATCH/, { kind: 'drop after commit' })
    expect((await bring(server, { kind: 'cancel' })).kind).toBe('unknown')
    expect(await bring(server, { kind: 'cancel' })).toEqual({ kind: 'applied', verified: true, etag: 'W/"2"', at: lastUpdated })
    expect(writes(server)).toHaveLength(1)
  })

  it('no answer in time: perhaps written', async () => {
    const server = await open()
    server.meet(/PATCH/, { kind: 'hang' })
    expect((await bring(server, {}, {}, { timeoutMs: 150 })).kind).toBe('unknown')
  })

  it('nobody there, or we are stopping before anything was sent: certainly not written', async () => {
    const server = await open()
    const connector = connect(server.baseUrl)
    expect((await connector.write({ writeBack: writeBack() }, AbortSignal.abort())).kind).toBe('deferred')
    await server.close()
    expect(await connector.write({ writeBack: writeBack() }, patience)).toEqual({ kind: 'deferred', reason: 'ECONNREFUSED' })
  })
})

function offering(...codes: string[]) {
  const interaction = codes.map((code) => ({ code }))
  return { resourceType: 'CapabilityStatement', rest: [{ mode: 'server', resource: [{ type: 'Appointment', interaction }] }] }
}
