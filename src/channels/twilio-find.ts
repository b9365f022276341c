import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import type { Found, FoundMessage, Sought } from './channel.ts'
import { openTwilio, type TwilioAccount, type TwilioSession } from './twilio-client.ts'
import { statusFrom } from './twilio-status.ts'

const pageSize = 50
/** A patient has few texts; more than that are not all read, and then nothing is concluded. */
const mostPages = 4

/**
 * Asks Twilio for one message by its sid, or for those to a number. The list is not narrowed by date: a message still queued has no `DateSent`
 * and would be left out, and what is not there is held to be unsent.
 */
export async function findAtTwilio(account: TwilioAccount, sought: Sought, signal: AbortSignal): Promise<Found> {
  const session = await openTwilio(account, signal)
  try {
    const { providerId } = sought
    if (providerId === undefined) return await listed(session, sought)
    return { kind: 'found', messages: [await session.client.messages(providerId).fetch()].flatMap(toFound) }
  } catch {
    const met = session.lastExchange()
    if (met?.kind === 'answered' && met.status === 404) return { kind: 'found', messages: [] }
    return { kind: 'unknown', reason: met?.kind === 'answered' ? `twilio_http_${met.status}` : `twilio_${met?.cause ?? 'no_request'}` }
  }
}

interface Listing {
  readonly instances: readonly MessageInstance[]
  nextPage(): Promise<Listing> | undefined
}

async function listed({ client }: TwilioSession, { to, since }: Sought): Promise<Found> {
  const messages: FoundMessage[] = []
  let page: Listing = await client.messages.page({ to, pageSize })
  for (let read = 1; ; read += 1) {
    const ours = page.instances.filter(({ direction }) => direction === 'outbound-api')
    messages.push(...ours.filter((each) => !isOlder(each, since)).flatMap(toFound))
    const next = page.instances.some((each) => isOlder(each, since)) ? undefined : await page.nextPage()
    if (!next) return { kind: 'found', messages }
    if (read === mostPages) return { kind: 'unknown', reason: 'twilio_too_many' }
    page = next
  }
}

function isOlder({ dateCreated }: MessageInstance, since: Sought['since']): boolean {
  return dateCreated instanceof Date && dateCreated.getTime() < since.epochMilliseconds
}

function toFound({ sid, status, body, errorCode }: MessageInstance): readonly FoundMessage[] {
  const known = statusFrom(status)
  if (!known || !/^(SM|MM)[0-9a-f]{32}$/i.test(sid)) return []
  const code = Number.isInteger(errorCode) && errorCode > 0 ? { errorCode } : {}
  return [{ report: { providerId: sid, status: known, ...code }, text: body ?? '' }]
}
