import { Temporal } from 'temporal-polyfill'
import type { Channel, Found, Sought } from '../../src/channels/channel.ts'
import type { Connector, ReadBack, ReadResult, WriteRequest } from '../../src/connectors/connector.ts'
import type { DeliveryReport, SendOutcome } from '../../src/core/delivery.ts'
import type { Envelope } from '../../src/core/envelope.ts'
import type { InboundText } from '../../src/core/inbound/inbound-text.ts'
import type { Message } from '../../src/core/message.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import type { WriteBackKind, WriteBackOutcome } from '../../src/core/write-back.ts'
import type { Clock } from '../../src/server/clock.ts'
import type { Archive } from '../../src/store/port/archive.ts'

type Scripted<T> = T | (() => T | Promise<T>)

/** The next line of a script, or the usual. */
async function next<T extends object>(script: Scripted<T>[], usual: T): Promise<T> {
  const line = script.shift() ?? usual
  return typeof line === 'function' ? await (line as () => T | Promise<T>)() : line
}

/** A promise that the test keeps when it wants to. */
export function promised<T>(): { readonly promise: Promise<T>; readonly keep: (value: T) => void } {
  let keep: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    keep = resolve
  })
  return { promise, keep: (value) => keep(value) }
}

export interface ManualClock extends Clock {
  /** Lets so much time pass, and wakes whoever slept until then. */
  advance(duration: Temporal.DurationLike): void
  set(instant: string): void
  /** Resolves once so many sleep. */
  sleeping(count: number): Promise<void>
}

/** Stands still until it is told otherwise. */
export function manualClock(start: string): ManualClock {
  let now = Temporal.Instant.from(start)
  const sleepers = new Set<{ readonly at: Temporal.Instant; readonly wake: () => void }>()
  const watchers = new Set<() => void>()
  function wakeDue(): void {
    for (const sleeper of sleepers) if (Temporal.Instant.compare(sleeper.at, now) <= 0) sleeper.wake()
  }
  return {
    now: () => now,
    sleepUntil(at, signal) {
      if (signal.aborted || Temporal.Instant.compare(at, now) <= 0) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at, wake }
        sleepers.add(sleeper)
        signal.addEventListener('abort', wake)
        for (const watcher of watchers) watcher()
      })
    },
    advance(duration) {
      now = now.add(duration)
      wakeDue()
    },
    set(instant) {
      now = Temporal.Instant.from(instant)
      wakeDue()
    },
    sleeping(count) {
      return new Promise((resolve) => {
        const look = () => {
          if (sleepers.size < count) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      })
    },
  }
}

export interface FakeConnector extends Connector {
  /** An envelope that reads like this; the same result is the same bytes. */
  envelope(result: Scripted<ReadResult>, change?: Partial<Envelope>): Envelope
  /** What `readBack` answers, one after the other; then that nothing was found. */
  readonly readBacks: Scripted<ReadBack>[]
  /** What `write` answers, one after the other; then that it was applied. */
  readonly outcomes: Scripted<WriteBackOutcome>[]
  readonly written: WriteRequest[]
  readonly asked: Envelope[]
  /** What `handle` was given. */
  readonly handled: string[]
}

/** An EHR whose every word is scripted. */
export function fakeConnector(
  id: string,
  options: { readonly writes?: readonly WriteBackKind[]; readonly listen?: Connector['listen'] } = {},
): FakeConnector {
  const results = new Map<string, Scripted<ReadResult>>()
  const names = new Map<Scripted<ReadResult>, string>()
  const self: FakeConnector = {
    id,
    protocol: id.includes('fhir') ? 'fhir' : 'hl7v2',
    writes: new Set(options.writes ?? ['confirm', 'cancel', 'arrive']),
    readBacks: [],
    outcomes: [],
    written: [],
    asked: [],
    handled: [],
    envelope(result, change = {}) {
      const name = names.get(result) ?? `${id} says ${results.size}`
      names.set(result, name)
      results.set(name, result)
      const receivedAt = Temporal.Instant.from('2026-11-24T15:00:00Z')
      return { connectorId: id, receivedAt, mediaType: 'application/hl7-v2', body: new TextEncoder().encode(name), ...change }
    },
    listen: options.listen ?? ((_receive, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()))),
    async handle(request, path, receive) {
      self.handled.push(`${request.method} ${path}`)
      if (request.headers.get('authorization') !== `Bearer ${id}`) return new Response(null, { status: 401 })
      const receipt = await receive(self.envelope({ kind: 'ignored', reason: 'handled' }))
      return Response.json(receipt)
    },
    read({ body }) {
      const result = results.get(new TextDecoder().decode(body)) ?? unknownWord
      return typeof result === 'function' ? (result as () => ReadResult)() : result
    },
    readBack(hint) {
      self.asked.push(hint)
      return next(self.readBacks, { kind: 'read', envelopes: [] })
    },
    write(request) {
      self.written.push(request)
      return next(self.outcomes, { kind: 'applied', verified: false })
    },
  }
  return self
}

const unknownWord: ReadResult = { kind: 'unreadable', fault: { kind: 'content', code: '100', at: 'MSH', text: 'no such message' } }

export interface FakeChannel extends Channel {
  /** What `send` answers, one after the other; then that it was accepted. */
  readonly outcomes: Scripted<SendOutcome>[]
  readonly sent: Message[]
  /** What `find` answers, one after the other; then that it cannot be asked. */
  readonly finds: Scripted<Found>[]
  readonly sought: Sought[]
}

/** A provider whose every answer is scripted; its reports are signed `for <url>`. */
export function fakeChannel(kind: ChannelKind): FakeChannel {
  const sent: Message[] = []
  const outcomes: Scripted<SendOutcome>[] = []
  const finds: Scripted<Found>[] = []
  const sought: Sought[] = []
  return {
    kind,
    sent,
    finds,
    sought,
    outcomes,
    send(message) {
      sent.push(message)
      return next(outcomes, { kind: 'accepted', providerId: `${kind}-${sent.length}` })
    },
    find(what) {
      sought.push(what)
      return next(finds, { kind: 'unknown', reason: 'not_scripted' })
    },
    readReport({ url, body, headers }) {
      if (headers.get('x-signature') !== `for ${url}`) return undefined
      const { status = 'sent', attempt, providerId = 'SM1', errorCode } = Object.fromEntries(new URLSearchParams(body))
      return {
        status: status as DeliveryReport['status'],
        providerId,
        ...(attempt !== undefined && { attemptId: attempt }),
        ...(errorCode !== undefined && { errorCode: Number(errorCode) }),
        ...(errorCode === '30034' && { account: true as const }),
      }
    },
    readInbound({ url, body, headers }) {
      if (headers.get('x-signature') !== `for ${url}`) return undefined
      const { id = 'SM1', from = '', text = '', answered, media, keyword } = Object.fromEntries(new URLSearchParams(body))
      return {
        id,
        from,
        text,
        media: media !== undefined,
        answered: answered !== undefined,
        ...(keyword !== undefined && { keyword: keyword as NonNullable<InboundText['keyword']> }),
      }
    },
    answerInbound: (text) => ({ contentType: 'text/plain', body: text ?? '' }),
  }
}

/** Holds what it is given, for as long as the test. */
export function memoryArchive(): Archive & { readonly bodies: Map<string, Uint8Array> } {
  const bodies = new Map<string, Uint8Array>()
  return {
    bodies,
    put: async (id, body) => void bodies.set(id, body),
    get: async (id) => bodies.get(id),
    remove: async (id) => void bodies.delete(id),
    close: async () => {},
  }
}
