import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { mayReach } from '../../core/access.ts'
import { tokensOf } from '../config/api-tokens.ts'
import type { Config } from '../config/config.ts'
import type { Command, ExitStatus, Surroundings } from './command.ts'
import { readArgs } from './command.ts'
import { Refusal } from './refusal.ts'

const help = `usage: rappel erase --patient ID [--yes] [--json] [--service ADDRESS] [--config FILE]
Asks the running service to forget a patient, with a key of the configuration that has the role admin: their record, appointments, messages, answers, and
every envelope that names them, in the store and in the archive. Audit rows stay, without their details. It cannot be undone, and the EHR's next word
of the patient makes them known again: erase there first. Backups made before still hold them (docs/operating.md).

  --patient  connector:id-at-the-EHR, as in tilleuls-hl7:1001
  --yes      does it; without it, says what would go
  --json     the same for machines
  --service  http://HOST:PORT of the service, where it is not where the configuration has it listen

exit status: 0 erased, or said · 1 no such patient, or it was refused · 2 wrong configuration or command · 3 the service does not answer
`

const flags = {
  patient: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  service: { type: 'string' },
  config: { type: 'string' },
} as const

const asked = z.object({ id: z.string(), appointments: z.number(), ahead: z.number() })
const shown = z.object({ state: z.enum(['asked', 'confirmed', 'done']), appointments: z.number(), envelopes: z.number() })

const timeoutMs = 30_000
const lookEveryMs = 500
/** A store of millions of envelopes takes minutes; it goes on without us. */
const mostLooks = 7_200

export const erase: Command = {
  name: 'erase',
  summary: `rappel erase --patient ID [--yes] [--config FILE]
                                  forgets a patient, for good`,
  help,
  async run(args, surroundings) {
    const { values } = readArgs(erase, args, flags)
    const { patient } = values
    if (patient === undefined) throw new Refusal(`--patient is needed\n\n${help}`)
    const config = surroundings.readConfig(values.config ?? surroundings.defaultConfig)
    if (!config) return 2
    try {
      return await forget(caller(config, values.service), { patient, yes: values.yes ?? false, json: values.json ?? false }, surroundings)
    } catch (error) {
      if (error instanceof Refusal) throw error
      surroundings.complain('the service does not answer: start it, or give --service\n')
      return 3
    }
  },
}

type Call = (method: 'GET' | 'POST', path: string) => Promise<Response>

function caller(config: Config, address: string | undefined): Call {
  const key = tokensOf(config.server).find((each) => mayReach(each, ['admin']))
  if (!key) throw new Refusal('the running service is asked by its API: give server.apiToken, or one of server.apiTokens the role admin')
  const host = config.server.host === '0.0.0.0' || config.server.host === '::' ? '127.0.0.1' : config.server.host
  const base = address ?? `http://${host.includes(':') ? `[${host}]` : host}:${config.server.port}`
  if (!URL.canParse(base)) throw new Refusal('--service is an address like http://127.0.0.1:8080')
  return (method, path) =>
    fetch(new URL(path, base), {
      method,
      headers: { authorization: `Bearer ${key.token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
}

interface Wish {
  readonly patient: string
  readonly yes: boolean
  readonly json: boolean
}

async function forget(call: Call, { patient, yes, json }: Wish, { print, complain, stopSignal }: Surroundings): Promise<ExitStatus> {
  const first = await call('POST', `/api/v1/patients/${encodeURIComponent(patient)}/erasure`)
  if (!first.ok) {
    complain(first.status === 404 ? 'no such patient\n' : `refused, status ${first.status}\n`)
    return first.status === 503 ? 3 : 1
  }
  const { id, appointments, ahead } = asked.parse(await first.json())
  if (!yes) {
    const would = { state: 'asked', appointments, ahead }
    if (json) print(`${JSON.stringify(would)}\n`)
    else print(`would go: the patient, ${appointments} appointments (${ahead} ahead), and every envelope that names them; --yes does it\n`)
    return 0
  }
  const confirmed = await call('POST', `/api/v1/erasures/${id}/confirm`)
  if (!confirmed.ok) {
    complain(`refused, status ${confirmed.status}\n`)
    return 1
  }
  const signal = stopSignal()
  for (let looks = 0; looks < mostLooks && !signal.aborted; looks += 1) {
    const now = shown.parse(await (await call('GET', `/api/v1/erasures/${id}`)).json())
    if (now.state === 'done') {
      if (json) print(`${JSON.stringify(now)}\n`)
      else print(`erased: the patient, ${now.appointments} appointments, ${now.envelopes} envelopes\n`)
      return 0
    }
    await pause(lookEveryMs)
  }
  print(json ? `${JSON.stringify({ state: 'confirmed', appointments })}\n` : 'confirmed; the service goes on with it\n')
  return 0
}
