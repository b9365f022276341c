import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { openMailbox } from '../../src/channels/mailbox/mailbox.ts'
import type { ChartPatient } from '../../src/connectors/simulator/sample.ts'
import { openSimulator } from '../../src/connectors/simulator/simulator.ts'
import type { Language } from '../../src/core/words/language.ts'
import { demoApp } from '../../src/demo/demo-app.ts'
import { demoConfig, TWILIO_ACCOUNT } from '../../src/demo/demo-config.ts'
import { systemClock } from '../../src/server/clock.ts'
import { startRappel } from '../../src/server/compose.ts'
import { stylesheet } from '../../src/server/pages/stylesheet.ts'
import { freePort, until } from '../peers/programs.ts'
import { serveApp } from './served.ts'

interface ClinicDayOptions {
  /** How long a cancellation waits before the clinic is told. */
  readonly cancelUndo: string
  /** Of another mail server than the captured mailbox. */
  readonly smtpPort?: number
}

const secret = () => randomBytes(32).toString('base64url')

/** The demo's clinic on real ports: its EHR, its patients' mailbox and Rappel between them. */
export async function openClinicDay({ cancelUndo, smtpPort }: ClinicDayOptions) {
  const directory = await mkdtemp(join(tmpdir(), 'rappel-browser-'))
  const secrets = { apiToken: secret(), hookSecret: secret(), fhirToken: secret(), twilioToken: secret() }
  const mailbox = await openMailbox({ account: { sid: TWILIO_ACCOUNT, token: secrets.twilioToken } })
  const simulator = await openSimulator({ now: systemClock.now, zone: 'America/Toronto', fhirToken: secrets.fhirToken })
  const [webPort, mllpPort] = [await freePort(), await freePort()]
  const config = demoConfig(
    {
      directory,
      webPort,
      mllpPort,
      smtpPort: smtpPort ?? mailbox.smtpPort,
      twilioUrl: mailbox.twilioUrl,
      ehrMllpPort: simulator.mllpPort,
      ehrFhirUrl: simulator.fhirUrl,
    },
    secrets,
  )
  const clinics = config.clinics.map((clinic) => ({ ...clinic, cancelUndo: Temporal.Duration.from(cancelUndo) }))
  const service = await startRappel({ ...config, clinics })
  const rappelUrl = config.server.publicUrl
  simulator.pointAt({ hl7: { host: '127.0.0.1', port: mllpPort }, hook: { url: `${rappelUrl}/fhir/ehr-fhir`, secret: secrets.hookSecret } })
  const pages = await serveApp(demoApp({ simulator, mailbox, stylesheet: stylesheet.body }))
  let patients = 0

  return {
    rappelUrl,
    config,
    /** Of the clinic's EHR, and at `/mailbox` of what its patients receive. */
    ehrUrl: pages.url,
    simulator,
    mailbox,
    /** Opens a file for somebody who can be reached by e-mail alone. */
    newPatient(language: Language): ChartPatient & { readonly email: string } {
      patients += 1
      const id = `B-${patients}`
      const patient = {
        id,
        given: 'Aline',
        family: `Essai ${patients}`,
        birthDate: '1980-01-01',
        sex: 'F',
        language,
        email: `aline.${patients}@example.org`,
      } as const
      simulator.chart.register(patient)
      return patient
    },
    /** The e-mail that comes after so many. */
    emailAfter: ({ email }: { readonly email: string }, heard: number) =>
      until(`e-mail ${heard + 1}`, 30, () => mailbox.messages().filter((message) => message.to === email)[heard]),
    /** Resolves once the chart says so. */
    charted: (id: string, what: string, seconds: number, holds: (appointment: { status: string; confirmed?: boolean }) => boolean) =>
      until(what, seconds, () => {
        const appointment = simulator.chart.find(id)
        return appointment && holds(appointment) ? appointment : undefined
      }),
    async close(): Promise<void> {
      await pages.close()
      await simulator.close()
      await service.stop()
      await mailbox.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type ClinicDay = Awaited<ReturnType<typeof openClinicDay>>
