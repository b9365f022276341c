import { countsOneByOne } from '../../../core/feed/counter.ts'
import type { Clockface } from '../../../core/local-time.ts'
import { sayDay } from '../../../core/local-time.ts'
import { Tag, type Tint } from '../parts/tag.tsx'
import { sayAge, sayCount } from '../technical-face.ts'
import type { ConnectorsTexts } from './page-texts.ts'
import type { ConnectorState } from './state.ts'
import { most } from './state.ts'
import { connectorsTexts } from './texts.ts'

type StateName = keyof ConnectorsTexts['states']

const tints: Readonly<Record<StateName, Tint | undefined>> = {
  well: 'ok',
  never: undefined,
  silent: 'warn',
  shifted: 'warn',
  trouble: 'bad',
  failed: 'bad',
}

/** The worst that is so. */
function nameOf({ feed, subscription, failed }: ConnectorState): StateName {
  if (subscription === false) return 'trouble'
  if (failed > 0) return 'failed'
  if (feed.shift?.state === 'held') return 'shifted'
  if (feed.silent) return 'silent'
  return feed.lastAt ? 'well' : 'never'
}

export function StateTag({ state, face }: { readonly state: ConnectorState; readonly face: Clockface }) {
  const name = nameOf(state)
  return <Tag tint={tints[name]}>{textsOf(face).states[name]}</Tag>
}

export function textsOf({ language }: Clockface): ConnectorsTexts {
  return connectorsTexts[language === 'en' ? 'en' : 'fr']
}

const counted = (count: number, { language }: Clockface) => (count >= most ? `${most}+` : sayCount(count, language === 'en' ? 'en' : 'fr'))

/** What a page says of one connector, piece by piece, in words. */
export function sayState(state: ConnectorState, face: Clockface) {
  const texts = textsOf(face)
  const { feed, waiting, oldestWaitingAt, failed, quarantined, subscription, polledAt, facts } = state
  const counters = [...feed.counters.values()]
  const numbered = counters.filter(countsOneByOne)
  const missing = numbered.reduce((sum, each) => sum + each.missing, 0)
  const end = facts?.certificateEndsAt
  return {
    last: feed.lastAt ? sayAge(feed.lastAt, face) : texts.never,
    habit: Math.round(feed.missed) >= 1 ? texts.missed(counted(Math.round(feed.missed), face)) : texts.usual,
    gaps: numbered.length === 0 ? texts.noNumbers : missing > 0 ? texts.gaps(counted(missing, face)) : texts.noGaps,
    hasGaps: missing > 0,
    subscription: texts.subscription[subscription === undefined ? 'none' : subscription ? 'well' : 'trouble'],
    polled: polledAt ? texts.polled(sayAge(polledAt, face)) : texts.noPoll,
    waiting: waiting > 0 ? texts.waiting(counted(waiting, face)) : texts.nothingWaits,
    oldest: oldestWaitingAt ? texts.waitingSince(sayAge(oldestWaitingAt, face)) : '',
    failed: failed > 0 ? texts.failed(counted(failed, face)) : '',
    quarantined: quarantined > 0 ? texts.quarantined(counted(quarantined, face)) : texts.nothingQuarantined,
    certificate: end
      ? end.epochMilliseconds > face.now.epochMilliseconds
        ? texts.ends(sayDay(end, face))
        : texts.ended(sayDay(end, face))
      : texts.noCertificate,
    endsSoon: end !== undefined && end.epochMilliseconds - face.now.epochMilliseconds < soonMs,
  }
}

/** A certificate takes weeks to be renewed where two sides must agree. */
const soonMs = 30 * 24 * 3_600_000
