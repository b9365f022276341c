import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import type { Mailbox } from '../channels/mailbox/mailbox.ts'
import { openMailbox } from '../channels/mailbox/mailbox.ts'
import type { Simulator } from '../connectors/simulator/simulator.ts'
import { openSimulator } from '../connectors/simulator/simulator.ts'
import { systemClock } from '../server/clock.ts'
import { startRappel } from '../server/compose.ts'
import { stylesheet } from '../server/pages/stylesheet.ts'
import { type Account, makeAccount } from './account.ts'
import { demoApp } from './demo-app.ts'
import type { DemoSecrets } from './demo-config.ts'
import { demoConfig, TWILIO_ACCOUNT } from './demo-config.ts'
import { playScript } from './script.ts'

const help = `The whole of Rappel on this machine: a simulated EHR, a captured mailbox, and the service between them.
Nothing leaves this machine, and nothing is kept when it ends.

usage: npm run demo                  prints three addresses to open in a browser; Ctrl-C ends it
       npm run demo -- --once        plays the same story without a browser, checks every step, ends with 0 or 1
       npm run demo -- --port 8480   the port of the EHR's page; the two after it are tried for the rest
`

interface World {
  readonly simulator: Simulator
  readonly mailbox: Mailbox
  readonly rappelUrl: string
  readonly apiToken: string
  readonly account: Account
  close(): Promise<void>
}

const secret = () => randomBytes(32).toString('base64url')
const print = (line: string) => process.stdout.write(`${line}\n`)

/** Starts the mailbox, the EHR and Rappel, each with what it must know of the others. */
async function openWorld(firstPort: number): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'rappel-demo-'))
  const secrets: DemoSecrets = { apiToken: secret(), hookSecret: secret(), fhirToken: secret(), twilioToken: secret() }
  const mailbox = await openMailbox({ account: { sid: TWILIO_ACCOUNT, token: secrets.twilioToken } })
  const simulator = await openSimulator({ now: systemClock.now, zone: 'America/Toronto', fhirToken: secrets.fhirToken })
  const [webPort, mllpPort] = [await freePort(firstPort && firstPort + 1), await freePort(firstPort && firstPort + 2)]
  const { smtpPort, twilioUrl } = mailbox
  const { mllpPort: ehrMllpPort, fhirUrl: ehrFhirUrl } = simulator
  const config = demoConfig({ directory, webPort, mllpPort, smtpPort, twilioUrl, ehrMllpPort, ehrFhirUrl }, secrets)
  const service = await startRappel(config)
  const rappelUrl = config.server.publicUrl
  const account = await makeAccount(service.firstOperator ?? '', fetch)
  simulator.pointAt({ hl7: { host: '127.0.0.1', port: mllpPort }, hook: { url: `${rappelUrl}/fhir/ehr-fhir`, secret: secrets.hookSecret } })
  return {
    simulator,
    mailbox,
    rappelUrl,
    apiToken: secrets.apiToken,
    account,
    async close() {
      await simulator.close()
      await service.stop()
      await mailbox.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The wished-for port where nobody has it, else any other; 0 wishes for none. */
async function freePort(wished: number): Promise<number> {
  const server = createServer()
  try {
    server.listen(wished, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch {
    return freePort(0)
  } finally {
    server.close()
  }
}

async function playOnce(): Promise<number> {
  const world = await openWorld(0)
  try {
    const { passed, failed } = await playScript({ ...world, fetch, print })
    print(`${passed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } finally {
    await world.close()
  }
}

async function stayOpen(firstPort: number): Promise<number> {
  const world = await openWorld(firstPort)
  const app = demoApp({ ...world, stylesheet: stylesheet.body })
  const port = await freePort(firstPort)
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
  await once(server, 'listening')
  print(`
  The clinic's EHR          http://127.0.0.1:${port}/
  What its patients receive http://127.0.0.1:${port}/mailbox
  What its staff see        ${world.rappelUrl}/console   sign in as ${world.account.login}, password ${world.account.password}

  Book an appointment in the first, read the message in the second, open its link, confirm: the EHR's chart says so, and the console says why.
  Quarantine: curl -H 'Authorization: Bearer ${world.apiToken}' ${world.rappelUrl}/api/v1/quarantine
  Ctrl-C ends it; nothing is kept.
`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  server.close()
  await world.close()
  return 0
}

async function main(): Promise<number> {
  let options: { once?: boolean; port?: string; help?: boolean }
  try {
    options = parseArgs({ options: { once: { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return 2
  }
  if (options.help) {
    print(help)
    return 0
  }
  return options.once ? playOnce() : stayOpen(Number(options.port ?? 8480) || 8480)
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  },
)
