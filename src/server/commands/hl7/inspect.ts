import { existsSync } from 'node:fs'
import type { Temporal } from 'temporal-polyfill'
import type { Connector } from '../../../connectors/connector.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import type { Language } from '../../../core/words/language.ts'
import { languageOf } from '../../../core/words/language.ts'
import type { Config } from '../../config/config.ts'
import type { Inspection, Trial } from '../../mapping/inspection.ts'
import { inspect } from '../../mapping/inspection.ts'
import { steppedClock } from '../../mapping/stepped-clock.ts'
import { channelsOf } from '../channels-of.ts'
import type { Command, Surroundings } from '../command.ts'
import { languageIn, readArgs } from '../command.ts'
import type { Hl7Config } from '../connector-asked.ts'
import { hl7ConnectorAsked } from '../connector-asked.ts'
import { readBytes } from '../files.ts'
import { Refusal } from '../refusal.ts'
import { sayInspection } from './inspection-text.ts'
import type { Hl7Tools } from './tools.ts'

const help = `usage: rappel hl7 inspect FILE [--connector ID] [--first N] [--lang fr|en] [--json] [--config FILE]
Shows each HL7 v2 message of a file: its fields by the names of the standard, the appointment it becomes, its warnings, and what would be
decided by the clinic's settings, as if it came when it says it was sent and nothing but this file had ever come.
Nothing is sent, and nothing is kept. What it prints is the patient's: mind where it goes.

  FILE         one message, several in a row, or a batch (FHS, BHS)
  --connector  which connector of the configuration reads it; the first that speaks HL7 v2 unless given
  --first      how many messages are shown, 1 to 1000; 20 unless given
  Without a configuration the messages are read by the defaults of the standard, in UTC, and nothing is decided.

exit status: 0 shown · 1 one of them cannot be read · 2 wrong configuration or command
`

const flags = {
  config: { type: 'string' },
  connector: { type: 'string' },
  first: { type: 'string', default: '20' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Who reads the messages, and where they are tried out. */
interface Reading {
  readonly connector: Connector
  readonly zone: string
  readonly language: Language
  readonly trial: Trial | undefined
}

export const hl7Inspect: Command = {
  name: 'hl7 inspect',
  summary: `rappel hl7 inspect FILE [--connector ID] [--json] [--config FILE]
                                  shows what its messages say, and what would be decided`,
  help,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(hl7Inspect, args, flags, [1, 1])
    const { defaultConfig, readConfig, composition, now, print, complain } = surroundings
    const [language, first] = [languageIn(hl7Inspect, values.lang), countIn(values.first)]
    const bytes = await readBytes(positionals[0] ?? '')
    const isConfigured = values.config !== undefined || existsSync(defaultConfig)
    const config = isConfigured ? readConfig(values.config ?? defaultConfig) : undefined
    if (isConfigured && !config) return 2
    const [tools, clock] = [await composition.hl7Tools(), steppedClock(now())]
    if (!config) complain('no configuration: read by the defaults of the standard, in UTC; nothing is decided\n')
    const reading = config ? await configured(config, values.connector, surroundings, clock.now) : unconfigured(tools)
    const messages = tools.split(bytes)
    const shown: Inspection[] = []
    try {
      for await (const inspection of inspect(messages.slice(0, first), {
        show: tools.show,
        mediaType: 'application/hl7-v2',
        clock,
        ...reading,
      })) {
        shown.push(inspection)
        const face = { language: language ?? reading.language, zone: reading.zone, now: clock.now() }
        if (!values.json) print(sayInspection(inspection, shown.length, face))
      }
    } finally {
      await reading.trial?.store.close()
    }
    if (values.json) print(`${JSON.stringify(shown, undefined, 2)}\n`)
    if (messages.length > first) complain(`${messages.length - first} more messages are not shown: give --first\n`)
    return shown.some(({ result }) => result.kind === 'unreadable') ? 1 : 0
  },
}

function countIn(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1000) return Number(text)
  throw new Refusal('--first is 1 to 1000')
}

const unconfigured = (tools: Hl7Tools): Reading => ({
  connector: tools.plainReader({ id: 'hl7', zone: 'UTC', region: 'CA' }),
  zone: 'UTC',
  language: 'en',
  trial: undefined,
})

async function configured(
  config: Config,
  id: string | undefined,
  { composition }: Surroundings,
  now: () => Temporal.Instant,
): Promise<Reading> {
  const asked = hl7ConnectorAsked(config, id)
  const [connector, source] = [composition.connectorsOf(config).get(asked.id), composition.sourcesOf(config).get(asked.id)]
  const settings = await settingsOf(config, asked, composition)
  if (!connector || !source || !settings) throw new Error(`no connector, source or clinic for ${asked.id}`)
  return {
    connector,
    zone: asked.zone,
    language: languageOf(settings.clinic.language) ?? 'fr',
    trial: { store: await composition.openScratch(now), source, settings, channels: channelsOf(config) },
  }
}

/** What the clinic goes by now: the store's settings, else the configuration's. */
async function settingsOf(
  config: Config,
  { clinic }: Hl7Config,
  { openStore }: Surroundings['composition'],
): Promise<SettingsDraft | undefined> {
  const written = config.clinics.find((each) => each.clinic.id === clinic)
  if (!existsSync(config.store.path)) return written
  const store = await openStore(config)
  try {
    return (await store.read((tx) => tx.settings.current(clinic))) ?? written
  } finally {
    await store.close()
  }
}
