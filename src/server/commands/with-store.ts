import type { Caller } from '../../core/access.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config.ts'
import { hasStore, nameOfStore } from '../config/store.ts'
import type { ExitStatus, Surroundings } from './command.ts'

/** Whoever has the machine has everything: the command acts as an operator of all clinics, and the audit says that it was one. */
export const commandCaller: Caller = { name: 'command', role: 'operator', actor: 'command' }

/** Opens the configuration's store beside the service, or without it, and closes it again. */
export async function withStore(
  { readConfig, defaultConfig, composition, complain }: Surroundings,
  file: string | undefined,
  work: (store: Store, config: Config) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const config = readConfig(file ?? defaultConfig)
  if (!config) return 2
  if (!hasStore(config.store)) {
    complain(`${nameOfStore(config.store)}: there is no store yet: start the service once\n`)
    return 3
  }
  const store = await composition.openStore(config)
  try {
    return await work(store, config)
  } finally {
    await store.close()
  }
}
