import { configJsonSchema } from '../config/config.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'

export const configCheck: Command = {
  ...check,
  name: 'config check',
  summary: 'rappel config check [--config FILE]   reads the configuration and says every fault (also: rappel check)',
  help: check.help.replace('rappel check', 'rappel config check'),
}

export const configSchema: Command = {
  name: 'config schema',
  summary: 'rappel config schema             the JSON Schema of the configuration, for editors',
  help: `usage: rappel config schema
Prints the JSON Schema (draft 2020-12) of the configuration. Editors complete and check by it: keep it beside the file, and begin the file with
# yaml-language-server: $schema=rappel.schema.json

exit status: 0 printed · 2 wrong command
`,
  async run(args, { print }) {
    readArgs(configSchema, args, {})
    print(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
    return 0
  },
}

export const configShow: Command = {
  name: 'config show',
  summary: 'rappel config show [--config FILE]    the configuration with every default, and no secret',
  help: `usage: rappel config show [--config FILE]
Prints the configuration as the service understands it, with every default. Secrets are shown by where they come from, never by what they are.

exit status: 0 printed · 2 wrong configuration or command
`,
  async run(args, { defaultConfig, readMasked, print }) {
    const { config: file = defaultConfig } = readArgs(configShow, args, { config: { type: 'string' } }).values
    const shown = readMasked(file)
    if (shown === undefined) return 2
    print(shown)
    return 0
  },
}
