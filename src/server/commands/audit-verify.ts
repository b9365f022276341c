import { hasStore, nameOfStore } from '../config/store.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'rappel audit verify [--json]     walks the audit from its first row: edited, missing, reordered',
  help: `usage: rappel audit verify [--json] [--config FILE]
Walks the audit from its first row to its last and names each row that is not as it was written, or before which one is missing (R31). Details that
were erased are no fault. Prints the last row's number and hash: keep them elsewhere, and rows that are cut off later show. Runs beside the service.

exit status: 0 whole · 1 it is not · 2 wrong configuration or command · 3 there is no store yet
`,
  async run(args, { defaultConfig, readConfig, composition, print, complain }) {
    const { values } = readArgs(auditVerify, args, { json: { type: 'boolean' }, config: { type: 'string' } } as const)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    if (!hasStore(config.store)) {
      complain(`${nameOfStore(config.store)}: there is no store yet\n`)
      return 3
    }
    const { auditHead, auditFaults } = await composition.storeTools(config).inspect(config.store.path)
    if (values.json) print(`${JSON.stringify({ whole: auditFaults.length === 0, head: auditHead, faults: auditFaults }, undefined, 2)}\n`)
    else {
      for (const { seq, fault } of auditFaults) print(`row ${seq}: ${fault}\n`)
      print(`${auditFaults.length === 0 ? 'whole' : `${auditFaults.length} faults`}, up to row ${auditHead.seq} ${auditHead.hash}\n`)
    }
    return auditFaults.length === 0 ? 0 : 1
  },
}
