import Database from 'libsql'

/** What lies in a store after its service has ended, read by SQLite and not by the service's own code. */
export interface Kept {
  /** Of `pragma integrity_check`. */
  readonly integrity: string
  /** MSH-10 of each HL7 message, with how often it is there. */
  readonly controls: ReadonlyMap<string, number>
  /** SHA-256 of each body as it came, with its state. */
  readonly bodies: ReadonlyMap<string, string>
  /** SHA-256 of each body that came by HL7, with how often it is there. */
  readonly siu: ReadonlyMap<string, number>
  /** How many envelopes are in each state. */
  readonly states: Readonly<Record<string, number>>
  /** By connector and the EHR's id. */
  readonly appointments: ReadonlyMap<string, { readonly status: string; readonly start?: string; readonly ehrVersion?: string }>
  /** Attempts of which it is not known what became, with the ids of their notifications. */
  readonly inDoubt: readonly string[]
}

/** The number that this question has for an answer; the service may be running. */
export function countIn(path: string, sql: string): number {
  const database = new Database(path, { readonly: true })
  try {
    return Number(Object.values(database.prepare(sql).get() as object)[0])
  } finally {
    database.close()
  }
}

interface Row {
  readonly connector_id: string
  readonly identity: string | null
  readonly hash: string
  readonly state: string
}

export function keptIn(path: string): Kept {
  const database = new Database(path, { readonly: true })
  try {
    const all = <T>(sql: string): readonly T[] => database.prepare(sql).all() as T[]
    const controls = new Map<string, number>()
    const bodies = new Map<string, string>()
    const states: Record<string, number> = {}
    const siu = new Map<string, number>()
    for (const { connector_id, identity, hash, state } of all<Row>('select connector_id, identity, hash, state from inbox')) {
      const control = identity?.split('|')[2]
      if (connector_id === 'siu') siu.set(hash, (siu.get(hash) ?? 0) + 1)
      if (control !== undefined) controls.set(control, (controls.get(control) ?? 0) + 1)
      bodies.set(hash, state)
      states[state] = (states[state] ?? 0) + 1
    }
    const appointments = all<{ id: string; doc: string }>('select id, doc from appointments')
    return {
      integrity: all<{ integrity_check: string }>('pragma integrity_check')
        .map(({ integrity_check }) => integrity_check)
        .join(),
      siu,
      controls,
      bodies,
      states,
      appointments: new Map(appointments.map(({ id, doc }) => [id, JSON.parse(doc)])),
      inDoubt: all<{ notification_id: string }>('select notification_id from attempts where finished_at is null').map(
        ({ notification_id }) => notification_id,
      ),
    }
  } finally {
    database.close()
  }
}

/** A line of the ledger of test/tools/mllp_send.py. */
export interface Acked {
  readonly id: string
  readonly code: string
  readonly appointment: string
  readonly trigger: string
  readonly start: string
  readonly ms: number
  readonly tries: number
}

/** What the sender was told is kept, and is not; and what is kept otherwise than its last acknowledged word. */
export function faultsAgainst(acked: readonly Acked[], kept: Kept): readonly string[] {
  const faults: string[] = kept.integrity === 'ok' ? [] : [`integrity_check: ${kept.integrity}`]
  const last = new Map<string, Acked>()
  for (const row of acked) {
    if (row.code !== 'AA') continue
    last.set(row.appointment, row)
    const times = kept.controls.get(row.id) ?? 0
    if (times !== 1) faults.push(`${row.id} was acknowledged and is kept ${times} times`)
  }
  for (const [id, { trigger, start }] of last) {
    const found = kept.appointments.get(`siu:${id}`)
    const status = trigger === 'S15' ? 'cancelled' : 'booked'
    if (found?.status !== status || Date.parse(found.start ?? '') !== Date.parse(isoOf(start)))
      faults.push(`${id} is ${found?.status} ${found?.start}, and its last word was ${trigger} ${start}`)
  }
  return faults
}

/** Of `20261124093000+0100`. */
function isoOf(text: string): string {
  return text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-]\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6$7:$8')
}
