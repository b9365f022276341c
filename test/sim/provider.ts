import type { Temporal } from 'temporal-polyfill'
import type { Channel, Found } from '../../src/channels/channel.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import type { Message } from '../../src/core/message.ts'

export type SendFault = 'busy' | 'lost' | 'taken_and_lost' | 'rejected'

/** A message that reached its provider: its own ledger, whatever we were told. */
export interface Taken {
  readonly channel: Message['channel']
  readonly notificationId: string
  readonly attemptId: string
  readonly to: string
  readonly text: string
  readonly at: Temporal.Instant
  readonly notAfter: Temporal.Instant
}

export interface ModelProvider {
  readonly channel: Channel
  readonly taken: Taken[]
  /** What it does to the next messages. */
  readonly faults: SendFault[]
}

/** Keeps its own account of what it took; texts can be asked about, as Twilio's can, mails cannot. */
export function modelProvider(
  kind: 'sms' | 'email',
  now: () => Temporal.Instant,
  taken: Taken[],
  look: (message: Message) => Promise<void>,
): ModelProvider {
  const faults: SendFault[] = []
  async function take(message: Message): Promise<SendOutcome> {
    await look(message)
    const { notificationId, attemptId, to, words, notAfter } = message
    taken.push({ channel: kind, notificationId, attemptId, to, text: words.sms, at: now(), notAfter })
    return { kind: 'accepted', providerId: `${kind}-${taken.length}` }
  }
  const channel: Channel = {
    kind,
    async send(message) {
      switch (faults.shift()) {
        case 'busy':
          return { kind: 'deferred', reason: '429' }
        case 'lost':
          return { kind: 'unknown', reason: 'reset' }
        case 'taken_and_lost':
          await take(message)
          return { kind: 'unknown', reason: 'reset' }
        case 'rejected':
          return { kind: 'rejected', reason: '30003' }
        default:
          return take(message)
      }
    },
    ...(kind === 'sms' && {
      async find({ to, providerId }): Promise<Found> {
        const messages = taken
          .map((each, index) => ({ ...each, providerId: `${kind}-${index + 1}` }))
          .filter((each) => (providerId === undefined ? each.to === to : each.providerId === providerId) && each.channel === kind)
          .reverse()
        return {
          kind: 'found',
          messages: messages.map((each) => ({ text: each.text, report: { providerId: each.providerId, status: 'sent' } })),
        }
      },
    }),
  }
  return { channel, taken, faults }
}
