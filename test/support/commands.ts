import { readFileSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { askedFor } from '../../src/server/commands/asked-for.ts'
import type { Surroundings } from '../../src/server/commands/command.ts'
import { Refusal } from '../../src/server/commands/refusal.ts'
import { commands } from '../../src/server/commands/table.ts'
import { composition } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/config/config.ts'

/** Runs a command in this process, with the real plug-ins and without the environment. */
export async function runCommand(args: readonly string[], overrides: Partial<Surroundings> = {}) {
  const [out, error]: [string[], string[]] = [[], []]
  const asked = askedFor(args, commands)
  if (asked.kind !== 'command') throw new Error(`no command: ${args.join(' ')}`)
  const surroundings: Surroundings = {
    defaultConfig: 'none.yaml',
    readConfig(file) {
      const result = parseConfig(readFileSync(file, 'utf8'), { env: {}, readFile: () => '' })
      if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('\n'))
      return result.config
    },
    composition,
    now: () => Temporal.Instant.from('2026-11-20T15:00:00Z'),
    print: (text) => void out.push(text),
    complain: (text) => void error.push(text),
    progress: () => ({ at: () => {}, end: () => {} }),
    readMasked: () => undefined,
    demo: async () => 0,
    stopSignal: () => new AbortController().signal,
    ...overrides,
  }
  const status = await asked.command.run(asked.args, surroundings).catch((thrown: unknown) => {
    if (!(thrown instanceof Refusal)) throw thrown
    error.push(thrown.message)
    return 2
  })
  const plain = (parts: readonly string[]) => parts.join('').replace(/[\u00a0\u202f]/g, ' ')
  return { status, out: plain(out), error: plain(error) }
}
