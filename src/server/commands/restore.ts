import { type Restored, restore as restoreFrom, verifyBackup } from '../operations/restore.ts'
import { reasonOf } from './backup.ts'
import type { Command, ExitStatus } from './command.ts'
import { readArgs } from './command.ts'
import { refuseRestoreOf } from './postgres-tools.ts'
import { Refusal } from './refusal.ts'

const help = `usage: rappel restore --from BACKUP [--check] [--json] [--config FILE]
Verifies a backup (every SHA-256, the database's own check, the audit's chain and its last row) and puts it in the place of the configured store,
whose service must be stopped. What was there is kept aside, and its name is printed. The service then starts *held*: it takes what the EHR says, and
sends nothing and writes nothing back, until an operator has compared with the EHR and released or dropped what waits (docs/operating.md).

  --from   the folder that rappel backup printed
  --check  verifies alone: nothing is changed, and the service may run

exit status: 0 restored, or sound · 1 it is no sound backup, or it failed · 2 wrong configuration or command · 3 a service runs on the store
`

const flags = { from: { type: 'string' }, check: { type: 'boolean' }, json: { type: 'boolean' }, config: { type: 'string' } } as const

export const restore: Command = {
  name: 'restore',
  summary: `rappel restore --from BACKUP [--check] [--config FILE]
                                  verifies a backup, and puts it in the place of the store`,
  help,
  async run(args, surroundings) {
    const { values } = readArgs(restore, args, flags)
    const { defaultConfig, readConfig, composition, now, stopSignal, print, complain, progress } = surroundings
    const { from } = values
    if (from === undefined) throw new Refusal(`--from is needed\n\n${help}`)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    refuseRestoreOf(config, from)
    const bar = progress('verifying the archive')
    const common = { tools: composition.storeTools(config), signal: stopSignal(), progress: bar.at }
    try {
      if (values.check) {
        const { manifest, faults } = await verifyBackup(from, common.tools, common)
        bar.end()
        if (values.json) print(`${JSON.stringify({ sound: faults.length === 0, faults, manifest }, undefined, 2)}\n`)
        else print(faults.length === 0 ? `${from}: sound, of ${manifest?.madeAt}\n` : '')
        return refuse(faults, complain)
      }
      const restored = await restoreFrom({
        ...common,
        from,
        storePath: config.store.path,
        archiveDirectory: config.archive.directory,
        now: now(),
      })
      bar.end()
      return tell(restored, values.json ?? false, surroundings)
    } catch (error) {
      bar.end()
      complain(`not restored: ${reasonOf(error)}\n`)
      return 1
    }
  },
}

function refuse(faults: readonly string[], complain: (text: string) => void): ExitStatus {
  for (const fault of faults) complain(`${fault}\n`)
  return faults.length > 0 ? 1 : 0
}

function tell(
  restored: Restored,
  json: boolean,
  { print, complain }: { readonly print: (text: string) => void; readonly complain: (text: string) => void },
): ExitStatus {
  switch (restored.kind) {
    case 'in use':
      complain('not restored: a service runs on the store; stop it first\n')
      return 3
    case 'refused':
      complain('not restored:\n')
      return refuse(restored.reasons, complain)
    case 'restored': {
      const { manifest, aside } = restored
      if (json) print(`${JSON.stringify(restored, undefined, 2)}\n`)
      else
        print(
          `restored as it was at ${manifest.madeAt}\n${aside.map((path) => `kept aside: ${path}\n`).join('')}The service starts held: compare with the EHR, then release (docs/operating.md).\n`,
        )
      return 0
    }
    default:
      return restored satisfies never
  }
}
