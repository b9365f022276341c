import { Temporal } from 'temporal-polyfill'
import type { Cadence } from './cadence.ts'
import type { ChannelKind } from './patient.ts'

const both = ['email', 'sms'] as const
const hour = Temporal.Duration.from({ hours: 1 })

/** O14, O15: one pre-visit reminder 36 h before, which asks to confirm. */
export const ofys: Cadence = {
  name: 'ofys',
  confirmation: both,
  change: both,
  cancellation: both,
  absenceSms: 'always',
  mergesOwnAcrossAgendas: false,
  steps: [
    {
      name: 'PT36H',
      kind: 'previsit',
      when: { before: Temporal.Duration.from({ hours: 36 }) },
      channels: both,
      quietHours: 'shift',
      notAfter: hour,
    },
  ],
}

const at = (daysBefore: number, time: string) => ({ daysBefore, at: Temporal.PlainTime.from(time) })
const week = Temporal.Duration.from({ hours: 7 * 24 })

/** Doctolib's companion facts: e-mails a week and a day before, one text before the visit, and one at once for what was booked too late for it. */
export const doctolib: Cadence = {
  name: 'doctolib',
  confirmation: ['email'],
  change: both,
  cancellation: both,
  absenceSms: 'if_no_email',
  mergesOwnAcrossAgendas: true,
  steps: [
    {
      name: 'D7T1400',
      kind: 'reminder',
      when: at(7, '14:00'),
      channels: ['email'],
      booked: { atLeast: week },
      quietHours: 'shift',
      notAfter: hour,
    },
    {
      name: 'D2T1300',
      kind: 'reminder',
      when: at(2, '13:00'),
      channels: ['sms'],
      booked: { atLeast: week },
      quietHours: 'shift',
      notAfter: hour,
    },
    { name: 'D1T1400', kind: 'reminder', when: at(1, '14:00'), channels: ['email'], quietHours: 'shift', notAfter: hour },
    {
      name: 'D1T1300',
      kind: 'reminder',
      when: at(1, '13:00'),
      channels: ['sms'],
      booked: { lessThan: week },
      quietHours: 'shift',
      notAfter: hour,
    },
    {
      name: 'afterPT10M',
      kind: 'reminder',
      when: { afterBooking: Temporal.Duration.from({ minutes: 10 }) },
      channels: ['sms'],
      booked: { after: at(1, '13:00') },
      quietHours: 'shift',
      notAfter: Temporal.Duration.from({ minutes: 15 }),
    },
  ],
}

/** The same, by push wherever it writes at all: the gates say who has a device, and whether e-mail or text is on beside it (D7a). */
export function withPush(cadence: Cadence): Cadence {
  const { confirmation, change, cancellation, steps } = cadence
  const pushed = (channels: readonly ChannelKind[]): readonly ChannelKind[] => (channels.length > 0 ? [...channels, 'push'] : channels)
  return {
    ...cadence,
    confirmation: pushed(confirmation),
    change: pushed(change),
    cancellation: pushed(cancellation),
    steps: steps.map((step) => ({ ...step, channels: pushed(step.channels) })),
  }
}

/** Whether patients may have a browser told at all. */
export function tellsByPush({ change, confirmation, cancellation, steps }: Cadence): boolean {
  return [change, confirmation, cancellation, ...steps.map(({ channels }) => channels)].some((channels) => channels.includes('push'))
}
