import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import type { ReadResult } from '../../src/connectors/connector.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { createFeed } from '../../src/server/feed/feed.ts'
import { createIngest } from '../../src/server/intake/ingest.ts'
import { createLog } from '../../src/server/log.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { aFolder, openWatched } from '../store/open-files.ts'
import { bookedChange, clinicSettings, start } from '../support/clinic.ts'
import { fakeConnector, manualClock } from '../support/fakes.ts'

const { nextPath } = await aFolder()

/** An EHR that has spoken of one appointment already, so that whatever is read once for all has been read. */
async function listening() {
  const { store, statements } = await openWatched(nextPath())
  const clock = manualClock('2026-11-20T13:00:00Z')
  const ehr = fakeConnector('tilleuls')
  const deps = {
    store,
    connectors: new Map([[ehr.id, ehr]]),
    sources: new Map([
      [ehr.id, { connectorId: ehr.id, clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }],
    ]),
    clock,
    log: createLog('info', () => undefined),
    metrics: createMetrics(),
    planned: () => undefined,
    hinted: () => undefined,
  }
  const ingest = createIngest({ ...deps, feed: createFeed(deps) })
  await store.transact((tx) => tx.settings.save(clinicSettings(), clock.now()))
  const first = said('MSG0', of('A0', 'P0'))
  await ingest.receive(ehr.envelope(first))
  return {
    first,
    /** `insert notifications`: each statement of this message, in order. */
    async asked(result: ReadResult): Promise<readonly string[]> {
      statements.length = 0
      await ingest.receive(ehr.envelope(result))
      return statements.map(nameOf)
    },
    close: store.close,
  }
}

function said(identity: string, change: AppointmentChange): ReadResult {
  return { kind: 'changes', identity, changes: [change] }
}

function of(ehrId: string, patient: string, more: Partial<AppointmentChange> = {}, minute = 0): AppointmentChange {
  const change = bookedChange({ ehrId, ...more }, minute)
  return { ...change, ...(change.patient && { patient: { ...change.patient, ehrId: patient } }) }
}

function nameOf(sql: string): string {
  const verb = sql.split(' ')[0] ?? sql
  const table = /(?:from|into|update) "(\w+)"/.exec(sql)?.[1]
  return table === undefined ? verb : `${verb} ${table}`
}

const grouped = (...work: readonly string[]) => ['begin', 'pragma', ...work, 'commit']

const kept = ['insert inbox', 'insert inbox_bodies']

test('a first booking (S12) asks the database no more than this', async () => {
  const { asked, close } = await listening()
  expect(await asked(said('MSG1', of('A1', 'P1')))).toEqual(
    grouped(
      'select inbox',
      'select patients',
      'insert patients',
      'select aliases',
      'select appointments',
      'insert appointments',
      'select opt_outs',
      ...Array(4).fill('insert notifications'),
      'insert audit',
      ...kept,
    ),
  )
  await close()
})

test('a message that comes again asks whether it was received, and nothing else', async () => {
  const { asked, first, close } = await listening()
  expect(await asked(first)).toEqual(grouped('select inbox'))
  await close()
})

test('a message that is ignored with a reason (S23) is looked for, and kept', async () => {
  const { asked, close } = await listening()
  expect(await asked({ kind: 'ignored', identity: 'MSG1', reason: 'event S23' })).toEqual(grouped('select inbox', ...kept))
  await close()
})

test('a move (S13) asks once for each thing that is stored beside its appointment', async () => {
  const { asked, close } = await listening()
  expect(await asked(said('MSG1', of('A0', 'P0', { time: { start: start.add({ hours: 1 }) } }, 5)))).toEqual(
    grouped(
      'select inbox',
      'select patients',
      'insert patients',
      'select aliases',
      'select appointments',
      'select aliases',
      'select told',
      'select notifications',
      'select write_backs',
      'insert appointments',
      'select opt_outs',
      ...Array(6).fill('insert notifications'),
      'insert audit',
      ...kept,
    ),
  )
  await close()
})
