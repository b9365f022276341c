import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { onTestFinished } from 'vitest'
import { openMailbox } from '../../src/channels/mailbox/mailbox.ts'
import { startRappel } from '../../src/server/compose.ts'
import { parseConfig, sayFault } from '../../src/server/config/config.ts'
import { createLog, type Log } from '../../src/server/log.ts'
import { dial, framed, servePeers } from '../connectors/hl7v2/support/sockets.ts'
import { freePort, until } from '../peers/programs.ts'
import { collector } from '../support/collector.ts'

const account = { sid: `AC${'0'.repeat(32)}`, token: 'a-token-of-twilio' }
const apiToken = 'R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m'

interface Ports {
  readonly folder: string
  readonly web: number
  readonly smtp: number
  readonly twilio: string
  readonly ehr: number
  readonly traces: string
}

const configText = ({ folder, web, smtp, twilio, ehr, traces }: Ports) => `
server: { port: ${web}, publicUrl: "http://127.0.0.1:${web}", apiToken: { env: API } }
store: { path: ${folder}/rappel.db }
archive: { directory: ${folder}/archive }
telemetry: { otlp: "${traces}" }
sms: { provider: twilio, accountSid: ${account.sid}, authToken: { env: TWILIO }, from: "+14185550140", baseUrl: "${twilio}" }
email: { provider: smtp, host: 127.0.0.1, port: ${smtp}, from: { name: Tilleuls, address: rdv@tilleuls.example } }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    phone: 418 555-0140
    zone: America/Toronto
    communications: true
    smsActivated: true
    smsToUnknown: true
    quietHours: none
    cancelUndo: PT1S
    sites: { main: { name: Principal, patientMayCancel: true, patientMayArrive: true } }
    agendas: { MOREAU: { label: Dre Moreau, site: main } }
    motifs: { CONSULT: { type: onsite } }
connectors:
  - { id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, listen: { port: 0 }, writeBack: { host: 127.0.0.1, port: ${ehr} } }
`

/** A patient of whom every word is a canary. */
interface Canary {
  readonly traces: readonly string[]
  readonly email: string
  message(event: string): string
}

function canaryOf(index: number): Canary {
  const [patient, visit] = [`KANARI${100 + index}P`, `KANARI${100 + index}V`]
  const [given, family] = [`Kanarine${index}`, `Kanaropoulos${index}`]
  const phone = `418555${String(7000 + index)}`
  const email = `kanari${index}@voliere.example`
  const birth = `19310${1 + (index % 9)}17`
  const motif = `Kanaropathie${index}`
  // tomorrow: may be confirmed, and cancelled
  const start = wallClock(Temporal.Now.instant().add({ hours: 25, minutes: index }))
  const end = wallClock(Temporal.Now.instant().add({ hours: 26, minutes: index }))
  return {
    traces: [patient, visit, given, family, phone, email, birth, motif],
    email,
    message: (event) =>
      [
        `MSH|^~\\&|EHR|TILLEULS|RAPPEL|RAPPEL|${wallClock(Temporal.Now.instant())}||SIU^${event}^SIU_S12|M${index}${event}|P|2.5.1|||||||UNICODE UTF-8`,
        `SCH|P${visit}^EHR|${visit}^EHR||||ADD|ROUTINE^Suivi|CONSULT^${motif}|30|min|^^30^${start}^${end}|||||9^Roy^Guy||||9^Roy^Guy|||||Booked`,
        `PID|1||${patient}^^^EHR^MR||${family}^${given}||${birth}|F|||||^PRN^CP^${email}^1^418^${phone.slice(3)}~^NET^Internet^${email}`,
        `PV1|1|O|CARDIO||||D1^Moreau^Claire||||||||||||V${index}`,
        'RGS|1|A|G1',
        'AIS|1|A|CONSULT^Consultation',
        'AIP|1|A|MOREAU^Moreau^Claire|MD',
        '',
      ].join('\r'),
  }
}

function wallClock(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO('America/Toronto').toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:T]/g, '')
}

/** What the service said of itself: to whoever runs it, to collectors, to the EHR in its acknowledgements, in addresses and in its refusals. */
export interface Said {
  readonly places: Readonly<Record<string, string>>
  readonly traces: readonly string[]
  readonly messages: number
}

/** The composed service over real sockets, canary patients through it, and much going wrong: providers that refuse and hang up, an EHR that refuses and quotes. */
export async function wholeRun(level: Parameters<typeof createLog>[0], count: number, log?: (lines: string[]) => Log): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-whole-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const canaries = Array.from({ length: count }, (_, index) => canaryOf(index))
  const ofPhone = (every: number, rest: number) => (to: string) => /^\+1418555/.test(to) && Number(to.slice(-2)) % every === rest
  const mailbox = await openMailbox({
    account,
    misbehaviour: { defers: ofPhone(5, 1), refuses: ofPhone(5, 2), dropsReply: ofPhone(5, 3), undelivered: ofPhone(5, 4) },
  })
  const ehr = await servePeers()
  const answering = answer(ehr)
  const traces = await collector()
  const web = await freePort()
  const text = configText({ folder, web, smtp: mailbox.smtpPort, twilio: mailbox.twilioUrl, ehr: ehr.port, traces: traces.url })
  const result = parseConfig(text, { env: { API: apiToken, TWILIO: account.token }, readFile: () => '' })
  if (!result.ok) throw new Error(result.faults.map((fault) => sayFault('whole run', fault)).join('\n'))
  const lines: string[] = []
  const listening: { port?: number } = {}
  const service = await startRappel(result.config, {
    log: log?.(lines) ?? createLog(level, (line) => void lines.push(line)),
    onListening: (_, port) => Object.assign(listening, { port }),
  })
  await until('the connector listens', 90, () => listening.port !== undefined || undefined)
  const booked = await tell(
    listening.port ?? 0,
    canaries.map((canary) => canary.message('S12')),
  )
  const mailed = () => mailbox.messages().filter(({ channel }) => channel === 'email')
  await until('each was told by mail', 90, () => canaries.every(({ email }) => mailed().some(({ to }) => to === email)) || undefined)
  const refused = await visit(
    `http://127.0.0.1:${web}`,
    mailed().flatMap(({ links }) => links),
    canaries,
  )
  await until('the EHR was told', 90, () => answering.heard() >= count || undefined)
  const acks = [...booked, ...(await tell(listening.port ?? 0, canaries.map(faulty)))]
  const base = `http://127.0.0.1:${web}`
  const bearer = { headers: { authorization: `Bearer ${apiToken}` } }
  const ask = async (path: string) => (await fetch(`${base}${path}`, bearer)).text()
  const [metrics, ready, health] = [await ask('/metrics'), await ask('/readyz'), await ask('/api/v1/health')]
  await service.stop()
  const addresses = mailbox.messages().flatMap(({ links }) => links)
  await Promise.all([mailbox.close(), ehr.close()])
  return {
    places: {
      log: lines.join('\n'),
      metrics,
      ready,
      health,
      traces: traces.bodies.join('\n'),
      acknowledgements: acks.join('\n'),
      addresses: addresses.join('\n'),
      refusals: refused.join('\n'),
    },
    traces: canaries.flatMap((each) => each.traces),
    messages: mailbox.messages().length,
  }
}

/** Every second word of ours is refused, and the patient quoted in the refusal. */
function answer(ehr: Awaited<ReturnType<typeof servePeers>>) {
  let heard = 0
  const serve = async (peer: Awaited<ReturnType<typeof ehr.accept>>) => {
    for (;;) {
      const text = await peer.next().catch(() => undefined)
      if (text === undefined) return
      heard += 1
      const id = text.split('|')[9] ?? ''
      const quoted = /\rPID\|.*/.exec(text)?.[0].trim() ?? ''
      const code = heard % 2 === 0 ? 'AE' : 'AA'
      peer.write(
        framed(
          `MSH|^~\\&|EHR||RAPPEL||2026||ACK|9|P|2.5.1\rMSA|${code}|${id}|${quoted.replaceAll('|', ' ')}\rERR||PID^1|207|E||||${quoted.replaceAll('|', ' ')}\r`,
        ),
      )
    }
  }
  const accept = async () => {
    for (;;) void serve(await ehr.accept())
  }
  void accept()
  return { heard: () => heard }
}

/** What a careless interface says of each, one kind of fault after the other. */
function faulty(canary: Canary, index: number): string {
  const wrong = [
    canary.message('S12').replace(/SIU\^S12/, 'ZZZ^Z99'),
    canary.message('S13').replace(/\^\^30\^\d+\^/, `^^30^${canary.traces[3]}^`),
    canary.message('S13').replace(/\rSCH\|[^\r]*/, ''),
    `MSH|^~\\&|EHR|TILLEULS|||2026|${canary.traces[2]}|SIU^S12`,
  ]
  return wrong[index % wrong.length] ?? ''
}

/** One after the other over one connection. The answers. */
async function tell(port: number, texts: readonly string[]): Promise<readonly string[]> {
  const peer = await dial(port)
  const acks: string[] = []
  for (const text of texts) {
    peer.write(framed(text))
    acks.push(await Promise.race([peer.next(), peer.closed.then(() => 'closed')]))
  }
  peer.socket.destroy()
  return acks
}

/** Patients open their page and answer; strangers ask for what is not theirs, with canaries in all they send. What is refused, and where pages lead. */
async function visit(base: string, links: readonly string[], canaries: readonly Canary[]): Promise<readonly string[]> {
  const said: string[] = []
  for (const link of links) {
    const page = await fetch(link)
    const basis = /name="basis" value="([^"]+)"/.exec(await page.text())?.[1]
    if (!basis) continue
    const answered = await fetch(`${link}/confirm`, { method: 'POST', body: new URLSearchParams({ basis }), redirect: 'manual' })
    said.push(answered.headers.get('location') ?? '')
  }
  for (const { traces } of canaries) {
    const body = JSON.stringify({ name: traces, note: traces.join(' ') })
    const asks: readonly [string, RequestInit][] = [
      ['/callbacks/sms', { method: 'POST', body }],
      [
        '/api/v1/clinics/tilleuls/settings',
        { method: 'PUT', body, headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' } },
      ],
      [
        '/api/v1/keys',
        { method: 'POST', body: `{${traces[2]}`, headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' } },
      ],
      [
        `/console/sign-in`,
        { method: 'POST', body: new URLSearchParams({ login: traces[2] ?? '', password: traces[3] ?? '' }), headers: { origin: base } },
      ],
      ['/hl7/ehr', { method: 'POST', body: traces.join('|') }],
    ]
    for (const [path, init] of asks) {
      const response = await fetch(`${base}${path}`, { redirect: 'manual', ...init })
      // a form is shown again with the name that was typed into it: its page is for who typed it
      if (path !== '/console/sign-in') said.push(await response.text())
      said.push(response.headers.get('location') ?? '')
    }
  }
  return said
}
