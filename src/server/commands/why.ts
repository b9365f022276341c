import { hasStore, nameOfStore } from '../config/store.ts'
import { why as explain } from '../explain/why.ts'
import { channelsOf } from './channels-of.ts'
import type { Command } from './command.ts'
import { languageIn, readArgs } from './command.ts'

export const why: Command = {
  name: 'why',
  summary: `rappel why APPOINTMENT [--lang fr|en] [--json] [--config FILE]
                                  says why its patient was told or not, past and to come`,
  help: `usage: rappel why APPOINTMENT [--lang fr|en] [--json] [--config FILE]
Says why the patient of an appointment was told or not, past and to come, and what would change it. Runs beside the service, or without it.

  APPOINTMENT  connector:id-at-the-EHR, as in tilleuls-hl7:12345
  --lang       the clinic's unless given
  --json       gate by gate, as GET /api/v1/appointments/<id>/decisions answers

exit status: 0 said · 1 no such appointment · 2 wrong configuration or command
`,
  async run(args, { defaultConfig, readConfig, composition, now, print, complain }) {
    const flags = { config: { type: 'string' }, lang: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values, positionals } = readArgs(why, args, flags, [1, 1])
    const language = languageIn(why, values.lang)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    if (!hasStore(config.store)) {
      complain(`${nameOfStore(config.store)}: there is no store yet, so no appointment\n`)
      return 1
    }
    const store = await composition.openStore(config)
    try {
      return await explain({
        store,
        channels: channelsOf(config),
        connectors: config.connectors.map(({ id }) => id),
        appointmentId: positionals[0] ?? '',
        ...(language && { language }),
        json: values.json ?? false,
        now: now(),
        print,
        complain,
      })
    } finally {
      await store.close()
    }
  },
}
