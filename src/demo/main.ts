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
import type { Service } from '../server/service.ts'
import { demoApp } from './demo-app.ts'
import type { DemoSecrets } from './demo-config.ts'
import { demoConfig, TWILIO_ACCOUNT } from './demo-config.ts'
import { playScript } from './script.ts'

const help = `The whole of Rappel on this machine: a simulated EHR, a captured mailbox, and the service between them.
Nothing leaves this machine, and nothing is kept when it ends.

usage: npm run demo                  prints two addresses to open in a browser; Ctrl-C ends it
       npm run demo -- --once        plays the same story without a browser, checks every step, ends with 0 or 1
       npm run demo -- --port 8480   the port of the EHR's page; the two after it are tried for the rest
`

interface World {
  readonly simulator: Simulator
  readonly mailbox: Mailbox
  readonly service: Service
  readonly rappelUrl: string
  readonly apiToken: string
  close(): Promise<void>
}

const secret = () => randomBytes(32).toString('base64url')
const print = (line: string) => process.stdout.write(`${line}\n`)

/** Starts the mailbox, the EHR and Rappel, each with what it must know of the others. */
async function openWorld(webPort: number): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'rappel-demo-'))
  const secrets: DemoSecrets = { apiToken: secret(), hookSecret: secret(), fhirToken: secret(), twilioToken: secret() }
  const mailbox = await openMailbox({ account: { sid: TWILIO_ACCOUNT, token: secrets.twilioToken } })
  const simulator = await openSimulator({ now: systemClock.now, zone: 'America/Toronto', fhirToken: secrets.fhirToken })
  const { smtpPort, twilioUrl } = mailbox
  const config = demoConfig({ directory, webPort, smtpPort, twilioUrl, ehrMllpPort: simulator.mllpPort, ehrFhirUrl: simulator.fhirUrl }, secrets)
  const listening = Promise.withResolvers === undefined ? later<number>() : Promise.withResolvers<number>()
  const service = await startRappel(config, { onListening: (_connector, port) => listening.resolve(port) })
  const rappelUrl = config.server.publicUrl
  simulator.pointAt({
    hl7: { host: '127.0.0.1', port: await listening.promise },
    hook: { url: `${rappelUrl}/fhir/ehr-fhir`, secret: secrets.hookSecret },
  })
  return {
    simulator,
    mailbox,
    service,
    rappelUrl,
    apiToken: secrets.apiToken,
    async close() {
      await simulator.close()
      await service.stop()
      await mailbox.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
