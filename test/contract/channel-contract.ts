import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import type { CapturedMessage } from '../../src/channels/mailbox/kept-messages.ts'
import type { Misbehaviour } from '../../src/channels/mailbox/misbehaviour.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import type { Message } from '../../src/core/message.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import { sampleMessage } from '../channels/sample-message.ts'

/** What the provider took, as its recipient has it. */
export type Received = Pick<CapturedMessage, 'to' | 'links' | 'headers'> & { readonly channel: ChannelKind }

/** A channel with its provider, made to misbehave for some recipients. */
interface ChannelTrial {
  readonly channel: Channel
  /** What the provider took. */
  received(): readonly Received[]
  /** The channel again, its provider gone. Absent: it has none. */
  unreachable?(): Channel
  close(): Promise<void>
}

interface ChannelContract {
  readonly kind: ChannelKind
  /** Five recipients this channel can write to. */
  readonly recipients: readonly [good: string, refused: string, stopped: string, deferred: string, doubtful: string]
  open(misbehaviour: Misbehaviour): Promise<ChannelTrial>
  /** The mark by which a message can be found again at the provider or by the recipient's mail program. */
  markOf(captured: Received): string | undefined
  expectedMark(message: Message): string
  /** Who is written to by more than a text that names them. */
  addressed?(message: Message): Message
  /** No provider stands between that could refuse: the outcomes after `accepted` do not arise. */
  readonly cannotFail?: boolean
}

/** What every channel promises its caller. A channel is done when this is green. */
export function channelContract(name: string, contract: ChannelContract): void {
  const [good, refused, stopped, deferred, doubtful] = contract.recipients

  describe(`${name} keeps the channel contract`, () => {
    let trial: ChannelTrial
    beforeEach(async () => {
      trial = await contract.open({ refuses: [refused], stopped: [stopped], defers: [deferred], dropsReply: [doubtful] })
    })
    afterEach(() => trial.close())

    const message = (to: string, attempt = 1): Message => {
      const notificationId = `ehr:4711:reminder:PT36H:1:${contract.kind}:ehr:12`
      const draft = sampleMessage({ channel: contract.kind, to, notificationId, attemptId: `${notificationId}#${attempt}` })
      return contract.addressed?.(draft) ?? draft
    }
    const send = (to: string, signal = new AbortController().signal): Promise<SendOutcome> => trial.channel.send(message(to), signal)

    it('is of its kind', () => {
      expect(trial.channel.kind).toBe(contract.kind)
    })

    it('hands the words over, once, and names them as the provider does', async () => {
      const outcome = await send(good)
      expect(outcome).toEqual({ kind: 'accepted', providerId: expect.stringMatching(/\S/) })
      expect(trial.received()).toMatchObject([{ to: good, channel: contract.kind, links: [message(good).words.action.url] }])
    })

    it('marks every try so that it can be found again', async () => {
      const tries = [message(good, 1), message(good, 2)]
      for (const attempt of tries) await trial.channel.send(attempt, new AbortController().signal)
      expect(trial.received().map(contract.markOf)).toEqual(tries.map(contract.expectedMark))
    })

    it('sends nothing when it is already too late', async () => {
      expect(await send(good, AbortSignal.abort())).toMatchObject({ kind: 'deferred' })
      expect(trial.received()).toEqual([])
    })

    if (contract.cannotFail) return

    it('is told no for ever', async () => {
      expect(await send(refused)).toMatchObject({ kind: 'rejected' })
    })

    it('is told that the recipient stopped, and does not try again', async () => {
      expect(await send(stopped)).toMatchObject({ kind: 'rejected' })
    })

    it('is told to come back', async () => {
      expect(await send(deferred)).toMatchObject({ kind: 'deferred' })
      expect(trial.received()).toEqual([])
    })

    it('does not know what became of it when the answer is lost', async () => {
      expect(await send(doubtful)).toMatchObject({ kind: 'unknown' })
      expect(trial.received()).toHaveLength(1)
    })

    it('knows that nothing left when nobody listens', async () => {
      const outcome = await trial.unreachable?.().send(message(good), new AbortController().signal)
      expect(outcome).toMatchObject({ kind: 'deferred' })
    })

    it('gives a reason without a word of the message or its recipient (R25)', async () => {
      for (const to of [refused, stopped, deferred, doubtful]) {
        const outcome = await send(to)
        expect(outcome).toHaveProperty('reason', expect.stringMatching(/^[a-z0-9_]{1,40}$/))
      }
    })
  })
}
