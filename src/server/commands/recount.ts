import { recountFigures } from '../statistics/recount.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'
import { Refusal } from './refusal.ts'
import { withStore } from './with-store.ts'

const DAY = 86_400_000

export const recount: Command = {
  name: 'statistics recount',
  summary: 'rappel statistics recount [--from DATE] [--json] [--config FILE]   counts the dashboard’s figures again',
  help: `usage: rappel statistics recount [--from DATE] [--json] [--config FILE]
Counts the figures of the dashboard again, from what is kept, for every clinic of the configuration. They are kept with every message and appointment,
so that this is only of use for a store of before there were any, or after somebody has written to the store by other means. Stop the service first.

  --from  2026-01-01: days before that one keep the figures they have, also of what was forgotten since (R39); all days unless told
  --json  how many rows of each clinic

exit status: 0 counted · 2 wrong configuration or command · 3 there is no store yet
`,
  async run(args, surroundings) {
    const { values } = readArgs(recount, args, { from: { type: 'string' }, json: { type: 'boolean' }, config: { type: 'string' } } as const)
    const from = values.from === undefined ? 0 : Date.parse(`${values.from}T00:00:00Z`) / DAY
    if (!Number.isInteger(from)) throw new Refusal('--from is a date: 2026-01-01\n')
    const { print, progress } = surroundings
    return withStore(surroundings, values.config, async (store, { clinics }) => {
      const counted: Record<string, number> = {}
      for (const { clinic } of clinics) {
        const bar = progress(clinic.id)
        const rows = await recountFigures(store, clinic.id, from, (seen) => bar.at(seen, seen))
        bar.end()
        counted[clinic.id] = rows
        if (!values.json) print(`${clinic.id}: ${rows} rows counted\n`)
      }
      if (values.json) print(`${JSON.stringify({ counted }, undefined, 2)}\n`)
      return 0
    })
  },
}
