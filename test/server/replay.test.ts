import { expect, test } from 'vitest'
import type { ReadResult } from '../../src/connectors/connector.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { replay } from '../../src/server/replay/replay.ts'
import { bookedChange } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

const working = { tell: () => {}, isGoing: () => true }

/** A clinic that heard these once; `merges`: what its feed said of records, as the mapping of now reads it. */
async function heard(changes: readonly AppointmentChange[], news: NonNullable<Extract<ReadResult, { kind: 'changes' }>['news']>) {
  const rappel = await openRappel()
  for (const change of changes) await rappel.hear(change)
  rappel.clock.advance({ minutes: 1 })
  let isNow = false
  await rappel.ingest.receive(rappel.ehr.envelope(() => ({ kind: 'changes', changes: [], ...(isNow && { news }) })))
  isNow = true
  rappel.clock.advance({ minutes: 10 })
  const now = rappel.clock.now()
  return replay(rappel, { connectorId: 'tilleuls', from: now.subtract({ hours: 72 }), until: now, dry: true }, working)
}

const merge = (prior: string, survivor: string) => ({ kind: 'merge', prior, survivor, stamp: bookedChange().stamp }) as const

test('a dry replay counts the records that would be merged, each once, and no circle', async () => {
  const told = await heard([bookedChange()], [merge('P1', 'P9'), merge('P1', 'P9'), merge('P9', 'P1'), merge('P2', 'P2')])
  expect(told).toMatchObject({ looked: 2, read: 2, merged: 1, fresh: 0, changed: 0 })
})

test('a dry replay after a merge finds nothing changed in what was said of the prior record', async () => {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', changes: [], news: [merge('P1', 'P9')] }))
  expect((await rappel.appointment())?.patientId).toBe('tilleuls:P9')
  rappel.clock.advance({ minutes: 10 })
  const now = rappel.clock.now()
  const told = await replay(rappel, { connectorId: 'tilleuls', from: now.subtract({ hours: 72 }), until: now, dry: true }, working)
  expect(told).toMatchObject({ looked: 2, read: 2, merged: 0, changed: 0, aspects: {} })
})
