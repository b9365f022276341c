import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Settings } from '../../core/settings.ts'
import type { Comparison } from '../../core/simulate/compare.ts'
import { compare } from '../../core/simulate/compare.ts'
import { simulate } from '../../core/simulate.ts'
import type { Language } from '../../core/words/language.ts'
import { languageFor } from '../../core/words/language.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../commands/refusal.ts'
import type { Config } from '../config/config.ts'
import type { Asked } from './asked.ts'
import { readArgs, simulateHelp } from './asked.ts'
import { filesIn } from './folder.ts'
import { recordedChoices } from './recorded-choices.ts'
import type { Reader, RecordedEnvelope, Recording } from './recording.ts'
import { record } from './recording.ts'
import { reportOf } from './report.ts'
import { toJson } from './report-json.ts'
import { currentSettings, settingsIn } from './settings-file.ts'
import { simulatedText } from './text.ts'

export interface SimulateDeps {
  /** Undefined: its faults have been told. */
  readonly readConfig: (file: string) => Config | undefined
  /** Of a configuration without `--config`. */
  readonly defaultConfig: string
  readonly readersOf: (config: Config) => ReadonlyMap<ConnectorId, Reader>
  /** All the configuration's store ever received, and the store itself; undefined: there is none. */
  readonly openArchive: (config: Config) => Promise<ArchiveOpened | undefined>
  readonly now: Temporal.Instant
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
}

export interface ArchiveOpened {
  readonly envelopes: AsyncIterable<RecordedEnvelope>
  readonly store: Store
  close(): Promise<void>
}

/** `rappel simulate`; resolves to the exit status. */
export async function simulateCommand(args: readonly string[], deps: SimulateDeps): Promise<0 | 1 | 2> {
  try {
    const asked = readArgs(args, deps.defaultConfig)
    if (!asked) {
      deps.print(simulateHelp)
      return 0
    }
    const config = deps.readConfig(asked.config)
    return config ? await run(asked, config, deps) : 2
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deps.complain(`${error.message}\n`)
    return 2
  }
}

async function run(asked: Asked, config: Config, deps: SimulateDeps): Promise<0 | 1> {
  const wanted = await settingsIn(asked.settings)
  if (asked.from !== 'archive' && !existsSync(asked.from)) throw new Refusal(`${asked.from}: no such folder, or not readable`)
  const archive = asked.from === 'archive' ? await deps.openArchive(config) : undefined
  if (asked.from === 'archive' && !archive) {
    deps.complain(`${config.store.path}: there is no store yet, so no traffic\n`)
    return 1
  }
  try {
    const readers = deps.readersOf(config)
    const recording = await record(archive?.envelopes ?? filesIn(asked.from, readers), readers, progressOf(deps))
    tellUnread(recording, deps)
    const until = asked.until ?? lastOf(recording)
    if (recording.messages === 0 || !until) {
      deps.complain(`${asked.from}: no message of an appointment to run\n`)
      return 1
    }
    const current = asked.against === undefined ? await currentSettings(wanted, config, archive?.store) : await settingsIn(asked.against)
    if (current.clinic.id !== wanted.clinic.id)
      throw new Refusal(`${asked.settings} is of the clinic ${wanted.clinic.id}, ${asked.against} of ${current.clinic.id}`)
    const recorded = archive && (await recordedChoices(archive.store, wanted.clinic.id, recording.contacts))
    const textOf = simulatedText(config.server.publicUrl, (id) => readers.get(id)?.connector.writes)
    const runThrough = (settings: Settings) =>
      simulate(recording.words(progressOf(deps)), settings, until, { textOf, ...(recorded && { recorded }) })
    tell(compare(runThrough(current), runThrough(wanted)), asked, wanted, deps)
    return 0
  } finally {
    await archive?.close()
  }
}

function tell(comparison: Comparison, asked: Asked, settings: Settings, { print, now }: SimulateDeps): void {
  const language = asked.language ?? languageFor(settings)
  const names = { before: columnOf(asked.against, language), after: basename(asked.settings) }
  print(asked.json ? toJson(comparison) : reportOf(comparison, { settings, language, names, now }))
}

function columnOf(against: string | undefined, language: Language): string {
  if (against !== undefined) return basename(against)
  return language === 'fr' ? 'aujourd’hui' : 'today'
}

function lastOf({ lastAt, lastStart }: Recording): Temporal.Instant | undefined {
  if (!lastAt || !lastStart) return lastAt ?? lastStart
  return Temporal.Instant.compare(lastAt, lastStart) >= 0 ? lastAt : lastStart
}

function tellUnread({ unread }: Recording, { complain }: SimulateDeps): void {
  for (const [why, count] of [...unread].sort(([, a], [, b]) => b - a).slice(0, 10)) complain(`${count} left out: ${why}\n`)
}

const everyMessages = 50_000

/** A sign of life on the way; short runs are silent. */
function progressOf({ complain }: SimulateDeps): () => void {
  let count = 0
  return () => {
    count += 1
    if (count % everyMessages === 0) complain(`${count} messages …\n`)
  }
}
