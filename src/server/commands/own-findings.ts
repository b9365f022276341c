import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Temporal } from 'temporal-polyfill'
import type { Finding } from '../../connectors/connector.ts'
import { both } from '../../core/explain/words.ts'
import { countsOneByOne } from '../../core/feed/counter.ts'
import { MISSED_TOO_MANY, missedSince } from '../../core/feed/habit.ts'
import type { Store } from '../../store/store.ts'
import type { Config, ConnectorConfig } from '../config/config.ts'
import { findKept, findShiftHold } from '../feed/kept.ts'

const wantedBytes = 1024 ** 3
const leastBytes = 100 * 1024 ** 2

/** The store's own: there, durable, sealed, with room. `store`: absent where there is no file yet. */
export async function storeFindings({ store: { path, key } }: Config, store: Store | undefined): Promise<readonly Finding[]> {
  const sealed: readonly Finding[] =
    key === undefined
      ? [
          {
            level: 'warn',
            says: both('La base n’est pas chiffrée : store.key manque.', 'The store is not encrypted: store.key is missing.'),
            fix: both(
              'Donner store.key avant la première mise en route : elle ne se change plus.',
              'Give store.key before the first start: it cannot be changed later.',
            ),
          },
        ]
      : []
  return [await durable(path, store), ...sealed, ...(await room(path))]
}

async function durable(path: string, store: Store | undefined): Promise<Finding> {
  if (!store)
    return {
      level: 'warn',
      says: both(`${path} n’existe pas encore : le service la crée.`, `${path} does not exist yet: the service makes it.`),
    }
  try {
    await store.check()
    return { level: 'ok', says: both('La base garde ce qui lui est confié.', 'The store keeps what it is given.') }
  } catch (error) {
    const code = error instanceof Error ? error.name : 'error'
    return {
      level: 'bad',
      says: both(`La base ne garde rien : ${code}`, `The store keeps nothing: ${code}`),
      fix: both(
        'Voir la place sur le disque et les droits sur le dossier.',
        'Look at the room on the disk and at the rights of the folder.',
      ),
    }
  }
}

async function room(path: string): Promise<readonly Finding[]> {
  let folder = dirname(path)
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const says = both(`${Math.floor(free / 1024 ** 2)} Mo libres sur le disque`, `${Math.floor(free / 1024 ** 2)} MB free on the disk`)
  if (free >= wantedBytes) return [{ level: 'ok', says }]
  const fix = both('Sans place, les messages du DPI sont refusés.', 'Without room the EHR’s messages are turned away.')
  return [{ level: free < leastBytes ? 'bad' : 'warn', says, fix }]
}

/** Zone rules change each year somewhere: `data` is the version that this program carries, `2025c`. */
export function zoneFinding(data: string | undefined, now: Temporal.Instant): Finding {
  const year = Number(/^\d{4}/.exec(data ?? '')?.[0] ?? 0)
  const says = both(`Règles des fuseaux horaires : ${data ?? 'inconnues'}`, `Time zone rules: ${data ?? 'unknown'}`)
  if (year >= now.toZonedDateTimeISO('UTC').year - 1) return { level: 'ok', says }
  const fix = both('Mettre Node.js à jour : une heure d’été peut avoir changé.', 'Update Node.js: a summer time may have changed.')
  return { level: 'warn', says, fix }
}

/** How one feed did, as far as the service has written it down. */
export async function feedFindings({ id, zone }: ConnectorConfig, store: Store, now: Temporal.Instant): Promise<readonly Finding[]> {
  const { lastAt, habit, counters, hold } = await store.read(async (tx) => ({
    ...(await findKept(tx, id)),
    hold: await findShiftHold(tx, id),
  }))
  const findings: Finding[] = []
  if (!lastAt) findings.push({ level: 'warn', says: both('Aucun message reçu encore.', 'No message received yet.') })
  else {
    const missed = habit ? missedSince(habit, lastAt, now, zone) : 0
    const age = ageOf(now.since(lastAt, { largestUnit: 'hour' }))
    const says = both(`Dernier message il y a ${age}`, `Last message ${age} ago`)
    if (missed < MISSED_TOO_MANY) findings.push({ level: 'ok', says })
    else
      findings.push({
        level: 'bad',
        says,
        fix: both('D’habitude il en vient plus : voir l’émetteur.', 'Usually more come: look at the sender.'),
      })
  }
  for (const [source, counter] of counters) {
    if (!countsOneByOne(counter) || counter.missing === 0) continue
    const { missing } = counter
    findings.push({
      level: 'warn',
      says: both(`${source} : ${missing} numéros de message manquent.`, `${source}: ${missing} message numbers are missing.`),
      fix: both('Comparer avec la liste du DPI : rappel reconcile.', 'Compare with the EHR’s list: rappel reconcile.'),
    })
  }
  if (hold?.state === 'held')
    findings.push({
      level: 'bad',
      says: both(
        `Les heures ont glissé de ${hold.minutes} min : rien n’est envoyé.`,
        `Its times have shifted by ${hold.minutes} min: nothing is sent.`,
      ),
      fix: both('Vérifier zone, puis lever la retenue (time-shift/release).', 'Check zone, then release the hold (time-shift/release).'),
    })
  return findings
}

function ageOf({ hours, minutes }: Temporal.Duration): string {
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`
}
