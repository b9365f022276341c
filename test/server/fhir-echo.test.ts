import { Temporal } from 'temporal-polyfill'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fhir } from '../../src/connectors/fhir/fhir.ts'
import { createTruthCheck } from '../../src/server/sending/truth-check.ts'
import { type FhirServer, fhirServer } from '../connectors/fhir/fhir-server.ts'
import { agendaSettings, clinicSettings, motifSettings } from '../support/clinic.ts'
import { fakeConnector } from '../support/fakes.ts'
import { openRappel, type Rappel } from '../support/rappel.ts'

const secret = 'a-secret-of-the-hook'
const going = new AbortController().signal

const appointment = {
  resourceType: 'Appointment',
  id: '12',
  status: 'booked',
  start: '2026-11-26T09:40:00-05:00',
  participant: [
    { actor: { reference: 'Practitioner/moreau' }, status: 'accepted' },
    { actor: { reference: 'Patient/7' }, status: 'needs-action' },
  ],
}
const patient = {
  resourceType: 'Patient',
  id: '7',
  name: [{ family: 'Roy', given: ['Anne'] }],
  telecom: [{ system: 'email', value: 'roy@example.org' }],
}

/** A FHIR server over a real socket, the real connector, and the whole service beside it, a day and a half before the appointment. */
async function beside(): Promise<{ ehr: FhirServer; rappel: Rappel; notify: () => Promise<number> }> {
  const ehr = await fhirServer()
  onTestFinished(() => ehr.close())
  ehr.put(appointment, '2026-11-24T10:00:00Z')
  ehr.put(patient, '2026-11-24T10:00:00Z')
  let now = () => Temporal.Instant.from('2026-11-24T15:00:00Z')
  const real = fhir({
    id: 'tilleuls',
    baseUrl: ehr.baseUrl,
    zone: 'America/Toronto',
    region: 'CA',
    hook: { secrets: [secret] },
    writeBack: {},
    now: () => now(),
  })
  const settings = clinicSettings({ agendas: { 'Practitioner/moreau': agendaSettings() }, motifs: { '(sans motif)': motifSettings() } })
  const rappel = await openRappel({ now: now().toString(), connectors: [Object.assign(fakeConnector('tilleuls'), real)], settings })
  now = rappel.clock.now
  const notify = async () => {
    const response = await rappel.app.request('/fhir/tilleuls/Appointment/12', {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    })
    await rappel.readBack()
    await rappel.send()
    return response.status
  }
  return { ehr, rappel, notify }
}

describe('V2-ORD-5, WB-4: what we wrote comes back, and nobody is told of it', () => {
  test('a patient cancels: the EHR learns it once, and its echo says nothing new', async () => {
    const { ehr, rappel, notify } = await beside()
    expect(await notify()).toBe(200)
    expect(rappel.email.sent).toHaveLength(1)
    const token = rappel.lastToken()
    await rappel.post(`/${token}/cancel`, { basis: await rappel.basisShown(token) })
    rappel.clock.advance({ minutes: 6 })
    await rappel.bring()
    expect(ehr.get('Appointment/12').status).toBe('cancelled')
    expect(await rappel.answers('tilleuls:12')).toMatchObject([{ kind: 'cancel', state: 'verified' }])
    await rappel.send()
    const told = rappel.email.sent.length
    await notify()
    await notify()
    expect(rappel.email.sent).toHaveLength(told)
    expect((await rappel.appointment('tilleuls:12'))?.status).toBe('cancelled')
    expect(ehr.requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(1)
  })

  test('acceptance 8: the answer to a PATCH is lost; there is one change all the same, and it is verified', async () => {
    const { ehr, rappel, notify } = await beside()
    await notify()
    const token = rappel.lastToken()
    await rappel.post(`/${token}/cancel`, { basis: await rappel.basisShown(token) })
    rappel.clock.advance({ minutes: 6 })
    ehr.meet(/PATCH/, { kind: 'drop after commit' })
    await rappel.bring()
    expect(await rappel.answers('tilleuls:12')).toMatchObject([{ state: 'queued' }])
    rappel.clock.advance({ minutes: 1 })
    await rappel.bring()
    expect(await rappel.answers('tilleuls:12')).toMatchObject([{ state: 'verified' }])
    expect(ehr.get('Appointment/12').meta?.versionId).toBe('2')
  })
})

describe('R30: a forged notification changes nothing', () => {
  test('without the secret, and with another patient in its body', async () => {
    const { rappel, ehr } = await beside()
    const forged = JSON.stringify({ ...appointment, participant: [{ actor: { reference: 'Patient/666' } }] })
    const send = (authorization: string) =>
      rappel.app.request('/fhir/tilleuls/Appointment/12', {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/fhir+json' },
        body: forged,
      })
    expect((await send('Bearer guess')).status).toBe(401)
    expect((await send(`Bearer ${secret}`)).status).toBe(200)
    expect(ehr.requests).toEqual([])
    await rappel.readBack()
    // what the EHR itself says counts
    expect((await rappel.appointment('tilleuls:12'))?.patientId).toBe('tilleuls:7')
  })
})

describe('R30: a replayed notification changes nothing more', () => {
  test('fifty of one version at once: each is answered, one is followed, and the patient is told once', async () => {
    const { rappel, ehr } = await beside()
    const body = JSON.stringify({ ...appointment, meta: { versionId: '1', lastUpdated: '2026-11-24T10:00:00Z' } })
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/fhir+json' }
    const send = () => rappel.app.request('/fhir/tilleuls', { method: 'POST', headers, body })
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await send()).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    await rappel.readBack()
    await rappel.send()
    expect(ehr.requests.filter((request) => request === 'GET Appointment/12')).toHaveLength(1)
    expect(rappel.email.sent).toHaveLength(1)
    expect((await rappel.appointment('tilleuls:12'))?.revision).toBe(1)
  })
})

describe('FHIR-POLL-4, at a real socket', () => {
  test('a cancellation that no notification told is found before the reminder leaves', async () => {
    const { ehr, rappel, notify } = await beside()
    await notify()
    ehr.put({ ...appointment, status: 'cancelled' }, '2026-11-25T01:00:00Z')
    const truth = createTruthCheck({
      ...rappel,
      receive: rappel.ingest.receive,
      truths: new Map([['tilleuls', { freshness: Temporal.Duration.from('PT15M'), policies: {} }]]),
      wanted: () => {},
      checked: () => {},
    })
    rappel.clock.set('2026-11-25T02:30:00Z')
    await truth.work.step(going)
    rappel.clock.set('2026-11-25T02:45:00Z')
    await rappel.send()
    expect((await rappel.outcomes('tilleuls:12')).filter((line) => line.includes('email'))).toEqual([
      'cancellation email: sent',
      'confirmation email: sent',
      expect.stringMatching(/^previsit email: withdrawn/),
    ])
  })
})
