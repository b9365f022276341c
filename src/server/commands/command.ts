import type { ParseArgsConfig } from 'node:util'
import { parseArgs } from 'node:util'
import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Language } from '../../core/words/language.ts'
import type { InboxRow } from '../../store/port/inbox.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config.ts'
import type { Source } from '../intake/apply.ts'
import type { Log } from '../log.ts'
import type { MailDns } from '../mail/mail-dns.ts'
import type { MachineLook } from '../operations/alarms.ts'
import type { StoreTools } from '../operations/store-tools.ts'
import type { Service } from '../service.ts'
import type { ArchiveOpened } from '../simulate/command.ts'
import type { Reader } from '../simulate/recording.ts'
import type { Hl7Tools } from './hl7/tools.ts'
import type { Progress } from './progress.ts'
import { Refusal } from './refusal.ts'
import type { StoreMove, StoreMoved } from './store-move.ts'

/** 0: done as asked · 1: something was found, or failed · 2: the command or the configuration is wrong · 3: what it needs is not there now: try again. */
export type ExitStatus = 0 | 1 | 2 | 3

/** One word, or two, after `rappel`; one file each. */
export interface Command {
  /** `check`, `hl7 inspect` */
  readonly name: string
  /** Its lines in `rappel --help`. */
  readonly summary: string
  /** All of `rappel NAME --help`; begins with its usage. */
  readonly help: string
  /** A thrown `Refusal` is told, and is status 2. */
  run(args: readonly string[], surroundings: Surroundings): Promise<ExitStatus>
}

/** All that a command may use of the process and of the program. */
export interface Surroundings {
  /** Of a command without `--config`. */
  readonly defaultConfig: string
  /** Undefined: its faults have been told. */
  readonly readConfig: (file: string) => Config | undefined
  readonly composition: Composition
  readonly now: () => Temporal.Instant
  /** Standard output: what was asked for. */
  readonly print: (text: string) => void
  /** Standard error: what went wrong, and how far it has come. */
  readonly complain: (text: string) => void
  /** Standard error again, of work that takes long: a bar on a terminal, else a line now and then. */
  readonly progress: (label: string) => Progress
  /** The configuration as YAML, with every default and no secret; undefined: its faults have been told. */
  readonly readMasked: (file: string) => string | undefined
  /** Ends with the demo. */
  readonly demo: (args: readonly string[]) => Promise<ExitStatus>
  /** From the first call on, who asks the process to stop aborts this instead of ending it. */
  readonly stopSignal: () => AbortSignal
}

/** What only the composition root can make, since it knows the plug-ins. */
export interface Composition {
  /** The service itself. */
  start(config: Config, options: { readonly log: Log; readonly onListening: (connector: string, port: number) => void }): Promise<Service>
  /** Signs in at a provider as a send would, and sends nothing; undefined: all well, or nobody is configured; else a code. */
  examineProvider(config: Config, channel: 'email' | 'sms', signal: AbortSignal): Promise<string | undefined>
  machine(config: Config): MachineLook
  /** From its file into a database; throws with what stands against it. */
  moveStore(move: StoreMove): Promise<StoreMoved>
  /** Backup and restore. */
  storeTools(config: Config): StoreTools
  /** All that was ever received, with what became of it; the store must exist. */
  openInbox(config: Config): Promise<InboxOpened>
  /** Asks the EHR of a FHIR connector; undefined: it is no FHIR connector. */
  fhirTool(config: Config, connectorId: ConnectorId): FhirTool | undefined
  /** The configuration's store, which must exist. */
  openStore(config: Config): Promise<Store>
  /** An empty one that goes when it is closed. */
  openScratch(now: () => Temporal.Instant): Promise<Store>
  openRecorded(config: Config): Promise<ArchiveOpened>
  readersOf(config: Config): ReadonlyMap<ConnectorId, Reader>
  /** Connectors that listen to nothing. */
  connectorsOf(config: Config): ReadonlyMap<ConnectorId, Connector>
  sourcesOf(config: Config): ReadonlyMap<ConnectorId, Source>
  /** What the world's name servers say of who may write in the clinic's name. */
  mailDns(): MailDns
  /** Takes a second to load: the dictionary is large. */
  hl7Tools(): Promise<Hl7Tools>
}

export interface InboxOpened {
  readonly rows: AsyncIterable<InboxRow>
  /** How many there are, about. */
  readonly count: number
  close(): Promise<void>
}

/** One request to an EHR, as the connector makes them: with its keys, its time limit, and to its own address alone. */
export interface FhirTool {
  get(path: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: unknown }>
}

type Flags = NonNullable<ParseArgsConfig['options']>
type Parsed<F extends Flags> = ReturnType<typeof parseArgs<{ args: string[]; options: F; allowPositionals: true }>>

/** The flags of a command and what else it was given, from `least` to `most` words; a `Refusal` shows its help. */
export function readArgs<F extends Flags>(
  { help }: Pick<Command, 'help'>,
  args: readonly string[],
  flags: F,
  [least, most]: readonly [least: number, most: number] = [0, 0],
): Parsed<F> {
  const parsed = parse(help, args, flags)
  const { positionals } = parsed
  if (positionals.length < least) throw new Refusal(`something is missing\n\n${help}`)
  const excess = positionals[most]
  if (excess !== undefined) throw new Refusal(`not understood: "${excess}"\n\n${help}`)
  return parsed
}

function parse<F extends Flags>(help: string, args: readonly string[], flags: F): Parsed<F> {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true })
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
  }
}

export function languageIn({ help }: Pick<Command, 'help'>, text: string | undefined): Language | undefined {
  if (text !== undefined && text !== 'fr' && text !== 'en') throw new Refusal(`--lang is fr or en\n\n${help}`)
  return text
}
