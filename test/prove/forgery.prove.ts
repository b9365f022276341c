import { Temporal } from 'temporal-polyfill'
import { signLikeTwilio } from '../../src/channels/twilio-signature.ts'
import { twilioSms } from '../../src/channels/twilio-sms.ts'
import { sha256 } from '../../src/server/ids.ts'
import { erase } from '../server/operations/lived.ts'
import { bookedChange, clinicSettings, mobile, start } from '../support/clinic.ts'
import { openRappel, PUBLIC_URL, type Rappel } from '../support/rappel.ts'
import { prove, random } from './proof.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Every address that differs in one bit of one of its characters. */
function tampered(token: string): readonly string[] {
  return [...token].flatMap((character, at) =>
    [1, 2, 4, 8, 16, 32].map((bit) => `${token.slice(0, at)}${alphabet[alphabet.indexOf(character) ^ bit]}${token.slice(at + 1)}`),
  )
}

async function aPage(): Promise<Rappel & { readonly token: string }> {
  const rappel = await openRappel({ now: '2026-11-25T08:40:00Z' })
  await rappel.hear(bookedChange())
  await rappel.send()
  return { ...rappel, token: rappel.lastToken() }
}

/** Status, headers and bytes, as somebody who guesses sees them. */
async function seen({ app }: Rappel, path: string, method = 'GET'): Promise<string> {
  const response = await app.request(path, { method, ...(method === 'POST' && { body: new URLSearchParams({ basis: 'x' }) }) })
  return JSON.stringify([response.status, [...response.headers], await response.text()])
}

/** How many of the tampered addresses open anything. */
async function opened(rappel: Rappel, paths: readonly string[]): Promise<number> {
  const nobody = await seen(rappel, `/${'A'.repeat(22)}`)
  let count = 0
  for (const path of paths) if ((await seen(rappel, path)) !== nobody) count += 1
  return count
}

const guess = (next: () => number, length: number) => Array.from({ length }, () => alphabet[Math.floor(next() * 64)]).join('')

/** Looked up as a request's token is, a thousand in each look into the store; how many were hit. */
async function guessed({ read }: Rappel, next: () => number, count: number, length: number): Promise<number> {
  let hits = 0
  for (let done = 0; done < count; done += 1_000)
    await read(async (tx) => {
      for (let each = 0; each < 1_000; each += 1) if (await tx.links.find(sha256(guess(next, length)))) hits += 1
    })
  return hits
}

prove({
  id: 'R26',
  promise: 'private addresses are neither guessed nor altered; unknown, expired and revoked look alike',
  async run({ seed, of }) {
    const rappel = await aPage()
    const before = await rappel.dump()
    const count = of({ landing: 1_000_000, long: 20_000_000 })
    const hits = await guessed(rappel, random(seed), count, 22)
    const near = tampered(rappel.token).map((token) => `/${token}`)
    const altered = await opened(rappel, near)
    if (hits + altered > 0) throw new Error(`${hits} guesses and ${altered} altered addresses open a page`)
    for (const path of near.slice(0, 40)) await seen(rappel, `${path}/confirm`, 'POST')
    if ((await rappel.dump()) !== before) throw new Error('an altered address changed something')
    const nobody = await seen(rappel, `/${'A'.repeat(22)}`)
    await erase(rappel, 'tilleuls:P1')
    const revoked = await seen(rappel, `/${rappel.token}`)
    const late = await aPage()
    late.clock.set('2027-06-01T00:00:00Z')
    const expired = await seen(late, `/${late.token}`)
    if (revoked !== nobody || expired !== nobody) throw new Error('revoked, expired and unknown do not look alike')
    return {
      figure: `${count} guesses, 0 hit; ${near.length} one-bit alterations, 0 open; unknown, expired and revoked the same to the byte, headers too`,
    }
  },
  async control({ seed }) {
    const rappel = await aPage()
    const link = await rappel.read((tx) => tx.links.find(sha256(rappel.token)))
    if (!link) throw new Error('no link')
    await rappel.store.transact((tx) => tx.links.save({ ...link, tokenHash: sha256(guess(random(seed + 1), 2)) }))
    const hits = await guessed(rappel, random(seed), 100_000, 2)
    rappel.spoil((tx) => ({ ...tx, links: { ...tx.links, find: async () => link } }))
    const near = tampered(rappel.token).slice(0, 12)
    const answers = await Promise.all(near.map((token) => rappel.post(`/${token}/confirm`, { basis: 'x' })))
    const altered = answers.filter(({ status }) => status !== 404).length
    if (hits === 0 || altered === 0) throw new Error('short tokens, or a lookup that forgives, were found well')
    return `tokens of 12 bits: ${hits} of 100000 guesses hit; a lookup that forgives: ${altered} of 12 alterations open`
  },
  timeoutMs: { landing: 300_000, long: 3_600_000 },
})

/** So many are due to one number; STOP comes while they are sent. How many attempts were begun after its commit. */
async function stopped(count: number, isHeard: boolean): Promise<{ readonly before: number; readonly after: number }> {
  const rappel = await openRappel({
    now: '2026-11-20T15:00:00Z',
    settings: clinicSettings({ dailyCap: 10_000, fuse: { least: 100_000, factor: 1_000, agendas: 1_000 } }),
  })
  const anne = { ehrId: 'P1', name: { given: 'Anne' }, language: 'fr', contacts: [mobile] }
  for (let each = 0; each < count; each += 1)
    await rappel.hear(bookedChange({ ehrId: `A${each}`, patient: anne, time: { start: start.add({ minutes: each * 30 }) } }))
  let [isStopped, before, after] = [false, 0, 0]
  rappel.spoil((tx) => ({
    ...tx,
    optOuts: {
      ...tx.optOuts,
      async add(...given) {
        if (isHeard) await tx.optOuts.add(...given)
        isStopped = true
      },
    },
    attempts: {
      ...tx.attempts,
      async save(attempt) {
        if (attempt.outcome === undefined && isStopped) after += 1
        else if (attempt.outcome === undefined) before += 1
        await tx.attempts.save(attempt)
      },
    },
  }))
  const url = `${PUBLIC_URL}/callbacks/sms/inbound`
  const stop = async () => {
    while (rappel.sms.sent.length < 8) await new Promise((resolve) => setImmediate(resolve))
    return rappel.post('/callbacks/sms/inbound', { id: 'SM1', from: '+14185550177', text: 'STOP' }, { 'x-signature': `for ${url}` })
  }
  await Promise.all([rappel.send(), stop()])
  for (let look = 0; look < 3; look += 1) {
    rappel.clock.advance(Temporal.Duration.from({ minutes: 5 }))
    await rappel.send()
  }
  return { before, after }
}

prove({
  id: 'R27',
  promise: 'an opt-out is immediate',
  async run({ of }) {
    const count = of({ landing: 1_000, long: 5_000 })
    const { before, after } = await stopped(count, true)
    if (after > 0) throw new Error(`${after} sends were begun after STOP`)
    if (before === 0) throw new Error('nothing was being sent')
    return { figure: `STOP while ${count} were due to its number: ${before} begun before its commit, 0 after` }
  },
  async control() {
    const { after } = await stopped(60, false)
    if (after === 0) throw new Error('a service deaf to STOP was found well')
    return `a service that answers STOP and does not keep it: ${after} of 60 begun after its commit`
  },
  timeoutMs: { landing: 240_000, long: 1_200_000 },
})

const inbound = `${PUBLIC_URL}/callbacks/sms/inbound`
const token = 'test-token'
const fieldsOf = (index: number, body = 'Oui') => ({
  MessageSid: `SM${index.toString(16).padStart(32, 'a')}`,
  From: '+14185550177',
  To: '+14185550100',
  Body: body,
  NumMedia: '0',
})

async function byTwilio(): Promise<Rappel> {
  const rappel = await openRappel({ now: '2026-11-25T08:40:00Z' })
  await rappel.hear(bookedChange())
  await rappel.send()
  rappel.channels.set('sms', twilioSms({ accountSid: `AC${'0'.repeat(32)}`, authToken: token, from: '+14185550100', timeoutMs: 5_000 }))
  return rappel
}

/** Signed for something else, by somebody else, or with a character changed; how many were believed. */
async function forge(rappel: Rappel, count: number, next: () => number): Promise<number> {
  let believed = 0
  for (let index = 0; index < count; index += 1) {
    const fields = fieldsOf(index, 'STOP')
    const good = signLikeTwilio(token, inbound, fields)
    const at = Math.floor(next() * (good.length - 1))
    const forged: readonly (readonly [Record<string, string>, string])[] = [
      [fields, `${good.slice(0, at)}${good[at] === 'A' ? 'B' : 'A'}${good.slice(at + 1)}`],
      [{ ...fields, From: '+14185550178' }, good],
      [{ ...fields, Body: 'ANNULER 1' }, good],
      [{ ...fields, Extra: '1' }, good],
      [fields, signLikeTwilio('another-token', inbound, fields)],
      [fields, signLikeTwilio(token, inbound.replace('https', 'http'), fields)],
      [fields, signLikeTwilio(token, `${PUBLIC_URL}/callbacks/sms`, fields)],
      [fields, ''],
    ]
    const [given, signature] = forged[index % forged.length] ?? [fields, '']
    const response = await rappel.post('/callbacks/sms/inbound', given, { 'x-twilio-signature': signature })
    if (response.status !== 401) believed += 1
  }
  return believed
}

/** Fifty times at once; how often it was answered. */
async function replay(rappel: Rappel, index: number): Promise<number> {
  const fields = fieldsOf(index, 'aide')
  const headers = { 'x-twilio-signature': signLikeTwilio(token, inbound, fields) }
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => (await rappel.post('/callbacks/sms/inbound', fields, headers)).text()),
  )
  return answers.filter((text) => text.includes('<Message>')).length
}

prove({
  id: 'R30',
  promise: 'forged or replayed callbacks change nothing',
  async run({ seed, of }) {
    const rappel = await byTwilio()
    const before = await rappel.dump()
    const count = of({ landing: 2_000, long: 50_000 })
    const believed = await forge(rappel, count, random(seed))
    if (believed > 0 || (await rappel.dump()) !== before) throw new Error(`${believed} forged callbacks were believed`)
    const times = of({ landing: 8, long: 8 })
    for (let index = 0; index < times; index += 1) {
      const answered = await replay(rappel, 0x1_0000 + index)
      if (answered !== 1) throw new Error(`fifty at once were answered ${answered} times`)
    }
    return {
      figure: `${count} forged of 8 kinds, 0 believed, the store the same to the byte; ${times} texts × 50 at once, each heard once`,
    }
  },
  async control({ seed }) {
    const rappel = await byTwilio()
    const real = rappel.channels.get('sms')
    if (!real) throw new Error('no channel')
    const trusting = {
      ...real,
      readInbound: ({ body }: { readonly body: string }) => ({
        id: new URLSearchParams(body).get('MessageSid') ?? '',
        from: '+14185550177',
        text: 'x',
        media: false,
        answered: false,
      }),
    }
    rappel.channels.set('sms', trusting)
    const believed = await forge(rappel, 40, random(seed))
    rappel.channels.set('sms', real)
    rappel.spoil((tx) => ({
      ...tx,
      inboundTexts: { ...tx.inboundTexts, insert: async () => true },
    }))
    const answered = await replay(rappel, 0x2_0000)
    if (believed === 0 || answered < 2)
      throw new Error(`a channel that trusts all (${believed}), or hears all twice (${answered}), was found well`)
    return `a channel that looks at no signature: ${believed} of 40 believed; a store that forgets what it heard: answered ${answered} times`
  },
  timeoutMs: { landing: 240_000, long: 1_200_000 },
})
