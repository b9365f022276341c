import type { ReadResult } from '../../connectors/connector.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import { hasStore, nameOfStore } from '../config/store.ts'
import { plain } from '../mapping/change-said.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'

const help = `usage: rappel replay [--connector ID] [--json] [--config FILE]
Reads all that was ever received again, from the store and the archive, by the configuration as it is now, and says what is read otherwise than it was
then: for trying out another mapping on the traffic there was. Nothing is applied, sent or kept; rappel simulate says what would have been told.
What an EHR only hinted at is not asked for again. Runs beside the service.

  --connector  one connector's alone
  --json       each difference for machines

exit status: 0 all is read as it was · 1 something is read otherwise · 2 wrong configuration or command · 3 there is no store yet
`

const flags = { connector: { type: 'string' }, json: { type: 'boolean' }, config: { type: 'string' } } as const

/** What an envelope was, and is by now. `gone`: its bytes were forgotten; `no_connector`: it is configured no more. */
type Reading = 'read' | 'ignored' | 'unreadable' | 'hint' | 'gone' | 'no_connector'

interface Difference {
  readonly id: string
  readonly connector: string
  readonly receivedAt: string
  readonly was: Reading
  readonly is: Reading
  readonly why?: string
}

const mostShown = 1_000
const everySoMany = 100

export const replay: Command = {
  name: 'replay',
  summary: `rappel replay [--connector ID] [--json] [--config FILE]
                                  reads what was received again, and says what is read otherwise now`,
  help,
  async run(args, { defaultConfig, readConfig, composition, print, complain, progress, stopSignal }) {
    const { values } = readArgs(replay, args, flags)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    if (!hasStore(config.store)) {
      complain(`${nameOfStore(config.store)}: there is no store yet\n`)
      return 3
    }
    const connectors = composition.connectorsOf(config)
    const inbox = await composition.openInbox(config)
    const [signal, bar] = [stopSignal(), progress('replay')]
    const counts = { seen: 0, same: 0, otherwise: 0 }
    const differences: Difference[] = []
    try {
      for await (const row of inbox.rows) {
        if (signal.aborted) break
        if (values.connector !== undefined && row.envelope.connectorId !== values.connector) continue
        const difference = compare(row, (envelope) => connectors.get(envelope.connectorId)?.read(envelope))
        counts.seen += 1
        counts[difference ? 'otherwise' : 'same'] += 1
        if (difference && differences.length < mostShown) differences.push(difference)
        if (counts.seen % everySoMany === 0) bar.at(counts.seen, Math.max(counts.seen, inbox.count))
      }
    } finally {
      bar.end()
      await inbox.close()
    }
    if (values.json) print(`${JSON.stringify({ ...counts, differences }, undefined, 2)}\n`)
    else print(`${differences.map(say).join('')}${counts.seen} received, ${counts.same} read as they were, ${counts.otherwise} otherwise\n`)
    return counts.otherwise > 0 ? 1 : 0
  },
}

function compare(row: InboxRow, read: (envelope: InboxRow['envelope']) => ReadResult | undefined): Difference | undefined {
  const was = readingThen(row)
  if (was === undefined) return undefined
  const { id, envelope } = row
  const result = envelope.body.length === 0 ? undefined : read(envelope)
  const is = envelope.body.length === 0 ? 'gone' : readingOf(result)
  // what was read as a hint was asked for then, and stands as applied
  if (is === was || is === 'hint' || is === 'gone') return undefined
  // it may have been ignored for what was known then, and not for what it says
  if (was === 'ignored' && is === 'read') return undefined
  const why = result?.kind === 'unreadable' ? [result.fault.at, result.fault.text].filter(Boolean).join(': ') : undefined
  const ignored = result?.kind === 'ignored' ? result.reason : undefined
  const told = why ?? ignored
  return {
    id,
    connector: envelope.connectorId,
    receivedAt: envelope.receivedAt.toString(),
    was,
    is,
    ...(told !== undefined && { why: told }),
  }
}

function readingThen({ state }: InboxRow): Reading | undefined {
  if (state === 'applied') return 'read'
  if (state === 'ignored') return 'ignored'
  return state === 'quarantined' ? 'unreadable' : undefined
}

function readingOf(result: ReadResult | undefined): Reading {
  if (!result) return 'no_connector'
  return result.kind === 'changes' ? 'read' : result.kind
}

function say({ id, connector, receivedAt, was, is, why }: Difference): string {
  return `${receivedAt}  ${connector}  ${id}  was ${was}, is ${is}${why === undefined ? '' : ` (${plain(why)})`}\n`
}
