import type { FhirOptions } from '../options.ts'
import { athenahealth } from './athenahealth.ts'
import { epic } from './epic.ts'
import { hapi } from './hapi.ts'
import { medplum } from './medplum.ts'
import { oracleHealth } from './oracle-health.ts'
import type { Preset } from './preset.ts'

/** By the name that stands in the configuration. */
export const presets: ReadonlyMap<string, Preset> = new Map([
  ['athenahealth', athenahealth],
  ['epic', epic],
  ['hapi', hapi],
  ['medplum', medplum],
  ['oracle-health', oracleHealth],
])

/** The connector's own settings over those of its preset; lists are taken whole. Throws on a name that is none. */
export function withPreset(options: FhirOptions): FhirOptions {
  const { preset: name, poll, subscription, writeBack } = options
  if (name === undefined) return options
  const preset = presets.get(name)
  if (!preset) throw new Error(`fhir ${options.id}: no preset ${name.slice(0, 40)}: there are ${[...presets.keys()].join(', ')}`)
  return {
    ...options,
    mapping: { ...preset.mapping, ...options.mapping },
    poll: { ...preset.poll, ...poll },
    ...(subscription && { subscription: { ...subscriptionBelow(preset, subscription.kind), ...subscription } }),
    ...(writeBack && {
      writeBack: { ...preset.writeBack, ...writeBack, ways: { ...preset.writeBack?.ways, ...writeBack.ways } },
    }),
  }
}

/** Of criteria where it has criteria, and the other way round. */
function subscriptionBelow({ subscription = {} }: Preset, kind: NonNullable<FhirOptions['subscription']>['kind']): Preset['subscription'] {
  const { criteria, ...others } = subscription
  return kind === 'criteria' && criteria !== undefined ? { ...others, criteria } : others
}
