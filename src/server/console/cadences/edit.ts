import { parse, stringify } from 'yaml'
import { tellsByPush } from '../../../core/cadences.ts'
import type { Settings } from '../../../core/settings.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import { readClinic, toDocument } from '../../config/clinic-document.ts'
import type { Fault } from '../../config/faults.ts'
import type { Sent } from '../parts/form.ts'

export type CadenceChoice = 'ofys' | 'doctolib' | 'own'

/** What the form holds, as it was typed. */
export interface CadenceForm {
  readonly choice: CadenceChoice
  readonly own: string
  readonly push: boolean
  readonly from: string
  readonly until: string
}

export function formOf(settings: Settings): CadenceForm {
  const { cadence, quietHours } = toDocument(settings)
  const isOwn = cadence !== 'ofys' && cadence !== 'doctolib'
  const quiet = typeof quietHours === 'object' ? quietHours : { from: '', until: '' }
  return {
    choice: isOwn ? 'own' : cadence,
    own: isOwn ? stringify(cadence ?? [], { lineWidth: 0 }) : '',
    push: tellsByPush(settings.cadence),
    from: String(quiet.from ?? ''),
    until: String(quiet.until ?? ''),
  }
}

export function formSent(sent: Sent): CadenceForm {
  const choice = sent.one('choice')
  return {
    choice: choice === 'doctolib' || choice === 'own' ? choice : 'ofys',
    own: sent.one('own').replaceAll('\r\n', '\n'),
    push: sent.has('push'),
    from: sent.one('from'),
    until: sent.one('until'),
  }
}

export type CadenceRead =
  | { readonly ok: true; readonly settings: SettingsDraft }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** The settings with it, by the reader of the configuration: every fault at once. */
export function withCadence(settings: Settings, form: CadenceForm, hasSms: boolean): CadenceRead {
  const steps = form.choice === 'own' ? stepsIn(form.own) : form.choice
  if (steps === undefined) return { ok: false, faults: [{ path: ['cadence'], message: '' }] }
  const isQuiet = form.from !== '' || form.until !== ''
  const document = {
    ...toDocument(settings),
    cadence: steps,
    push: form.push,
    quietHours: isQuiet ? { from: form.from, until: form.until } : 'none',
  }
  const read = readClinic(JSON.stringify(document), 'json', settings.clinic.id, hasSms)
  if (read.ok) return read
  const own = read.faults.filter(({ path }) => path[0] === 'cadence' || path[0] === 'quietHours')
  // what is wrong elsewhere was so before
  return own.length > 0 ? { ok: false, faults: own } : { ok: false, faults: read.faults }
}

function stepsIn(text: string): unknown {
  try {
    const steps: unknown = parse(text, { prettyErrors: false, logLevel: 'error' })
    return Array.isArray(steps) ? steps : undefined
  } catch {
    return undefined
  }
}
