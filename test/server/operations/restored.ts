import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { storeToolsOf } from '../../../src/server/compose-operations.ts'
import { unlessHeld } from '../../../src/server/operations/restore-hold.ts'
import { openRappel, type Rappel } from '../../support/rappel.ts'

const going = new AbortController().signal

/** The stamps of `bookedChange` count in minutes from here. */
export const noon = '2026-11-20T12:00:00Z'

/** Backs up what `before` left, lets `after` go on, and opens the backup as restored at the end of it: who was told what by then is in `told`. */
export async function restored(before: (rappel: Rappel) => Promise<void>, after: (rappel: Rappel) => Promise<void>, isMarked = true) {
  const first = await openRappel({ now: noon })
  await before(first)
  const folder = await mkdtemp(join(tmpdir(), 'rappel-restored-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const copy = join(folder, 'copy.db')
  const tools = storeToolsOf({ store: { path: first.path } })
  await tools.copy(copy)
  const backupAt = first.clock.now()
  await after(first)
  const since = first.clock.now()
  if (isMarked) await tools.markRestored(copy, { since, backupAt, state: 'held' })
  const second = await openRappel({ from: copy, now: since.toString() })
  const dispatch = unlessHeld(second.dispatch, second)
  return { first, second, send: async () => void (await dispatch.step(going)), nextDueAt: dispatch.nextDueAt }
}

export const minutes = (rappel: Rappel, count: number) => rappel.clock.advance({ minutes: count })
export const all = ({ sms, email }: Rappel) => [...sms.sent, ...email.sent].map(({ notificationId }) => notificationId).sort()
