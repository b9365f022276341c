import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Receive } from '../../../src/connectors/connector.ts'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import type { Envelope } from '../../../src/core/envelope.ts'
import { accepted, appointment, connect, patient, secret } from './fhir-story.ts'

const base = 'http://127.0.0.1:9/fhir'
const bundle = (type: string, ...entry: unknown[]) => ({ resourceType: 'Bundle', type, entry })

function topic(type: string, ...focus: unknown[]) {
  const events = focus.map((valueReference) => ({ name: 'notification-event', part: [{ name: 'focus', valueReference }] }))
  const parameter = [{ name: 'subscription' }, { name: 'type', valueCode: type }, ...events]
  return bundle('history', {
    request: { method: 'GET', url: 'Subscription/s1/$status' },
    resource: { resourceType: 'Parameters', parameter },
  })
}

function status(type: string, ...focus: unknown[]) {
  const notificationEvent = focus.map((each) => ({ eventNumber: '1', focus: each }))
  return bundle('subscription-notification', { resource: { resourceType: 'SubscriptionStatus', type, notificationEvent } })
}

async function deliver(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, receive?: Receive) {
  const connector = connect(base)
  const kept: Envelope[] = []
  const keep: Receive = async (envelope) => {
    kept.push(envelope)
    return accepted
  }
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/fhir+json' }
  const request = new Request(`http://rappel.example/fhir/tilleuls/${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, ...type, ...headers },
    ...(text !== undefined && { body: text }),
  })
  const response = await connector.handle(request, path, receive ?? keep)
  return { response, envelope: kept[0], read: kept[0] && connector.read(kept[0]) }
}

describe('a notification, in every way servers deliver it (FHIR-SUB-2)', () => {
  const focus = (reference: string) => ({ reference })
  const forms: [string, string, string, unknown, string][] = [
    ['nothing at all', 'POST', '', undefined, 'hint'],
    ['an empty object', 'POST', '', {}, 'hint'],
    ['the resource, on the hook', 'POST', '', appointment(), 'hint'],
    ['the resource put on the hook', 'PUT', '', appointment(), 'hint'],
    ['the resource put at its own address (HAPI)', 'PUT', 'Appointment/12', appointment(), 'hint'],
    ['an empty post at its address', 'POST', 'Appointment/12', undefined, 'hint'],
    ['a deletion at its address', 'DELETE', 'Appointment/12', undefined, 'hint'],
    ['a collection of appointments', 'POST', '', bundle('collection', { resource: appointment() }), 'hint'],
    [
      'a transaction',
      'POST',
      '',
      bundle('transaction', { resource: appointment(), request: { method: 'PUT', url: 'Appointment/12' } }),
      'hint',
    ],
    ['a history with a deletion', 'POST', '', bundle('history', { request: { method: 'DELETE', url: 'Appointment/12' } }), 'hint'],
    ['an empty Bundle', 'POST', '', bundle('history'), 'hint'],
    ['a topic’s event', 'POST', '', topic('event-notification', focus('Appointment/12')), 'hint'],
    ['a topic’s event at our own address for the server', 'POST', '', topic('event-notification', focus(`${base}/Appointment/12`)), 'hint'],
    ['a topic’s event without content', 'POST', '', topic('event-notification'), 'hint'],
    [
      'an event that has only an identifier (athenahealth)',
      'POST',
      '',
      topic('event-notification', { identifier: { value: '9' } }),
      'hint',
    ],
    ['an event in the words of R5', 'POST', '', status('event-notification', focus('Appointment/12')), 'hint'],
    ['a handshake', 'POST', '', topic('handshake'), 'ignored'],
    ['a handshake in the words of R5', 'POST', '', status('handshake'), 'ignored'],
    ['a heartbeat', 'POST', '', topic('heartbeat'), 'ignored'],
    ['an event about a patient', 'POST', '', topic('event-notification', focus('Patient/7')), 'hint'],
    ['a patient', 'POST', '', patient, 'hint'],
    ['a patient at their address', 'PUT', 'Patient/7', patient, 'hint'],
    ['a Bundle of patients', 'POST', '', bundle('collection', { resource: patient }), 'hint'],
    ['an event about a practitioner', 'POST', '', topic('event-notification', focus('Practitioner/7')), 'ignored'],
    ['a practitioner at their address', 'PUT', 'Practitioner/7', { ...patient, resourceType: 'Practitioner' }, 'ignored'],
    ['a patient without an id', 'POST', '', { resourceType: 'Patient' }, 'ignored'],
    ['something that is not JSON', 'POST', '', '{"resourceType":', 'unreadable'],
    ['a list', 'POST', '', [], 'unreadable'],
    ['an appointment without an id', 'POST', '', { resourceType: 'Appointment' }, 'unreadable'],
    ['an object of no type', 'POST', '', { id: '12' }, 'unreadable'],
  ]

  it.each(forms)('%s', async (_name, method, path, body, kind) => {
    const { response, envelope, read } = await deliver(method, path, body)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(envelope?.request).toEqual({ method, path })
    expect(read?.kind).toBe(kind)
  })

  it('keeps the body byte for byte', async () => {
    const body = '{ "resourceType":"Appointment",\r\n"id":"12" }'
    const { envelope } = await deliver('POST', '', body)
    expect(new TextDecoder().decode(envelope?.body)).toBe(body)
  })

  it('tells a repeated notification of one version by its identity, and gives none to an empty one', async () => {
    const { read } = await deliver('PUT', 'Appointment/12', appointment({ meta: { versionId: '3' } }))
    expect(read?.identity).toBe('hint:Appointment/12/_history/3')
    expect((await deliver('POST', '')).read?.identity).toBeUndefined()
  })

  it('understands Medplum’s deletion, which is told in a header', async () => {
    const { envelope } = await deliver('POST', '', {}, { 'x-medplum-deleted-resource': 'Appointment/12' })
    expect(envelope?.request).toEqual({ method: 'DELETE', path: 'Appointment/12' })
  })

  it('names the element that is missing', async () => {
    const { read } = await deliver('POST', '', { resourceType: 'Appointment' })
    expect(read).toMatchObject({ kind: 'unreadable', fault: { at: 'Appointment.id', code: 'required' } })
  })
})

describe('who may notify (FHIR-SEC-1, FHIR-SEC-2)', () => {
  const wrong: [string, Record<string, string>][] = [
    ['a wrong secret', { authorization: 'Bearer guess' }],
    ['the secret without Bearer', { authorization: secret }],
    ['no header', { authorization: '' }],
    ['Basic', { authorization: `Basic ${btoa(secret)}` }],
  ]
  it.each(wrong)('%s is answered 401 without a word, and nothing is kept', async (_name, headers) => {
    const { response, envelope } = await deliver('POST', '', appointment(), headers)
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('')
    expect(envelope).toBeUndefined()
  })

  async function knock(hook: { secrets: string[]; header?: string }, headers: Record<string, string>) {
    const request = new Request('http://rappel.example/fhir/tilleuls/', { method: 'POST', headers })
    return (await connect(base, { hook }).handle(request, '', async () => accepted)).status
  }

  it('takes either of two secrets while one replaces the other', async () => {
    expect(await knock({ secrets: ['old', 'new'] }, { authorization: 'Bearer old' })).toBe(200)
    expect(await knock({ secrets: ['old', 'new'] }, { authorization: 'bearer new' })).toBe(200)
  })

  it('takes the bare secret in a header of the site’s choice, and then no other', async () => {
    expect(await knock({ secrets: ['s'], header: 'X-Hook' }, { 'x-hook': 's' })).toBe(200)
    expect(await knock({ secrets: ['s'], header: 'X-Hook' }, { authorization: 'Bearer s' })).toBe(401)
  })

  it('refuses everybody where no secret, or an empty one, is set', async () => {
    expect(await knock({ secrets: [] }, { authorization: 'Bearer x' })).toBe(401)
    expect(await knock({ secrets: [''] }, { authorization: 'Bearer ' })).toBe(401)
    expect(await knock({ secrets: [''], header: 'X-Hook' }, {})).toBe(401)
  })

  it.each(['GET', 'HEAD', 'OPTIONS'])('%s is answered 204 to anybody, and reveals nothing', async (method) => {
    const { response, envelope } = await deliver(method, '', undefined, { authorization: '' })
    expect(response.status).toBe(204)
    expect(envelope).toBeUndefined()
  })
})

describe('a signature of the body (FHIR-SEC-1)', () => {
  const body = '{ "resourceType":"Appointment",  "id":"12" }'
  const sign = (key: string, text = body) => createHmac('sha256', key).update(text).digest('hex')

  async function knock(hook: FhirOptions['hook'], headers: Record<string, string>) {
    const request = new Request('http://rappel.example/fhir/tilleuls/', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    return (await connect(base, { hook }).handle(request, '', async () => accepted)).status
  }

  const medplum = { secrets: [secret], signature: { header: 'X-Signature', scheme: 'hex', secrets: ['k1', 'k2'] } } as const
  const athena = { secrets: [], signature: { header: 'X-Hub-Signature', scheme: 'sha256=', secrets: ['k1'] } } as const
  const bearer = { authorization: `Bearer ${secret}` }

  const cases: [string, FhirOptions['hook'], Record<string, string>, number][] = [
    ['of either of two secrets, beside the header’s (Medplum)', medplum, { ...bearer, 'x-signature': sign('k2') }, 200],
    ['in capitals', medplum, { ...bearer, 'x-signature': sign('k1').toUpperCase() }, 200],
    ['without the header’s secret', medplum, { 'x-signature': sign('k1') }, 401],
    ['missing', medplum, bearer, 401],
    [
      'of other bytes, though they mean the same',
      medplum,
      { ...bearer, 'x-signature': sign('k1', '{"resourceType":"Appointment","id":"12"}') },
      401,
    ],
    ['of another secret', medplum, { ...bearer, 'x-signature': sign('k3') }, 401],
    ['alone, where there is no other secret (athenahealth)', athena, { 'x-hub-signature': `sha256=${sign('k1')}` }, 200],
    ['alone, and wrong', athena, { 'x-hub-signature': `sha256=${sign('k2')}` }, 401],
    ['alone, without its scheme', athena, { 'x-hub-signature': sign('k1') }, 401],
  ]
  it.each(cases)('%s: %#', async (_name, hook, headers, status) => {
    expect(await knock(hook, headers)).toBe(status)
  })
})

describe('what is taken', () => {
  const types: [string, string, number][] = [
    ['FHIR JSON', 'application/fhir+json; charset=utf-8', 200],
    ['JSON', 'application/json', 200],
    ['the JSON of DSTU2', 'application/json+fhir', 200],
    ['FHIR XML', 'application/fhir+xml', 415],
    ['XML', 'text/xml', 415],
    ['a form', 'application/x-www-form-urlencoded', 415],
    ['no type', '', 415],
  ]
  it.each(types)('%s', async (_name, type, expected) => {
    const { response } = await deliver('POST', '', appointment(), { 'content-type': type })
    expect(response.status).toBe(expected)
  })

  it('refuses XML before it looks at it', async () => {
    const { response, envelope } = await deliver('POST', '', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>', {
      'content-type': 'text/xml',
    })
    expect([response.status, envelope]).toEqual([415, undefined])
  })

  it('takes 2 MiB and not a byte more, whatever length is claimed', async () => {
    const filled = (length: number) => `{"x":"${'y'.repeat(length - 8)}"}`
    expect((await deliver('POST', '', filled(2 * 1024 * 1024))).response.status).toBe(200)
    expect((await deliver('POST', '', filled(2 * 1024 * 1024 + 1))).response.status).toBe(413)
    expect((await deliver('POST', '', '{}', { 'content-length': '99999999' })).response.status).toBe(413)
  })

  it('knows no other path and no other method', async () => {
    expect((await deliver('POST', '../admin', {})).response.status).toBe(404)
    expect((await deliver('POST', 'Appointment/..', {})).response.status).toBe(404)
    expect((await deliver('PATCH', '', {})).response.status).toBe(405)
  })

  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  it.each([
    ['65 levels', deep(65)],
    ['100,000 levels', deep(100_000)],
    ['a __proto__', '{"resourceType":"Appointment","id":"12","__proto__":{"x":1}}'],
    ['a __proto__ in disguise, deep inside', '{"resourceType":"Appointment","id":"12","a":[{"\\u005f_proto__":1}]}'],
  ])('%s is unreadable', async (_name, body) => {
    expect((await deliver('POST', '', body)).read).toMatchObject({ kind: 'unreadable', fault: { code: 'structure' } })
  })
})

describe('what is answered', () => {
  it('asks to come back when nothing could be kept', async () => {
    const { response } = await deliver('POST', '', undefined, {}, async () => Promise.reject(new Error('disk full')))
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30'])
  })

  it('says what is wrong with a quarantined one, without a value of it', async () => {
    const fault = { kind: 'content', code: 'required', at: 'Appointment.id', text: 'Appointment.id is missing.' } as const
    const { response } = await deliver('POST', '', {}, {}, async () => ({ disposition: 'quarantined', duplicate: false, fault }))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'required', expression: ['Appointment.id'] }],
    })
  })
})
