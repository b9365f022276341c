#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { systemClock } from './clock.ts'
import { askedFor } from './commands/asked-for.ts'
import type { Command, ExitStatus, Surroundings } from './commands/command.ts'
import { readArgs } from './commands/command.ts'
import { Refusal } from './commands/refusal.ts'
import { commands } from './commands/table.ts'
import { composition, plugInFaults, startRappel } from './compose.ts'
import type { Config, ConfigResult } from './config/config.ts'
import { parseConfig, sayFault } from './config/config.ts'
import { createLog } from './log.ts'

const help = `Rappel: tells patients about their appointments, and the EHR what they answered.

usage: rappel [--config FILE]          runs the service
${commands.map(({ summary }) => `       ${summary.replaceAll('\n', '\n       ')}\n`).join('')}       rappel --help                   and rappel COMMAND --help

  --config FILE   YAML; default: $RAPPEL_CONFIG, else rappel.yaml
  Secrets are named in the file and come from the environment or from files of their own.
  See docs/configuration.md, docs/commands.md and examples/rappel.yaml.

exit status: 0 stopped or answered as asked · 1 failed, or there is nothing · 2 wrong configuration or command
`

/** Longer than a send or a write-back takes; whoever stops us gives 30 s or so. */
const patienceMs = 25_000

async function main(): Promise<ExitStatus> {
  if (/fhir-kit-client|\*/.test(process.env.DEBUG ?? '')) {
    process.stderr.write('DEBUG would have the FHIR client print what patients said and are: start without it\n')
    return 2
  }
  const asked = askedFor(process.argv.slice(2), commands)
  switch (asked.kind) {
    case 'help':
      process.stdout.write(help)
      return 0
    case 'command-help':
      process.stdout.write(asked.command.help)
      return 0
    case 'unknown':
      process.stderr.write(`there is no command "${asked.words}"\n\n${help}`)
      return 2
    case 'serve':
      return runCommand(serve, asked.args)
    case 'command':
      return runCommand(asked.command, asked.args)
    default:
      return asked satisfies never
  }
}

async function runCommand(command: Command, args: readonly string[]): Promise<ExitStatus> {
  const surroundings: Surroundings = {
    defaultConfig: process.env.RAPPEL_CONFIG ?? 'rappel.yaml',
    readConfig: configIn,
    composition,
    now: systemClock.now,
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    stopSignal,
  }
  try {
    return await command.run(args, surroundings)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

function configIn(file: string): Config | undefined {
  const result = readConfig(file)
  if (result.ok) return result.config
  for (const fault of result.faults) process.stderr.write(`${sayFault(file, fault)}\n`)
  process.stderr.write(`${result.faults.length} to mend; nothing was started\n`)
  return undefined
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

/** The command that is not named: the service itself, until it is asked to stop. */
const serve: Command = {
  name: '',
  summary: '',
  help,
  async run(args, { defaultConfig, readConfig, stopSignal }) {
    const { config: file = defaultConfig } = readArgs(serve, args, { config: { type: 'string' } }).values
    const config = readConfig(file)
    if (!config) return 2
    const signal = stopSignal()
    const log = createLog(config.log)
    const service = await startRappel(config, { log, onListening: (connector, port) => log.info('listening', { connector, port }) })
    log.info('serving', { host: config.server.host, port: service.port })
    const ended = await Promise.race([whenAborted(signal), service.failed])
    if (ended instanceof Error) log.error('listener_failed', { error: ended })
    else log.info('stopping')
    const timer = setTimeout(() => process.exit(1), patienceMs)
    timer.unref()
    await service.stop()
    log.info('stopped')
    return ended instanceof Error ? 1 : 0
  },
}

/** Whoever does not ask for it is ended by the signal itself. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort())
  return stopping.signal
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
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
