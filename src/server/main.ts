#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Language } from '../core/words/language.ts'
import { systemClock } from './clock.ts'
import { openRecorded, openStore, plugInFaults, readersOf, startRappel } from './compose.ts'
import type { ConfigResult } from './config/config.ts'
import { parseConfig, sayFault } from './config/config.ts'
import { createLog } from './log.ts'
import { simulateCommand } from './simulate/command.ts'
import { why } from './why.ts'

const help = `Rappel: tells patients about their appointments, and the EHR what they answered.

usage: rappel [--config FILE]          runs the service
       rappel check [--config FILE]    reads the configuration and says every fault
       rappel why APPOINTMENT [--lang fr|en] [--json] [--config FILE]
                                       says why its patient was told or not, past and to come; APPOINTMENT is connector:id-at-the-EHR
       rappel simulate --from FOLDER|archive --settings FILE [--config FILE]
                                       says what other settings would have told; more by rappel simulate --help
       rappel --help

  --config FILE   YAML; default: $RAPPEL_CONFIG, else rappel.yaml
  Secrets are named in the file and come from the environment or from files of their own.
  See docs/configuration.md and examples/rappel.yaml.

exit status: 0 stopped or answered as asked · 1 failed, or no such appointment · 2 wrong configuration or command
`

/** Longer than a send or a write-back takes; whoever stops us gives 30 s or so. */
const patienceMs = 25_000

async function main(): Promise<number> {
  if (/fhir-kit-client|\*/.test(process.env.DEBUG ?? '')) {
    process.stderr.write('DEBUG would have the FHIR client print what patients said and are: start without it\n')
    return 2
  }
  if (process.argv[2] === 'simulate') return simulateAs(process.argv.slice(3))
  const command = readCommand()
  if (typeof command === 'number') return command
  const result = readConfig(command.file)
  if (!result.ok) return tellFaults(command.file, result)
  if (command.only === 'check') {
    process.stdout.write(
      `${command.file}: ${result.config.connectors.length} connectors, ${result.config.clinics.length} clinics, no fault\n`,
    )
    return 0
  }
  return command.only === 'why' ? explain(result, command) : run(result)
}

function tellFaults(file: string, { faults }: Extract<ConfigResult, { ok: false }>): 2 {
  for (const fault of faults) process.stderr.write(`${sayFault(file, fault)}\n`)
  process.stderr.write(`${faults.length} to mend; nothing was started\n`)
  return 2
}

interface Command {
  readonly file: string
  readonly only?: 'check' | 'why'
  readonly appointmentId: string
  readonly language?: Language
  readonly json: boolean
}

function readCommand(): Command | number {
  try {
    const { values, positionals } = parseArgs({
      options: {
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        lang: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    })
    if (values.help) {
      process.stdout.write(help)
      return 0
    }
    const [only, appointmentId, ...more] = positionals
    if (only !== undefined && only !== 'check' && only !== 'why') throw new Error(`there is no command "${positionals.join(' ')}"`)
    if (more.length > 0 || (appointmentId !== undefined) !== (only === 'why')) throw new Error(`not understood: "${positionals.join(' ')}"`)
    const { lang, json = false } = values
    if (lang !== undefined && lang !== 'fr' && lang !== 'en') throw new Error('--lang is fr or en')
    if (only !== 'why' && (lang !== undefined || json)) throw new Error('--lang and --json are of "why"')
    const file = values.config ?? process.env.RAPPEL_CONFIG ?? 'rappel.yaml'
    return { file, ...(only && { only }), appointmentId: appointmentId ?? '', json, ...(lang && { language: lang }) }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return 2
  }
}

function readConfig(file: string): ConfigResult {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return {
      ok: false,
      faults: [{ path: '', message: 'no such file, or not readable: say --config FILE; examples/rappel.yaml is one to begin with' }],
    }
  }
  const result = parseConfig(text, { env: process.env, readFile: (path) => readFileSync(path, 'utf8') })
  if (!result.ok) return result
  const faults = plugInFaults(result.config).map(({ path, message }) => {
    const line = result.lineOf(path)
    return { ...(line !== undefined && { line }), path: path.map(String).join('.'), message }
  })
  return faults.length > 0 ? { ok: false, faults } : result
}

/** Beside a service that runs, or without one. */
async function explain({ config }: Extract<ConfigResult, { ok: true }>, { file: _, only: __, ...asked }: Command): Promise<number> {
  if (!existsSync(config.store.path)) {
    process.stderr.write(`${config.store.path}: there is no store yet, so no appointment\n`)
    return 1
  }
  const store = await openStore(config)
  try {
    return await why({
      store,
      channels: new Set([...(config.sms ? ['sms' as const] : []), ...(config.email ? ['email' as const] : [])]),
      connectors: config.connectors.map(({ id }) => id),
      ...asked,
      now: systemClock.now(),
      print: (text) => void process.stdout.write(text),
      complain: (text) => void process.stderr.write(text),
    })
  } finally {
    await store.close()
  }
}

function simulateAs(args: readonly string[]): Promise<number> {
  return simulateCommand(args, {
    defaultConfig: process.env.RAPPEL_CONFIG ?? 'rappel.yaml',
    readConfig(file) {
      const result = readConfig(file)
      if (result.ok) return result.config
      tellFaults(file, result)
      return undefined
    },
    readersOf,
    openArchive: async (config) => (existsSync(config.store.path) ? openRecorded(config) : undefined),
    now: systemClock.now(),
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
  })
}

async function run({ config }: Extract<ConfigResult, { ok: true }>): Promise<number> {
  const log = createLog(config.log)
  const service = await startRappel(config, { log, onListening: (connector, port) => log.info('listening', { connector, port }) })
  log.info('serving', { host: config.server.host, port: service.port })
  const ended = await Promise.race([askedToStop(), service.failed])
  if (ended instanceof Error) log.error('listener_failed', { error: ended })
  else log.info('stopping')
  const timer = setTimeout(() => process.exit(1), patienceMs)
  timer.unref()
  await service.stop()
  log.info('stopped')
  return ended instanceof Error ? 1 : 0
}

function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
  })
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
