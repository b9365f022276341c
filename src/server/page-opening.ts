import type { Temporal } from 'temporal-polyfill'
import type { AuditEntry } from '../store/port/audit.ts'
import type { Link } from '../store/port/links.ts'
import type { Store } from '../store/store.ts'
import { StoreUnavailable } from '../store/store.ts'
import type { Clock } from './clock.ts'

const PAGE_OPENED = 'page.opened'

/** The page of a message was opened, for the first time: by whoever holds its link, or by a program that tries links. Not that anybody read it. */
export interface Opening {
  readonly at: Temporal.Instant
  readonly notificationId: string
}

interface Asked {
  readonly method: string
  header(name: string): string | undefined
}

/**
 * Writes down that a message's page was opened, once for each link. It changes nothing of the appointment or the patient (R26): what is fetched ahead,
 * asked for its head, shown inside another page or opened from a test address is not even noted, and a store that is full keeps nobody from the page.
 */
export async function noteOpening(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  request: Asked,
  link: Link,
): Promise<void> {
  if (link.openedAt || link.redirected || link.notificationId === 'page' || !isVisit(request)) return
  const now = clock.now()
  try {
    await store.transact(async (tx) => {
      const found = await tx.links.find(link.tokenHash)
      if (!found || found.openedAt) return
      await tx.links.save({ ...found, openedAt: now })
      const { appointmentId, notificationId } = found
      await tx.audit.append({
        at: now,
        actor: 'link',
        action: PAGE_OPENED,
        subject: appointmentId,
        detail: { notification: notificationId },
      })
    })
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
  }
}

/** Older browsers say nothing of what they ask for. */
function isVisit({ method, header }: Asked): boolean {
  const [mode, dest] = [header('sec-fetch-mode') ?? 'navigate', header('sec-fetch-dest') ?? 'document']
  const isAhead = header('sec-purpose') !== undefined || header('purpose') === 'prefetch'
  return method === 'GET' && mode === 'navigate' && dest === 'document' && !isAhead
}

/** Among what the audit has of an appointment; oldest first where they are. */
export function openingsIn(entries: readonly AuditEntry[]): readonly Opening[] {
  return entries.flatMap(({ at, action, detail }) =>
    action === PAGE_OPENED ? [{ at, notificationId: String(detail?.notification ?? '') }] : [],
  )
}
