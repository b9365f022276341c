import { Resolver } from 'node:dns/promises'

/** What is asked of a domain. An answer that there is none is an empty list; no answer rejects. */
export interface MailDns {
  /** Each record as one text, its parts joined (RFC 7208, 3.3). */
  txt(name: string, signal: AbortSignal): Promise<readonly string[]>
  mx(name: string, signal: AbortSignal): Promise<readonly string[]>
}

const none = new Set(['ENODATA', 'ENOTFOUND'])

/** By the machine's name servers, or those given (`192.0.2.1:53`). */
export function mailDns(servers?: readonly string[]): MailDns {
  async function ask<Answer>(signal: AbortSignal, query: (resolver: Resolver) => Promise<readonly Answer[]>): Promise<readonly Answer[]> {
    signal.throwIfAborted()
    const resolver = new Resolver({ timeout: 3_000, tries: 2 })
    if (servers) resolver.setServers(servers)
    const stop = () => resolver.cancel()
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await query(resolver)
    } catch (error) {
      if (error instanceof Error && 'code' in error && none.has(String(error.code))) return []
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
  return {
    txt: (name, signal) => ask(signal, async (resolver) => (await resolver.resolveTxt(name)).map((parts) => parts.join(''))),
    mx: (name, signal) => ask(signal, async (resolver) => (await resolver.resolveMx(name)).map(({ exchange }) => exchange)),
  }
}
