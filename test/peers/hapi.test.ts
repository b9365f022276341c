import type { ChildProcess } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, programs, stop, tool, until } from './programs.ts'

/** HAPI FHIR JPA, as a hospital runs it: its own database, its own subscriptions. Built by Maven on the first run. */
const peer = new URL('hapi', import.meta.url).pathname
const { folder, start, serve, rows, close } = programs('hapi')
const ports = { web: 0, hapi: 0, smtp: 0 }
const apiToken = randomBytes(32).toString('base64')
/** R12: how long the EHR is away while patients answer. */
const outageSeconds = Number(process.env.PEERS_OUTAGE_SECONDS ?? 120)
let hapi: ChildProcess
let rappel: ChildProcess

interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

interface Appointment {
  readonly resourceType: 'Appointment'
  readonly id: string
  readonly meta?: { readonly versionId: string }
  readonly status: string
  readonly start: string
  readonly participant: readonly { readonly actor: { readonly reference: string }; readonly status: string }[]
}

interface Subscription {
  readonly id: string
  readonly status: string
  readonly channel: { readonly endpoint: string }
}

beforeAll(async () => {
  for (const name of ['web', 'hapi', 'smtp'] as const) ports[name] = await freePort()
  build()
  await startHapi()
  await start('python3', [tool('mail_sink.py'), '--port', String(ports.smtp), '--ledger', join(folder, 'mail.jsonl')], 'mail sink on')
  await put({ resourceType: 'Practitioner', id: 'moreau', name: [{ family: 'Moreau', given: ['Claire'], prefix: ['Dre'] }] })
  writeFileSync(join(folder, 'rappel.yaml'), configuration())
  rappel = await serve({ API_TOKEN: apiToken, HOOK_SECRET: randomBytes(32).toString('base64') })
}, 600_000)

afterAll(close)

describe('HAPI FHIR tells, and is told', () => {
  it('creates its own subscription, which HAPI activates', async () => {
    const ours = await until('an active subscription', 60, async () => (await subscriptions()).find(({ status }) => status === 'active'))
    expect(ours.channel.endpoint).toMatch(`http://127.0.0.1:${ports.web}/fhir/hapi`)
  })

  it('notification → message → the patient confirms → the chart says so, one version later', async () => {
    await book('roy', 'a1', { hours: 30 })
    const mail = await mailTo('roy', 0)
    expect(mail.text).toContain('Dre Claire Moreau')
    const before = await read('a1')
    await answer(mail, 'confirm')
    const after = await until('the confirmation in the chart', 60, async () => unlessSame(before, await read('a1')))
    expect(patientOf(after)).toMatchObject({ status: 'accepted' })
    expect(after.meta?.versionId).toBe(String(Number(before.meta?.versionId) + 1))
    expect([after.status, after.start]).toEqual([before.status, before.start])
    expect(mailsTo('roy'), 'its own words coming back tell nobody').toHaveLength(1)
  })

  it('WB-1: what a clinician changed meanwhile is not overwritten', async () => {
    await book('gagne', 'c1', { hours: 40 })
    const mail = await mailTo('gagne', 0)
    await answer(mail, 'cancel')
    const moved = { ...(await read('c1')), start: inHours(45), end: inHours(46) }
    await put(moved)
    const news = await mailTo('gagne', 1)
    expect(news.text, 'the new hour is told').toContain('Dre Claire Moreau')
    const settled = await until('the end of its undo time', 60, () => writeBackOf('c1', ['stale', 'withdrawn']))
    expect(settled).toBeDefined()
    expect(await read('c1')).toMatchObject({ status: 'booked', start: moved.start })
  })

  // by now it has been seen active: one that never was is asked for again only after minutes
  it('FHIR-POLL: with the subscription switched off, a booking is found all the same', async () => {
    for (const each of await subscriptions()) await put({ ...each, resourceType: 'Subscription', status: 'off' })
    await book('cote', 'b1', { hours: 30 })
    expect((await mailTo('cote', 0)).text).toContain('Dre Claire Moreau')
  })

  it('FHIR-SUB-5: the subscription that was switched off is active again', async () => {
    await until('an active subscription', 90, async () => (await subscriptions()).find(({ status }) => status === 'active'))
  })

  it(`R12: HAPI away for ${outageSeconds} s while patients answer: all of it arrives, in order, once`, async () => {
    const people = ['d1', 'd2', 'd3', 'd4', 'd5']
    for (const id of people) await book(`patient-${id}`, id, { hours: 30 })
    const mails = new Map<string, Mail>()
    for (const id of people) mails.set(id, await mailTo(`patient-${id}`, 0))
    await stop(hapi, 'SIGKILL')
    for (const [, mail] of mails) await answer(mail, 'confirm')
    for (const id of ['d1', 'd2']) await answer(mails.get(id) as Mail, 'cancel')
    await new Promise((resolve) => setTimeout(resolve, outageSeconds * 1000))
    await startHapi()
    for (const id of people) {
      const appointment = await until(`${id} in the chart`, 240, async () => {
        const each = await read(id)
        const isDone = ['d1', 'd2'].includes(id) ? each.status === 'cancelled' : patientOf(each)?.status === 'accepted'
        return isDone ? each : undefined
      })
      expect(Number(appointment.meta?.versionId), 'written once for each answer').toBeLessThanOrEqual(['d1', 'd2'].includes(id) ? 3 : 2)
    }
  }, 600_000)

  it('R36: stops when asked', async () => {
    await stop(rappel)
    expect(rappel.exitCode).toBe(0)
  })
})

function build(): void {
  if (existsSync(join(peer, 'target/classpath'))) return
  for (const goal of [['compile'], ['dependency:build-classpath', '-Dmdep.outputFile=target/classpath']])
    execFileSync('mvn', ['-q', '-B', ...goal], { cwd: peer, stdio: 'inherit' })
}

async function startHapi(): Promise<void> {
  const classpath = `${join(peer, 'target/classes')}:${readFileSync(join(peer, 'target/classpath'), 'utf8').trim()}`
  hapi = await start(
    'java',
    [
      '-Xmx900m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classpath,
      'peer.HapiPeer',
      String(ports.hapi),
      join(folder, 'hapi'),
    ],
    'ready on',
  )
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${ports.hapi}/fhir/${path}`, {
    method,
    headers: { 'content-type': 'application/fhir+json', 'cache-control': 'no-cache' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

type Resource = { readonly resourceType: string; readonly id: string } & Readonly<Record<string, unknown>>

const put = (resource: Resource) => ask('PUT', `${resource.resourceType}/${resource.id}`, resource)

const read = async (id: string) => (await ask('GET', `Appointment/${id}`)) as Appointment

async function subscriptions(): Promise<readonly Subscription[]> {
  const bundle = (await ask('GET', 'Subscription')) as { entry?: readonly { resource: Subscription }[] }
  return (bundle.entry ?? []).map(({ resource }) => resource)
}

const inHours = (hours: number) => Temporal.Now.instant().add({ hours }).round('minute').toString()

async function book(patient: string, id: string, { hours }: { readonly hours: number }): Promise<void> {
  await put({
    resourceType: 'Patient',
    id: patient,
    name: [{ family: 'Essai', given: [patient] }],
    telecom: [{ system: 'email', value: `${patient}@example.org` }],
  })
  await put({
    resourceType: 'Appointment',
    id,
    status: 'booked',
    serviceType: [{ coding: [{ system: 'https://tilleuls.example/motifs', code: 'CONSULT' }] }],
    start: inHours(hours),
    end: inHours(hours + 1),
    participant: [
      { actor: { reference: `Patient/${patient}` }, status: 'needs-action' },
      { actor: { reference: 'Practitioner/moreau' }, status: 'accepted' },
    ],
  })
}

const mailsTo = (patient: string) => rows<Mail>('mail.jsonl').filter(({ to }) => to.includes(`${patient}@example.org`))

function mailTo(patient: string, index: number): Promise<Mail> {
  return until(`mail ${index + 1} to ${patient}`, 90, () => mailsTo(patient)[index])
}

/** As a browser does: opens the page, then sends its form. */
async function answer(mail: Mail, what: 'confirm' | 'cancel'): Promise<void> {
  const site = `http://127.0.0.1:${ports.web}`
  const link = new RegExp(`${site}/\\S+`).exec(mail.text)?.[0]
  const page = await (await fetch(`${link}${what === 'cancel' ? '?step=cancel' : ''}`)).text()
  const form = new RegExp(`<form[^>]*action="[^"]*/${what}".*?</form>`, 's').exec(page)?.[0] ?? ''
  const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])
  expect(fields, `the page lets the patient ${what}`).not.toEqual([])
  const response = await fetch(`${link}/${what}`, {
    method: 'POST',
    headers: { origin: site },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  expect(response.status, `${what} is taken`).toBeLessThan(400)
}

function unlessSame(before: Appointment, after: Appointment): Appointment | undefined {
  return before.meta?.versionId === after.meta?.versionId ? undefined : after
}

function patientOf({ participant }: Appointment) {
  return participant.find(({ actor }) => actor.reference.startsWith('Patient/'))
}

async function writeBackOf(id: string, states: readonly string[]) {
  const response = await fetch(`http://127.0.0.1:${ports.web}/api/v1/appointments/${encodeURIComponent(`hapi:${id}`)}/decisions`, {
    headers: { authorization: `Bearer ${apiToken}` },
  })
  const { writeBacks } = (await response.json()) as { writeBacks: readonly { state: string }[] }
  return writeBacks.find(({ state }) => states.includes(state))
}

/** As many as may be set, and the chart comes back before the last of them. */
function retriesFor(seconds: number): string {
  return Array(18)
    .fill(`PT${Math.ceil((seconds + 60) / 18)}S`)
    .join(', ')
}

const configuration = () => `
server: { port: ${ports.web}, publicUrl: "http://127.0.0.1:${ports.web}", apiToken: { env: API_TOKEN } }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
email: { provider: smtp, host: 127.0.0.1, port: ${ports.smtp}, from: { name: Peers, address: peers@example.org } }
writeBackRetries: [PT2S, PT5S, ${retriesFor(outageSeconds)}]
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: America/Toronto
    communications: true
    quietHours: none
    cancelUndo: PT10S
    sites: { main: { name: Clinique des Tilleuls, patientMayCancel: true } }
    agendas: { Practitioner/moreau: { live: true, site: main } }
    motifs: { CONSULT: { type: onsite } }
connectors:
  - id: hapi
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    preset: hapi
    baseUrl: "http://127.0.0.1:${ports.hapi}/fhir"
    hook: { secrets: [{ env: HOOK_SECRET }] }
    subscription: { kind: criteria, every: PT10S }
    poll: { every: PT10S }
    writeBack: {}
`
