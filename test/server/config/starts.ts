/** Of 32 characters, that nobody would guess. */
export const strong = (seed: string) => `${seed}${'k7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jK'}`

export const env = {
  API: strong('a'),
  HOOK: strong('b'),
  KEY: strong('c'),
  TWILIO: 'd4c3b2a1',
  SMTP: 'postfix',
  SHORT: 'x'.repeat(31),
  SAME: 'x'.repeat(40),
  GUESSABLE: 'my-password-is-long-enough-but-no-secret',
  EMPTY: '',
}

/** A whole file, fit to start with. Every line may be replaced; a test says which, and by what. */
export const good = `server:
  port: 8080
  publicUrl: https://rdv.example
  apiToken: { env: API }
store: { path: /tmp/x/rappel.db, key: { env: KEY } }
archive: { directory: /tmp/x/archive }
log: info
sendRetries: [PT30S]
sms:
  provider: twilio
  accountSid: AC00000000000000000000000000000000
  authToken: { env: TWILIO }
  from: "+14185550140"
email:
  provider: smtp
  host: smtp.example
  port: 587
  user: rappel
  password: { env: SMTP }
  from: { name: Clinique, address: rdv@clinic.example }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: America/Toronto
    language: fr
    communications: true
    smsActivated: true
    cadence: ofys
    quietHours: { from: "21:00", until: "08:00" }
    grace: PT0S
    sites:
      main: { name: Site principal }
    agendas:
      MOREAU: { site: main, sms: true }
    motifs:
      CONSULT: { type: onsite }
connectors:
  - id: ehr-hl7
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    listen: { port: 2575 }
    http: { tokens: [{ env: HOOK }] }
    mapping: { agenda: [AIP-3] }
    writeBack: { host: 127.0.0.1, port: 2576 }
  - id: ehr-fhir
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    baseUrl: https://ehr.example/fhir
    auth: { kind: none }
    hook: { secrets: [{ env: HOOK }] }
    timeout: PT30S
`

/** The one file with a secret. */
export function secretFile(path: string): string {
  if (path !== '/run/secrets/key') throw new Error('ENOENT')
  return `${strong('f')}\n`
}

/** The file with one line replaced, and where that line is. */
export function spoilt(line: string, by: string): { readonly text: string; readonly at: number } {
  const lines = good.split('\n')
  const index = lines.findIndex((each) => each.trim() === line)
  if (index < 0) throw new Error(`no line "${line}"`)
  const indent = /^ */.exec(lines[index] ?? '')?.[0] ?? ''
  const replaced = by === '' ? [] : by.split('\n').map((each) => indent + each)
  return { text: lines.toSpliced(index, 1, ...replaced).join('\n'), at: index + 1 }
}
