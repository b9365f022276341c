import type { FhirMapping, FhirWriteBack } from '../options.ts'
import type { FhirPoll, FhirSubscription } from '../watch-options.ts'

/** What servers of one product share, as data: it stands below the connector's own settings, each of which wins by itself. Never an address, a secret or a zone. */
export interface Preset {
  readonly mapping?: FhirMapping
  readonly poll?: FhirPoll
  /** Only of a connector that has a subscription. */
  readonly subscription?: Partial<Omit<FhirSubscription, 'kind' | 'endpoint'>>
  /** Only of a connector that writes back. */
  readonly writeBack?: FhirWriteBack
  /** What this product does not let us do, and what is done instead, as an integrator reads it. */
  readonly cannot: readonly { readonly fr: string; readonly en: string }[]
}
