import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Where an address leads. `nowhere`: link-local, multicast, reserved, or an IPv4 one in disguise; no configuration opens it. */
export type Reach = 'public' | 'private' | 'loopback' | 'nowhere'

/** One list for each family: of a mixed one Node takes every IPv4 address for its mapped form. */
const ranges: Readonly<Record<'ipv4' | 'ipv6', Readonly<Record<Exclude<Reach, 'public'>, BlockList>>>> = {
  ipv4: {
    loopback: blockList('ipv4', ['127.0.0.0/8']),
    // RFC 1918, RFC 6598 (carriers and clouds)
    private: blockList('ipv4', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']),
    nowhere: blockList('ipv4', ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4']),
  },
  ipv6: {
    loopback: blockList('ipv6', ['::1/128']),
    // RFC 4193
    private: blockList('ipv6', ['fc00::/7']),
    // unspecified and IPv4-compatible, NAT64, Teredo, 6to4, link-local, site-local, multicast
    nowhere: blockList('ipv6', ['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16', 'fe80::/10', 'fec0::/10', 'ff00::/8']),
  },
}

function blockList(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

/** Of an IP address, without brackets. What is none leads nowhere. */
export function reachOf(address: string): Reach {
  const version = isIP(address)
  // the mapped form has its own ways round a list of IPv6 networks
  if (version === 0 || /^[0:]*:ffff:/i.test(address)) return 'nowhere'
  const family = version === 6 ? 'ipv6' : 'ipv4'
  const { loopback, nowhere, private: within } = ranges[family]
  if (loopback.check(address, family)) return 'loopback'
  if (nowhere.check(address, family)) return 'nowhere'
  return within.check(address, family) ? 'private' : 'public'
}

/** Where the host of a configured address leads, as far as its spelling tells; undefined for a name. */
export function reachOfHost(hostname: string): Reach | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) !== 0) return reachOf(bare)
  return bare === 'localhost' || bare.endsWith('.localhost') ? 'loopback' : undefined
}

/**
 * Resolves a name and refuses what it must not lead to, at each connection: a name that is rebound after a check meets it again (R23).
 * `localhost` may be this machine; other names only what `allowed` says.
 */
export function guardedLookup(allowed: ReadonlySet<Reach>): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const local = reachOfHost(hostname) === 'loopback'
      const open = found.filter(({ address }) => {
        const reach = reachOf(address)
        return allowed.has(reach) || (local && reach === 'loopback')
      })
      const [first] = open
      if (!first) return callback(refusal(found), '', 0)
      if (options.all) return callback(null, open)
      callback(null, first.address, first.family)
    })
  }
}

/** Its code is the reason in logs: no address, no name. */
function refusal(found: readonly LookupAddress[]): NodeJS.ErrnoException {
  return Object.assign(new Error(`the name leads to an address that is not allowed (${found.length} found)`), { code: 'ADDRESS_REFUSED' })
}
