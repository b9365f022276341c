import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Receive } from '../../../src/connectors/connector.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import { hl7, msh, sch } from './support/siu-text.ts'

const token = 'k8Jv3pQ2m0s7Zr5t1Xw9aB'
const connector = hl7v2({
  id: 'tilleuls',
  zone: 'Europe/Paris',
  region: 'FR',
  http: { tokens: ['the-next-one', token], maxBodyBytes: 4096 },
  now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
})
const applied: Receive = () => Promise.resolve({ disposition: 'applied', duplicate: false })
const siu = hl7(msh('S12'), sch({ 2: 'F' }))

interface Call {
  method?: string
  path?: string
  type?: string | null
  authorization?: string | null
  body?: BodyInit | null
  receive?: Receive
}

function call({
  method = 'POST',
  path = '',
  type = 'application/hl7-v2',
  authorization = `Bearer ${token}`,
  body = new Uint8Array(siu),
  receive = applied,
}: Call = {}) {
  const headers = { ...(type !== null && { 'content-type': type }), ...(authorization !== null && { authorization }) }
  const request = new Request('http://rappel.test/hl7/tilleuls', { method, headers, ...(method !== 'GET' && { body }) })
  return connector.handle(request, path, receive)
}

describe('HL7 over HTTP (HOH-1 to -4)', () => {
  it('answers in the media type of the request, with a 200', async () => {
    const response = await call({ type: 'application/hl7-v2; charset=utf-8' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/hl7-v2; charset=utf-8')
    expect(await response.text()).toContain('\rMSA|AA|MSG00012\r')
  })

  it('a refusal is a 200 too', async () => {
    const response = await call({ receive: () => Promise.resolve({ disposition: 'quarantined', duplicate: false }) })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('\rMSA|AE|MSG00012\r')
  })

  it('hands the media type on, whose charset wins', async () => {
    const types: string[] = []
    await call({
      type: 'text/plain; charset=iso-8859-1',
      receive: (envelope) => {
        types.push(envelope.mediaType)
        return applied(envelope)
      },
    })
    expect(types).toEqual(['text/plain; charset=iso-8859-1'])
  })

  it.each<[string, Call, number]>([
    ['the ER7 type', { type: 'application/hl7-v2+er7' }, 200],
    ['its old name', { type: 'x-application/hl7-v2+er7' }, 200],
    ['plain text', { type: 'TEXT/PLAIN' }, 200],
    ['bytes', { type: 'application/octet-stream' }, 200],
    ['the token that will replace this one', { authorization: 'Bearer the-next-one' }, 200],
    ['framing bytes left around the body', { body: new Uint8Array(Buffer.concat([Buffer.of(0x0b), siu, Buffer.of(0x1c, 0x0d)])) }, 200],
    ['a sender that wants no answer', { body: new Uint8Array(hl7(msh('S12', { more: '|||NE|NE' }), sch({ 2: 'F' }))) }, 204],
    ['XML', { type: 'application/hl7-v2+xml' }, 415],
    ['a form', { type: 'application/x-www-form-urlencoded' }, 415],
    ['JSON', { type: 'application/json' }, 415],
    ['no type', { type: null }, 415],
    ['GET', { method: 'GET' }, 405],
    ['PUT', { method: 'PUT' }, 405],
    ['a path below', { path: 'x' }, 404],
    ['no token', { authorization: null }, 401],
    ['a wrong token', { authorization: 'Bearer nope' }, 401],
    ['an empty token', { authorization: 'Bearer ' }, 401],
    ['half the token', { authorization: `Bearer ${token.slice(0, 11)}` }, 401],
    ['the token as Basic', { authorization: `Basic ${token}` }, 401],
    ['the token alone', { authorization: token }, 401],
    ['no MSH', { body: 'PID|1' }, 400],
    ['nothing', { body: null }, 400],
    ['too much', { body: 'x'.repeat(4097) }, 413],
  ])('%s', async (_, request, status) => {
    expect((await call(request)).status).toBe(status)
  })

  it('counts a body that does not say its length', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1024)),
    })
    const request = new Request('http://rappel.test/', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', authorization: `Bearer ${token}` },
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await connector.handle(request, '', applied)).status).toBe(413)
  })

  it('asks to be sent it again when it could not be kept', async () => {
    const response = await call({ receive: () => Promise.reject(new Error('disk full')) })
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.text()).not.toContain('disk full')
  })

  it('lets nobody in where no token is set', async () => {
    const closed = hl7v2({ id: 'closed', zone: 'Europe/Paris', region: 'FR', now: () => Temporal.Instant.from('2026-03-01T11:00:05Z') })
    for (const authorization of ['Bearer ', 'Bearer undefined', `Bearer ${token}`]) {
      const request = new Request('http://rappel.test/', {
        method: 'POST',
        headers: { authorization, 'content-type': 'text/plain' },
        body: 'x',
      })
      expect((await closed.handle(request, '', applied)).status).toBe(401)
    }
  })
})
