import type { ChannelKind } from '../../core/patient.ts'
import type { Config } from '../config/config.ts'

/** The channels a provider is configured for. */
export function channelsOf({ sms, email }: Pick<Config, 'sms' | 'email'>): ReadonlySet<ChannelKind> {
  return new Set([...(sms ? ['sms' as const] : []), ...(email ? ['email' as const] : [])])
}
