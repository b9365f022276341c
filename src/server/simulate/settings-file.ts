import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Settings } from '../../core/settings.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../commands/refusal.ts'
import { readClinic } from '../config/clinic-document.ts'
import type { Config } from '../config/config.ts'

/** One clinic's settings in a file of their own; the version is none. Throws a `Refusal` that says every fault. */
export async function settingsIn(file: string): Promise<Settings> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    throw new Refusal(`${file}: no such file, or not readable`)
  }
  const result = readClinic(text, 'yaml', clinicIn(text), true)
  if (!result.ok)
    throw new Refusal(result.faults.map(({ path, message }) => `${file} ${path.map(String).join('.')}: ${message}`).join('\n'))
  return { ...result.settings, version: 0 }
}

function clinicIn(text: string): string {
  try {
    const raw = parse(text, { logLevel: 'error' }) as { readonly id?: unknown } | null
    return String(raw?.id ?? '')
  } catch {
    return ''
  }
}

/** What the clinic goes by now: the store's, else the configuration's. */
export async function currentSettings({ clinic }: Settings, config: Config, store: Store | undefined): Promise<Settings> {
  const kept = await store?.read((tx) => tx.settings.current(clinic.id))
  const configured = config.clinics.find((each) => each.clinic.id === clinic.id)
  if (kept) return kept
  if (!configured) throw new Refusal(`no clinic of the configuration is called ${clinic.id}: give --against`)
  return { ...configured, version: 0 }
}
