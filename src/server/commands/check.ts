import type { Command } from './command.ts'
import { readArgs } from './command.ts'

export const check: Command = {
  name: 'check',
  summary: 'rappel check [--config FILE]    reads the configuration and says every fault',
  help: `usage: rappel check [--config FILE]
Reads the configuration and says every fault with its line. Nothing is started, and no file is made.

exit status: 0 no fault · 2 to mend
`,
  async run(args, { defaultConfig, readConfig, print }) {
    const { config: file = defaultConfig } = readArgs(check, args, { config: { type: 'string' } }).values
    const config = readConfig(file)
    if (!config) return 2
    print(`${file}: ${config.connectors.length} connectors, ${config.clinics.length} clinics, no fault\n`)
    return 0
  },
}
