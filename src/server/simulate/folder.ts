import { readdir, readFile, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { ConnectorId } from '../../core/envelope.ts'
import { recordedAt } from './recorded-at.ts'
import type { Reader, RecordedEnvelope } from './recording.ts'

const forms = {
  '.hl7': { protocol: 'hl7v2', mediaType: 'application/hl7-v2' },
  '.json': { protocol: 'fhir', mediaType: 'application/fhir+json' },
} as const

const mostBytes = 2 * 1024 * 1024

/**
 * The `.hl7` and `.json` files below a folder, or one of them: each one envelope as it was received. A file in a folder that is called like a
 * connector is that connector's; any other is of the first one that speaks its form. Throws where there is no such folder.
 */
export async function* filesIn(path: string, readers: ReadonlyMap<ConnectorId, Reader>): AsyncGenerator<RecordedEnvelope> {
  const isFolder = (await stat(path)).isDirectory()
  const names = isFolder ? (await readdir(path, { recursive: true })).sort() : ['']
  for (const name of names) {
    const file = join(path, name)
    const form = Object.entries(forms).find(([extension]) => file.endsWith(extension))?.[1]
    const reader = form && readerOf(name, form.protocol, readers)
    if (!form || !reader) continue
    const { size, mtime } = await stat(file)
    if (size > mostBytes) throw new Error(`${file}: larger than ${mostBytes} bytes, so no single message`)
    const body = new Uint8Array(await readFile(file))
    const receivedAt = recordedAt(body, reader.source.zone) ?? Temporal.Instant.fromEpochMilliseconds(Math.floor(mtime.getTime()))
    yield { envelope: { connectorId: reader.connector.id, receivedAt, mediaType: form.mediaType, body } }
  }
}

function readerOf(name: string, protocol: Reader['protocol'], readers: ReadonlyMap<ConnectorId, Reader>): Reader | undefined {
  const speaking = [...readers.values()].filter((reader) => reader.protocol === protocol)
  return speaking.find(({ connector }) => name.split(sep).includes(connector.id)) ?? speaking[0]
}
