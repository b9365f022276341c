import { hasStore } from '../config/store.ts'
import { simulateHelp } from '../simulate/asked.ts'
import { simulateCommand } from '../simulate/command.ts'
import type { Command } from './command.ts'

export const simulate: Command = {
  name: 'simulate',
  summary: `rappel simulate --from FOLDER|archive --settings FILE [--config FILE]
                                  says what other settings would have told`,
  help: simulateHelp,
  run: (args, { composition, now, ...surroundings }) =>
    simulateCommand(args, {
      ...surroundings,
      readersOf: composition.readersOf,
      openArchive: async (config) => (hasStore(config.store) ? composition.openRecorded(config) : undefined),
      now: now(),
    }),
}
