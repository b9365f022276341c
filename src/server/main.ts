#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from './clock.ts'
import { askedFor } from './commands/asked-for.ts'
import type { Command, ExitStatus, Surroundings } from './commands/command.ts'
import { progressOn } from './commands/progress.ts'
import { Refusal } from './commands/refusal.ts'
import { serve } from './commands/serve.ts'
import { commands } from './commands/table.ts'
import { composition, plugInFaults } from './compose.ts'
import type { Config, ConfigFault, ConfigResult } from './config/config.ts'
import { parseConfig, sayFault } from './config/config.ts'
import { showMasked, watched } from './config/masked.ts'
import type { SecretSource } from './config/values.ts'
import { programVersion } from './operations/program.ts'

const help = `Rappel: tells patients about their appointments, and the EHR what they answered.

usage: rappel [--config FILE]          runs the service, as rappel serve does
${commands.map(({ summary }) => `       ${summary.replaceAll('\n', '\n       ')}\n`).join('')}       rappel --help, --version        and rappel COMMAND --help

  --config FILE   YAML; default: $RAPPEL_CONFIG, else rappel.yaml
  Secrets are named in the file and come from the environment or from files of their own.
  See docs/configuration.md, docs/commands.md and examples/rappel.yaml.

exit status: 0 done as asked · 1 something was found, or failed · 2 wrong configuration or command · 3 not there now: try again
`

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
    case 'version':
      process.stdout.write(`rappel ${programVersion}\n`)
      return 0
    case 'command-help':
      process.stdout.write(asked.command.help)
      return 0
    case 'family':
      process.stderr.write(`which of them?\n\nusage: ${asked.members.map(({ summary }) => summary).join('\n       ')}\n`)
      return 2
    case 'unknown': {
      const meant = asked.meant === undefined ? '' : `: did you mean "rappel ${asked.meant}"?`
      process.stderr.write(`there is no command "${asked.words}"${meant}\n\n${help}`)
      return 2
    }
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
    progress: progressOn({
      write: (text) => void process.stderr.write(text),
      isTerminal: process.stderr.isTTY === true,
      now: () => performance.now(),
    }),
    readMasked: maskedIn,
    demo: playDemo,
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

const environment: SecretSource = { env: process.env, readFile: (path) => readFileSync(path, 'utf8') }

function configIn(file: string): Config | undefined {
  const result = readConfig(file, environment)
  if (result.ok) return result.config
  tellFaults(file, result.faults)
  return undefined
}

function maskedIn(file: string): string | undefined {
  const source = watched(environment)
  const result = readConfig(file, source)
  if (result.ok) return showMasked(result.config, source.secrets)
  tellFaults(file, result.faults)
  return undefined
}

function tellFaults(file: string, faults: readonly ConfigFault[]): void {
  for (const fault of faults) process.stderr.write(`${sayFault(file, fault)}\n`)
  process.stderr.write(`${faults.length} to mend; nothing was started\n`)
}

function readConfig(file: string, source: SecretSource): ConfigResult {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return {
      ok: false,
      faults: [{ path: '', message: 'no such file, or not readable: say --config FILE; examples/rappel.yaml is one to begin with' }],
    }
  }
  const result = parseConfig(text, source)
  if (!result.ok) return result
  const faults = plugInFaults(result.config).map(({ path, message }) => {
    const line = result.lineOf(path)
    return { ...(line !== undefined && { line }), path: path.map(String).join('.'), message }
  })
  return faults.length > 0 ? { ok: false, faults } : result
}

/** A program of its own beside this one: it is made of the service, not the other way round. */
async function playDemo(args: readonly string[]): Promise<ExitStatus> {
  const program = fileURLToPath(new URL(`../demo/main${extname(import.meta.url)}`, import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], { stdio: 'inherit' })
  // Ctrl-C reaches both: the demo ends, and then we do
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void child.kill(name))
  const [status] = (await once(child, 'exit')) as [number | null]
  return status === 0 || status === 2 ? status : 1
}

/** Whoever does not ask for it is ended by the signal itself. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort())
  return stopping.signal
}

// `rappel … | head` has read enough
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

main().then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
