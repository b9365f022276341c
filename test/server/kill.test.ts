import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSqlite } from '../../src/store/sqlite.ts'
import { connect } from '../../src/store/sqlite-connection.ts'
import type { Sending } from '../support/mllp-ledger.ts'
import { sendInOrder, sendingOf } from '../support/mllp-ledger.ts'
import { aConfiguration, startProcess } from '../support/service-process.ts'

const rounds = 10
const connections = 8
/** Each connection keeps moving so many appointments of its own. */
const appointments = 5

interface Lane {
  readonly name: string
  readonly sent: Sending[]
}

/** The next messages of a lane, without end: each is in the ledger before it is sent. */
function* ahead(lane: Lane): Generator<Sending> {
  for (;;) {
    const number = lane.sent.length
    const sending = sendingOf(`${lane.name}A${number % appointments}`, Math.floor(number / appointments))
    lane.sent.push(sending)
    yield sending
  }
}

/** When each of these appointments starts according to the store, which must be whole. */
async function readStore(path: string, names: Iterable<string>): Promise<ReadonlyMap<string, string | undefined>> {
  const store = await openSqlite({ path })
  const starts = await store.read(async (tx) => {
    const found: [string, string | undefined][] = []
    for (const name of names) found.push([name, (await tx.appointments.find(`ehr:${name}`))?.start?.toString()])
    return new Map(found)
  })
  await store.close()
  const connection = await connect({ path, readonly: true })
  expect(connection.query('pragma integrity_check')).toMatchObject([{ integrity_check: 'ok' }])
  connection.close()
  return starts
}

/** The appointments of which the store knows less than was acknowledged; it may know more, of a message whose answer was lost. */
function lost(lanes: readonly Lane[], stored: ReadonlyMap<string, string | undefined>): readonly string[] {
  const faults: string[] = []
  for (const { sent } of lanes) {
    for (const name of new Set(sent.map(({ appointment }) => appointment))) {
      const ofOne = sent.filter(({ appointment }) => appointment === name)
      const acked = ofOne.findLastIndex(({ ack }) => ack === 'AA')
      const at = ofOne.findIndex(({ start }) => start === stored.get(name))
      if (acked > at) faults.push(`${name}: acknowledged up to ${acked}, stored ${at}`)
    }
  }
  return faults
}

function namesOf(lanes: readonly Lane[]): ReadonlySet<string> {
  return new Set(lanes.flatMap(({ sent }) => sent.map(({ appointment }) => appointment)))
}

test('ten kills while messages come in: what was acknowledged is there, and what comes again is taken for what it is (R1)', {
  timeout: 90_000,
}, async () => {
  const { file, store } = await aConfiguration()
  const lanes = Array.from({ length: connections }, (_, index): Lane => ({ name: `C${index}`, sent: [] }))
  const waits: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { child, ended, mllpPort } = await startProcess(file)
    await resend(lanes, mllpPort)
    const wait = 20 + Math.random() * 380
    waits.push(Math.round(wait))
    const sending = Promise.all(lanes.map((lane) => sendInOrder(mllpPort, ahead(lane))))
    await sleep(wait)
    child.kill('SIGKILL')
    await Promise.all([sending, ended])
    expect(lost(lanes, await readStore(store, namesOf(lanes))), `after waits of ${waits} ms`).toEqual([])
  }

  const { child, ended, mllpPort } = await startProcess(file)
  await resend(lanes, mllpPort)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  const stored = await readStore(store, namesOf(lanes))
  const all = lanes.flatMap(({ sent }) => sent)
  expect(all.filter(({ ack }) => ack !== 'AA')).toEqual([])
  const last = new Map(all.map(({ appointment, start }) => [appointment, start]))
  expect(stored).toEqual(last)
  expect(all.length).toBeGreaterThan(rounds * connections)
})

/** As an EHR does after a cut: what has no answer again, byte for byte; and some of what had one, to be told the same. */
async function resend(lanes: readonly Lane[], port: number): Promise<void> {
  await Promise.all(
    lanes.map(async ({ sent }) => {
      const open = sent.filter(({ ack }) => ack === undefined)
      const again = sent.filter(({ ack }) => ack !== undefined).slice(-3)
      for (const sending of again) delete sending.ack
      await sendInOrder(port, [...again, ...open])
      expect([...again, ...open].map(({ ack }) => ack)).toEqual([...again, ...open].map(() => 'AA'))
    }),
  )
}
