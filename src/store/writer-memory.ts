import type { Settings } from '../core/settings.ts'
import type { AuditLink } from './port/audit.ts'
import type { Connection } from './sqlite-connection.ts'

/** What every message asks, and nobody but the one writer changes: asked once, and known until somebody else wrote to the file or a group was undone. */
export interface WriterMemory {
  /** The last row of the audit. */
  head?: AuditLink
  /** The last settings of each clinic. */
  readonly settings: Map<string, Settings>
}

export interface WriterMemoryKeeper {
  now(): WriterMemory
  /** At the begin of a transaction, when nobody else can write any more. */
  begun(): void
  undone(): void
}

/** What was known is thrown away whole, and given to nobody again: a work that was given up may still write into what it was given. */
export function keepWriterMemory(writer: Pick<Connection, 'query'>): WriterMemoryKeeper {
  let memory: WriterMemory = { settings: new Map() }
  let version: unknown
  const forget = (): void => {
    memory = { settings: new Map() }
  }
  return {
    now: () => memory,
    begun() {
      // it changes when another connection has written: a command, a second process
      const current = writer.query('pragma data_version')[0]?.data_version
      if (current !== version) forget()
      version = current
    },
    undone: forget,
  }
}
