import { createHash, X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import type { Receipt, Receive } from '../../../src/connectors/connector.ts'
import { hl7v2 } from '../../../src/connectors/hl7v2/hl7v2.ts'
import type { Hl7v2Options } from '../../../src/connectors/hl7v2/options.ts'
import { promised } from '../../support/fakes.ts'
import { testCertificate, testKey } from './support/certificate.ts'
import { envelopeOf, hl7, msh, sch } from './support/siu-text.ts'
import type { Peer } from './support/sockets.ts'
import { dial, framed, peerOf } from './support/sockets.ts'

const token = 'k8Jv3pQ2m0s7Zr5t1Xw9aB'
const running: { abort(): void; readonly done: Promise<void> }[] = []
afterEach(async () => {
  for (const { abort } of running) abort()
  await Promise.all(running.splice(0).map(({ done }) => done))
})

/** A connector on a port of its own, which keeps whatever it is given as the connector itself reads it. */
async function start(options: Partial<Hl7v2Options> = {}) {
  const controller = new AbortController()
  const drops: string[] = []
  const told: string[] = []
  const kept: string[] = []
  let keep: (body: string) => void = () => {}
  const listening = promised<number>()
  const connector = hl7v2({
    id: 'tilleuls',
    zone: 'Europe/Paris',
    region: 'FR',
    http: { tokens: [token] },
    now: () => Temporal.Instant.from('2026-03-01T11:00:05Z'),
    onDrop: (reason) => void drops.push(reason),
    onMessage: (source) => void told.push(`came ${source}`),
    onAnswer: (source, code) => void told.push(`${code} ${source}`),
    onListening: (address) => listening.keep(address.port),
    ...options,
    listen: { host: '127.0.0.1', port: 0, limits: { closeTimeoutMs: 200 }, ...options.listen },
  })
  const receive: Receive = async (envelope): Promise<Receipt> => {
    const body = Buffer.from(envelope.body).toString('utf8')
    keep(body)
    kept.push(body.split('|')[9] ?? '')
    const read = connector.read(envelope)
    if (read.kind === 'unreadable') return { disposition: 'quarantined', duplicate: false, fault: read.fault }
    return { disposition: 'applied', duplicate: false }
  }
  const done = connector.listen(receive, controller.signal)
  running.push({ abort: () => controller.abort(), done })
  const port = await listening.promise
  return {
    connector,
    receive,
    port,
    drops,
    told,
    kept,
    /** What happens before the next message is kept; it may throw. */
    before: (work: (body: string) => void) => {
      keep = work
    },
  }
}

const message = (id: string, from = 'EHR|HOSP', more = '') =>
  [
    `MSH|^~\\&|${from}|RAPPEL|SITE1|20260301120000||SIU^S12^SIU_S12|${id}|P|2.5.1${more}`,
    sch({ 2: `F${id}`, 11: '^^^20260304090000^20260304093000' }),
    'PID|1||1||Roy^Jeanne',
  ].join('\r')
const segments = (answer: string) => answer.split('\r').filter((line) => line !== '')
const msas = (answer: string) => segments(answer).filter((line) => line.startsWith('MSA'))

describe('who may send (sources)', () => {
  const sources = [
    { application: 'EHR', facility: 'HOSP' },
    { name: 'lab', application: 'LAB' },
  ]

  it.each<[string, string, string, string]>([
    ['one by both fields', 'EHR|HOSP', 'MSA|AA|1', 'EHR/HOSP'],
    ['one by its application alone', 'LAB|ANYWHERE', 'MSA|AA|1', 'lab'],
    ['one by the universal id of its HD', '^LAB^ISO|X', 'MSA|AA|1', 'lab'],
    ['another facility of it', 'EHR|OTHER', 'MSA|AR|1', 'unlisted'],
    ['a stranger', 'EVIL|HOSP', 'MSA|AR|1', 'unlisted'],
    ['nobody', '|', 'MSA|AR|1', 'unlisted'],
  ])('%s', async (_, from, answer, source) => {
    const { port, told, kept } = await start({ sources })
    const peer = await dial(port)
    peer.write(framed(message('1', from)))
    const heard = segments(await peer.next())
    expect(heard[1]).toBe(answer)
    expect(told).toEqual([`came ${source}`, `${answer.slice(4, 6)} ${source}`])
    expect(kept, 'a refusal is kept too').toEqual(['1'])
    if (answer.startsWith('MSA|AR')) expect(heard[2]).toBe('ERR||MSH^1^3|103^Table value not found^HL70357|E|||sender not known here')
  })

  it('a stranger keeps the identity of its message, so that it can be read once it is known', async () => {
    const [closed, open] = [await start({ sources }), await start()]
    const envelope = envelopeOf(Buffer.from(message('1', 'EVIL|HOSP')))
    expect(closed.connector.read(envelope)).toMatchObject({ kind: 'unreadable', identity: open.connector.read(envelope).identity })
  })

  it('with none configured everybody may, under one name', async () => {
    const { port, told } = await start()
    const peer = await dial(port)
    peer.write(framed(message('1', 'ANY|BODY')))
    await peer.next()
    expect(told).toEqual(['came unlisted', 'AA unlisted'])
  })

  it.each<[string, Partial<Hl7v2Options>, RegExp]>([
    ['that says nothing', { sources: [{ name: 'all' }] }, /needs an application/],
    ['with a certificate nobody asks for', { sources: [{ certificate: 'ehr.example' }] }, /listen.tls.ca/],
    ['an address that is none', { listen: { host: '127.0.0.1', port: 0, allow: ['10.0.0.0/33'] } }, /not an address or a network/],
    ['an address that is a name', { listen: { host: '127.0.0.1', port: 0, allow: ['ehr.example'] } }, /not an address or a network/],
  ])('refuses to start with a source or place %s', async (_, options, cause) => {
    await expect(start(options)).rejects.toThrow(cause)
  })
})

describe('client certificates (MLLP-5)', () => {
  const { raw } = new X509Certificate(testCertificate)
  const fingerprint = createHash('sha256').update(raw).digest('hex').toUpperCase()
  const own = { host: '127.0.0.1', port: 0, tls: { cert: testCertificate, key: testKey, ca: testCertificate } }

  function dialTls(port: number): Promise<Peer> {
    return new Promise((resolve, reject) => {
      const socket: Socket = tls.connect(
        { host: '127.0.0.1', port, ca: testCertificate, cert: testCertificate, key: testKey, servername: 'rappel.test' },
        () => resolve(peerOf(socket)),
      )
      socket.once('error', reject)
    })
  }

  it.each([
    ['its fingerprint', fingerprint],
    ['its fingerprint with colons, in small letters', fingerprint.toLowerCase().replaceAll(/(..)(?=.)/g, '$1:')],
    ['the common name of its subject', 'rappel.test'],
  ])('a source is known by %s', async (_, certificate) => {
    const { port, drops } = await start({ listen: own, sources: [{ application: 'EHR', certificate }] })
    const peer = await dialTls(port)
    peer.write(framed(message('1')))
    expect(msas(await peer.next())).toEqual(['MSA|AA|1'])
    expect(drops).toEqual([])
  })

  it('one of no source is hung up on before it says anything', async () => {
    const { port, drops, kept } = await start({ listen: own, sources: [{ application: 'EHR', certificate: 'somebody.else' }] })
    const peer = await dialTls(port)
    peer.write(framed(message('1')))
    await peer.closed
    expect([drops, kept]).toEqual([['certificate'], []])
  })

  it('one source cannot speak for another', async () => {
    const sources = [
      { application: 'EHR', certificate: 'rappel.test' },
      { application: 'LAB', certificate: '0'.repeat(64) },
    ]
    const { port, drops, kept } = await start({ listen: own, sources })
    const peer = await dialTls(port)
    peer.write(framed(message('1', 'LAB|HOSP')))
    await peer.closed
    expect([drops, kept]).toEqual([['certificate'], []])
  })
})

describe('addresses', () => {
  it.each([
    ['an address on the list', ['127.0.0.1'], true],
    ['a network on the list', ['10.0.0.0/8', '127.0.0.0/8'], true],
    ['none on the list', ['10.0.0.0/8', 'fd00::/8'], false],
  ])('%s', async (_, allow, served) => {
    const { port, drops } = await start({ listen: { host: '127.0.0.1', port: 0, allow } })
    const peer = await dial(port)
    peer.write(framed(message('1')))
    if (served) expect(msas(await peer.next())).toEqual(['MSA|AA|1'])
    else await peer.closed
    expect(drops).toEqual(served ? [] : ['address'])
  })
})

describe('what is answered', () => {
  it('V2-ACK-2: two frames to who asks for both acknowledgements, in their order', async () => {
    const { port } = await start()
    const peer = await dial(port)
    peer.write(Buffer.concat([framed(message('1', 'EHR|HOSP', '|||AL|AL')), framed(message('2'))]))
    const heard = [await peer.next(), await peer.next(), await peer.next()]
    expect(heard.flatMap(msas)).toEqual(['MSA|CA|1', 'MSA|AA|1', 'MSA|AA|2'])
  })

  it('V2-ACK-4: never AA without a control id', async () => {
    const { port } = await start()
    const peer = await dial(port)
    peer.write(framed(message('')))
    expect(segments(await peer.next()).slice(1)).toEqual([
      'MSA|AE|',
      'ERR||MSH^1^10|101^Required field missing^HL70357|E|||no message control id',
    ])
  })

  it('an acknowledgement is never acknowledged: two engines could go on for ever', async () => {
    const { port, drops, kept } = await start()
    const peer = await dial(port)
    peer.write(framed('MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|1||ACK^S14^ACK|77|P|2.5\rMSA|AA|1'))
    peer.write(framed(message('2')))
    expect(msas(await peer.next())).toEqual(['MSA|AA|2'])
    expect([drops, kept]).toEqual([['stray-ack'], ['2']])
  })

  it('a continuation is refused (§1.12)', async () => {
    const { port } = await start()
    const peer = await dial(port)
    peer.write(framed(message('1', 'EHR|HOSP', '||5')))
    expect(segments(await peer.next())[2]).toContain('ERR||MSH^1^14|207^')
  })
})

describe('batches (V2-BAT-1)', () => {
  const batch = (...ids: string[]) =>
    [
      'FHS|^~\\&|EHR|HOSP|RAPPEL|SITE1|20260301||||F9',
      'BHS|^~\\&|EHR|HOSP|RAPPEL|SITE1|20260301||||B7',
      ...ids.map((id) => message(id)),
      `BTS|${ids.length}`,
      'FTS|1',
    ].join('\r')

  it('V2-BAT-1: a frame of several messages is refused unless the site takes them', async () => {
    const { port, kept } = await start()
    const peer = await dial(port)
    peer.write(framed(batch('1', '2')))
    const heard = segments(await peer.next())
    expect([msas(heard.join('\r')), heard.at(-1)]).toEqual([['MSA|AR|1'], expect.stringContaining('|207^')])
    expect(kept).toHaveLength(1)
  })

  it('V2-BAT-1: is answered by one, message by message', async () => {
    const { port, kept } = await start({ acceptBatchFrames: true })
    const peer = await dial(port)
    peer.write(framed(batch('1', '', '3')))
    const heard = segments(await peer.next())
    expect(heard[0]).toMatch(/^BHS\|\^~\\&\|RAPPEL\|SITE1\|EHR\|HOSP\|20260301120005\+0100\|\|\|\|[0-9A-F]{20}\|B7$/)
    expect(msas(heard.join('\r'))).toEqual(['MSA|AA|1', 'MSA|AE|', 'MSA|AA|3'])
    expect(heard.at(-1)).toBe('BTS|3')
    expect(kept).toEqual(['1', '', '3'])
  })

  it('concatenated messages without a header are one too', async () => {
    const { port } = await start({ acceptBatchFrames: true })
    const peer = await dial(port)
    peer.write(framed(`${message('1')}\r${message('2')}`))
    const heard = segments(await peer.next())
    expect([heard[0]?.split('|')[11], heard.at(-1)]).toEqual(['1', 'BTS|2'])
  })

  it('is not answered at all when one of its messages could not be kept, nor is the rest tried', async () => {
    const { port, kept, drops, before } = await start({ acceptBatchFrames: true })
    before((body) => {
      if (body.includes('|2|P|')) throw new Error('disk full')
    })
    const peer = await dial(port)
    peer.write(framed(batch('1', '2', '3')))
    await peer.closed
    expect([kept, drops]).toEqual([['1'], ['not-kept']])
  })

  it('by HTTP is always taken (HOH-1)', async () => {
    const { connector, receive } = await start()
    const headers = { 'content-type': 'application/hl7-v2', authorization: `Bearer ${token}` }
    const request = new Request('http://rappel.test/hl7/tilleuls', { method: 'POST', headers, body: batch('1', '2') })
    const response = await connector.handle(request, '', receive)
    expect([response.status, msas(await response.text())]).toEqual([200, ['MSA|AA|1', 'MSA|AA|2']])
  })

  it('too long a one is refused whole', async () => {
    const { port, kept } = await start({ acceptBatchFrames: true })
    const peer = await dial(port)
    peer.write(framed(batch(...Array.from({ length: 1001 }, (_, n) => String(n)))))
    expect(msas(await peer.next())).toEqual(['MSA|AR|0'])
    expect(kept).toHaveLength(1)
  })
})

describe('HTTP, where a site needs more (HOH-2 to HOH-4)', () => {
  const siu = hl7(msh('S12'), sch({ 2: 'F' }))
  const post = async (http: Hl7v2Options['http'], headers: Record<string, string>, body: BodyInit, sources?: Hl7v2Options['sources']) => {
    const { connector, receive } = await start({ ...(http && { http }), ...(sources && { sources }) })
    return connector.handle(new Request('http://rappel.test/hl7/tilleuls', { method: 'POST', headers, body }), '', receive)
  }
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
  const users = [{ user: 'ehr', password: 'päss:wörd-päss:wörd' }]

  it.each([
    ['the right one', basic('ehr:päss:wörd-päss:wörd'), 200],
    ['a wrong password', basic('ehr:nope'), 401],
    ['a wrong user', basic('emr:päss:wörd-päss:wörd'), 401],
    ['the password as a bearer', 'Bearer päss', 401],
    ['nothing behind it', 'Basic ', 401],
  ])('HOH-4: HTTP Basic, %s', async (_, authorization, status) => {
    const ascii = Buffer.from(authorization, 'utf8').toString('latin1')
    const response = await post({ tokens: [], users }, { 'content-type': 'application/hl7-v2', authorization: ascii }, new Uint8Array(siu))
    expect(response.status).toBe(status)
    if (status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Basic/)
  })

  it.each([
    ['AA', 'EHR|HOSP', 'F', 200],
    ['AE', 'EHR|HOSP', '', 422],
    ['AR', 'EVIL|X', 'F', 503],
  ])('HOH-2: statusFromAck says %s by the HTTP status', async (code, from, id, status) => {
    const headers = { 'content-type': 'application/hl7-v2', authorization: `Bearer ${token}` }
    const body = [`MSH|^~\\&|${from}|RAPPEL|SITE1|20260301120000||SIU^S12^SIU_S12|1|P|2.5.1`, `SCH||${id}`].join('\r')
    const sources = [{ application: 'EHR' }]
    const response = await post({ tokens: [token], statusFromAck: true }, headers, body, sources)
    expect([response.status, (await response.text()).includes(`MSA|${code}|1`)]).toEqual([status, true])
    expect((await post({ tokens: [token] }, headers, body, sources)).status, 'unless it is switched on').toBe(200)
  })

  it.each(['message', 'HL7'])('HOH-3: the field %s of a form, where the site takes forms', async (field) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${token}` }
    const body = new URLSearchParams({ [field]: siu.toString('utf8') }).toString()
    const response = await post({ tokens: [token], forms: true }, headers, body)
    expect([response.status, msas(await response.text())]).toEqual([200, ['MSA|AA|MSG00012']])
    expect((await post({ tokens: [token] }, headers, body)).status).toBe(415)
  })
})
