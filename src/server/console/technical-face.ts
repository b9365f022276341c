import type { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Clockface } from '../../core/local-time.ts'
import type { Language } from '../../core/words/language.ts'

interface FaceDeps {
  readonly sources: ReadonlyMap<ConnectorId, { readonly zone: string }>
  readonly clock: { now(): Temporal.Instant }
}

/** By whose clock the pages of the installation tell the time: its clinics', or UTC where they differ. */
export function installationFace({ sources, clock }: FaceDeps, language: Language): Clockface {
  const zones = new Set([...sources.values()].map(({ zone }) => zone))
  const [zone = 'UTC'] = zones
  return { zone: zones.size === 1 ? zone : 'UTC', language, now: clock.now() }
}

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** How long ago, in the largest unit that fits: `il y a 12 s`, `3 h ago`. */
export function sayAge(at: Temporal.Instant, { now, language }: Pick<Clockface, 'now' | 'language'>): string {
  const seconds = Math.max(0, Math.round((now.epochMilliseconds - at.epochMilliseconds) / 1000))
  const [unit, size] = steps.find(([, each]) => seconds >= each) ?? steps[3]
  return new Intl.RelativeTimeFormat(language, { style: 'short' }).format(-Math.floor(seconds / size), unit)
}

/** `1 204`, `1,204`. */
export function sayCount(count: number, language: Language): string {
  return new Intl.NumberFormat(language === 'fr' ? 'fr-CA' : 'en-CA').format(count)
}
