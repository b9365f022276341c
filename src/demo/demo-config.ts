import type { Config } from '../server/config/config.ts'
import { parseConfig, sayFault } from '../server/config/config.ts'

export interface DemoPlaces {
  readonly directory: string
  readonly webPort: number
  readonly mllpPort: number
  readonly smtpPort: number
  readonly twilioUrl: string
  readonly ehrMllpPort: number
  readonly ehrFhirUrl: string
}

export interface DemoSecrets {
  readonly apiToken: string
  readonly hookSecret: string
  readonly fhirToken: string
  readonly twilioToken: string
}

export const TWILIO_ACCOUNT = 'AC00000000000000000000000000000000'

/** The demo's configuration, read like any other: nothing in it is known to the program beforehand. */
export function demoConfig(places: DemoPlaces, secrets: DemoSecrets): Config {
  const env = {
    API_TOKEN: secrets.apiToken,
    HOOK_SECRET: secrets.hookSecret,
    FHIR_TOKEN: secrets.fhirToken,
    TWILIO_TOKEN: secrets.twilioToken,
  }
  const result = parseConfig(yaml(places), { env, readFile: () => '' })
  if (!result.ok) throw new Error(result.faults.map((fault) => sayFault('demo', fault)).join('\n'))
  return result.config
}

/** Quiet hours are off, and a cancellation can be undone for 2 s only: the demo plays at any hour, and nobody waits for five minutes. */
const yaml = ({ directory, webPort, mllpPort, smtpPort, twilioUrl, ehrMllpPort, ehrFhirUrl }: DemoPlaces) => `
server:
  port: ${webPort}
  publicUrl: http://127.0.0.1:${webPort}
  apiToken: { env: API_TOKEN }
store: { path: ${directory}/rappel.db }
archive: { directory: ${directory}/archive }
log: error
sms:
  provider: twilio
  accountSid: ${TWILIO_ACCOUNT}
  authToken: { env: TWILIO_TOKEN }
  from: "+14185550140"
  baseUrl: ${twilioUrl}
email:
  provider: smtp
  host: 127.0.0.1
  port: ${smtpPort}
  from: { name: Clinique des Tilleuls, address: rendez-vous@tilleuls.example }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    phone: 418 555-0140
    address: ["1240, avenue des Tilleuls, bureau 210", Québec (Québec)]
    zone: America/Toronto
    language: fr
    communications: true
    smsActivated: true
    smsToUnknown: true
    quietHours: none
    cancelUndo: PT2S
    sites:
      main:
        name: Clinique des Tilleuls
        address: ["1240, avenue des Tilleuls, bureau 210", Québec (Québec)]
        patientMayCancel: true
        patientMayArrive: true
        waitingRoom: dans la salle d’attente B
    agendas:
      MOREAU: { label: Dre Claire Moreau, site: main }
      OUELLET: { label: Dr Samuel Ouellet, site: main }
      Practitioner/MOREAU: { label: Dre Claire Moreau, site: main }
      Practitioner/OUELLET: { label: Dr Samuel Ouellet, site: main }
    motifs:
      CONSULT: { type: onsite }
connectors:
  - id: ehr-hl7
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    listen: { port: ${mllpPort} }
    writeBack: { host: 127.0.0.1, port: ${ehrMllpPort}, ourFacility: TILLEULS, theirApplication: MEDIPLAN, theirFacility: TILLEULS }
  - id: ehr-fhir
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    baseUrl: ${ehrFhirUrl}
    auth: { kind: bearer, token: { env: FHIR_TOKEN } }
    hook: { secrets: [{ env: HOOK_SECRET }] }
    writeBack: {}
`
