import { BlockList, isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { isLoopback } from './config/values.ts'

/** Who asks, as far as can be told; undefined: not to be told apart from others. */
export type ClientAddress = (c: Context) => string | undefined

/** No proxy puts more before us. */
const mostHops = 20

/**
 * The peer; or, where that is a proxy we were told to believe, whom it speaks for by `Forwarded` (RFC 7239), else by `X-Forwarded-For`: read from its end, the first
 * that is no proxy of ours. What anybody else says there is not heard. A peer on this machine that nobody named is a proxy nobody named: it tells nobody apart.
 */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = listOf(trusted)
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (c) => {
    const peer = peerOf(c)
    if (peer === undefined) return undefined
    if (!isProxy(peer)) return isLoopback(peer) ? undefined : peer
    let client = peer
    for (const hop of spokenFor(c).reverse()) {
      // a name it gave instead of an address: whoever stands before it cannot be known
      if (hop === undefined) break
      client = hop
      if (!isProxy(hop)) break
    }
    return client
  }
}

/** What one person may have whole is counted as one: an IPv6 address by its network of 64 bits. */
export function countedAs(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const all = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

function listOf(trusted: readonly string[]): BlockList {
  const list = new BlockList()
  for (const each of trusted) {
    const [address = '', bits] = each.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** Undefined where there is no socket: in a test. */
function peerOf(c: Context): string | undefined {
  try {
    const { address } = getConnInfo(c).remote
    return address === undefined ? undefined : plain(address)
  } catch {
    return undefined
  }
}

/** In the order of the hops, the nearest last; undefined: no address. */
function spokenFor(c: Context): (string | undefined)[] {
  const forwarded = c.req.header('forwarded')
  const said =
    forwarded === undefined
      ? (c.req.header('x-forwarded-for') ?? '').split(',')
      : forwarded.split(',').map((element) => /(?:^|;)\s*for=("[^"]*"|[^;,\s]*)/i.exec(element)?.[1] ?? '')
  return said.slice(-mostHops).map((hop) => addressIn(hop.trim().replaceAll('"', '')))
}

/** `192.0.2.43`, `192.0.2.43:47011`, `[2001:db8::17]:4711`, `2001:db8::17`; undefined: `unknown`, `_hidden`, or nothing of the kind. */
function addressIn(hop: string): string | undefined {
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1]
  const address = plain(inBrackets ?? (isIP(hop) === 0 ? hop.replace(/:\d+$/, '') : hop))
  return isIP(address) === 0 ? undefined : address
}

/** An IPv4 address as a socket for both kinds gives it. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '')
}
