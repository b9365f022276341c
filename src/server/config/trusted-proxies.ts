import { isIP } from 'node:net'
import { z } from 'zod'

/** Of a network somebody runs by themselves; a wider one is anybody's. */
const least = { 4: 8, 6: 16 } as const

const proxy = z.string().superRefine((text, context) => {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  const say = (message: string) => context.addIssue({ code: 'custom', message })
  if ((family !== 4 && family !== 6) || more.length > 0)
    return say('not an address or a network: write 10.0.0.7 or 10.0.0.0/24; a name may lead anywhere')
  if (bits === undefined) {
    if (/^(0\.0\.0\.0|::)$/.test(address)) say('every address is no proxy: name the one in front of this service')
    return
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return say('not a network: 10.0.0.0/24')
  if (Number(bits) < least[family])
    say(`anybody in so wide a network could say to be somebody else: /${least[family]} at least, better the proxy’s own address`)
})

/** The proxies in front of us, whose word counts for whom they speak; nobody’s unless told. */
export const trustedProxies = z.array(proxy).max(50).default([])
