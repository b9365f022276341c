import type { Settings } from '../core/settings.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** Takes the configuration's settings as a new version wherever they differ from the last; every decision names the version it used. */
export async function adoptSettings(store: Store, clinics: readonly Omit<Settings, 'version'>[], clock: Clock, log: Log): Promise<void> {
  for (const wanted of clinics) {
    const version = await store.transact(async (tx) => {
      const current = await tx.settings.current(wanted.clinic.id)
      if (current && same(current, wanted)) return undefined
      const next = { ...wanted, version: (current?.version ?? 0) + 1 }
      await tx.settings.save(next, clock.now())
      await tx.audit.append({
        at: clock.now(),
        actor: 'configuration',
        action: 'settings.adopted',
        subject: wanted.clinic.id,
        detail: { version: next.version },
      })
      return next.version
    })
    if (version !== undefined) log.info('settings_adopted', { clinic: wanted.clinic.id, version })
  }
}

function same({ version: _, ...current }: Settings, wanted: Omit<Settings, 'version'>): boolean {
  return canonical(current) === canonical(wanted)
}

/** JSON with its keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) && !('toJSON' in part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
