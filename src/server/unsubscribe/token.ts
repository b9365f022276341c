import { sha256 } from '../ids.ts'

/** Where the private address for stopping e-mails stands. */
export const UNSUBSCRIBE = '/u'

/** The hash it is kept under: mail programs call this address by themselves, so its token opens no page, and a page's token stops nothing. */
export function unsubscribeHash(token: string): string {
  return sha256(`unsubscribe:${token}`)
}
