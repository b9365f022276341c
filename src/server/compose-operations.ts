import { X509Certificate } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { copyStore, inspectStore, settleStore } from '../store/backup.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Config } from './config/config.ts'
import type { MachineLook } from './operations/alarms.ts'
import { programVersion } from './operations/program.ts'
import type { StoreTools } from './operations/store-tools.ts'
import type { Tracing } from './tracing.ts'

/** Backup and restore of the store that the configuration names. */
export function storeToolsOf({ store: { path, key } }: { readonly store: { readonly path: string; readonly key?: string } }): StoreTools {
  const file = (at: string) => ({ path: at, ...(key !== undefined && { encryptionKey: key }) })
  return {
    copy: (to) => copyStore(file(path), to),
    inspect: (at) => inspectStore(file(at)),
    settle: (at) => settleStore(file(at)),
    async markRestored(at, hold) {
      const store = await openSqlite(file(at))
      try {
        await store.transact(async (tx) => {
          await tx.restoreHolds.save(hold)
          const detail = { backupAt: hold.backupAt.toString() }
          await tx.audit.append({ at: hold.since, actor: 'operator', action: 'store.restored', subject: 'store', detail })
        })
      } finally {
        await store.close()
      }
    },
  }
}

/** What the alarms know of this machine. */
export function machineOf({ store, archive, connectors }: Pick<Config, 'store' | 'archive' | 'connectors'>): MachineLook {
  const folders = [...(store.path === '' ? [] : [dirname(store.path)]), archive.directory]
  const ehr = connectors.find((each) => each.protocol === 'fhir')
  return {
    async freeBytes() {
      const disks = await Promise.all(folders.map((folder) => statfs(folder)))
      return Math.min(...disks.map(({ bavail, bsize }) => bavail * bsize))
    },
    clockAhead: async () => (ehr ? clockAheadOf(`${ehr.baseUrl}/metadata`) : undefined),
    certificates: certificatesIn(connectors),
  }
}

const patience = 5_000

/** The server says the second; whoever does not answer, or not us, tells nothing. */
export async function clockAheadOf(address: string): Promise<number | undefined> {
  try {
    const before = Date.now()
    const response = await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(patience) })
    const said = Date.parse(response.headers.get('date') ?? '')
    const [after, middle] = [Date.now(), (Date.now() + before) / 2]
    // an answer that took long says little of the second
    return Number.isNaN(said) || after - before > 2_000 ? undefined : (middle - said - 500) / 1000
  } catch {
    return undefined
  }
}

function certificatesIn(connectors: Config['connectors']): MachineLook['certificates'] {
  return connectors.flatMap((each) => {
    const shown =
      each.protocol === 'fhir'
        ? [{ name: each.id, pem: each.tls?.cert }]
        : [
            { name: `${each.id} listen`, pem: each.listen?.tls?.cert },
            { name: `${each.id} writeBack`, pem: each.writeBack?.tls?.cert },
          ]
    return shown.flatMap(({ name, pem }) => (pem === undefined ? [] : endOf(name, pem)))
  })
}

function endOf(name: string, pem: string): MachineLook['certificates'] {
  try {
    return [{ name, endsAt: Temporal.Instant.fromEpochMilliseconds(Date.parse(new X509Certificate(pem).validTo)) }]
  } catch {
    // whether it is one is the connector's to say
    return []
  }
}

/** Undefined, and nothing of OpenTelemetry loaded, unless the configuration asks for it. */
export async function tracingOf({ telemetry }: Pick<Config, 'telemetry'>): Promise<Tracing | undefined> {
  if (!telemetry) return undefined
  const { otlpTracing } = await import('./operations/otlp-tracing.ts')
  const { otlp, headers, sample } = telemetry
  return otlpTracing({ url: otlp, headers, sample, version: programVersion })
}
