import type { AuditFault, AuditLink } from '../../store/port/audit.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'
import { withStore } from './with-store.ts'

const batch = 1_000

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'rappel audit verify [--json] [--config FILE]   walks the audit: edited, missing, reordered rows',
  help: `usage: rappel audit verify [--json] [--config FILE]
Walks the audit from its first row to its last and names each row that is not as it was written, or before which one is missing (R31). Details that
were erased are no fault. Prints the last row's number and hash: keep them elsewhere, and rows that are cut off later show. Runs beside the service.

exit status: 0 whole · 1 it is not · 2 wrong configuration or command · 3 there is no store yet
`,
  run(args, surroundings) {
    const { values } = readArgs(auditVerify, args, { json: { type: 'boolean' }, config: { type: 'string' } } as const)
    const { print, progress } = surroundings
    return withStore(surroundings, values.config, async (store) => {
      const faults: AuditFault[] = []
      const bar = progress('audit')
      let last: AuditLink | undefined
      for (let done = false; !done; ) {
        const slice = await store.read((tx) => tx.audit.verify(batch, last))
        faults.push(...slice.faults)
        last = slice.last
        done = slice.done
        bar.at(slice.last.seq, slice.of)
      }
      bar.end()
      const isWhole = faults.length === 0
      if (values.json) print(`${JSON.stringify({ whole: isWhole, head: last, faults }, undefined, 2)}\n`)
      else {
        for (const { seq, fault } of faults) print(`row ${seq}: ${fault}\n`)
        print(`${isWhole ? 'whole' : `${faults.length} faults`}, up to row ${last?.seq ?? 0} ${last?.hash ?? ''}\n`)
      }
      return isWhole ? 0 : 1
    })
  },
}
