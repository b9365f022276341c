import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Language } from '../../core/words/language.ts'
import { Refusal } from '../commands/refusal.ts'

export const simulateHelp = `usage: rappel simulate --from FOLDER|archive --settings FILE [--against FILE] [--until INSTANT]
                       [--lang fr|en] [--json] [--config FILE]
Runs recorded traffic through other settings, and says what would be different. Nothing is sent, nothing is written.

  --from      a folder of .hl7 and .json files, each one message as it was received; or "archive": all this configuration's store received
  --settings  the new settings of one clinic: YAML, what stands below clinics in the configuration, or what GET …/settings/export gives
  --against   the settings to compare with, in the same form; those of the store, else of the configuration, unless given
  --until     when to stop, ISO 8601; the last appointment's start unless given

exit status: 0 done · 1 nothing to run, or it failed · 2 wrong configuration, settings or command
`

/** What `rappel simulate` is asked to do. */
export interface Asked {
  readonly from: string
  readonly settings: string
  readonly against?: string
  readonly until?: Temporal.Instant
  readonly language?: Language
  readonly json: boolean
  readonly config: string
}

/** Undefined: only help was asked for. Throws a `Refusal` that says how. */
export function readArgs(args: readonly string[], defaultConfig: string): Asked | undefined {
  const { values } = parsed(args)
  if (values.help) return undefined
  const { from, settings, against, until, lang, json = false, config = defaultConfig } = values
  if (from === undefined || settings === undefined) throw new Refusal(`--from and --settings are needed\n\n${simulateHelp}`)
  if (lang !== undefined && lang !== 'fr' && lang !== 'en') throw new Refusal('--lang is fr or en')
  return {
    from,
    settings,
    ...(against !== undefined && { against }),
    ...(until !== undefined && { until: instantFrom(until) }),
    ...(lang && { language: lang }),
    json,
    config,
  }
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    return parseArgs({
      args: [...args],
      options: {
        from: text,
        settings: text,
        against: text,
        until: text,
        lang: text,
        config: text,
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${simulateHelp}`)
  }
}

function instantFrom(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text)
  } catch {
    throw new Refusal(`--until: not an instant like 2026-12-01T00:00:00Z: ${text}`)
  }
}
