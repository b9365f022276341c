import { join } from 'node:path'
import { script } from '../../peers/python.ts'
import { type Laboratory, secrets } from './laboratory.ts'

/** What the EHR itself holds. */
export interface EhrState {
  readonly appointments: Readonly<Record<string, { readonly status: string; readonly start: string }>>
  readonly subscriptions: readonly string[]
  /** It has told all that it was asked to tell. */
  readonly idle: boolean
}

export interface Ehr {
  control(what: string): Promise<EhrState>
  state(): Promise<EhrState>
}

/** Starts test/peers/python/fhir_ehr.py; its notifications go to `hook` of the service, if to anybody. */
export async function startEhr(lab: Laboratory, args: readonly string[] = []): Promise<Ehr> {
  const { ports, folder } = lab
  const hook = ['--hook', `http://127.0.0.1:${ports.web}/fhir/fhir`, '--secret', secrets.hook]
  const own = ['--port', String(ports.ehr), '--ledger', join(folder, 'hooks.jsonl')]
  await lab.beside('python3', [script('fhir_ehr.py'), ...own, ...hook, ...args], 'fhir ehr on')
  const ask = async (path: string, method: string) => (await fetch(`http://127.0.0.1:${ports.ehr}/control/${path}`, { method })).json()
  return {
    control: async (what) => (await ask(what, 'POST')) as EhrState,
    state: async () => (await ask('state', 'GET')) as EhrState,
  }
}

/** Where the store knows otherwise than the EHR; of those that are named, or of all. */
export function otherThan(
  { appointments }: EhrState,
  held: ReadonlyMap<string, { readonly status: string; readonly start?: string }>,
): readonly string[] {
  return Object.entries(appointments).flatMap(([id, { status, start }]) => {
    const found = held.get(`fhir:${id}`)
    return found?.status === status && Date.parse(found.start ?? '') === Date.parse(start)
      ? []
      : [`${id} is ${found?.status} ${found?.start}, and the EHR says ${status} ${start}`]
  })
}
