import type { NotificationKind } from '../kind.ts'
import type { ChannelKind } from '../patient.ts'
import type { SwitchColumn } from '../settings.ts'
import { agendaKeyOf, NO_MOTIF, siteOf } from '../settings.ts'
import { oneLine } from '../words/typography.ts'
import type { About, Bilingual } from './words.ts'
import { both } from './words.ts'

/** `SMS de rappel`: a reminder and a pre-visit reminder are one thing to whoever asks (rules.md, Words). */
export function nameNotification(kind: NotificationKind, channel: ChannelKind): Bilingual {
  const [french, english] = [channels[channel], kinds[kind]]
  return both(`${french.fr} ${english.fr}`, `${english.en} ${french.en}`)
}

const channels: Readonly<Record<ChannelKind, Bilingual>> = {
  sms: both('SMS', 'text'),
  email: both('E-mail', 'e-mail'),
  push: both('Notification push', 'push notification'),
}

const kinds: Readonly<Record<NotificationKind, Bilingual>> = {
  confirmation: both('de confirmation', 'Confirmation'),
  reminder: both('de rappel', 'Reminder'),
  previsit: both('de rappel', 'Reminder'),
  change: both('de changement', 'Change'),
  cancellation: both('d’annulation', 'Cancellation'),
  correction: both('de correction', 'Correction'),
  no_show: both('d’absence', 'Missed-appointment'),
  manual: both('manuel', 'Manual'),
}

/** A cell of the agenda table (D6), as its column is called. */
export function nameSwitch(channel: ChannelKind, column: SwitchColumn): Bilingual {
  const name = nameNotification(column, channel)
  return both(`« ${name.fr} »`, `“${name.en}”`)
}

/** `agenda « Prélèvements »`: its label or key, where somebody has set it; the EHR's own text is not repeated. */
export function nameAgenda({ appointment, settings }: About): Bilingual {
  const key = agendaKeyOf(settings, appointment)
  if (key === undefined || !Object.hasOwn(settings.agendas, key)) return both('agenda de ce rendez-vous', 'this appointment’s agenda')
  const label = oneLine(settings.agendas[key]?.label ?? key, 60)
  return both(`agenda « ${label} »`, `the agenda “${label}”`)
}

/** `site « Beauport »`, as the clinic's settings call it. */
export function nameSite({ appointment, settings }: About): Bilingual {
  const name = oneLine(siteOf(settings, appointment)?.name ?? '', 60)
  return name ? both(`site « ${name} »`, `the site “${name}”`) : both('site de ce rendez-vous', 'this appointment’s site')
}

/** `motif « Suivi »`, as the clinic's settings call it. */
export function nameMotif({ appointment, settings }: About): Bilingual {
  const key = appointment.motif?.key ?? NO_MOTIF
  if (!Object.hasOwn(settings.motifs, key)) return both('motif de ce rendez-vous', 'this appointment’s motif')
  const label = oneLine(settings.motifs[key]?.label ?? key, 60)
  return both(`motif « ${label} »`, `the motif “${label}”`)
}
