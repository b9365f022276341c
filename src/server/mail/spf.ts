import type { MailDns } from './mail-dns.ts'

/** Of ten a receiver makes no more, and takes the record for broken (RFC 7208, 4.6.4). */
const most = 10

/** How many look-ups an SPF record costs its readers, those of what it includes among them; counting ends past the limit. */
export async function spfLookups(record: string, dns: MailDns, signal: AbortSignal): Promise<number> {
  const waiting = [record]
  const seen = new Set<string>()
  let lookups = 0
  for (let next = waiting.shift(); next !== undefined && lookups <= most; next = waiting.shift()) {
    for (const term of next.toLowerCase().split(/\s+/)) {
      const [, mechanism = '', domain = ''] = /^[+?~-]?(include|a|mx|ptr|exists|redirect)(?:[:=]([^/]*))?(?:\/.*)?$/.exec(term) ?? []
      if (mechanism === '') continue
      lookups += 1
      // a macro is known to a receiver alone
      if ((mechanism !== 'include' && mechanism !== 'redirect') || seen.has(domain) || domain.includes('%') || lookups > most) continue
      seen.add(domain)
      waiting.push(...(await dns.txt(domain, signal)).filter((text) => /^v=spf1( |$)/i.test(text)).slice(0, 1))
    }
  }
  return lookups
}
