import type { IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/server/app.ts'
import { clientAddress, countedAs } from '../../src/server/client-address.ts'
import { identityFor } from '../support/identity.ts'
import { API_TOKEN, openRappel } from '../support/rappel.ts'

/** What the web server gives beside a request: the socket it came by. */
const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } as IncomingMessage })

async function whoAsks(trusted: readonly string[], peer: string, headers: Record<string, string>): Promise<string> {
  const addressOf = clientAddress(trusted)
  const app = new Hono().get('/', (c) => c.text(addressOf(c) ?? 'nobody'))
  return (await app.request('/', { headers }, from(peer))).text()
}

describe('who asks', () => {
  const proxies = ['10.0.0.0/24', '2001:db8:1::7']
  const xff = (value: string) => ({ 'x-forwarded-for': value })
  const forwarded = (value: string) => ({ forwarded: value })
  test.each<[string, string, Record<string, string>, string]>([
    ['a peer that says nothing', '192.0.2.1', {}, '192.0.2.1'],
    ['a stranger who says to be another: what they say is not heard', '192.0.2.1', xff('198.51.100.9'), '192.0.2.1'],
    ['the same, by RFC 7239', '192.0.2.1', forwarded('for=198.51.100.9'), '192.0.2.1'],
    ['a proxy of ours: whom it speaks for', '10.0.0.7', xff('198.51.100.9'), '198.51.100.9'],
    ['the same, by RFC 7239', '10.0.0.7', forwarded('for=198.51.100.9;proto=https;by=10.0.0.7'), '198.51.100.9'],
    ['a proxy on an IPv6 socket', '::ffff:10.0.0.7', xff('198.51.100.9'), '198.51.100.9'],
    ['what a stranger put before: only the end is our proxy’s', '10.0.0.7', xff('203.0.113.5, 198.51.100.9'), '198.51.100.9'],
    ['two proxies of ours', '10.0.0.7', xff('203.0.113.5, 198.51.100.9, 10.0.0.8'), '198.51.100.9'],
    ['RFC 7239, several elements', '10.0.0.7', forwarded('for=203.0.113.5, for="198.51.100.9:4711"'), '198.51.100.9'],
    ['an IPv6 client, in brackets', '2001:db8:1::7', forwarded('for="[2001:db8:cafe::17]:4711"'), '2001:db8:cafe::17'],
    ['an IPv4 client with a port', '10.0.0.7', xff('198.51.100.9:47011'), '198.51.100.9'],
    ['Forwarded counts before X-Forwarded-For', '10.0.0.7', { ...forwarded('for=198.51.100.9'), ...xff('203.0.113.5') }, '198.51.100.9'],
    ['a client that the proxy hides: the proxy', '10.0.0.7', forwarded('for=_hidden'), '10.0.0.7'],
    ['a client it does not know: the proxy', '10.0.0.7', forwarded('for=unknown'), '10.0.0.7'],
    ['a header that is none: the proxy', '10.0.0.7', xff('<script>'), '10.0.0.7'],
    ['a proxy that says nothing: itself', '10.0.0.7', {}, '10.0.0.7'],
    ['this machine, which nobody named: nobody', '127.0.0.1', xff('198.51.100.9'), 'nobody'],
  ])('%s', async (_, peer, headers, who) => {
    expect(await whoAsks(proxies, peer, headers)).toBe(who)
  })

  test('a proxy on this machine that is named is believed', async () => {
    expect(await whoAsks(['127.0.0.1'], '127.0.0.1', xff('198.51.100.9'))).toBe('198.51.100.9')
  })

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:cafe:1:2:3:4:5', '2001:db8:cafe:1::/64'],
    ['2001:db8::17', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:0::17', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is counted as %s', (address, counted) => {
    expect(countedAs(address)).toBe(counted)
  })
})

describe('behind a proxy we believe (R20)', () => {
  const limits = { perKey: 100, strangers: 2 }
  const open = async (trusted: readonly string[]) => {
    const rappel = await openRappel()
    const app = createApp({
      routes: rappel.routes(),
      apiTokens: [{ name: 'a', role: 'operator', token: API_TOKEN }],
      limits,
      clientAddress: clientAddress(trusted),
      log: rappel.log,
    })
    const guess = async (client: string) => {
      const headers = { authorization: 'Bearer wrong', 'x-forwarded-for': client }
      return (await app.request('/api/v1/connectors', { headers }, from('10.0.0.7'))).status
    }
    return { guess }
  }

  test('each client has tries of their own', async () => {
    const { guess } = await open(['10.0.0.7'])
    expect([await guess('198.51.100.1'), await guess('198.51.100.1'), await guess('198.51.100.1')]).toEqual([401, 401, 429])
    expect(await guess('198.51.100.2')).toBe(401)
  })

  test('from a peer nobody named, another address every time gives no more tries', async () => {
    const { guess } = await open([])
    expect([await guess('198.51.100.1'), await guess('198.51.100.2'), await guess('198.51.100.3')]).toEqual([401, 401, 429])
  })

  test('tries to sign in are counted by the client, and not by what a stranger says', async () => {
    const rappel = await openRappel()
    for (const [trusted, places] of [
      [['10.0.0.7'], ['198.51.100.9', '198.51.100.10']],
      [[], ['10.0.0.7', '10.0.0.7']],
    ] as const) {
      const { clientAddress: addressOf } = identityFor({ ...rappel, publicUrl: rappel.publicUrl, clientAddress: clientAddress(trusted) })
      const app = new Hono().get('/', (c) => c.text(addressOf(c) ?? ''))
      const seen = []
      for (const client of ['198.51.100.9', '198.51.100.10'])
        seen.push(await (await app.request('/', { headers: { 'x-forwarded-for': client } }, from('10.0.0.7'))).text())
      expect(seen).toEqual(places)
    }
  })
})
