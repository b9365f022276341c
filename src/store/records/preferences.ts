import type { ChannelChoice, Device, Preferences } from '../../core/preferences.ts'
import { instant, list, oneOf, optional, record, text } from '../codec.ts'

const device = record<Device>({ endpoint: text, p256dh: text, auth: text, registeredAt: instant })

export const preferencesRecord = record<Preferences>({
  language: optional(text),
  channels: optional(oneOf<ChannelChoice>({ email: true, sms: true, both: true })),
  devices: optional(list(device)),
})
