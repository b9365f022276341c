import type { Command } from './command.ts'
import { readArgs } from './command.ts'
import { hl7ConnectorAsked } from './connector-asked.ts'
import type { HandedOver } from './hand-over.ts'
import { handOver } from './hand-over.ts'
import { loadFile } from './load.ts'
import { ServiceFailure, serviceClient } from './service-client.ts'

const help = `usage: rappel import --connector ID FILE… [--service ADDRESS] [--config FILE]
Loads what the EHR has already: HL7 v2 messages (one, several, or a batch) or an appointment list as CSV. What is loaded counts as told: nobody
gets a confirmation or a notice of it, and only reminders still ahead are planned. The running service takes it, by its API; if that stops on
the way, run the same again: what was taken is known.

  --connector  whose patients and appointments they are
  --service    http://HOST:PORT; by default where the configuration has it listen
  A list begins with a line of names: id, start and patient_id are needed; status, end, agenda, motif, practitioner, family, given, birth_date,
  phone, mobile, email, language and updated are known. docs/commands.md describes each.

exit status: 0 all of it was taken · 1 some was not · 2 wrong configuration, file or command
· 3 the service does not answer
`

const flags = { connector: { type: 'string' }, service: { type: 'string' }, config: { type: 'string' } } as const
const mostFiles = 1_000
const everySoMany = 1_000

export const importFiles: Command = {
  name: 'import',
  summary: `rappel import --connector ID FILE… [--config FILE]
                                  loads what the EHR has already; nobody is told of it`,
  help,
  async run(args, { defaultConfig, readConfig, composition, stopSignal, print, complain }) {
    const { values, positionals: files } = readArgs(importFiles, args, flags, [1, mostFiles])
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    const connector = hl7ConnectorAsked(config, values.connector)
    const client = serviceClient(config, connector, values.service)
    const [tools, signal] = [await composition.hl7Tools(), stopSignal()]
    let failed = false
    for (const file of files) {
      const load = await loadFile(file, tools)
      for (const { line, text } of load.faults.slice(0, 20)) complain(`${file}:${line}: left out: ${text}\n`)
      const total = load.bodies.length
      let taken = 0
      const progress = (count: number) => {
        if (Math.floor(count / everySoMany) > Math.floor(taken / everySoMany)) complain(`${file}: ${count} of ${total} …\n`)
        taken = count
      }
      try {
        const done = await handOver(load, 'import', client, progress, signal)
        print(`${file}: ${sayHandedOver(done, load.faults.length)}\n`)
        failed ||= done.unreadable.size > 0 || load.faults.length > 0
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error
        complain(`${error.message}\n${file}: ${taken} of ${total} taken; run the same again to go on\n`)
        return error.status
      }
    }
    return failed ? 1 : 0
  },
}

export function sayHandedOver({ applied, known, ignored, unreadable }: HandedOver, leftOut: number): string {
  const bad = [...unreadable].map(([why, count]) => `${count} in quarantine (${why})`)
  const counts = [
    `${applied} taken`,
    ...(known > 0 ? [`${known} known already`] : []),
    ...(ignored > 0 ? [`${ignored} without effect`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ]
  return [...counts, ...bad].join(', ')
}
