import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector, Receipt, Receive, WriteRequest } from '../../src/connectors/connector.ts'
import type { Envelope } from '../../src/core/envelope.ts'
import type { WriteBackOutcome } from '../../src/core/write-back.ts'

/** How the EHR on the other side takes a write-back. */
export type EhrMood = 'takes' | 'refuses' | 'silent' | 'gone'

/** A connector with its EHR, made to behave. */
export interface ConnectorTrial {
  readonly connector: Connector
  /** A message of the EHR that is in order. */
  readonly envelope: Envelope
  /** The same by HTTP, below the connector's path; `anonymous` without its credentials, `forged` with wrong ones. */
  request(credentials: 'good' | 'anonymous' | 'forged', body?: Uint8Array): { readonly request: Request; readonly path: string }
  /** An answer the EHR can be told. */
  readonly writeRequest: WriteRequest
  behave(mood: EhrMood): Promise<void>
  close(): Promise<void>
}

const applied: Receipt = { disposition: 'applied', duplicate: false }
const canary = 'Zénobie-Canari'

/** What every connector promises its caller. A connector is done when this is green. */
export function connectorContract(name: string, open: () => Promise<ConnectorTrial>): void {
  describe(`${name} keeps the connector contract`, () => {
    let trial: ConnectorTrial
    beforeEach(async () => {
      trial = await open()
    })
    afterEach(() => trial.close())

    readsPurely(() => trial)
    servesHttp(() => trial)
    listensUntilAborted(() => trial)
    writesBack(() => trial)
  })
}

function readsPurely(trial: () => ConnectorTrial): void {
  const withBody = (body: Uint8Array): Envelope => ({ ...trial().envelope, body })

  it('reads a good message as changes or as a hint, under a name of its own', () => {
    const read = trial().connector.read(trial().envelope)
    expect(['changes', 'hint']).toContain(read.kind)
    expect(read.identity).toMatch(/\S/)
  })

  it('reads the same envelope the same, whenever it is read', () => {
    const { connector, envelope } = trial()
    const before = Buffer.from(envelope.body)
    expect(connector.read(envelope)).toEqual(connector.read({ ...envelope, body: Uint8Array.from(envelope.body) }))
    expect(Buffer.from(envelope.body).equals(before)).toBe(true)
  })

  it('names a message the same however late it arrives', () => {
    const { connector, envelope } = trial()
    const later = { ...envelope, receivedAt: envelope.receivedAt.add({ hours: 90 * 24 }) }
    expect(connector.read(later).identity).toBe(connector.read(envelope).identity)
  })

  it('takes any bytes: what cannot be read is a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        expect(['changes', 'ignored', 'hint', 'unreadable']).toContain(trial().connector.read(withBody(body)).kind)
      }),
      { numRuns: 300 },
    )
  })

  it('takes its own message cut off anywhere', () => {
    const { body } = trial().envelope
    for (let length = 0; length < body.length; length += Math.max(1, Math.floor(body.length / 200))) {
      trial().connector.read(withBody(body.subarray(0, length)))
    }
  })

  it('never repeats a value of a message in a fault or a reason (R25)', () => {
    const text = Buffer.from(trial().envelope.body).toString('utf8')
    const spoiled = text.replaceAll(/[A-Za-z0-9]{3,}/g, canary)
    for (const body of [Buffer.from(canary), Buffer.from(spoiled), Buffer.from(`${text.slice(0, text.length / 2)}${canary}`)]) {
      const read = trial().connector.read(withBody(body))
      if (read.kind === 'unreadable') expect(JSON.stringify(read.fault)).not.toContain(canary)
      if (read.kind === 'ignored') expect(read.reason).not.toContain(canary)
    }
  })
}

function servesHttp(trial: () => ConnectorTrial): void {
  async function call(credentials: 'good' | 'anonymous' | 'forged', receive?: Receive, body?: Uint8Array) {
    const received: Envelope[] = []
    const { request, path } = trial().request(credentials, body)
    const response = await trial().connector.handle(request, path, async (envelope) => {
      received.push(envelope)
      return receive ? receive(envelope) : applied
    })
    return { response, received }
  }

  it('hands an authenticated message on once, as it came, and says that it was taken', async () => {
    const { response, received } = await call('good')
    expect(response.status).toBeGreaterThanOrEqual(200)
    expect(response.status).toBeLessThan(300)
    expect(received).toHaveLength(1)
    expect(received[0]?.connectorId).toBe(trial().connector.id)
    expect(received[0] && trial().connector.read(received[0]).kind).not.toBe('unreadable')
  })

  it.each(['anonymous', 'forged'] as const)('lets an %s request no further', async (credentials) => {
    const { response, received } = await call(credentials)
    expect([401, 403]).toContain(response.status)
    expect(received).toEqual([])
  })

  it('asks for a message again that could not be kept, and does not say why', async () => {
    const { response } = await call('good', () => Promise.reject(new Error(canary)))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await response.text()).not.toContain(canary)
  })

  it('refuses a body without end', async () => {
    const { response, received } = await call('good', undefined, new Uint8Array(3 * 1024 * 1024))
    expect(response.status).toBe(413)
    expect(received).toEqual([])
  })
}

function listensUntilAborted(trial: () => ConnectorTrial): void {
  const receive: Receive = () => Promise.resolve(applied)

  it('has nothing to serve once aborted', async () => {
    await trial().connector.listen(receive, AbortSignal.abort())
  })

  it('serves until aborted, then resolves', async () => {
    const controller = new AbortController()
    const listening = trial().connector.listen(receive, controller.signal)
    controller.abort()
    await listening
  })
}

function writesBack(trial: () => ConnectorTrial): void {
  const write = async (mood: EhrMood, signal = new AbortController().signal): Promise<WriteBackOutcome['kind']> => {
    await trial().behave(mood)
    const { kind } = await trial().connector.write(trial().writeRequest, signal)
    return kind
  }

  it.each<[EhrMood, readonly WriteBackOutcome['kind'][]]>([
    ['takes', ['applied']],
    ['refuses', ['refused']],
    // Silent before anything was written, or after.
    ['silent', ['deferred', 'unknown']],
    ['gone', ['deferred']],
  ])('an EHR that %s it', async (mood, kinds) => {
    expect(kinds).toContain(await write(mood))
  })

  it('gives up when told to, without a throw', async () => {
    const controller = new AbortController()
    const outcome = write('silent', controller.signal)
    controller.abort()
    expect(['deferred', 'unknown']).toContain(await outcome)
  })

  it('refuses what this EHR does not accept', async () => {
    const { connector, writeRequest } = trial()
    const kind = (['answers', 'arrive', 'cancel', 'confirm'] as const).find((candidate) => !connector.writes.has(candidate))
    if (!kind) return
    const outcome = await connector.write({ ...writeRequest, writeBack: { ...writeRequest.writeBack, kind } }, new AbortController().signal)
    expect(outcome.kind).toBe('refused')
  })
}
