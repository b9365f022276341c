import { isUtf8 } from 'node:buffer'
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { Temporal } from 'temporal-polyfill'
import type { Caller } from '../../core/access.ts'
import type { AppointmentId } from '../../core/appointment.ts'
import { parseCsv } from '../../core/csv.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import type { LogFault, LogImport, SaidElsewhere } from '../../core/rollout-log.ts'
import type { LogMapping, LogRow } from '../../core/rollout-mapping.ts'
import { MissingColumn, plainMapping, readLog } from '../../core/rollout-mapping.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import type { Source } from '../intake/apply.ts'
import { contactHash } from '../sending/usage.ts'
import { actorOf } from '../settings/edit-settings.ts'

export interface TakeLogDeps {
  readonly store: Store
  readonly sources: ReadonlyMap<ConnectorId, Pick<Source, 'clinicId'>>
  readonly clock: Clock
}

/** Of one file: a month of a large clinic. */
export const mostLogBytes = 8 * 1024 * 1024
const mostRows = 50_000
/** In one transaction. */
const portion = 250
/** Shown of those in quarantine. */
const mostFaults = 500
const usualDays = 90

export type LogTaken =
  | { readonly kind: 'taken'; readonly file: LogImport; readonly ignored: number }
  | { readonly kind: 'refused'; readonly reason: 'no_clinic' | 'empty' }
  | { readonly kind: 'refused'; readonly reason: 'too_many_rows'; readonly most: number }
  | { readonly kind: 'refused'; readonly reason: 'column_missing'; readonly column: string }

/**
 * Takes a CSV file of what the former system sent (comma, semicolon or tab; UTF-8, else Latin-1), as the clinic's settings say it is read. Rows that are
 * not understood are counted and named by their line; a file may be given again, whole or grown: what was taken is known.
 */
export async function takeLog(deps: TakeLogDeps, clinicId: string, bytes: Uint8Array, caller: Caller): Promise<LogTaken> {
  const { store, clock } = deps
  const settings = await store.read((tx) => tx.settings.current(clinicId))
  if (!settings) return { kind: 'refused', reason: 'no_clinic' }
  const mapping = settings.incumbentLog ?? plainMapping
  const lines = parseCsv(textOf(bytes))
  if (lines.length < 2) return { kind: 'refused', reason: 'empty' }
  if (lines.length > mostRows + 1) return { kind: 'refused', reason: 'too_many_rows', most: mostRows }
  const now = clock.now()
  const read = readOr(() => readLog(lines, mapping, settings.clinic.zone, now))
  if (read instanceof MissingColumn) return { kind: 'refused', reason: 'column_missing', column: read.column }
  const faults: LogFault[] = [...read.faults]
  const importId = timeOrderedId(now)
  const whose = { clinicId, importId, mapping, connectors: connectorsOf(deps, clinicId, mapping) }
  let [taken, known] = [0, 0]
  for (let from = 0; from < read.rows.length; from += portion)
    await store
      .transact(async (tx) => {
        const found: LogFault[] = []
        let [fresh, repeated] = [0, 0]
        for (const row of read.rows.slice(from, from + portion)) {
          const said = await identify(tx, row, whose)
          if (said === 'unreadable') found.push({ line: row.line, reason: 'contact_unreadable', ...columnOf(mapping.columns.contact) })
          else if (await tx.shadow.hear(said)) fresh += 1
          else repeated += 1
        }
        // only what this run of the work found: it may be run again
        return () => {
          faults.push(...found)
          taken += fresh
          known += repeated
        }
      })
      .then((note) => note())
  const file: LogImport = {
    id: importId,
    clinicId,
    at: now,
    by: actorOf(caller),
    taken,
    known,
    refused: faults.length,
    faults: faults.sort((a, b) => a.line - b.line).slice(0, mostFaults),
    forgetAt: now.add({ hours: 24 * (mapping.keepDays ?? usualDays) }),
  }
  await store.transact(async (tx) => {
    await tx.shadow.saveImport(file)
    const detail = { taken, known, refused: file.refused, ignored: read.ignored }
    await tx.audit.append({ at: now, actor: file.by, action: 'shadow.log-imported', subject: clinicId, detail })
  })
  return { kind: 'taken', file, ignored: read.ignored }
}

function readOr<T>(read: () => T): T | MissingColumn {
  try {
    return read()
  } catch (error) {
    if (error instanceof MissingColumn) return error
    throw error
  }
}

function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes)
  return text.replace(/^\ufeff/, '')
}

function columnOf(column: string | undefined): Pick<LogFault, 'column'> {
  return column === undefined ? {} : { column }
}

function connectorsOf({ sources }: TakeLogDeps, clinicId: string, { connector }: LogMapping): readonly ConnectorId[] {
  const own = [...sources].flatMap(([id, source]) => (source.clinicId === clinicId ? [id] : []))
  return connector === undefined ? own : own.filter((id) => id === connector)
}

interface Whose {
  readonly clinicId: string
  readonly importId: string
  readonly mapping: LogMapping
  readonly connectors: readonly ConnectorId[]
}

/** Whom a row is about, as far as it can be known. Its contact is looked for, and only its hash is kept. */
async function identify(
  tx: Transaction,
  row: LogRow,
  { clinicId, importId, mapping, connectors }: Whose,
): Promise<SaidElsewhere | 'unreadable'> {
  const { at, channel, kind, outcome } = row
  const contact = row.contact === undefined ? undefined : readContact(row.contact, mapping.country)
  const appointmentId = row.appointment === undefined ? undefined : await appointmentIn(tx, connectors, row.appointment)
  const appointment = appointmentId === undefined ? undefined : await tx.appointments.find(appointmentId)
  const patientId = appointment?.patientId ?? (await patientIn(tx, connectors, row.patient)) ?? (await onlyOneWith(tx, clinicId, contact))
  if (contact === undefined && row.contact !== undefined && appointmentId === undefined && patientId === undefined) return 'unreadable'
  const hash = contact === undefined ? undefined : contactHash(clinicId, contact)
  const who = appointmentId ?? patientId ?? hash ?? ''
  return {
    id: sha256([clinicId, at.epochMilliseconds, channel, kind, outcome, who].join('|')).slice(0, 32),
    clinicId,
    importId,
    at,
    channel,
    kind,
    outcome,
    ...(appointmentId !== undefined && { appointmentId }),
    ...(patientId !== undefined && { patientId }),
    ...(hash !== undefined && { contactHash: hash }),
    forgetAt: at.add(Temporal.Duration.from({ hours: 24 * (mapping.keepDays ?? usualDays) })),
  }
}

/** Of whichever of the clinic's connectors knows it; unknown to all, of the first. */
async function appointmentIn(tx: Transaction, connectors: readonly ConnectorId[], ehrId: string): Promise<AppointmentId | undefined> {
  for (const connector of connectors) if (await tx.appointments.find(`${connector}:${ehrId}`)) return `${connector}:${ehrId}`
  return connectors[0] === undefined ? undefined : `${connectors[0]}:${ehrId}`
}

async function patientIn(tx: Transaction, connectors: readonly ConnectorId[], ehrId: string | undefined): Promise<string | undefined> {
  if (ehrId === undefined) return undefined
  for (const connector of connectors) {
    const id = await tx.patients.survivorOf(`${connector}:${ehrId}`)
    if (await tx.patients.find(id)) return id
  }
  return undefined
}

/** A number that a household shares says of nobody alone whom it was about. */
async function onlyOneWith(tx: Transaction, clinicId: string, contact: string | undefined): Promise<string | undefined> {
  if (contact === undefined || contact.includes('@')) return undefined
  const [one, ...others] = await tx.patients.sharing(clinicId, contact, 2)
  return others.length === 0 ? one?.id : undefined
}

/** As our own records have it: E.164, or the address in lower case. */
function readContact(written: string, country = 'CA'): string | undefined {
  const text = written.trim()
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return text.toLowerCase()
  const number = parsePhoneNumberFromString(text, isSupportedCountry(country) ? (country as CountryCode) : 'CA')
  return number?.isPossible() ? number.number : undefined
}
