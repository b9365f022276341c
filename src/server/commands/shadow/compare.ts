import type { ReasonCount } from '../../../core/rollout-compare.ts'
import { verdicts } from '../../../core/rollout-compare.ts'
import type { Settings } from '../../../core/settings.ts'
import { type Language, languageFor } from '../../../core/words/language.ts'
import { hasStore, nameOfStore } from '../../config/store.ts'
import { shadowTexts } from '../../console/shadow/texts-by-language.ts'
import type { Comparison } from '../../shadow/comparison.ts'
import { compareWithLog, linesOf } from '../../shadow/comparison.ts'
import { toCsv } from '../../shadow/comparison-csv.ts'
import { sayReason } from '../../shadow/reason-words.ts'
import { readSpan } from '../../shadow/span.ts'
import type { Command } from '../command.ts'
import { languageIn, readArgs } from '../command.ts'
import { Refusal } from '../refusal.ts'
import { clinicAsked } from './clinic-asked.ts'

const help = `usage: rappel shadow compare [--clinic ID] [--from INSTANT] [--until INSTANT] [--within MINUTES] [--lang fr|en] [--json | --csv] [--config FILE]
Compares what was decided in shadow with what the former system's log says it sent (rappel shadow import), by appointment and kind, and counts what
differs by its reason. Runs beside the service, or without it.

  --from, --until  ISO 8601; the last seven days unless given, 31 days at most
  --within         minutes apart that are still the same time; 30 unless given
  --json           the same for machines
  --csv            every line that differs: ids and codes, for a spreadsheet

exit status: 0 nothing differs · 1 something does, or there is no store · 2 wrong configuration or command
`

const flags = {
  clinic: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  within: { type: 'string', default: '30' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  config: { type: 'string' },
} as const

export const shadowCompare: Command = {
  name: 'shadow compare',
  summary: `rappel shadow compare [--clinic ID] [--from INSTANT] [--until INSTANT] [--json | --csv] [--config FILE]
                                  what was decided in shadow, beside what the former system sent`,
  help,
  async run(args, { defaultConfig, readConfig, composition, now, print, complain }) {
    const { values } = readArgs(shadowCompare, args, flags)
    const language = languageIn(shadowCompare, values.lang)
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    const { clinic } = clinicAsked(config, values.clinic)
    if (!/^\d{1,4}$/.test(values.within)) throw new Refusal('--within is minutes: 0 to 1440')
    const asked = readSpan({ from: values.from, until: values.until, within: Number(values.within) }, now())
    if (!asked) throw new Refusal('--from is before --until, both like 2026-11-01T00:00:00Z, and 31 days at most apart')
    if (!hasStore(config.store)) {
      complain(`${nameOfStore(config.store)}: there is no store yet, so nothing to compare\n`)
      return 1
    }
    const store = await composition.openStore(config)
    try {
      const settings = await store.read((tx) => tx.settings.current(clinic.id))
      if (!settings) {
        complain(`${clinic.id}: the service has not taken its settings yet\n`)
        return 1
      }
      const comparison = await compareWithLog(store, { clinicId: clinic.id, ...asked })
      const differing = linesOf(comparison, {})
      const { span, verdicts: counts, reasons, cut } = comparison
      if (values.csv) print(toCsv(differing))
      else if (values.json) print(`${JSON.stringify({ ...span, verdicts: counts, reasons, cut, lines: differing })}\n`)
      else print(sayComparison(comparison, settings, language ?? languageFor(settings)))
      return differing.length > 0 ? 1 : 0
    } finally {
      await store.close()
    }
  },
}

function sayComparison({ verdicts: counts, reasons, cut }: Comparison, settings: Settings, language: Language): string {
  const texts = shadowTexts[language]
  const count = (number: number) => String(number).padStart(7)
  const line = ({ verdict, kind, reason, count: many }: ReasonCount) => {
    const why = reason === undefined ? '' : `${texts.colon} ${sayReason(reason, settings)[language]}`
    return `${count(many)}  ${texts.verdicts[verdict]}, ${texts.kinds[kind]}${why}`
  }
  return [
    ...verdicts.map((verdict) => `${count(counts[verdict])}  ${texts.verdicts[verdict]}`),
    '',
    ...reasons.map(line),
    ...(cut ? ['', texts.cut] : []),
    '',
  ].join('\n')
}
