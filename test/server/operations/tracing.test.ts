import { expect, test } from 'vitest'
import { otlpTracing } from '../../../src/server/operations/otlp-tracing.ts'
import { tracedChannel, tracedConnector, tracedFetch } from '../../../src/server/operations/traced.ts'
import { bookedChange } from '../../support/clinic.ts'
import { collector, type SpanSent } from '../../support/collector.ts'
import { fakeChannel, fakeConnector } from '../../support/fakes.ts'

const said = ({ attributes }: SpanSent) => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

test('traces an envelope, a send, a write-back and a request by OTLP, and nothing of any patient (R25)', async () => {
  const { url, bodies, spans } = await collector()
  const tracing = await otlpTracing({ url, headers: {}, sample: 1, version: '1.2.3' })
  const ehr = fakeConnector('tilleuls')
  const sms = fakeChannel('sms')
  const fetch = tracedFetch(async () => new Response('gone', { status: 404 }), tracing)
  await tracing.span('decision', {}, async (span) => {
    span.set({ 'rappel.sends': true })
    await tracedChannel(sms, tracing).send({ to: '+14185550177' } as Parameters<typeof sms.send>[0], AbortSignal.timeout(1_000))
  })
  await fetch(new Request('https://rdv.example/S3cretS3cretS3cretS3cr?name=Roy'))
  const connector = tracedConnector(
    {
      ...ehr,
      handle: async (_request, _path, receive) =>
        Response.json(await receive(ehr.envelope({ kind: 'changes', changes: [bookedChange()] }))),
    },
    tracing,
  )
  await connector.handle(new Request('https://rdv.example/hl7/tilleuls'), '', async () => ({ disposition: 'applied', duplicate: false }))
  await expect(
    tracing.span('send', {}, async () => {
      throw new TypeError('Anne Roy')
    }),
  ).rejects.toThrow()
  await tracing.close()

  const sent = spans()
  expect(sent.map(({ name }) => name).sort()).toEqual(['decision', 'envelope', 'request', 'send', 'send'])
  const decision = sent.find(({ name }) => name === 'decision')
  const child = sent.find(({ name, parentSpanId }) => name === 'send' && parentSpanId === decision?.spanId)
  expect(child && said(child)).toEqual({ 'rappel.channel': 'sms', 'rappel.outcome': 'accepted' })
  const request = sent.find(({ name }) => name === 'request')
  expect(request && said(request)).toEqual({ 'http.method': 'GET', 'http.area': 'page', 'http.status': 404 })
  expect(sent.find(({ status }) => status.message === 'TypeError')).toBeDefined()
  for (const body of bodies) for (const word of ['Roy', 'Anne', '4185550177', 'S3cret']) expect(body).not.toContain(word)
  expect(bodies.join('')).toContain('"rappel"')
})

test('a collector that is away keeps nobody waiting, and no service from stopping', async () => {
  const tracing = await otlpTracing({ url: 'http://127.0.0.1:9/v1/traces', headers: {}, sample: 1, version: '0' })
  expect(await tracing.span('decision', {}, async () => 7)).toBe(7)
  const begun = performance.now()
  await tracing.close()
  expect(performance.now() - begun).toBeLessThan(5_000)
})
