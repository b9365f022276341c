import type { Hl7v2Options } from '../options.ts'
import { athenahealth } from './athenahealth.ts'
import { epic } from './epic.ts'
import { france } from './france.ts'
import { interfaceEngine } from './interface-engine.ts'
import { meditech } from './meditech.ts'
import { nextgen } from './nextgen.ts'
import { officeEmr } from './officeemr.ts'
import { openDental } from './open-dental.ts'
import { oracleHealth } from './oracle-health.ts'
import type { Preset } from './preset.ts'
import { quebec } from './quebec.ts'

/** By the name that stands in the configuration. */
export const presets: ReadonlyMap<string, Preset> = new Map([
  ['athenahealth', athenahealth],
  ['epic', epic],
  ['france', france],
  ['interface-engine', interfaceEngine],
  ['meditech', meditech],
  ['nextgen', nextgen],
  ['officeemr', officeEmr],
  ['open-dental', openDental],
  ['oracle-health', oracleHealth],
  ['quebec', quebec],
])

/** The connector's own settings over those of its preset; lists are taken whole. Throws on a name that is none. */
export function withPreset(options: Hl7v2Options): Hl7v2Options {
  if (options.preset === undefined) return options
  const preset = presets.get(options.preset)
  if (!preset) throw new Error(`no preset ${options.preset.slice(0, 40)}: there are ${[...presets.keys()].join(', ')}`)
  const { writeBack, mapping, ack, ...plain } = preset
  return {
    ...plain,
    ...options,
    ack: { ...ack, ...options.ack },
    mapping: overlay(mapping ?? {}, options.mapping ?? {}),
    ...(options.writeBack && { writeBack: overlay({ ...writeBack, ...placeOf(options.writeBack) }, options.writeBack) }),
  }
}

function placeOf({ host, port }: { readonly host: string; readonly port: number }) {
  return { host, port }
}

/** Key by key, and one level below: a word of a map, a reason of one answer. */
function overlay<T extends object>(below: T, above: T): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(below))
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key]
    merged[key] = isRecord(value) && isRecord(under) ? { ...under, ...value } : value
  }
  return merged as T
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
