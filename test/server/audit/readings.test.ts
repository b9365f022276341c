import { describe, expect, test } from 'vitest'
import { showing } from '../../../src/server/audit/readings.ts'
import { aToCall, aToDo } from '../../store/samples.ts'
import { bookedChange } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel, type Rappel } from '../../support/rappel.ts'

/** Pages that say nothing of anybody: settings, figures, states and ids alone. A new page is a line here, or one of `showing`. */
const showNobody: readonly RegExp[] = [
  / \/console(\/clinics(\/:clinic)?)?$/,
  // leads on to one clinic's
  / \/console\/holds$/,
  / \/console\/(me|access|connectors|health|audit|audit\.csv|quarantine)(\/|$)/,
  / \/console\/clinics\/:clinic\/(agendas|motifs|cadences|messages|settings|versions|webhooks)(\/|$)/,
  / \/console\/clinics\/:clinic\/(dashboard|shadow|write-backs|patients)$/,
  / \/api\/v1\/(keys|users|health|unset|connectors|audit|erasures)(\/|$)/,
  / \/api\/v1\/holds\/restore$/,
  / \/api\/v1\/clinics\/:clinic\/(settings|templates|questionnaires|webhooks)(\/|$)/,
  / \/api\/v1\/clinics\/:clinic\/(usage|rollout|mass-hold|holds|write-backs|shadow\/comparison|shadow\/log)$/,
  // a file of ids, written down by itself
  / \/(api\/v1|console)\/clinics\/:clinic\/shadow(\/comparison)?\/export$/,
]

async function withPatient() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'hint' }), body: new TextEncoder().encode('nonsense') })
  const [letter] = await rappel.read((tx) => tx.inbox.quarantined({ limit: 1 }))
  await rappel.store.transact(async (tx) => {
    await tx.toDo.save({ ...aToDo('line'), clinicId: 'tilleuls', patientId: 'tilleuls:P1' })
    await tx.toCall.save(aToCall('line', { clinicId: 'tilleuls', appointmentId: 'tilleuls:A1', patientId: 'tilleuls:P1' }))
  })
  return { ...rappel, letter: letter?.id ?? '' }
}

/** What the audit says of pages seen since the last time it was asked. */
async function seen({ read }: Rappel, ...actions: readonly string[]) {
  const rows = await read((tx) => tx.audit.latest(50))
  return rows
    .filter(({ action }) => actions.includes(action))
    .map(({ actor, action, subject, detail }) => ({ actor, action, subject, ...detail }))
}

const readings = ['patient.read', 'patients.listed', 'envelope.read'] as const

describe('R31: who sees a patient’s data is written down', () => {
  test('every page of staff and of the API either is, or shows nobody', async () => {
    const { routes } = await openRappel()
    const guarded = routes()
      .filter(({ access }) => access === 'api' || access === 'staff')
      .map(({ method, path }) => `${method} ${path}`)
    const reads = guarded.filter((name) => name.startsWith('GET ') && !showing.has(name))
    expect(reads.filter((name) => !showNobody.some((pattern) => pattern.test(name)))).toEqual([])
    expect([...showing.keys()].filter((name) => !guarded.includes(name))).toEqual([])
  })

  test.each<[string, string, string]>([
    ['a patient’s record', '/console/clinics/tilleuls/patients/tilleuls:P1', 'tilleuls:P1'],
    ['what they were told', '/console/clinics/tilleuls/patients/tilleuls:P1/history', 'tilleuls:P1'],
    ['an appointment', '/console/clinics/tilleuls/appointments/tilleuls:A1', 'tilleuls:P1'],
    ['what they wrote', '/console/clinics/tilleuls/inbox/line', 'tilleuls:P1'],
    ['a record, by the API', '/api/v1/patients/tilleuls:P1', 'tilleuls:P1'],
    ['its history, by the API', '/api/v1/patients/tilleuls:P1/history', 'tilleuls:P1'],
    ['an appointment, by the API', '/api/v1/appointments/tilleuls:A1', 'tilleuls:P1'],
    ['why they were told, by the API', '/api/v1/appointments/tilleuls:A1/decisions', 'tilleuls:P1'],
  ])('%s: by whom, whose, which way, once', async (_, address, subject) => {
    const rappel = await withPatient()
    const way = address.startsWith('/api') ? 'api' : 'console'
    const answer = way === 'api' ? await rappel.call('appointments', `GET ${address}`) : await rappel.get(address, signedIn('appointments'))
    expect(answer.status).toBe(200)
    const actor = way === 'api' ? 'token:appointments-tilleuls' : 'token:appointments@tilleuls'
    expect(await seen(rappel, ...readings)).toEqual([expect.objectContaining({ actor, action: 'patient.read', subject, way })])
  })

  test.each([
    '/console/clinics/tilleuls/appointments',
    '/console/clinics/tilleuls/inbox',
    '/console/clinics/tilleuls/to-call',
    '/console/clinics/tilleuls/holds',
    '/api/v1/clinics/tilleuls/appointments',
    '/api/v1/clinics/tilleuls/patients?name=Roy',
    '/api/v1/clinics/tilleuls/to-call',
    '/api/v1/clinics/tilleuls/notifications',
    '/api/v1/inbox',
  ])('a list of several is one row of their clinic: %s', async (address) => {
    const rappel = await withPatient()
    const answer = address.startsWith('/api')
      ? await rappel.call('appointments', `GET ${address}`)
      : await rappel.get(address, signedIn('appointments'))
    expect(answer.status).toBe(200)
    expect(await seen(rappel, ...readings)).toEqual([expect.objectContaining({ action: 'patients.listed', subject: 'tilleuls' })])
    expect(JSON.stringify(await seen(rappel, ...readings))).not.toMatch(/Roy|418/)
  })

  test('a search by name is written down, and not what was typed', async () => {
    const rappel = await withPatient()
    expect(await (await rappel.post('/console/clinics/tilleuls/patients', { typed: 'Roy' }, signedIn('appointments'))).text()).toContain(
      'Roy',
    )
    expect(await seen(rappel, ...readings)).toEqual([
      {
        actor: 'token:appointments@tilleuls',
        action: 'patients.listed',
        subject: 'tilleuls',
        way: 'console',
        page: '/console/clinics/:clinic/patients',
      },
    ])
  })

  test('a message in quarantine, seen and downloaded', async () => {
    const rappel = await withPatient()
    for (const path of ['', '/download']) await rappel.get(`/console/quarantine/${rappel.letter}${path}`, signedIn('integrator'))
    const row = { action: 'envelope.read', subject: rappel.letter, connector: 'tilleuls' }
    expect(await seen(rappel, ...readings)).toEqual([expect.objectContaining(row), expect.objectContaining(row)])
  })

  test('who may not see it, and who asks for nobody, leave no such row', async () => {
    const rappel = await withPatient()
    await rappel.get('/console/clinics/tilleuls/patients/tilleuls:P1', signedIn('integrator'))
    await rappel.get('/console/clinics/tilleuls/patients/tilleuls:nobody', signedIn('admin'))
    await rappel.call('reader', 'GET /api/v1/patients/tilleuls:P1')
    await rappel.call('admin', 'GET /api/v1/patients/tilleuls:nobody')
    expect(await seen(rappel, ...readings)).toEqual([])
  })

  test('where it cannot be written down, nothing is shown', async () => {
    const rappel = await withPatient()
    rappel.failCommits(1)
    const answer = await rappel.get('/console/clinics/tilleuls/patients/tilleuls:P1', signedIn('admin'))
    expect([answer.status, await answer.text()]).toEqual([503, ''])
  })

  test('the audit’s page and the API show pages seen, or acts, or both', async () => {
    const rappel = await withPatient()
    await rappel.get('/console/clinics/tilleuls/patients/tilleuls:P1', signedIn('admin'))
    const actions = async (kind: string) => {
      const found = (await (await rappel.call('admin', `GET /api/v1/audit?${kind}`)).json()) as { items: { action: string }[] }
      return [...new Set(found.items.map(({ action }) => action))].sort()
    }
    expect(await actions('kind=readings')).toEqual(['patient.read'])
    expect(await actions('kind=acts')).not.toContain('patient.read')
    expect(await actions('')).toEqual(expect.arrayContaining(['patient.read', 'appointment.changed']))
    const shown = async (kind: string) => (await rappel.get(`/console/audit?kind=${kind}`, signedIn('admin'))).text()
    expect(await shown('readings')).toContain('<code>patient.read</code>')
    expect(await shown('readings')).not.toContain('<code>appointment.changed</code>')
    expect(await shown('acts')).not.toContain('<code>patient.read</code>')
  })
})
