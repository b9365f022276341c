import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { appointment, connect, hookEnvelope, now, patient, secret } from './fhir-story.ts'

const meta = { versionId: '3', lastUpdated: '2026-03-01T10:59:00Z' }
const base = 'https://ehr.example/fhir'
const trusting = () => connect(base, { trustPayload: true, poll: { mode: 'none' } })
const bundle = (...resources: unknown[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
})

describe('FHIR-SUB-3: an EHR that cannot be asked, and is trusted', () => {
  it('says with its notification what changed, dated by its own clock', () => {
    expect(trusting().read(hookEnvelope('', bundle(appointment({ meta }), patient)))).toMatchObject({
      kind: 'changes',
      identity: 'Appointment/12/_history/3',
      changes: [{ ehrId: '12', stamp: { at: Temporal.Instant.from(meta.lastUpdated) }, patient: { ehrId: '7' } }],
    })
  })

  it('says it of several at once', () => {
    const two = bundle(appointment({ meta }), appointment({ id: '13', meta }), patient)
    expect(trusting().read(hookEnvelope('', two))).toMatchObject({ kind: 'changes', changes: [{ ehrId: '12' }, { ehrId: '13' }] })
  })

  it('says by a DELETE that it is gone', () => {
    expect(trusting().read(hookEnvelope('Appointment/12', undefined, 'DELETE'))).toMatchObject({
      kind: 'changes',
      changes: [{ ehrId: '12', status: { value: 'entered-in-error' }, stamp: { at: now } }],
    })
  })

  it.each([
    ['without a date', bundle(appointment(), patient)],
    ['one of two without a date', bundle(appointment({ meta }), appointment({ id: '13' }))],
    ['without an appointment', bundle(patient)],
    ['empty', undefined],
  ])('is not believed %s: a hint', (_name, body) => {
    expect(trusting().read(hookEnvelope('', body)).kind).toBe('hint')
  })

  it('is not believed where nobody said so', () => {
    expect(connect(base).read(hookEnvelope('', bundle(appointment({ meta }), patient))).kind).toBe('hint')
  })

  it('is not asked before a message leaves', () => {
    expect(trusting().reread).toBeUndefined()
    expect(connect(base).reread).toBeDefined()
  })

  it('is no setting for an EHR that is polled', () => {
    expect(() => connect(base, { trustPayload: true })).toThrow('it goes with poll.mode none')
  })
})

describe('FHIR-SEC-1: a token in the path, beside the secret', () => {
  const tokens = ['first-token-of-the-path', 'second-token-of-the-path']
  const ask = async (path: string, given = secret) => {
    const headers = { authorization: `Bearer ${given}`, 'content-type': 'application/fhir+json' }
    const request = new Request(`https://rappel.example/fhir/tilleuls/${path}`, { method: 'POST', headers, body: '{}' })
    let kept: string | undefined
    const connector = connect(base, { hook: { secrets: [secret], pathTokens: tokens } })
    const { status } = await connector.handle(request, path, async ({ request: about }) => {
      kept = about?.path
      return { disposition: 'accepted', duplicate: false }
    })
    return [status, kept]
  }

  it.each([
    ['the first', 'first-token-of-the-path', secret, 200, ''],
    ['the second, while it replaces the other', 'second-token-of-the-path', secret, 200, ''],
    ['what follows it is the path of the resource', 'first-token-of-the-path/Appointment/12', secret, 200, 'Appointment/12'],
    ['none', '', secret, 401, undefined],
    ['none, with the path of a resource', 'Appointment/12', secret, 401, undefined],
    ['a wrong one', 'third-token-of-the-path', secret, 401, undefined],
    ['the right one without the secret', 'first-token-of-the-path', 'wrong', 401, undefined],
  ])('%s', async (_name, path, given, status, kept) => {
    expect(await ask(path, given)).toEqual([status, kept])
  })
})
