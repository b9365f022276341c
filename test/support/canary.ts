import type { Log } from '../../src/server/log.ts'
import { recoverAttempts } from '../../src/server/sending/outcome.ts'
import { bookedChange } from './clinic.ts'
import { openRappel, type Rappel } from './rappel.ts'

/** Invented people, whose every word is found wherever it stands. */
export const canary = {
  ehrId: 'CANARIPAT77',
  name: { given: 'Canarinette', family: 'Canarossi' },
  birthDate: '1931-02-03',
  contacts: [
    { kind: 'phone', value: '+14185559731', mobile: 'yes' },
    { kind: 'email', value: 'canari@volière.example' },
  ],
} as const
export const canaryTraces: readonly string[] = [
  'CANARIPAT77',
  'CANARIRDV88',
  'Canarinette',
  'Canarossi',
  '1931-02-03',
  '14185559731',
  'canari@vol',
  'Canarologue',
  'CANARIMOTIF',
]

/** Where any of it stands in a text: as it is, escaped for an address, in hexadecimal, or in base64 however it fell on its groups of three. */
export function tracesIn(text: string, traces: readonly string[]): readonly string[] {
  const found = text.toLowerCase()
  return traces.filter((trace) => formsOf(trace).some((form) => found.includes(form.toLowerCase())))
}

function formsOf(trace: string): readonly string[] {
  const bytes = Buffer.from(trace)
  const in64 = [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
    // the ends mix with what stands before and after
    return ['base64', 'base64url'].map((form) => whole.toString(form as 'base64').slice(shift === 0 ? 0 : shift + 1, -4))
  })
  return [trace, encodeURIComponent(trace), trace.replaceAll(' ', '+'), bytes.toString('hex'), ...in64.filter((form) => form.length >= 8)]
}

export interface BadDay {
  readonly rappel: Rappel
  /** Of the patient's page. */
  readonly token: string
}

/** A day on which everything goes wrong, and every error quotes the patient. `log`: what writes the lines in place of our own. */
export async function aBadDay(log?: (lines: string[]) => Log): Promise<BadDay> {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z' })
  if (log) Object.assign(rappel.log, log(rappel.lines))
  const { ehr, sms, email, ingest, clock } = rappel
  const failure = () => {
    throw new Error(`about ${canaryTraces.join(' ')}\n    at ${canaryTraces.join(' ')}`, {
      cause: new Error(canaryTraces.join('\n    at ')),
    })
  }
  const change = bookedChange({
    ehrId: 'CANARIRDV88',
    patient: canary,
    practitioner: { name: 'Canarologue' },
    motif: { key: 'CONSULT', text: 'CANARIMOTIF' },
  })
  await ingest.receive(ehr.envelope(failure))
  rappel.spoil((tx) => ({ ...tx, appointments: { ...tx.appointments, save: failure } }))
  await rappel.hear(change)
  rappel.spoil(undefined)
  await rappel.hear({ ...change, stamp: { at: change.stamp.at.add({ seconds: 1 }) } })
  sms.outcomes.push({ kind: 'deferred', reason: 'twilio_503' }, failure)
  email.outcomes.push(() => {
    rappel.spoil((tx) => ({ ...tx, settings: { ...tx.settings, current: failure } }))
    return { kind: 'rejected', reason: 'smtp_550' }
  })
  await rappel.send()
  rappel.spoil((tx) => ({ ...tx, told: { ...tx.told, find: failure } }))
  clock.advance({ minutes: 1 })
  await rappel.send()
  rappel.spoil(undefined)
  while (sms.outcomes.length > 0) {
    clock.advance({ minutes: 15 })
    await rappel.send()
  }
  const token = rappel.lastToken()
  await rappel.post(`/${token}/confirm`, { basis: await rappel.basisShown(token) })
  ehr.outcomes.push(failure)
  await rappel.bring()
  clock.advance({ minutes: 1 })
  ehr.outcomes.push({ kind: 'refused', reason: 'acknowledged with AE 207' })
  await rappel.bring()
  await ingest.receive(ehr.envelope({ kind: 'hint' }))
  ehr.readBacks.push(failure)
  await rappel.readBack()
  rappel.spoil((tx) => ({ ...tx, audit: { ...tx.audit, append: failure } }))
  const refused = await rappel.post(`/${token}/cancel`, { basis: 'x' })
  if (refused.status !== 500) throw new Error(`answered ${refused.status}`)
  rappel.spoil(undefined)
  await recoverAttempts(rappel)
  return { rappel, token }
}
