import type { Config } from '../config/config.ts'
import type { Command, ExitStatus, FhirTool, Surroundings } from './command.ts'
import { readArgs } from './command.ts'
import { Refusal } from './refusal.ts'

const flags = { connector: { type: 'string' }, config: { type: 'string' } } as const

export const fhirGet: Command = {
  name: 'fhir get',
  summary: `rappel fhir get PATH [--connector ID] [--config FILE]
                                  asks the EHR for a resource or a search, as the service would`,
  help: `usage: rappel fhir get PATH [--connector ID] [--config FILE]
Asks the EHR of a FHIR connector, with the connector's own keys and limits, and prints its answer as JSON: patients' data in clear, on the terminal.

  PATH         Appointment/12, 'Appointment?date=ge2026-11-26', metadata
  --connector  the first FHIR connector unless given

exit status: 0 answered · 1 the EHR refused · 2 wrong configuration or command · 3 the EHR does not answer
`,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(fhirGet, args, flags, [1, 1])
    const asked = toolAsked(surroundings, values)
    if (asked === undefined) return 2
    const { status, body } = await asked.get(positionals[0] ?? '', surroundings.stopSignal())
    return answer(status, body, surroundings)
  },
}

export const fhirCapability: Command = {
  name: 'fhir capability',
  summary: 'rappel fhir capability [--connector ID] [--json]   what the EHR says that it can',
  help: `usage: rappel fhir capability [--connector ID] [--json] [--config FILE]
Asks the EHR for its CapabilityStatement and prints what of it matters here: its version, and for each resource what may be done with it.

  --connector  the first FHIR connector unless given
  --json       the whole statement

exit status: 0 answered · 1 the EHR refused · 2 wrong configuration or command · 3 the EHR does not answer
`,
  async run(args, surroundings) {
    const { values } = readArgs(fhirCapability, args, { ...flags, json: { type: 'boolean' } } as const)
    const asked = toolAsked(surroundings, values)
    if (asked === undefined) return 2
    const { status, body } = await asked.get('metadata', surroundings.stopSignal())
    if (values.json || status < 200 || status > 299) return answer(status, body, surroundings)
    surroundings.print(sayStatement(body))
    return 0
  },
}

/** Undefined: the configuration is wrong, and that has been told. */
function toolAsked(
  { readConfig, defaultConfig, composition }: Pick<Surroundings, 'readConfig' | 'defaultConfig' | 'composition'>,
  values: { readonly connector?: string | undefined; readonly config?: string | undefined },
): FhirTool | undefined {
  const config = readConfig(values.config ?? defaultConfig)
  return config && composition.fhirTool(config, idAsked(config, values.connector))
}

function idAsked({ connectors }: Config, id: string | undefined): string {
  const speaking = connectors.filter(({ protocol }) => protocol === 'fhir').map((each) => each.id)
  const found = id === undefined ? speaking[0] : speaking.find((each) => each === id)
  if (found !== undefined) return found
  throw new Refusal(`no FHIR connector ${id ?? ''} is configured; there is ${speaking.join(', ') || 'none'}`)
}

function answer(status: number, body: unknown, { print, complain }: Pick<Surroundings, 'print' | 'complain'>): ExitStatus {
  if (status >= 200 && status <= 299) {
    print(`${JSON.stringify(body, undefined, 2)}\n`)
    return 0
  }
  const reason = typeof body === 'object' && body !== null && 'reason' in body ? String(body.reason) : ''
  complain(status === 0 ? `the EHR does not answer: ${reason}\n` : `the EHR refused: ${reason}\n`)
  return status === 0 || status === 503 ? 3 : 1
}

function sayStatement(body: unknown): string {
  const statement = asObject(body)
  const rest = listOf(statement.rest).map(asObject)[0] ?? {}
  const lines = listOf(rest.resource).map((each) => {
    const { type, interaction } = asObject(each)
    const codes = listOf(interaction).map((one) => plain(asObject(one).code))
    return `${plain(type).padEnd(26)} ${codes.join(' ')}`
  })
  return `FHIR ${plain(statement.fhirVersion)} ${plain(asObject(statement.software).name)} ${plain(asObject(statement.software).version)}\n${lines.join('\n')}\n`
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** On a terminal nothing of an EHR's may be a control character. */
const plain = (value: unknown): string => (typeof value === 'string' ? value.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '').slice(0, 80) : '')
