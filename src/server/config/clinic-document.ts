import type { Temporal } from 'temporal-polyfill'
import { parse, stringify } from 'yaml'
import type { z } from 'zod'
import type { CadenceStep } from '../../core/cadence.ts'
import { tellsByPush } from '../../core/cadences.ts'
import type { LogMapping } from '../../core/rollout-mapping.ts'
import type { Rollout } from '../../core/rollout-terms.ts'
import type { AgendaSettings, Fallback, Settings } from '../../core/settings.ts'
import type { SettingsDraft } from '../../core/settings-diff.ts'
import { clinicSchema } from './clinic.ts'
import type { Fault } from './faults.ts'
import { faultsOf } from './faults.ts'
import { clinicReferenceFaults } from './references.ts'

/** A clinic's settings as people write them: what stands below `clinics` in the configuration. */
export type ClinicDocument = z.input<typeof clinicSchema>

export type DocumentForm = 'json' | 'yaml'

export type ClinicResult =
  | { readonly ok: true; readonly settings: SettingsDraft }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** Reads one clinic's document and reports every fault at once; `hasSms`: somebody carries texts. */
export function readClinic(text: string, form: DocumentForm, clinicId: string, hasSms: boolean): ClinicResult {
  const raw = readPlain(text, form)
  if (raw === undefined) return { ok: false, faults: [{ path: [], message: `not ${form === 'json' ? 'JSON' : 'plain YAML'}` }] }
  const parsed = clinicSchema.safeParse(raw, { reportInput: true })
  const faults = [...faultsOf(parsed.error?.issues ?? []), ...clinicReferenceFaults(raw, hasSms)]
  if (parsed.success && parsed.data.clinic.id !== clinicId)
    faults.push({ path: ['id'], message: `these are the settings of ${clinicId}: an id is never changed` })
  return parsed.success && faults.length === 0 ? { ok: true, settings: parsed.data } : { ok: false, faults }
}

/** The error of a parser quotes what it read, and is not told. */
function readPlain(text: string, form: DocumentForm): unknown {
  try {
    return form === 'json' ? JSON.parse(text) : (parse(text, { prettyErrors: false, logLevel: 'error' }) ?? null)
  } catch {
    return undefined
  }
}

export function writeYaml(settings: Settings): string {
  return stringify(toDocument(settings), { lineWidth: 0 })
}

/** Every key is written out, defaults too, so that a later default changes nothing; read again, it is the same settings. */
export function toDocument(settings: SettingsDraft): ClinicDocument {
  const { clinic, cadence, quietHours, grace, noShow, cancelUndo, absence, sites, agendas, motifs, patients, ...plain } = settings
  const { communications, rollout, incumbentLog, smsActivated, channelPolicy, smsToUnknown, settingsEnabled, dailyCap, fuse, consent } =
    plain
  const { smsPrices, smsBudget, senders, fallback, minors, majority, privacyAge, templates, questionnaires } = plain
  return {
    id: clinic.id,
    name: clinic.name,
    ...(clinic.phone !== undefined && { phone: clinic.phone }),
    ...(clinic.address && { address: [...clinic.address] }),
    zone: clinic.zone,
    language: clinic.language === 'en' ? 'en' : 'fr',
    ...(clinic.privacyContact !== undefined && { privacyContact: clinic.privacyContact }),
    communications,
    ...(rollout && { rollout: rolloutOf(rollout) }),
    ...(incumbentLog && { incumbentLog: logOf(incumbentLog) }),
    smsActivated,
    channelPolicy,
    smsToUnknown,
    cadence: cadence.name === 'ofys' || cadence.name === 'doctolib' ? cadence.name : cadence.steps.flatMap(stepOf),
    push: tellsByPush(cadence),
    quietHours: quietHours ? { from: timeOf(quietHours.from), until: timeOf(quietHours.until) } : 'none',
    grace: grace.toString(),
    noShow: noShow ? { at: timeOf(noShow.at) } : false,
    cancelUndo: cancelUndo.toString(),
    settingsEnabled,
    dailyCap,
    fuse: { ...fuse },
    absence: { least: absence.least, within: absence.within.toString() },
    smsPrices: smsPrices.map((price) => ({ ...price })),
    ...(smsBudget !== undefined && { smsBudget }),
    senders: senders.map((sender) => ({ ...sender })),
    ...(fallback && { fallback: fallbackOf(fallback) }),
    consent,
    ...(minors && { minors }),
    ...(majority !== undefined && { majority }),
    ...(privacyAge !== undefined && { privacyAge }),
    sites: mapRows(sites, ({ address, ...site }) => ({ ...site, ...(address && { address: [...address] }) })),
    agendas: mapRows(agendas, agendaOf),
    motifs: mapRows(motifs, (motif) => ({ ...motif })),
    patients: mapRows(patients, (patient) => ({ ...patient })),
    ...(questionnaires && { questionnaires: mapRows(questionnaires, (fhir) => ({ fhir: JSON.parse(fhir) as Record<string, unknown> })) }),
    ...(templates && { templates: mapRows(templates, (template) => ({ ...template })) }),
  }
}

function rolloutOf({ agendas, redirectTo, ...plain }: Rollout): NonNullable<ClinicDocument['rollout']> {
  return { ...plain, ...(agendas && { agendas: [...agendas] }), ...(redirectTo && { redirectTo: { ...redirectTo } }) }
}

function logOf({ columns, channels, kinds, outcomes, ...plain }: LogMapping): NonNullable<ClinicDocument['incumbentLog']> {
  const words = {
    ...(channels && { channels: { ...channels } }),
    ...(kinds && { kinds: { ...kinds } }),
    ...(outcomes && { outcomes: { ...outcomes } }),
  }
  return { columns: { ...columns, when: [...columns.when] }, ...plain, ...words }
}

/** As the schema has it: what was stored came through it. */
function fallbackOf({ sms, email, push }: Fallback): NonNullable<ClinicDocument['fallback']> {
  return {
    ...(sms === 'email' && { sms }),
    ...(email === 'sms' && { email }),
    ...((push === 'email' || push === 'sms') && { push }),
  }
}

function agendaOf({ siteId, switches, ...agenda }: AgendaSettings) {
  const { email, sms, push } = switches
  return { ...agenda, ...(siteId !== undefined && { site: siteId }), email: { ...email }, sms: { ...sms }, push: { ...push } }
}

type OwnSteps = Exclude<ClinicDocument['cadence'], string | undefined>

/** A step of the clinic's own; such a one has no condition on the booking. */
function stepOf({ kind, when, channels, notAfter }: CadenceStep): OwnSteps {
  const rest = { kind, channels: channels.filter((channel) => channel !== 'push'), notAfter: notAfter.toString() }
  if ('before' in when) return [{ ...rest, before: when.before.toString() }]
  return 'at' in when ? [{ ...rest, daysBefore: when.daysBefore, at: timeOf(when.at) }] : []
}

/** `21:00`, with its seconds where it has some. */
function timeOf(time: Temporal.PlainTime): string {
  return time.toString().replace(/:00$/, '')
}

function mapRows<From, To>(rows: Readonly<Record<string, From>>, map: (row: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, map(row)]))
}
